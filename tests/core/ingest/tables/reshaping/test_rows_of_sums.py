"""Sums of leads: as many rows as they stand for, dated only where the file says so."""

import json
from pathlib import Path

import pytest
from invoked import piped

from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices

CHANNEL = "Session primary channel group (Default Channel Group)"


def export(
    folder: Path, *rows: str, start: str = "20250901", end: str = "20250930", header: str = "Sessions,Key events"
) -> Path:
    path = folder / "ga.csv"
    above = ["# ------", "# Traffic acquisition", "# ------", f"# Start date: {start}", f"# End date: {end}"]
    path.write_text("\n".join([*above, f"{CHANNEL},{header}", *rows]), encoding="utf-8")
    return path


def read(path: Path) -> Dataset:
    return read_exports([str(path)], Choices(), frozenset({"channel"}))


def test_a_row_is_as_many_leads_as_it_says_and_as_many_converted(tmp_path: Path) -> None:
    path = export(tmp_path, "Direct,1000,30", "Email,200,50", "Grand total,1200,80")
    ended = piped("report", path, "--period", "all", "--by", "channel", "--format", "json")
    found = {one["group"].get("channel"): (one["value"], one["n"]) for one in json.loads(ended.out)["results"]}
    assert found == {None: (pytest.approx(80 / 1200), 1200), "Direct": (0.03, 1000), "Email": (0.25, 200)}


def test_sums_of_one_month_are_of_its_first_day_and_sums_of_several_of_none(tmp_path: Path) -> None:
    assert str(read(export(tmp_path, "Direct,2,1")).tables["leads"]["created_at"][0]) == "2025-09-01 00:00:00"
    assert "created_at" not in read(export(tmp_path, "Direct,2,1", end="20251031")).present("leads")


def test_a_day_in_the_row_beats_the_days_above(tmp_path: Path) -> None:
    path = export(tmp_path, "Direct,20250912,2,1", header="Date,Sessions,Key events")
    assert str(read(path).tables["leads"]["created_at"][0]) == "2025-09-12 00:00:00"


def test_more_converted_than_came_says_nothing_of_any_of_them(tmp_path: Path) -> None:
    leads = read(export(tmp_path, "Direct,2,3", "Email,1,1")).tables["leads"]
    assert leads.sort("channel")["is_converted"].to_list() == [None, None, True]


@pytest.mark.parametrize("cell", ["many", "-3", "2e9x"])
def test_a_cell_that_is_no_number_of_leads_is_refused_with_its_place(tmp_path: Path, cell: str) -> None:
    with pytest.raises(ExportError, match="not a number of rows") as caught:
        read(export(tmp_path, f"Direct,{cell},1"))
    assert str(caught.value.where).endswith("ga.csv:7")


def test_sums_beyond_any_web_site_are_refused_before_they_are_kept(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="50,000,000"):
        read(export(tmp_path, "Direct,9000000000,1"))
