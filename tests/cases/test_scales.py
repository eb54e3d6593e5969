"""Guards: a scale taken for granted; a code for `don't know` that sets the scale; words and pictures with holes; one
unreadable answer that refuses a respondent; repeated respondents; an option that is accepted and not obeyed.
"""

from pathlib import Path

import pytest
from invoked import piped
from reported import reported
from small_surveys import report, survey, texts_of, values

HERE = Path(__file__).parent


# Scales.


def test_a_scale_is_not_taken_for_granted() -> None:
    """NPS asked on five steps is no NPS; nobody gave an 8, 9 or 10 (a scale taken for granted)."""
    document = report(HERE / "nps-asked-on-five-steps.csv", period="2025-09")
    assert not {"nps", "nps_promoters", "nps_detractors"} & values(document).keys()
    (text,) = texts_of(document, "unknown-scale")
    assert "`NPS`" in text
    assert "--scale nps=0-10" in text
    assert piped("report", HERE / "nps-asked-on-five-steps.csv", "--fail-on", "quality", "--quiet").code == 4


@pytest.mark.parametrize(
    ("header", "answers", "kpi"),
    [
        ("NPS", [7, 6, 7, 5, 7, 7, 2, 7], "nps"),
        ("NPS", [1, 2, 3, 4, 5, 9] * 4, "nps"),
        ("NPS", [*range(1, 12), 11, 11], "nps"),
        ("NKI satisfaction", [5, 4, 5, 3, 5, 1], "nki_single"),
        ("CSAT", [5, 4, 6, 3, 5, 1], "csat"),
        ("CSAT", [1, 2, 3, 4, 4, 3], "csat"),
        ("CSAT", [5, 4, 9, 5], "csat"),
        ("CSAT", [4.5, 4.5, 4.5, 4.5, 27], "csat"),
        ("CSAT", [1, 2, 3, 4, 5, 7] * 10, "csat"),
        ("CSAT", [99, 99, 5], "csat"),
        ("Effort", [1, 2, 6, 3], "ces"),
    ],
)
def test_where_numbers_do_not_decide_there_is_no_figure(
    tmp_path: Path, header: str, answers: list[float], kpi: str
) -> None:
    """Numbers that fit two scales give no figure, and the way out is named."""
    document = report(survey(tmp_path, header, answers))
    assert kpi not in values(document)
    (text,) = texts_of(document, "unknown-scale")
    assert "pass --scale" in text


@pytest.mark.parametrize(
    ("header", "answers", "options", "value", "n"),
    [
        ("CSAT", [5, 4, 6, 3, 5, 1], ["--scale", "csat=1-6"], 50.0, 6),
        ("CSAT", [5, 4, 6, 3, 5, 1], ["--null-value", "6"], 60.0, 5),
        ("CSAT", [5, 4, 9, 3, 5, 1], ["--scale", "csat=1-5"], 60.0, 5),
        ("CSAT", [5, 4, 3, 5, 1, "98.0"], ["--null-value", "98"], 60.0, 5),
        ("CSAT", [4, 3, 2, 1], ["--scale", "csat=1-4"], 50.0, 4),
    ],
)
def test_the_way_out_is_one(
    tmp_path: Path, header: str, answers: list[object], options: list[str], value: float, n: int
) -> None:
    """What the message names is obeyed."""
    found = values(report(survey(tmp_path, header, answers), *options))
    assert found["csat"] == (pytest.approx(value / 100), n)


@pytest.mark.parametrize(
    ("answers", "value", "n", "scale"),
    [
        ([5, 5, 4, 5, 99, 4], 100.0, 5, "1–5"),
        ([5, 1, 4, 1, 88, 4, 98, -1], 60.0, 5, "1–5"),
        ([1, 2, 3, 4, 5, 5] * 6 + [8, 9, 9], 50.0, 36, "1–5"),
        ([0, 0, 1, 2, 3, 4, 5, 5], 50.0, 6, "1–5"),
        ([10, 9, 10, 8, 1, 11], 60.0, 5, "1–10"),
        ([0, 10, 9, 10, 8, 11], 60.0, 5, "0–10"),
        ([7, 6, 5, 1, 0, 99], 50.0, 4, "1–7"),
        ([100, 90, 50, 999, 20], 25.0, 4, "0–100"),
    ],
)
def test_a_code_apart_from_the_run_is_no_answer(
    tmp_path: Path, answers: list[int], value: float, n: int, scale: str
) -> None:
    """A don't-know code sets no scale; it is left out and reported, and the scale is printed."""
    document = report(survey(tmp_path, "Customer satisfaction", answers))
    assert values(document)["csat"] == (pytest.approx(value / 100, abs=1e-3), n)
    (text,) = texts_of(document, "no-opinion")
    assert f"for no answer on the scale {scale}" in text
    (csat,) = [one for one in document["results"] if one["kpi"] == "csat"]
    assert any(note.startswith(f"scale {scale}, as its answers show") for note in csat["notes"])


def test_a_code_does_not_set_the_scale_of_the_listed_file() -> None:
    """One 99 on five steps is not the only satisfied customer."""
    assert values(report(HERE / "code-for-no-answer.csv"))["csat"] == (1.0, 5)


def test_a_code_outside_a_stated_scale_is_no_answer_and_a_slip_is_unreadable(tmp_path: Path) -> None:
    """Outside `(1-5)` 9 is a code and 6 is nothing that can be read."""
    document = report(survey(tmp_path, "CSAT (1-5)", [*[5, 4, 1, 2] * 8, 9]))
    assert values(document)["csat"] == (0.5, 32)
    assert "`9` (1)" in texts_of(document, "no-opinion")[0]
    document = report(survey(tmp_path, "CSAT (1-5)", [*[5, 4, 1, 2] * 8, 99, 6]))
    assert values(document)["csat"] == (0.5, 32)
    assert "`99` (1)" in texts_of(document, "no-opinion")[0]
    assert "`6` (1)" in texts_of(document, "unread-answers")[0]


def test_one_survey_in_several_files_has_one_scale(tmp_path: Path) -> None:
    """A month in which nobody gave more than 5 is on the scale of the others."""
    first = survey(tmp_path, "CSAT", [5, 5, 4, 3], "a.csv")
    second = survey(tmp_path, "CSAT", [10, 9, 2, 1], "b.csv")
    second.write_text(second.read_text().replace("2026-03", "2026-04").replace("\n", "\nx").rstrip("x"))
    whole = values(report(first, second))
    assert whole["csat"] == (0.25, 8)
    assert "csat" in values(report(first))


def test_surveys_with_other_headers_keep_their_scales(tmp_path: Path) -> None:
    """A second survey on ten steps does not turn the fives of the first into bad marks."""
    first = survey(tmp_path, "CSAT", [5, 5, 4, 1], "a.csv")
    second = survey(tmp_path, "Customer satisfaction", [10, 9, 2, 1], "b.csv")
    second.write_text(second.read_text().replace("\n", "\nx").rstrip("x"))
    document = report(first, second)
    assert values(document)["csat"] == (0.625, 8)
    assert "1–5, 1–10" in texts_of(document, "pooled-scales")[0]


# Cells.


def test_a_score_is_a_bare_number_or_out_of_its_scale() -> None:
    """Dates, times of day, spans and shares are no scores: six of fourteen would be."""
    document = report(
        HERE / "dates-as-scores.csv", "--mapping", "spreadsheet-answers", "--column", "response_id=Response",
        "--column", "nps=Score", "--scale", "nps=0-10",
    )  # fmt: skip
    # A 7 and an `8/10` are two passives; the other twelve cells are no scores, so that there is no figure.
    assert values(document).get("nps", (None, 0))[0] is None
    (text,) = texts_of(document, "unread-answers")
    assert text.startswith("12 answers to `Score` cannot be read")
    (source,) = document["sources"]
    assert source["rows_read"] == source["rows_used"] + sum(source["rows_refused"].values())


@pytest.mark.parametrize(
    "cell",
    [
        "10/01/2020",
        "10:15",
        "09.40am",
        "2020/01/19",
        "9 hours",
        "5-6",
        "10%",
        "1e1",
        "10 (12.3.)",
        "10.01.2020",
        "4/7",
        "3 times",
    ],
)
def test_what_begins_with_a_number_is_no_score(tmp_path: Path, cell: str) -> None:
    """Only that answer cannot be read."""
    document = report(survey(tmp_path, "CSAT (1-5)", [*[5, 4, 1, 2] * 8, cell]))
    assert values(document)["csat"] == (0.5, 32)
    assert f"`{cell}` (1)" in texts_of(document, "unread-answers")[0]


@pytest.mark.parametrize(
    ("answers", "value", "n"),
    [
        (["4/5", "5/5", "2/5", "1/5"], 50.0, 4),
        (["4 out of 5", "5 of 5", "2 av 5", "1 / 5"], 50.0, 4),
        (["5 - Very satisfied", "4 - Satisfied", "3 - Neutral", "1 - Very dissatisfied"], 50.0, 4),
        (["10 Svært fornøyd", "9", "2", "1 Svært misfornøyd"], 50.0, 4),
        (["5 stars", "4 stars", "3 stars", "1 star"], 50.0, 4),
        (["★★★★★", "★★★★☆", "★★★☆☆", "★☆☆☆☆"], 50.0, 4),
        (["⭐⭐⭐⭐⭐", "⭐⭐⭐⭐", "⭐⭐⭐", "⭐"], 50.0, 4),
        (["👍", "👍🏽", "👎", "👎"], 50.0, 4),
        (["😡", "🙁", "😐", "🙂", "😀", "😍"], 50.0, 6),
        (["☹️", "😐", "🙂", "🙂"], 50.0, 4),
    ],
)
def test_labels_parts_and_pictures_are_scores(tmp_path: Path, answers: list[str], value: float, n: int) -> None:
    """What says its scale is read on it."""
    assert values(report(survey(tmp_path, "Satisfaction", answers)))["csat"] == (pytest.approx(value / 100), n)


def test_five_faces_are_five_steps() -> None:
    """Faces are steps from sad to delighted."""
    found = values(report(HERE / "faces.csv", period="2025-09"))
    assert (found["csat"], found["csat_mean"]) == ((0.5, 6), (pytest.approx((5 + 4 + 3 + 2 + 1 + 5) / 6), 6))


# Words.

SATISFACTION = {
    "en": ("Very dissatisfied", "Fairly dissatisfied", "Neither satisfied nor dissatisfied", "Fairly satisfied", "Very satisfied"),
    "sv": ("Mycket missnöjd", "Ganska missnöjd", "Varken nöjd eller missnöjd", "Ganska nöjd", "Mycket nöjd"),
    "nb": ("Svært misfornøyd", "Ganske misfornøyd", "Verken fornøyd eller misfornøyd", "Ganske fornøyd", "Svært fornøyd"),
    "da": ("Meget utilfreds", "Utilfreds", "Hverken tilfreds eller utilfreds", "Tilfreds", "Meget tilfreds"),
    "fi": ("Erittäin tyytymätön", "Melko tyytymätön", "Ei tyytyväinen eikä tyytymätön", "Melko tyytyväinen", "Erittäin tyytyväinen"),
}  # fmt: skip
AGREEMENT = {
    "en": ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"),
    "sv": ("Instämmer inte alls", "Instämmer delvis inte", "Varken eller", "Instämmer delvis", "Instämmer helt"),
    "nb": ("Helt uenig", "Delvis uenig", "Verken enig eller uenig", "Delvis enig", "Helt enig"),
    "da": ("Helt uenig", "Delvist uenig", "Hverken enig eller uenig", "Delvist enig", "Helt enig"),
    "fi": ("Täysin eri mieltä", "Jokseenkin eri mieltä", "Ei samaa eikä eri mieltä", "Jokseenkin samaa mieltä", "Täysin samaa mieltä"),
}  # fmt: skip
EASE = {
    "en": ("Very difficult", "Rather difficult", "Neither easy nor difficult", "Rather easy", "Very easy"),
    "sv": ("Mycket svårt", "Ganska svårt", "Varken lätt eller svårt", "Ganska lätt", "Mycket lätt"),
    "nb": ("Svært vanskelig", "Ganske vanskelig", "Verken lett eller vanskelig", "Ganske lett", "Svært lett"),
    "da": ("Meget svært", "Svært", "Hverken nemt eller svært", "Nemt", "Meget nemt"),
    "fi": ("Erittäin vaikeaa", "Melko vaikeaa", "Ei helppoa eikä vaikeaa", "Melko helppoa", "Erittäin helppoa"),
}
LIKELIHOOD = {
    "en": ("Very unlikely", "Somewhat unlikely", "Neither likely nor unlikely", "Somewhat likely", "Very likely"),
    "sv": ("Mycket osannolikt", "Ganska osannolikt", "Varken sannolikt eller osannolikt", "Ganska sannolikt", "Mycket sannolikt"),
    "nb": ("Svært usannsynlig", "Usannsynlig", "Verken sannsynlig eller usannsynlig", "Sannsynlig", "Svært sannsynlig"),
    "da": ("Meget usandsynligt", "Usandsynligt", "Hverken sandsynligt eller usandsynligt", "Sandsynligt", "Meget sandsynligt"),
    "fi": ("Erittäin epätodennäköistä", "Epätodennäköistä", "Ei todennäköistä eikä epätodennäköistä", "Todennäköistä", "Erittäin todennäköistä"),
}  # fmt: skip
QUALITY = {
    "en": ("Very poor", "Poor", "Neither good nor poor", "Good", "Very good"),
    "sv": ("Mycket dåligt", "Ganska dåligt", "Varken bra eller dåligt", "Ganska bra", "Mycket bra"),
    "nb": ("Svært dårlig", "Dårlig", "Verken bra eller dårlig", "Bra", "Svært bra"),
    "da": ("Meget dårligt", "Dårligt", "Hverken godt eller dårligt", "Godt", "Meget godt"),
    "fi": ("Erittäin huono", "Melko huono", "Ei hyvä eikä huono", "Melko hyvä", "Erittäin hyvä"),
}
NO_OPINIONS = {
    "en": ("Don't know", "I don't know", "Don’t know", "Prefer not to say", "Prefer not to answer", "Not applicable", "N/A"),
    "sv": ("Vet ej", "Vet inte", "Ej aktuellt", "Vill inte svara", "Ingen åsikt"),
    "nb": ("Vet ikke", "Ikke aktuelt", "Ønsker ikke å svare", "Ikke relevant"),
    "da": ("Ved ikke", "Ikke relevant", "Ønsker ikke at svare"),
    "fi": ("En osaa sanoa", "Ei koske minua", "En halua vastata"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "sv", "nb", "da", "fi"])
@pytest.mark.parametrize("words", [SATISFACTION, AGREEMENT, EASE, LIKELIHOOD, QUALITY], ids=["satisfied", "agree", "easy", "likely", "good"])  # fmt: skip
def test_words_complete_a_scale_with_their_neutral_and_no_answers(
    tmp_path: Path, words: dict[str, tuple[str, ...]], language: str
) -> None:
    """An order of words is five steps, neutral included; those who do not know give no answer and refuse nothing."""
    document = report(survey(tmp_path, "Satisfaction", [*words[language], *NO_OPINIONS[language]]))
    found = values(document)
    assert (found["csat"], found["csat_mean"]) == ((0.4, 5), (3.0, 5))
    (source,) = document["sources"]
    assert source["rows_refused"] == {"no answer": len(NO_OPINIONS[language])}
    assert not texts_of(document, "unread-answers")


def test_a_column_with_both_degrees_has_seven_steps(tmp_path: Path) -> None:
    """`Satisfied` and `Somewhat satisfied` in one column are two marks, not one."""
    words = ["Very satisfied", "Satisfied", "Somewhat satisfied", "Neutral", "Somewhat dissatisfied", "Dissatisfied", "Very dissatisfied"]  # fmt: skip
    found = values(report(survey(tmp_path, "Satisfaction", words)))
    assert (found["csat"], found["csat_mean"]) == ((pytest.approx(2 / 7), 7), (4.0, 7))


def test_fairly_and_rather_are_steps_and_not_knowing_is_no_answer() -> None:
    """Ease in words with a hole in the list: 5, 4, 4, 2, 1."""
    document = report(HERE / "somewhat-easy.csv")
    assert values(document)["ces"] == (pytest.approx(3.2), 5)
    (ces,) = [one for one in document["results"] if one["kpi"] == "ces"]
    assert "higher is better on this scale" in ces["notes"]


def test_where_under_half_can_be_read_there_is_no_figure(tmp_path: Path) -> None:
    """What is left of a column whose words are mostly unknown is no figure."""
    document = report(survey(tmp_path, "Satisfaction", ["Very satisfied", "Satisfied", *["Splendiferous", "Meh", "Bof", "Naja"] * 2]))  # fmt: skip
    found = values(document)
    assert found.get("csat", (None, 0))[0] is None


@pytest.mark.parametrize(("answers", "value"), [(["Yes", "Partly", "No", "Yes"], 50.0), (["Ja", "Delvis", "Nej", "Nej"], 25.0), (["Kyllä", "Osittain", "Ei", "Ei"], 25.0), ([1, 0, 1, 1], 75.0), (["True", "False", "true", "TRUE"], 75.0)])  # fmt: skip
def test_partly_is_no_yes(tmp_path: Path, answers: list[object], value: float) -> None:
    """Yes, partly and no: partly is answered, and is not confirmed."""
    found = values(report(survey(tmp_path, "Was your issue resolved?", answers)))
    assert found["confirmed_resolution_rate"] == (pytest.approx(value / 100), 4)


def test_one_and_two_for_yes_and_no_are_not_guessed(tmp_path: Path) -> None:
    """1 and 2 for yes and no would make everyone confirm."""
    document = report(survey(tmp_path, "Was your issue resolved?", [1, 2, 1, 1, 2]))
    assert "confirmed_resolution_rate" not in values(document)
    assert texts_of(document, "unknown-scale")


# One answer of a respondent.


def test_one_unreadable_answer_refuses_that_answer_alone(tmp_path: Path) -> None:
    """A respondent whose CSAT cannot be read still answers NPS, and every row is accounted for."""
    listing = tmp_path / "refused.csv"
    document = report(HERE / "one-unreadable-answer.csv", "--refused", listing)
    found = values(document)
    assert (found["nps"], found["csat"], found["answers_received"]) == ((50.0, 8), (1.0, 2), (8, 8))
    (source,) = document["sources"]
    assert (source["rows_read"], source["rows_used"], source["rows_refused"]) == (8, 8, {})
    assert "`see comment` (1)" in texts_of(document, "unread-answers")[0]
    assert [line.split(",")[4] for line in listing.read_text(encoding="utf-8").splitlines()[1:]] == ["see comment"]


def test_unknown_neutral_words_refuse_no_other_answer(tmp_path: Path) -> None:
    """The same with two questions in words."""
    path = tmp_path / "survey.csv"
    path.write_text(
        "Response ID,Answered at,CSAT,NPS\n1,2026-03-01,Svært fornøyd,10\n2,2026-03-02,Tja,0\n3,2026-03-03,Svært misfornøyd,9\n"
    )
    found = values(report(path))
    assert (found["csat"], found["nps"]) == ((0.5, 2), (pytest.approx(100 / 3), 3))


# Repeated respondents.


@pytest.mark.parametrize(
    ("options", "value", "n"),
    [
        ([], 0.0, 6),
        (["--answers", "newest"], 100 / 3, 3),
        (["--answers", "first"], 100.0, 3),
        (["--answers", "all"], 0.0, 6),
    ],
)
def test_one_customer_with_four_answers_is_reported_and_can_count_once(
    options: list[str], value: float, n: int
) -> None:
    """Repeated respondents: c1 answers 10, 0, 0, 0."""
    document = report(HERE / "one-customer-four-answers.csv", *options, kpi="nps")
    assert values(document)["nps"] == (pytest.approx(value), n)
    (text,) = texts_of(document, "repeated-respondents")
    assert ("up to 4 from one" in text) is (n == 6)
    assert ("3 answers are left out" in text) is (n == 3)


REPEATED = [
    *[(f"x{place}", f"2026-07-{1 + place:02d}", 9) for place in range(8)],
    ("c1", "2026-08-03", 10), ("c2", "2026-08-05", 9), ("c3", "2026-08-10", 3), ("c3", "2026-08-20", 10),
    ("c1", "2026-09-04", 0), ("c2", "2026-09-06", 10), ("c4", "2026-09-01", 9), ("c4", "2026-09-30", 2),
]  # fmt: skip
"""Customers who answer in August and in September, c3 and c4 twice in one of them."""


@pytest.fixture
def repeated(tmp_path: Path) -> Path:
    path = tmp_path / "repeated.csv"
    rows = [f"{place};{day};{customer};{score}" for place, (customer, day, score) in enumerate(REPEATED)]
    path.write_text("\n".join(["Response ID;Answered at;Customer ID;NPS", *rows, ""]))
    return path


@pytest.mark.parametrize(
    ("which", "month", "value", "n"),
    [
        ("newest", "2026-07", 100, 8),
        ("newest", "2026-08", 100, 3),  # 10, 9 and the second of c3, 10
        ("newest", "2026-09", -100 / 3, 3),  # 0, 10 and the second of c4, 2
        ("first", "2026-08", 100 / 3, 3),
        ("first", "2026-09", 100 / 3, 3),
        ("all", "2026-08", 50, 4),
        ("all", "2026-09", 0, 4),
    ],
)
def test_one_answer_of_each_customer_counts_in_each_period(
    repeated: Path, which: str, month: str, value: float, n: int
) -> None:
    """Who answers in August too is in August, or every later answer would empty the months before."""
    document = report(repeated, "--answers", which, kpi="nps", period=month)
    assert values(document)["nps"] == (pytest.approx(value), n)
    september = report(repeated, "--answers", which, kpi="nps", period="2026-09", compare="previous")["results"][0]
    if month == "2026-08":
        assert (september["baseline"]["value"], september["baseline"]["n"]) == (pytest.approx(value), n)


def test_a_trend_that_would_need_other_answers_is_not_shown(repeated: Path) -> None:
    """One answer a quarter is not one a month; and a baseline that cuts through the period is refused."""
    document = report(repeated, "--answers", "newest", "--grain", "month", kpi="nps", period="2026-Q3")
    assert values(document)["nps"] == (pytest.approx(200 / 3), 12)
    assert not document["results"][0].get("trend")
    assert "steps of months within 2026-Q3 are not shown" in texts_of(document, "repeated-respondents")[0]
    ended = piped("report", repeated, "--answers", "newest", "--period", "2026-09", "--compare", "2026-Q3")
    assert (ended.code, "has days in common with it" in ended.err) == (3, True)


@pytest.mark.parametrize("command", ["rows", "define"])
def test_every_command_that_reads_answers_obeys(command: str) -> None:
    """The option holds for rows and definitions too."""
    path = HERE / "one-customer-four-answers.csv"
    of = ["--of", "nps"] if command == "define" else []
    name = "nps" if command == "rows" else "last_7_days"
    period = [] if command == "define" else ["--period", "all"]
    newest, every = (
        piped(command, name, path, *of, *period, "--answers", which, "--format", "json", "--quiet")
        for which in ("newest", "all")
    )
    assert (newest.code, every.code) == (0, 0), newest.err + every.err
    assert newest.out != every.out
    if command == "rows":
        assert newest.out.count("another answer of its customer counts") >= 3


def test_answers_that_do_not_say_whose_they_are_cannot_count_once(tmp_path: Path) -> None:
    """The option is refused where it could not be obeyed."""
    ended = piped("report", survey(tmp_path, "NPS", [10, 0, 9]), "--answers", "newest")
    assert ended.code != 0
    assert "customer_id=" in ended.err


# Options and keys.


def test_the_lowest_mark_may_be_the_best(tmp_path: Path) -> None:
    """A direction is obeyed: 1, 1 and 2 are satisfied, and reported so."""
    document = report(survey(tmp_path, "CSAT", [1, 1, 2, 5]), "--direction", "csat=lower")
    found = values(document)
    assert (found["csat"], found["csat_mean"]) == ((0.75, 4), (3.75, 4))
    assert "turned round" in texts_of(document, "turned-scale")[0]


@pytest.mark.parametrize(("header", "kpi", "answers", "value"), [("NPS", "nps", [0, 1, 10, 9], 0.0), ("Treatment", "treatment_top2", [1, 1, 2, 5], 0.75), ("Problem solved", "confirmed_resolution_rate", ["Yes", "No", "No", "No"], 0.75)])  # fmt: skip
def test_the_same_for_other_questions(
    tmp_path: Path, header: str, kpi: str, answers: list[object], value: float
) -> None:
    """Every question is turned round."""
    name = {"nps": "nps", "treatment_top2": "treatment", "confirmed_resolution_rate": "resolved"}[kpi]
    found = values(report(survey(tmp_path, header, answers), "--direction", f"{name}=lower"))
    assert found[kpi][0] == pytest.approx(value)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("CSAT (1 = very satisfied, 5 = very dissatisfied)", 0.75),
        ("Nöjdhet (1=mycket nöjd; 5=mycket missnöjd)", 0.75),
        ("CSAT (1 = worst, 5 = best)", 0.25),
        ("CSAT (1 = very dissatisfied, 5 = very satisfied)", 0.25),
    ],
)
def test_a_header_may_say_that_the_lowest_mark_is_the_best(tmp_path: Path, header: str, value: float) -> None:
    """What the header says of its own marks is obeyed."""
    path = survey(tmp_path, "X", [1, 1, 2, 5])
    path.write_text(path.read_text().replace(";X\n", f';"{header}"\n'))
    document = report(path, "--mapping", "spreadsheet-answers", "--column", f"csat={header}")
    assert values(document)["csat"] == (value, 4)
    assert bool(texts_of(document, "turned-scale")) is (value == 0.75)


def test_ratings_inside_tickets_lose_one_answer_alone(tmp_path: Path) -> None:
    """A ticket whose rating cannot be read is counted as a ticket, and its rating as unread."""
    path = tmp_path / "tickets.csv"
    rows = [
        f"{n},Solved,2026-03-0{n} 09:00,2026-03-0{n} 12:00,{mark}"
        for n, mark in enumerate(["5", "4", "99", "Meh", "1", ""], 1)
    ]
    path.write_text("\n".join(["Ticket ID,Status,Created at,Resolved at,CSAT", *rows, ""]))
    document = report(path)
    found = values(document)
    assert (found["csat"], found["tickets_created"]) == ((pytest.approx(2 / 3), 3), (6, 6))
    assert "`Meh` (1)" in texts_of(document, "unread-answers")[0]
    assert "`99` (1)" in texts_of(document, "no-opinion")[0]
    for source in document["sources"]:
        assert source["rows_read"] == source["rows_used"] + sum(source["rows_refused"].values())


MAPPING = "name: mine\nlabel: mine\nsystem: mine\ntable: answers\nrecognised_by: {all: [Response ID]}\ncolumns: {response_id: Response ID, answered_at: Answered at}\nanswers:\n  - {question: csat, from: Mark%s}\n"


def test_a_mapping_may_say_that_the_lowest_mark_is_the_best(tmp_path: Path) -> None:
    """The mapping's `direction` is obeyed as the option is."""
    (tmp_path / "mine.yaml").write_text(MAPPING % ", scale: [1, 5], direction: lower")
    path = survey(tmp_path, "Mark", [1, 1, 2, 5])
    assert values(report(path, "--mapping", tmp_path / "mine.yaml"))["csat"] == (0.75, 4)


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        (", scale: [5, 1]", "a scale begins with its lowest step"),
        (", scale: [1, 5], words: {Topp: 7}", "`Topp` is 7, outside the scale 1 to 5"),
        (", words: {Topp: 5, Bunn: 1}, scale: [5, 1]", "a scale begins with its lowest step"),
        (", direction: sideways", "mine.yaml"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(tmp_path: Path, key: str, fault: str) -> None:
    """What could not be obeyed is a fault of the mapping, with its line."""
    (tmp_path / "mine.yaml").write_text(MAPPING % key)
    ended = piped("report", survey(tmp_path, "Mark", [1, 5]), "--mapping", tmp_path / "mine.yaml")
    assert ended.code != 0
    assert fault in " ".join(ended.err.split())


@pytest.mark.parametrize("option", ["--scale=foo=1-5", "--direction=foo=lower", "--scale=csat=5-1", "--direction=csat=up"])  # fmt: skip
def test_an_option_that_means_nothing_is_refused(tmp_path: Path, option: str) -> None:
    """Unknown questions and scales that run backwards are faults of the command line."""
    assert piped("report", survey(tmp_path, "CSAT", [1, 5]), option).code == 2


def test_an_option_that_changes_nothing_is_reported(tmp_path: Path) -> None:
    """A scale for a question that nobody asks, and for one that is answered in words."""
    assert (
        "no file asks that"
        in texts_of(report(survey(tmp_path, "CSAT", [1, 5]), "--scale", "ces=1-7"), "unused-scale")[0]
    )
    worded = report(survey(tmp_path, "CSAT", ["Good", "Bad"]), "--scale", "csat=1-7")
    assert "answered in words" in texts_of(worded, "unused-scale")[0]


@pytest.mark.parametrize(("header", "answers", "option"), [("CSAT", ["Very satisfied", "Satisfied"], "csat=lower"), ("Effort", ["Very easy", "Easy", "Very difficult"], "ces=lower")])  # fmt: skip
def test_a_direction_that_words_contradict_is_refused(
    tmp_path: Path, header: str, answers: list[str], option: str
) -> None:
    """Words say themselves which way is better."""
    ended = piped("report", survey(tmp_path, header, answers), "--direction", option)
    assert ended.code == 3
    assert "words that say themselves which is better" in " ".join(ended.err.split())


# Adding what is no answer.


@pytest.mark.parametrize("extra", [[""], ["Don't know"], ["99", "98"], ["-1"], ["N/A", "Vet ej", "Prefer not to say"], ["98 Vet ikke"]])  # fmt: skip
@pytest.mark.parametrize(
    ("header", "answers"),
    [
        ("CSAT", [5, 4, 3, 2, 1, 5, 4, 5]),
        ("NPS", [10, 9, 8, 0, 3, 10, 7, 6]),
        ("Effort", [1, 7, 6, 5, 2, 7, 4, 3]),
        ("CSAT", ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"] * 2),
    ],
)
def test_what_is_no_answer_never_changes_a_figure(
    tmp_path: Path, header: str, answers: list[object], extra: list[str]
) -> None:
    """Codes, words and blanks for no answer leave every figure of the question as it is, or there is none and it is reported."""
    before = values(report(survey(tmp_path, header, answers, "before.csv")))
    document = report(survey(tmp_path, header, [*answers, *extra], "after.csv"))
    after = values(document)
    assert after == before or texts_of(document, "unknown-scale")
    assert texts_of(document, "unknown-scale") == []


NAMED = "name: mine\nlabel: Mine\nsystem: mine\ntable: answers\ncolumns: {response_id: Id, answered_at: When}\nanswers:\n  - {question: csat, from: How, scale: [1, 5]}\n"


def _evidence(*arguments: object) -> set[str]:
    found = reported(*arguments)
    (csat,) = (each for each in found.document["results"] if each["kpi"] == "csat" and not each["group"])
    return {note.rpartition(", ")[2] for note in csat["notes"] if note.startswith("scale ")}


@pytest.mark.parametrize("header", ["Nöjdhet", "Kundnöjdhet", "CSAT"])
@pytest.mark.parametrize("other", ["Bemötande", "Kommentar"])
def test_no_mapping_is_reported_to_speak_where_none_is_given(tmp_path: Path, header: str, other: str) -> None:
    rows = "".join(f"2026-09-0{at};K{at};{score};{score}\n" for at, score in enumerate((1, 2, 3, 4, 5, 5), 1))
    (tmp_path / "a.csv").write_text(f"Datum;Kund-id;{header};{other}\n{rows}", encoding="utf-8")
    assert _evidence(tmp_path / "a.csv") == {"as its answers show"}


def test_a_mapping_that_is_given_speaks(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(NAMED, encoding="utf-8")
    (tmp_path / "a.csv").write_text("Id,When,How\n1,2026-09-01,5\n2,2026-09-02,4\n3,2026-09-03,2\n", encoding="utf-8")
    assert _evidence(tmp_path / "a.csv", "--mapping", tmp_path / "mine.yaml") == {"as the mapping says"}
