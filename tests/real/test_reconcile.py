"""Real exports against their own timestamps."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kpi_cli.app import app
from kpi_core.calendars import find_calendar


def _reconciled(path: Path, *flags: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["reconcile", str(path), "--format", "json", *flags], prog_name="kundpuls")
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize("name", ["raw_spreadsheetml_masked.xls", "resaved_from_xls_masked.csv"])
def test_freshdesk_was_open_monday_to_friday_ten_to_six(folder: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "found.yaml"
    text = _reconciled(folder / "exports" / "freshdesk" / f"freshdesk_tickets_{name}", "--calendar-out", str(target))
    hours = text["opening_hours"]
    assert (hours["best"]["words"], hours["best"]["explained"], hours["compared"]) == ("Mon–Fri 10:00–18:00", 10, 10)
    assert (hours["tied"], hours["second"]["explained"], hours["deciding"]) == ([], 6, 4)
    assert text["reasons"] == {"unresolved zero": 21, "unanswered zero": 11}
    assert find_calendar(str(target)).written.week == {"mon-fri": ((36_000, 64_800),)}


def test_zendesk_writes_full_resolution_by_the_clock_and_was_open_every_day(folder: Path) -> None:
    result = _reconciled(folder / "exports" / "zendesk" / "zendesk_export_first_700_rows.csv")
    (full,) = [one for one in result["durations"] if one["column"] == "resolution_time"]
    assert (full["compared"], full["equal"], full["step"]) == (586, 586, 60)
    best = result["opening_hours"]["best"]
    assert (best["words"], best["explained"]) == ("Mon–Sun 09:00–21:00", 565)
