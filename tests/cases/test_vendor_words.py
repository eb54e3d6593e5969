"""A vendor's own standard words and codes: statuses and priorities that the system itself writes are known, never taken for open."""

import json
from pathlib import Path
from typing import Any

import pytest
from invoked import piped

HERE = Path(__file__).parent


def values(*arguments: object) -> dict[str, Any]:
    """The totals of a report, by KPI."""
    ended = piped("report", *arguments, "--format", "json", "--compare", "none")
    assert ended.code == 0, ended.err
    return {result["kpi"]: result["value"] for result in json.loads(ended.out)["results"] if not result["group"]}


def test_states_of_tasks_are_those_of_the_task_table() -> None:
    found = values(HERE / "servicenow-task-states.csv", "--period", "all")
    assert found["tickets_created"] == 9
    assert found["tickets_resolved"] == 7
    assert found["backlog"] == 2
    assert found["resolution_rate"] == pytest.approx(7 / 9)


def test_numbers_for_statuses_and_priorities_are_read_as_the_api_means_them() -> None:
    path = HERE / "freshdesk-api-numeric-codes.json"
    found = values(path, "--period", "2025-09", "--kpi", "*")
    assert found["tickets_created"] == 3
    assert found["tickets_resolved"] == 2
    assert found["first_reply_time"] == 2 * 3600  # 1 h and 3 h
    assert found["resolution_time"] == 13 * 3600  # 2 h and 24 h
    assert found["first_reply_time_mean"] == 2 * 3600
    assert values(path, "--period", "all", "--where", "priority = 'urgent'")["tickets_created"] == 1


@pytest.mark.parametrize(
    ("finished", "open_"),
    [
        ("closed successful", "pending reminder"),  # OTRS
        ("Closed - Resolved", "Processing (assigned)"),  # a CRM; GLPI
        ("Won't fix", "Selected for development"),  # Jira
        ("Färdigbehandlad", "Under behandling"),
        ("Annullert", "Satt på vent"),
        ("Hylätty", "Käsittelyssä"),
    ],
)
def test_words_of_other_systems_are_known_in_any_spreadsheet(tmp_path: Path, finished: str, open_: str) -> None:
    path = tmp_path / "cases.csv"

    # The word decides, not the date: one finished case has no closing, and one open case has one from before.
    closings = ("2025-09-06 08:00", "2025-09-06 09:00", "", "2025-09-06 10:00", "")
    rows = [
        f"{number},2025-09-0{number} 08:00,{closing},{finished if number < 4 else open_}"
        for number, closing in enumerate(closings, 1)
    ]
    path.write_text("\n".join(["Ticket ID,Created at,Closed at,Status", *rows]), encoding="utf-8")
    found = values(path, "--period", "all")
    assert found["tickets_created"] == 5
    assert found["backlog"] == 2
