"""Guards: exports by the month of opening or of resolution, and files taken before others, at the KPIs that they ruin; marks in the middle taken out."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, HOUR = datetime(2026, 1, 2, 8), timedelta(hours=1)
HEADS = ("Ärendenummer;Skapad;Löst;Status;Kund", "Ticket ID;Created at;Resolved at;Status;Customer")
Ticket = tuple[int, datetime, datetime | None, int]


def asked(*paths: Path) -> dict[str, Any]:
    return report_json(*paths, "--all", "--kpi", "*", "--period", "2026-02", "--no-config")


def tickets(count: int = 260) -> list[Ticket]:
    """Tickets of 90 days, of which one in eight is never resolved."""
    dice, rows = random.Random(12), []
    for place in range(count):
        opened = BEGIN + place * (90 * 24 * HOUR / count)
        resolved = opened + (1 + dice.expovariate(1 / 80)) * HOUR
        rows.append((400 + place, opened, None if place % 8 == 0 else resolved, dice.randrange(70)))
    return rows


def listed(
    folder: Path, rows: list[Ticket], until: datetime | None = None, *, name: str = "t", head: str = HEADS[0]
) -> Path:
    lines = []
    for number, opened, resolved, who in rows:
        is_done = resolved is not None and (until is None or resolved < until)
        words = ("Löst", "Öppen") if head == HEADS[0] else ("Solved", "Open")
        lines.append(
            f"{number};{opened:%Y-%m-%d %H:%M};{f'{resolved:%Y-%m-%d %H:%M}' if is_done else ''};{words[not is_done]};k{who}@ex.se"
        )
    return written(folder, name, head, *lines)


def in_february(at: datetime | None) -> bool:
    return at is not None and at.month == 2


@pytest.mark.parametrize("head", HEADS)
def test_tickets_opened_in_one_month_have_no_backlog(tmp_path: Path, head: str) -> None:
    document = asked(listed(tmp_path, [row for row in tickets() if in_february(row[1])], head=head))
    found = totals(document)
    assert found["backlog"]["value"] is None
    assert found["tickets_created"]["value"] == sum(in_february(row[1]) for row in tickets())
    assert any("opened from 2026-02-01 to 2026-02-28" in text for text in findings(document, "created-filter"))
    assert any("came back" in note for note in found["fcr_no_repeat"]["notes"])


def test_nor_have_those_of_two_months(tmp_path: Path) -> None:
    found = totals(asked(listed(tmp_path, [row for row in tickets() if row[1] < datetime(2026, 3, 1)])))
    assert found["backlog"]["value"] is None


def test_a_desk_that_opened_this_month_has_one(tmp_path: Path) -> None:
    """Its tickets go on as long as what is done to them."""
    begun = [row for row in tickets() if row[1] >= datetime(2026, 2, 1)]
    document = asked(listed(tmp_path, [row for row in begun if row[1] < datetime(2026, 3, 1)], datetime(2026, 3, 1)))
    assert totals(document)["backlog"]["value"] is not None
    assert totals(asked(listed(tmp_path, begun)))["backlog"]["value"] is not None


def test_tickets_resolved_in_one_month_do_not_say_who_came_back(tmp_path: Path) -> None:
    found = totals(asked(listed(tmp_path, [row for row in tickets() if in_february(row[2])])))
    assert found["backlog"]["value"] is None
    assert found["fcr_no_repeat"]["verdict"] is None
    assert found["tickets_resolved"]["value"] == sum(in_february(row[2]) for row in tickets())


@pytest.mark.parametrize("day", [12, 20])
def test_what_a_file_taken_in_the_month_lacks_of_it_is_said(tmp_path: Path, day: int) -> None:
    taken = datetime(2026, 2, day)
    one = listed(tmp_path, [row for row in tickets() if row[1] < taken], taken, name="one")
    two = listed(tmp_path, [row for row in tickets() if row[1] >= taken], name="two")
    document = asked(one, two)
    assert any("of what was resolved in 2026-02" in text for text in findings(document, "snapshots"))
    serious = [each for each in document["findings"] if each["code"] == "snapshots" and each["serious"]]
    assert any("tickets_resolved" in each["kpis"] for each in serious)


def answers(folder: Path, header: str, marks: list[int]) -> dict[str, Any]:
    lines = [
        f"{900 + place};{BEGIN + place * 2000 / len(marks) * HOUR:%Y-%m-%d %H:%M};{mark}"
        for place, mark in enumerate(marks)
    ]
    return asked(written(folder, "a", f"Svars-ID;Svarsdatum;{header}", *lines))


@pytest.mark.parametrize("count", [70, 240])
def test_promoters_and_detractors_without_a_passive_are_a_choice(tmp_path: Path, count: int) -> None:
    dice = random.Random(4)
    marks = [dice.choice([10, 9, 10, 6, 5, 3, 0]) for _ in range(count)]
    document = answers(tmp_path, "Hur sannolikt är det att du skulle rekommendera oss?", marks)
    assert "is 7 or 8" in findings(document, "selected-export")[0]
    assert (totals(document)["nps"]["value"] is None) is (count > 100)
    assert totals(document)["nps"]["verdict"] is None


@pytest.mark.parametrize(("marks", "which"), [((5, 4, 5, 4, 1), "2 or 3"), ((5, 1, 2, 5), "3 or 4")])
def test_two_marks_in_the_middle_that_nobody_gave_were_taken_out(
    tmp_path: Path, marks: tuple[int, ...], which: str
) -> None:
    document = answers(tmp_path, "Hur nöjd är du med supporten? (1-5)", [*marks] * 20)
    assert f"is {which}" in findings(document, "selected-export")[0]
    assert totals(document)["csat"]["verdict"] is None


def test_the_lowest_mark_that_nobody_gave_though_many_came_near_is_said(tmp_path: Path) -> None:
    document = answers(tmp_path, "Hur nöjd är du med supporten? (1-5)", [5, 4, 2, 3, 5] * 20)
    assert "is 1," in findings(document, "selected-export")[0]
    assert totals(document)["csat"]["value"] is not None


def test_so_are_the_worst_marks_of_nps(tmp_path: Path) -> None:
    document = answers(tmp_path, "Hur sannolikt är det att du skulle rekommendera oss?", [10, 9, 8, 7, 6, 5] * 12)
    assert "is 0 to 4" in findings(document, "selected-export")[0]


@pytest.mark.parametrize("marks", [(5, 4, 5, 4, 1, 3, 2), (4, 3, 2, 1), (5, 4, 4, 5, 3), (1, 3, 5, 5), (1, 5, 5)])
def test_other_marks_were_not(tmp_path: Path, marks: tuple[int, ...]) -> None:
    document = answers(tmp_path, "Hur nöjd är du med supporten? (1-5)", [*marks] * 20)
    assert findings(document, "selected-export") == []


FIVE, NPS = "Hur nöjd är du med supporten? (1-5)", "How likely are you to recommend us? (0-10)"


@pytest.mark.parametrize(
    ("header", "marks", "said", "kpi"),
    [
        (FIVE, (5, 4, 5, 4, 2, 1), "is 3,", "csat"), (FIVE, (5, 3, 2, 1, 3), "is 4,", "csat"), (FIVE, (1, 3, 4, 5, 5), "is 2,", "csat"),
        (NPS, (10, 9, 8, 8, 7, 4, 3), "is 5 or 6", "nps"), (NPS, (10, 9, 8, 7, 6, 10, 4), "is 5,", "nps"), (NPS, (10, 9, 8, 4, 3), "is 5 to 7", "nps"),
        ("Hur enkelt var det? (1-7)", (7, 6, 5, 3, 2, 1), "is 4,", "ces"),
    ],
)  # fmt: skip
def test_one_or_more_marks_that_nobody_gave_though_many_came_near(
    tmp_path: Path, header: str, marks: tuple[int, ...], said: str, kpi: str
) -> None:
    document = answers(tmp_path, header, [*marks] * 24)
    assert said in findings(document, "selected-export")[0]
    assert totals(document)[kpi]["verdict"] is None


@pytest.mark.parametrize(
    ("header", "marks"),
    [
        (NPS, (0, 2, 4, 6, 8, 10)), (FIVE, (5, 4, 4, 5, 3, 1, 2)), ("Hur nöjd är du? 😡 🙁 🙂 😀", (1, 2, 4, 5)),
    ],
)  # fmt: skip
def test_scales_of_other_steps_lack_none(tmp_path: Path, header: str, marks: tuple[int, ...]) -> None:
    document = answers(tmp_path, header, [*marks] * 24)
    assert not any("taken out" in text for text in findings(document, "selected-export"))


def test_few_answers_may_lack_a_mark(tmp_path: Path) -> None:
    assert not findings(answers(tmp_path, FIVE, [5, 4, 5, 4, 2, 1, 5, 4] * 9), "selected-export")


def words(folder: Path, said: list[str]) -> dict[str, Any]:
    lines = [f"{900 + n};{BEGIN + n * 10 * HOUR:%Y-%m-%d %H:%M};{said[n % len(said)]}" for n in range(200)]
    return asked(written(folder, "a", "Svars-ID;Svarsdatum;Hur nöjd är du med supporten?", *lines))


def test_four_words_without_a_middle_are_mentioned_and_compared(tmp_path: Path) -> None:
    document = words(tmp_path, ["Mycket nöjd", "Nöjd", "Missnöjd", "Mycket missnöjd", "Nöjd"])
    assert "in the middle" in findings(document, "selected-export")[0]
    assert not any("not compared: none of" in note for note in totals(document)["csat"]["notes"])


def test_so_are_the_words_of_both_ends_alone(tmp_path: Path) -> None:
    document = words(tmp_path, ["Mycket nöjd", "Mycket nöjd", "Mycket missnöjd"])
    assert "both ends" in findings(document, "selected-export")[0]
    assert any("both ends" in note for note in totals(document)["csat"]["notes"])
    assert not any("not compared: each of" in note for note in totals(document)["csat"]["notes"])


@pytest.mark.parametrize(("stars", "is_said"), [((5, 5, 4, 2, 1), True), ((5, 1), False), ((5, 4, 3, 2, 1), False)])
def test_stars_that_no_review_has(tmp_path: Path, stars: tuple[int, ...], is_said: bool) -> None:
    lines = [f"{n};{BEGIN + n * 9 * HOUR:%Y-%m-%d %H:%M};{stars[n % len(stars)]}" for n in range(200)]
    document = asked(written(tmp_path, "r", "Recensions-ID;Recensionsdatum;Betyg", *lines))
    assert any("200 reviews" in text for text in findings(document, "selected-export")) is is_said
    assert any("not compared: none of" in note for note in totals(document)["review_rating"]["notes"]) is is_said


@pytest.mark.parametrize(("count", "is_said"), [(70, True), (40, False)])
def test_one_reply_in_each_of_some_tickets_is_said(tmp_path: Path, count: int, is_said: bool) -> None:
    lines = [
        f"{number};{opened:%Y-%m-%d %H:%M};{opened + 5 * HOUR:%Y-%m-%d %H:%M};Solved;1"
        for number, opened, _, _ in tickets(count)
    ]
    document = asked(written(tmp_path, "t", "Ticket ID;Created at;Resolved at;Status;Replies", *lines))
    assert bool(findings(document, "selected-export")) is is_said
    assert totals(document)["fcr_one_touch"]["value"] == 1


@pytest.mark.parametrize(("count", "is_said"), [(150, True), (60, False)])
def test_many_tickets_none_of_which_was_reopened_are_noted(tmp_path: Path, count: int, is_said: bool) -> None:
    lines = [
        f"{number};{opened:%Y-%m-%d %H:%M};{opened + 5 * HOUR:%Y-%m-%d %H:%M};Solved;0"
        for number, opened, _, _ in tickets(count)
    ]
    document = asked(written(tmp_path, "t", "Ticket ID;Created at;Resolved at;Status;Reopens", *lines))
    found = totals(document)["reopen_rate"]
    assert found["value"] == 0
    assert any("was reopened" in note for note in found["notes"]) is is_said


@pytest.mark.parametrize("condition", ["Status = 'Löst'", "Kund <> 'k3@ex.se'"])
def test_a_condition_neither_hides_the_choice_of_a_list_nor_makes_one(tmp_path: Path, condition: str) -> None:
    """A list of resolved tickets is one for each of its groups; resolved tickets of a whole list are the reader's choice."""
    end = BEGIN + 90 * 24 * HOUR
    done = [row for row in tickets(400) if row[2] is not None and row[2] < end]
    path = listed(tmp_path, done, name="done")
    options = ("--all", "--kpi", "*", "--period", "2026-02", "--no-config", "--where", condition)
    chosen = report_json(path, *options)
    assert any("are resolved" in text for text in findings(chosen, "selected-export"))
    assert totals(chosen)["backlog"]["value"] is None
    whole = report_json(listed(tmp_path, tickets(400), end, name="whole"), *options)
    assert not any("are resolved" in text for text in findings(whole, "selected-export"))


@pytest.mark.parametrize("condition", ["score >= 4", "score <> 3"])
def test_marks_are_looked_for_among_all_answers(tmp_path: Path, condition: str) -> None:
    lines = [f"{n};{BEGIN + n * 9 * HOUR:%Y-%m-%d %H:%M};{1 + n % 5}" for n in range(200)]
    path = written(tmp_path, "a", f"Svars-ID;Svarsdatum;{FIVE}", *lines)
    document = report_json(path, "--period", "2026-02", "--no-config", "--where", condition)
    assert not findings(document, "selected-export")
