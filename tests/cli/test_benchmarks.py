"""Published figures on the pages that explain a figure, a user's own before them, and nowhere as a target."""

import json

import pytest
from invoked import piped, sample

SURVEY = sample("surveymonkey_responses.csv")
OWN = """benchmarks:
  csat:
    - {value: 82%, year: 2025, whose: Our sister company, source: their annual report, formula: 4 and 5 of five ÷ rated}
  nps: [{value: 31, year: 2024, source: {en: Industry survey, sv: Branschenkät}, not_comparable: it asks once a year}]
"""


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "kundpuls.yaml"
    path.write_text(OWN, encoding="utf-8")
    return str(path)


def test_a_definition_shows_them_with_what_keeps_them_apart(project):
    out = piped("kpis", "nps", "--config", project).out
    assert "Industry survey" in out
    assert out.index("Industry survey") < out.index("Amazon")
    assert "no source, year or number of answers is given" in out
    assert "None of them is a target" in out
    record = json.loads(piped("kpis", "nps", "--config", project, "--format", "json").out)
    assert [(one["low"], one["year"], one["own"]) for one in record["benchmarks"]] == [(31, 2024, True), (62, None, False), (58, None, False), (57, None, False)]  # fmt: skip
    assert "Branschenkät" in piped("kpis", "nps", "--config", project, "--lang", "sv").out


def test_a_report_has_them_among_its_notes_and_in_json_and_judges_by_none(project):
    asked = ("report", SURVEY, "--zone", "UTC", "--config", project)
    assert "sister company" not in piped(*asked).out
    noted = piped(*asked, "--notes").out
    assert "Our sister company 82% (2025; their annual report; 4 and 5 of five ÷ rated)." in noted
    assert "Industry survey +31 (2024). Not comparable because it asks once a year." in noted
    record = json.loads(piped(*asked, "--format", "json").out)
    assert {one["kpi"] for one in record["benchmarks"]} >= {"csat", "nps", "ces"}
    assert all(one["target"] is None for one in record["results"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("benchmarks: {csta: [{value: 82%, year: 2025, source: us}]}", "did you mean `csat`"),
        ("benchmarks: {csat: [{value: 82%, source: us}]}", "year"),
        ("benchmarks: {csat: [{value: 82%, year: 2025}]}", "source"),
        ("benchmarks: {csat: [{value: good, year: 2025, source: us}]}", "good"),
        ("benchmarks: {csat: [{value: 82%, year: 2025, source: us, wat: 1}]}", "wat"),
    ],
)
def test_what_means_nothing_is_refused_with_its_line(tmp_path, text, message):
    path = tmp_path / "kundpuls.yaml"
    path.write_text(text, encoding="utf-8")
    ended = piped("kpis", "csat", "--config", str(path))
    assert ended.code == 3
    assert "kundpuls.yaml:1" in ended.err
    assert message in ended.err
