"""Wall clocks in the hours that summer time skips and repeats."""

from pathlib import Path

import pytest
from small_exports import codes, cost, inspected, only

from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices

STOCKHOLM = Choices(cells=ReadingChoices(zone="Europe/Stockholm"))
SPRING = "1,2026-03-29 02:30,,2026-03-29 05:00,Solved"
AUTUMN = "2,2026-10-25 02:30,,2026-10-25 08:00,Solved"
PLAIN = "3,2026-06-01 02:30,,2026-06-01 05:00,Solved"


def test_a_time_that_no_clock_showed_is_reported_and_costed(tmp_path: Path) -> None:
    defect = only(inspected(tmp_path, {"a.csv": [SPRING]}, choices=STOCKHOLM), "hour-skipped")
    assert (defect.count, cost(defect)) == (1, ("resolution_time_mean", 1.5 * 3600, 2.5 * 3600))


def test_a_time_that_came_twice_is_reported_and_costed(tmp_path: Path) -> None:
    defect = only(inspected(tmp_path, {"a.csv": [AUTUMN]}, choices=STOCKHOLM), "hour-twice")
    assert (defect.count, cost(defect)) == (1, ("resolution_time_mean", 6.5 * 3600, 5.5 * 3600))


@pytest.mark.parametrize(
    ("row", "zone"), [(PLAIN, "Europe/Stockholm"), (SPRING, None), (SPRING, "UTC"), (AUTUMN, "Asia/Tokyo")]
)
def test_other_hours_and_zones_are_not_doubtful(tmp_path: Path, row: str, zone: str | None) -> None:
    found = inspected(tmp_path, {"a.csv": [row]}, choices=Choices(cells=ReadingChoices(zone=zone)))
    assert not {"hour-skipped", "hour-twice"} & set(codes(found))
