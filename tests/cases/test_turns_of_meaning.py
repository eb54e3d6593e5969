"""Questions with the words of a KPI and another meaning: of a competitor, of how often, of what came before, of dissatisfaction."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written
from small_surveys import survey

from kpi_core.ingest.formats.mapping import find_mapping
from kpi_core.ingest.headers.lookalike_questions import asks
from kpi_core.ingest.questions.effort_direction import is_of_dissatisfaction

SPECS = find_mapping("spreadsheet-answers").answers


def _asked(wording: str) -> set[str]:
    """The questions that a wording asks by the patterns of spreadsheets."""
    return {spec.question for spec in SPECS for pattern in spec.matching if asks(pattern, wording)}


@pytest.mark.parametrize(
    "wording",
    [
        "Did you have to contact us more than once to get your issue resolved?",
        "Did you call back before your issue was resolved?",
        "Behövde du kontakta oss flera gånger innan ditt ärende blev löst?",
        "Fick du vänta innan ditt ärende blev löst?",
        "Måtte du ringe flere ganger før saken ble løst?",
        "Is your issue still not resolved?",
        "Blev ditt ärende inte löst?",
        "Was this your first contact with us about this issue?",
        "Var dette din første kontakt med oss i saken?",
        "Var detta första kontakten med oss?",
        "How likely is it that you would recommend a competitor? (0-10)",
        "Hur troligt är det att du rekommenderar någon av våra konkurrenter? (0-10)",
        "How easy would it be for you to switch to another supplier? (1-5)",
        "Hur enkelt vore det att byta till en annan leverantör?",
        "How user-friendly is our website? (1-5)",
        "Hvor brukervennlig er nettsiden? (imødekommende)",
        "How knowledgeable are you about our products? (1-5)",
    ],
)
def test_a_question_that_turns_another_way_is_not_read(wording: str) -> None:
    assert _asked(wording) <= {"ces"} - ({"ces"} if "easy" in wording or "enkelt" in wording else set())


@pytest.mark.parametrize(
    ("wording", "question"),
    [
        ("Was your issue resolved?", "resolved"),
        ("Was your issue resolved at the first contact?", "first_contact"),
        ("Was your issue resolved, yes or not?", "resolved"),
        ("Fick du ditt ärende löst?", "resolved"),
        ("Löstes ditt ärende vid första kontakten?", "first_contact"),
        ("How likely is it that you would recommend us to a friend or colleague?", "nps"),
        ("How easy was it to change your order?", "ces"),
        ("How much effort did you have to put in to get your issue solved? (1-5)", "ces"),
        ("How friendly was the agent?", "treatment"),
        ("How knowledgeable was the agent?", "competence"),
        ("Hur nöjd eller missnöjd är du?", "csat"),
    ],
)
def test_a_question_that_means_what_it_says_is_read(wording: str, question: str) -> None:
    assert question in _asked(wording)


def test_an_unread_question_is_named(tmp_path: Path) -> None:
    lines = [f"{at},2026-10-{at:02d},{'Yes' if at % 3 else 'No'},{at % 5 + 1}" for at in range(1, 13)]
    export = written(tmp_path, "survey", "Response ID,Date,Did you contact us more than once to get the issue resolved?,CSAT (1-5)", *lines)  # fmt: skip
    document = report_json(export, "--kpi", "csat", "--kpi", "confirmed_resolution_rate", "--period", "2026-10")
    assert set(totals(document)) == {"csat"}
    assert "more than once" in str(document["sources"])


@pytest.mark.parametrize("header", ["Hur missnöjd är du? (1-5)", "How dissatisfied are you? (1-5)", "Hvor misfornøyd er du? (1-5)"])  # fmt: skip
def test_of_dissatisfaction_the_lowest_mark_is_the_best(tmp_path: Path, header: str) -> None:
    document = report_json(survey(tmp_path, header, [1, 1, 1, 2, 5]), "--kpi", "csat", "--period", "all")
    assert totals(document)["csat"]["value"] == 0.8
    assert findings(document, "turned-scale")


def test_satisfied_or_dissatisfied_is_satisfaction() -> None:
    assert not is_of_dissatisfaction("Hur nöjd eller missnöjd är du?")
    assert is_of_dissatisfaction("Hur missnöjd är du?")
