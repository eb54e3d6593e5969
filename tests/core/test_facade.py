"""What programs and notebooks call: the same figures as the command line's, from files or from what was read once."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from small_stores import months, taken_in

import kpi_core
from kpi_core.errors import KpiError

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
TICKETS, SURVEY = SAMPLES / "freshdesk_tickets.csv", SAMPLES / "surveymonkey_responses.csv"


def values(report: object) -> dict[str, float | None]:
    return {one.kpi.name: one.estimate.value for one in report.totals}  # type: ignore[attr-defined]


def test_a_report_is_what_the_command_line_says() -> None:
    line = [sys.executable, "-m", "kpi_cli", "report", TICKETS, SURVEY, "--period", "2026-09", "--by", "group"]
    line += ["--target", "csat=85%", "--calendar", "se", "--format", "json", "--no-config"]
    answer = json.loads(subprocess.run(line, capture_output=True, check=True).stdout)
    found = kpi_core.report([TICKETS, SURVEY], period="2026-09", by=["group"], targets={"csat": 0.85}, calendar="se")
    theirs = {(one["kpi"], *one["group"].values()): one["value"] for one in answer["results"]}
    ours = {(one.kpi.name, *one.group.values()): one.kpi.unit.outside(one.estimate.value) for one in found.results}
    assert ours == pytest.approx(theirs)
    assert [one.target.status.value for one in found.totals if one.target] == [
        one["target"]["status"] for one in answer["results"] if one["target"] and not one["group"]
    ]


def test_what_was_read_once_serves_several_questions() -> None:
    data = kpi_core.read([TICKETS, SURVEY])
    for month in ("2026-08", "2026-09"):
        again = kpi_core.report([TICKETS, SURVEY], period=month, kpis=["first_reply*", "csat"])
        assert values(kpi_core.report(data, period=month, kpis=["first_reply*", "csat"])) == values(again)
    assert [file.mapping for file in kpi_core.inspect(data).files] == ["freshdesk-tickets", "surveymonkey-answers"]


def test_headers_of_ones_own_are_kept_where_they_are_named() -> None:
    data = kpi_core.read([TICKETS], keep=["Resolution status"])
    report = kpi_core.report(data, period="all", by=["Resolution status"], kpis=["tickets_created"])
    assert len(report.results) > 2


@pytest.mark.parametrize(
    "asked", [{"kpis": ["nothing"]}, {"targets": {"nothing": 1.0}}, {"period": "soon"}, {"calendar": "mars"}]
)
def test_what_means_nothing_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(KpiError):
        kpi_core.report([TICKETS], **asked)  # type: ignore[arg-type]


def test_a_store_is_read_as_its_files_are(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    for file in files:
        taken_in(tmp_path / "desk", file)
    for version, known in ((None, files), (2, files[:2])):
        of_store, of_files = kpi_core.read(store=tmp_path / "desk", version=version), kpi_core.read(known)
        assert of_store.tables["tickets"].equals(of_files.tables["tickets"])


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, kpi_core; print(*{'polars', 'pydantic', 'yaml'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


def test_the_example_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [code] = re.findall(
        r"```python\n(.*?)```", (ROOT / "kpi_core" / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "tickets.csv").write_bytes(TICKETS.read_bytes())
    (tmp_path / "survey.csv").write_bytes(SURVEY.read_bytes())
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
