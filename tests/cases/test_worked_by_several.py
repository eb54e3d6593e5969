"""Work of several agents on one ticket, counted as that of one: a row for each agent, of which one counts; two names in one cell."""

from pathlib import Path

import pytest
from reported import Reported, reported

HEADER = "Ticket ID;Created at;Resolved at;Status;Agent;Handle time (minutes)"
SWEDISH = "Ärendenr;Skapad;Löst;Status;Handläggare;Handläggningstid (minuter)"


def read(folder: Path, *rows: str, header: str = HEADER, by: str = "agent") -> Reported:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    kpis = ("handle_time", "tickets_per_agent", "tickets_created")
    return reported(path, "--min-n", "1", *(word for kpi in kpis for word in ("--kpi", kpi)), "--by", by)


def row(number: int, agent: str, minutes: int, updated: str = "") -> str:
    return f"{number};2026-03-0{number} 08:00;2026-03-0{number} 12:00;Closed;{agent};{minutes}{updated}"


@pytest.mark.parametrize(
    ("second", "header"),
    [
        (row(1, "Lee", 20), HEADER),
        (row(1, "Kim", 20), HEADER),
        (row(1, "Lee", 10), HEADER),
        (row(1, "Lee", 20), SWEDISH),
    ],
    ids=["both", "times", "agents", "Swedish"],
)
def test_of_a_row_an_agent_no_work_is_reported(tmp_path: Path, second: str, header: str) -> None:
    found = read(tmp_path, row(1, "Kim", 10), second, row(2, "Kim", 5), row(3, "Lee", 7), header=header)
    assert found.value("handle_time") is None
    assert found.value("tickets_per_agent") is None
    assert found.value("tickets_created") == 3
    assert found.value("tickets_created", agent="Kim") is None
    assert "rows-per-agent" in found.codes


def test_two_names_on_lines_of_one_cell_are_no_agent(tmp_path: Path) -> None:
    found = read(tmp_path, row(1, "Kim", 10), row(2, '"Kim\nLee"', 5), row(3, "Lee", 7))
    assert found.value("tickets_per_agent") is None
    assert "`Kim ⏎ Lee`" in found.finding_text("several-agents")


def test_a_row_that_an_update_settles_is_the_newer_one(tmp_path: Path) -> None:
    rows = (
        row(1, "Kim", 10, ";2026-03-01 12:00"),
        row(1, "Lee", 20, ";2026-03-02 12:00"),
        row(2, "Kim", 5, ";2026-03-02 12:00"),
    )
    found = read(tmp_path, *rows, header=f"{HEADER};Updated at")
    assert found.value("handle_time") == 12.5 * 60
    assert "rows-per-agent" not in found.codes


@pytest.mark.parametrize("cell", ["Kim, Lee", "Kim & Lee", "Lee / Kim", "Kim och Lee", "Kim + Lee"])
def test_two_names_in_one_cell_are_no_agent(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, row(1, "Kim", 10), row(2, cell, 5), row(3, "Lee", 7))
    assert found.value("tickets_per_agent") is None
    assert f"`{cell}`" in found.finding_text("several-agents")
    assert found.value("tickets_created") == 3


@pytest.mark.parametrize("cell", ["Berg, Anna", "Kim-Lee", "Support/Sales"])
def test_a_name_with_a_mark_is_one(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, row(1, "Kim", 10), row(2, cell, 5), row(3, "Lee", 7))
    assert found.value("tickets_per_agent") == 1
    assert "several-agents" not in found.codes
