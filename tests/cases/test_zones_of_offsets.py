"""Times with offsets of one place, cut in UTC: an order of half past midnight on the first counted in the month before.

The offsets show whose clock it is. Where they are of no one place, days are cut in UTC as before.
"""

from pathlib import Path

import pytest

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices


def _read(folder: Path, *times: str, zone: str | None = None) -> Dataset:
    path = folder / "orders.csv"
    rows = [f"{n};{at};c{n}@x.se;100,00" for n, at in enumerate(times)]
    path.write_text("\n".join(["Ordernr;Orderdatum;Kund;Belopp", *rows, ""]), encoding="utf-8")
    return read_exports([str(path)], Choices(cells=ReadingChoices(zone=zone)), frozenset())


@pytest.mark.parametrize(
    ("times", "zone"),
    [
        (("2026-09-30 12:00:00 +0200", "2026-10-01 00:30:00 +0200", "2026-10-31 12:00:00 +0100"), "Europe/Stockholm"),
        (("2026-07-01T00:30:00+02:00", "2026-07-15T12:00:00+02:00"), "Europe/Stockholm"),
        (("2026-01-01T00:30:00+01:00", "2026-01-15T12:00:00+01:00"), "Europe/Stockholm"),
        (("2026-07-01T00:30:00+03:00", "2026-12-15T12:00:00+02:00"), "Europe/Helsinki"),
        (("2026-07-01T00:30:00+01:00", "2026-12-15T12:00:00+00:00"), "Europe/London"),
        (("2026-07-01 00:30:00 -0400", "2026-12-15 12:00:00 -0500"), "America/New_York"),
        (("2026-07-01T00:30:00+05:30", "2026-12-15T12:00:00+05:30"), "Asia/Kolkata"),
        (("2026-07-01T00:30:00+02:00", "2026-12-15T12:00:00+02:00"), "Etc/GMT-2"),
        (("2026-07-01 00:30 GMT+2", "2026-12-15 12:00 GMT+1"), "Europe/Stockholm"),
        (("2026-07-01T00:30:00Z", "2026-12-15T12:00:00Z"), "UTC"),
        (("2026-12-01T00:30:00+00:00", "2026-12-15T12:00:00+00:00"), "UTC"),
        (("2026-07-01T00:30:00+02:00", "2026-07-15T12:00:00-05:00"), "UTC"),
    ],
)
def test_days_are_those_of_the_place_whose_offsets_the_cells_have(
    tmp_path: Path, times: tuple[str, ...], zone: str
) -> None:
    dataset = _read(tmp_path, *times)
    assert dataset.zone == zone
    assert any("offsets" in str(note) for note in dataset.sources[0].notes) == (zone != "UTC")


@pytest.mark.parametrize(
    ("created", "resolved", "zone"),
    [
        ("2026-07-31T22:30:00Z", "2026-08-02T00:30:00+02:00", "Europe/Stockholm"),
        ("2026-07-31T20:30:00+00:00", "2026-12-02T00:30:00+01:00", "Europe/Stockholm"),
        ("2026-08-01T00:30:00+03:00", "2026-08-31T22:00:00Z", "Europe/Helsinki"),
        ("2026-07-31T22:30:00Z", "2026-08-31T22:00:00Z", "UTC"),
        ("2026-08-01T00:30:00+03:00", "2026-08-31T22:00:00-04:00", "UTC"),
    ],
)
def test_a_column_in_utc_denies_no_place_that_another_shows(
    tmp_path: Path, created: str, resolved: str, zone: str
) -> None:
    """A ticket of half past midnight on the first, by the clock of its place, was counted in July."""
    path = tmp_path / "tickets.csv"
    path.write_text(f"Ticket ID,Created at,Resolved at\n1,{created},{resolved}\n", encoding="utf-8")
    dataset = read_exports([str(path)], Choices(), frozenset())
    assert dataset.zone == zone


def test_the_instants_are_the_same_in_every_zone(tmp_path: Path) -> None:
    times = ("2026-09-30 23:00:00 +0200", "2026-10-01 00:30:00 +0200", "2026-10-31 12:00:00 +0100")
    result, asked = _read(tmp_path, *times), _read(tmp_path, *times, zone="UTC")
    assert (result.zone, asked.zone) == ("Europe/Stockholm", "UTC")
    assert result.tables["orders"]["ordered_at"].to_list() == asked.tables["orders"]["ordered_at"].to_list()
    assert [f"{at:%d %H:%M}" for at in result.tables["orders"]["ordered_at"]] == ["30 21:00", "30 22:30", "31 11:00"]
