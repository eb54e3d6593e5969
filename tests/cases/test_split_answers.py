"""Guards: one answer, or one review, written over several rows, one for each tag or reason: the unhappy have more reasons, and counted more often."""

from pathlib import Path

import pytest
from invoked import piped
from small_surveys import report, texts_of, values

SCORES = (1, 2, 5, 4, 5, 5, 3, 5)


def written(folder: Path, header: str, rows: list[str]) -> Path:
    path = folder / "survey.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def reasons(score: int) -> tuple[str, ...]:
    return ("price", "wait", "reply") if score < 3 else ("reply",)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Answered at;Customer email;CSAT;Tag", "2026-03-{day:02d} 09:{minute:02d};k{who}@x.se;{score};{tag}"),
        ("Datum;E-post;Nöjdhet (1-5);Etikett", "2026-03-{day:02d} 09:{minute:02d};k{who}@x.se;{score};{tag}"),
        ("Datum;E-post;Nöjdhet (1-5);Orsak", "2026-03-{day:02d};k{who}@x.se;{score};{tag}"),
        ("Date;Email;CSAT;Topic;Topic number", "2026-03-{day:02d} 09:{minute:02d};k{who}@x.se;{score};{tag};{number}"),
    ],
)
def test_an_answer_with_a_row_for_each_reason_counts_once(tmp_path: Path, header: str, row: str) -> None:
    """Two of eight have three reasons each: 160 answers in 240 rows, of which 100 are satisfied."""
    rows = [
        row.format(day=1 + who % 28, minute=who % 60, who=who, score=score, tag=tag, number=reasons(1).index(tag) + 1)
        for who, score in enumerate(SCORES * 20)
        for tag in reasons(score)
    ]
    document = report(written(tmp_path, header, rows))
    assert len(rows) == 240
    assert values(document)["csat"] == (100 / 160, 160)
    assert document["sources"][0]["rows_refused"] == {"another row of one answer": 80}
    assert "240 rows for 160 answers" in texts_of(document, "split-answers")[0]
    assert not texts_of(document, "repeated-respondents")


def test_a_review_with_a_row_for_each_topic_counts_once(tmp_path: Path) -> None:
    rows = [
        f"2026-03-{1 + who % 28:02d};Namn {who};{score};Text {who};{tag}"
        for who, score in enumerate(SCORES * 10)
        for tag in reasons(score)
    ]
    document = report(written(tmp_path, "Datum;Recensent;Betyg;Recension;Ämne", rows))
    assert values(document)["review_rating"] == (30 / 8, 80)
    assert "80 reviews" in texts_of(document, "split-answers")[0]


def test_the_words_of_all_rows_stand_in_the_one_that_counts(tmp_path: Path) -> None:
    rows = [
        f"2026-03-{1 + who % 28:02d} 09:{who % 60:02d};k{who}@x.se;{score};{tag}"
        for who, score in enumerate(SCORES * 10)
        for tag in reasons(score)
    ]
    path = written(tmp_path, "Datum;E-post;Nöjdhet (1-5);Orsak", rows)
    document = report(path, "--where", "Orsak like '%wait%'")
    assert values(document)["csat"] == (0.0, 20)
    groups = {
        one["group"]["Orsak"]: one["n"]
        for one in report(path, "--by", "Orsak")["results"]
        if one["kpi"] == "csat" and one["group"]
    }
    assert groups == {"price, wait, reply": 20, "reply": 60}


def test_two_answers_of_one_day_are_two_where_their_marks_differ(tmp_path: Path) -> None:
    """Of a list of days alone nothing separates the rows of one answer from two answers but that they agree in all marks."""
    rows = [
        f"2026-03-{1 + who % 28:02d};k{who}@x.se;{score};{channel}"
        for who in range(60)
        for score, channel in ((SCORES[who % 8], "phone"), (SCORES[(who // 2) % 8], "chat"))
    ]
    document = report(written(tmp_path, "Datum;E-post;Nöjdhet (1-5);Kanal", rows))
    assert values(document)["csat"][1] == 120
    assert texts_of(document, "repeated-respondents")


def test_answers_that_name_nobody_are_answers_of_their_own(tmp_path: Path) -> None:
    """Of a stand at three places two people press one button in one minute."""
    rows = [
        f"2026-03-{1 + one % 28:02d} 10:{one // 28 % 3:02d};{SCORES[one % 8]};{('Kassa', 'Entré', 'Lager')[one % 3]}"
        for one in range(400)
    ]
    assert values(report(written(tmp_path, "Svarad;Nöjdhet (1-5);Plats", rows)))["csat"][1] == 400


def test_numbers_of_rows_are_no_tags(tmp_path: Path) -> None:
    """Who answers twice in one minute about two cases has given two answers."""
    rows = [
        f"2026-03-{1 + who % 28:02d} 09:{who % 60:02d};k{who}@x.se;{SCORES[who % 8]};A-{2 * who + more}"
        for who in range(80)
        for more in range(2 if who % 4 else 1)
    ]
    document = report(written(tmp_path, "Datum;E-post;Nöjdhet (1-5);Referens", rows))
    assert values(document)["csat"][1] == 140


def test_reviews_without_a_mark_are_looked_through(tmp_path: Path) -> None:
    """Their rows of one day differ in no mark, as there is none."""
    lines = [
        "Date|Platform|Review|Replied at", "2026-03-02|Google|Good|2026-03-03", '2026-03-03|Google|"Bad| very bad"|',
        "2026-03-03|Facebook||", "2026-03-04|Facebook|Good|2026-03-04", "2026-03-05|Google|Slow|",
    ]  # fmt: skip
    (tmp_path / "reviews.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert piped("report", tmp_path / "reviews.csv", "--no-config").code == 0
