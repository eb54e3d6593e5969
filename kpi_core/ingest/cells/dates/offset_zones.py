"""The place whose clock the offsets of a column follow: `+0200` in summer and `+0100` in winter are those of Stockholm.

Days and months are cut by that clock, as whoever wrote the file saw them, and not in UTC. The instants themselves are sure.
"""

from collections.abc import Iterable, Sequence

import polars as pl

from kpi_core.ingest.cells.dates.date_shapes import in_english
from kpi_core.ingest.cells.dates.dates import DateReading, parse_dates
from kpi_core.ingest.cells.dates.zones import local

PLACES = (
    "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki", "Europe/London", "Europe/Lisbon",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Asia/Kolkata", "Australia/Sydney",
)  # fmt: skip
"""Places with the clocks of others near them, those of most readers first: of several that fit the first is taken."""
UTC = "UTC"
_OFFSET = r"([+-])(\d{2}):?(\d{2})?\)?$"


def offset_zones(seen: pl.Series, reading: DateReading) -> tuple[str, ...]:
    """The zones whose clocks show the offsets of a sample at its times, the likeliest first; none where no one place does."""
    if reading.zone != "offset":
        return (UTC,) if reading.zone == "utc" else ()
    cells = seen.alias("cell").to_frame()
    text = cells.select(in_english(pl.col("cell"))) if reading.in_words else cells
    part = pl.col("cell").str.extract_groups(_OFFSET)
    minutes = part.struct.field("2").cast(pl.Int32) * 60 + part.struct.field("3").cast(pl.Int32).fill_null(0)
    known = (
        pl.DataFrame(
            {
                "at": cells.select(parse_dates(pl.col("cell"), reading)).to_series(),
                "offset": text.select(
                    pl.when(part.struct.field("1") == "-").then(-minutes).otherwise(minutes)
                ).to_series(),
            }
        )
        .drop_nulls()
        .unique()
    )
    offsets = set(known["offset"])
    if not offsets or offsets == {0}:
        return (UTC,) if offsets else ()
    fits = [place for place in PLACES if _fits(known, place)]
    return (*fits, *_fixed(offsets))


def _fits(known: pl.DataFrame, place: str) -> bool:
    shown = (local(pl.col("at"), place) - pl.col("at")).dt.total_minutes()
    return bool(known.select((shown == pl.col("offset")).all()).item())


def _fixed(offsets: set[int]) -> tuple[str, ...]:
    """The clock that is always so far from UTC, of one offset of whole hours."""
    hours, rest = divmod(next(iter(offsets)), 60)
    return () if len(offsets) > 1 or rest or not -12 <= hours <= 14 else (f"Etc/GMT{-hours:+d}",)


def common(columns: Iterable[Sequence[str]]) -> str | None:
    """The likeliest zone that the offsets of all columns fit; None where there is none. A program writes UTC of any place: it denies no other."""
    listed = [zones for zones in columns if zones]
    listed = [zones for zones in listed if set(zones) != {UTC}] or listed
    return next((zone for zone in listed[0] if all(zone in zones for zones in listed)), None) if listed else None
