"""What a question's header says of its scale: its ends in any form, and which of them is the better one."""

import pytest

from kpi_core.ingest.cells.scores.stated_scales import stated
from kpi_core.ingest.questions.effort_direction import natural_way


@pytest.mark.parametrize(
    ("header", "ends"),
    [
        ("Hur nöjd är du? (1 = mycket missnöjd, 5 = mycket nöjd)", (1, 5)),
        ("Hur nöjd är du? 1=mycket missnöjd 5=mycket nöjd", (1, 5)),
        ("Hur nöjd är du? (5 = mycket nöjd, 1 = mycket missnöjd)", (1, 5)),
        ("Hur nöjd är du på en skala 1 till 5?", (1, 5)),
        ("Svara mellan 1 och 7", (1, 7)),
        ("How satisfied are you, from 1 (very bad) to 10 (excellent)?", (1, 10)),
        ("How easy was it? 1 = very easy … 7 = very difficult", (1, 7)),
        ("Hvor fornøyd er du? Skala 1–6 der 6 er best", (1, 6)),
        ("Hvor tilfreds er du på en skala fra 1 til 7?", (1, 7)),
        ("Kuinka tyytyväinen olet (1 huono - 5 erinomainen)", (1, 5)),
        ("Tyytyväisyys (4-10)", (4, 10)),
        ("CSAT 1..5", (1, 5)),
        ("Satisfaction (Poor 1 - 5 Excellent)", (1, 5)),
        ("CSAT (low 1 - high 5)", (1, 5)),
        ("Very easy 1 2 3 4 5 Very difficult", (1, 5)),
        ("How likely are you? 0 – Not at all likely, 10 – Extremely likely", (0, 10)),
        ("Hur nöjd är du? 1 (dåligt) – 5 (bra)", (1, 5)),
        ("CSAT (1=Dålig,2=Ok,3=Bra)", (1, 3)),
        ("Löst? (1=ja, 0=nej)", (0, 1)),
        ("Problem solved (1 = no, 2 = yes)", (1, 2)),
        ("Rating, 1 to 5 stars", (1, 5)),
    ],
)
def test_the_ends_of_a_scale_are_read_however_they_are_written(header: str, ends: tuple[float, float]) -> None:
    found = stated(header)
    assert (found.ends, found.doubt) == (ends, None)


@pytest.mark.parametrize(
    ("header", "ends", "codes"),
    [
        ("Nöjdhet (1 = mycket missnöjd, 5 = mycket nöjd, 6 = vet ej)", (1, 5), {6}),
        ("Löst (1 = Ja, 2 = Nej, 3 = Vet ikke)", (1, 2), {3}),
        ("CSAT 1-5 (9 = don't know)", (1, 5), {9}),
    ],
)
def test_a_number_that_is_called_no_answer_is_no_end(header: str, ends: tuple[float, float], codes: set[float]) -> None:
    assert (stated(header).ends, stated(header).codes) == (ends, codes)


@pytest.mark.parametrize(
    ("header", "highest"),
    [("CSAT /10", 10), ("CSAT (av 10)", 10), ("Score out of 5", 5), ("Betyg (max 6)", 6), ("Tilfredshed (ud af 5)", 5)],
)
def test_a_highest_step_may_stand_alone(header: str, highest: float) -> None:
    assert (stated(header).highest, stated(header).ends) == (highest, None)


@pytest.mark.parametrize(
    "header",
    [
        "1. Hur nöjd är du?",
        "1: Hur nöjd är du?",
        "Q1 - How satisfied are you?",
        "Fråga 2: Bra bemötande",
        "How satisfied are you with our 24/7 support?",
        "How satisfied are you with delivery in 1-2 days?",
        "CSAT 1-12-2025",
        "Satisfaction 2025",
        "How satisfied were you with call 1 (good service)?",
        "Is 1 good",
        "NPS 4",
    ],
)
def test_a_number_that_is_no_scale_states_none(header: str) -> None:
    assert stated(header).is_silent


@pytest.mark.parametrize(
    ("header", "way"),
    [
        ("CSAT (1 = mycket nöjd, 5 = mycket missnöjd)", "lower"),
        ("CSAT (1 = meget tilfreds, 5 = meget utilfreds)", "lower"),
        ("CSAT (1 = erittäin tyytyväinen, 5 = erittäin tyytymätön)", "lower"),
        ("CSAT 1: Mycket nöjd, 5: Mycket missnöjd", "lower"),
        ("CSAT 1 - Very satisfied / 5 - Very dissatisfied", "lower"),
        ("CSAT 1 (Excellent) – 5 (Poor)", "lower"),
        ("Very satisfied 1 2 3 4 5 Very dissatisfied", "lower"),
        ("very satisfied (1) – very dissatisfied (5)", "lower"),
        ("CSAT (1 = best)", "lower"),
        ("CSAT (5 = worst)", "lower"),
        ("Hvor fornøyd er du? Karakter 1 best", "lower"),
        ("CSAT (1–5, där 1 är bäst)", "lower"),
        ("CSAT (lägst är bäst)", "lower"),
        ("CSAT, lower is better", "lower"),
        ("CSAT (högst är sämst)", "lower"),
        ("How much effort? (1 = very low effort, 5 = very high effort)", "lower"),
        ("CSAT (1 = mycket missnöjd, 5 = mycket nöjd)", "higher"),
        ("CSAT, from 1 (very bad) to 10 (excellent)", "higher"),
        ("Skala 1–6 der 6 er best", "higher"),
        ("CSAT (5 being the best)", "higher"),
        ("CSAT (1-5, 5 = not at all good)", "lower"),
        ("CSAT (1-5)", None),
        ("CSAT (1 = low, 5 = high)", None),
        ("Motsvarade vi förväntningarna? 1 = inte alls, 10 = helt och hållet", None),
        ("CSAT (1 = strongly disagree, 5 = strongly agree)", None),
    ],
)
def test_named_ends_say_which_is_the_better_one(header: str, way: str | None) -> None:
    assert (stated(header).way, stated(header).doubt) == (way, None)


@pytest.mark.parametrize(
    ("header", "is_falling"),
    [
        ("Made it easy (1 = strongly agree, 7 = strongly disagree)", True),
        ("Betyg (5 = lägst, 1 = högst)", True),
        ("Solved (1 = yes, 2 = no)", True),
        ("NPS (0 = svært sannsynlig, 10 = svært lite sannsynlig)", True),
        ("Made it easy (1 = strongly disagree, 7 = strongly agree)", False),
        ("Solved (0 = nej, 1 = ja)", False),
    ],
)
def test_numbers_may_fall_with_what_they_measure(header: str, is_falling: bool) -> None:
    assert stated(header).is_falling is is_falling


@pytest.mark.parametrize("header", ["CSAT (1-5) (converted from 0-10)", "CSAT (1 = best, 5 = excellent)", "CSAT (1-5, 1 = worst, lower is better)"])  # fmt: skip
def test_a_header_that_contradicts_itself_is_in_doubt(header: str) -> None:
    assert stated(header).doubt


@pytest.mark.parametrize("header", ["a " * 20_000 + "1-5", "out of " * 20_000 + "5x", " " * 50_000 + "1"])
def test_a_cell_that_is_no_name_of_a_column_is_passed_over(header: str) -> None:
    assert stated(header).rest == header


def test_names_that_nobody_knows_are_kept() -> None:
    assert stated("CSAT (1 = katastrof, 5 = jättetoppen)").strange == ("katastrof", "jättetoppen")
    assert stated("CSAT (1 = katastrof, 5 = excellent)").strange == ()


@pytest.mark.parametrize(
    ("header", "rest"),
    [
        ("CSAT /10", "CSAT"),
        ("CSAT (1 = worst, 5 = best)", "CSAT"),
        ("Nöjdhet, skala 1–7", "Nöjdhet"),
        ("Betyg: 1-5", "Betyg"),
        ("NPS (lower is better)", "NPS"),
        ("CSAT 1-5 comments", "CSAT 1-5 comments"),
        ("CSAT (1-5) agent", "CSAT (1-5) agent"),
    ],
)
def test_a_question_goes_by_its_name_without_the_scale_behind_it(header: str, rest: str) -> None:
    assert stated(header).rest == rest


@pytest.mark.parametrize(
    ("wording", "way"),
    [
        ("How easy was it to get help?", "higher"),
        ("Hur smidigt var det?", "higher"),
        ("Hvor let var det?", "higher"),
        ("Kuinka vaivatonta asiointi oli?", "higher"),
        ("It was effortless", "higher"),
        ("It took little effort", "higher"),
        ("How difficult was it?", "lower"),
        ("Please rate how much effort it took", "lower"),
        ("Hur svårt var det?", "lower"),
        ("Hvor mye innsats måtte du legge ned?", "lower"),
        ("Hvor svært var det?", "lower"),
        ("Kuinka paljon vaivaa jouduit näkemään?", "lower"),
        ("Kundansträngning", "lower"),
        ("It was not easy", "lower"),
        ("How easy or difficult was it?", None),
        ("Hur lätt eller svårt var det?", None),
        ("Hvor let eller svært var det?", None),
        ("Customer effort score", None),
        ("CES", None),
    ],
)
def test_effort_points_where_its_wording_says_and_nowhere_where_it_says_both(wording: str, way: str | None) -> None:
    assert natural_way("ces", wording) == way


@pytest.mark.parametrize("text", ["x" * 100_000, "from 1 to 5 " * 10_000, "1 = a " * 20_000])
def test_a_text_too_long_for_a_question_states_nothing(text: str) -> None:
    """Looked through like a question, it would take minutes."""
    assert stated(text).is_silent
