"""Blank openings and blank times of resolution in a large share: every KPI that rests on them is marked, or has no value, as where they cannot be read."""

from pathlib import Path

import pytest
from reported import Reported, reported

MARKED = ["fcr_no_repeat", "resolution_time", "backlog", "backlog_age"]


def tickets(path: Path, lacks_opening: int = 0, lacks_end: int = 0) -> Reported:
    """A hundred and twenty tickets of four to a customer, ninety of them resolved; so many of those lack their opening, or their resolution."""
    rows = []
    for n in range(120):
        day = 1 + n // 4
        end = f"2026-01-{day:02} 15:00" if n % 4 else ""
        rows.append((str(n), f"2026-01-{day:02} 09:00", end, "Solved" if end else "Open", f"c{n // 4}@x.se"))
    solved = [at for at, row in enumerate(rows) if row[2]]
    for at in solved[:lacks_opening]:
        rows[at] = (rows[at][0], "", *rows[at][2:])
    for at in solved[:lacks_end]:
        rows[at] = (*rows[at][:2], "", *rows[at][3:])
    lines = ["Ticket ID,Created at,Resolved at,Status,Customer email", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("lacks", [{"lacks_opening": 18}, {"lacks_end": 18}])
def test_figures_that_rest_on_blank_dates_are_marked(tmp_path: Path, lacks: dict[str, int]) -> None:
    found = tickets(tmp_path / "t.csv", **lacks)
    for kpi in (name for name in MARKED if found.result(name)):
        assert found.result(kpi)["trust"]["share"] < 0.95, kpi


@pytest.mark.parametrize(
    ("lacks", "kpi"),
    [
        ({"lacks_opening": 66}, "resolution_time"),
        ({"lacks_end": 66}, "resolution_time"),
        ({"lacks_end": 66}, "backlog"),
    ],
)
def test_a_figure_of_less_than_half_has_no_value(tmp_path: Path, lacks: dict[str, int], kpi: str) -> None:
    assert tickets(tmp_path / "t.csv", **lacks).value(kpi) is None


@pytest.mark.parametrize("lacks", [{"lacks_opening": 1}, {"lacks_end": 1}, {}])
def test_a_blank_or_two_are_counted_alone(tmp_path: Path, lacks: dict[str, int]) -> None:
    result = tickets(tmp_path / "t.csv", **lacks).result("resolution_time")
    assert (result["value"], result["trust"]) == (21600, None)


def test_resolutions_without_a_time_are_serious_where_they_are_many(tmp_path: Path) -> None:
    few, many = tickets(tmp_path / "f.csv", lacks_end=1), tickets(tmp_path / "m.csv", lacks_end=18)
    serious = [
        [one["serious"] for one in found.document["findings"] if one["code"] == "resolved-undated"]
        for found in (few, many)
    ]
    assert serious == [[False], [True]]
