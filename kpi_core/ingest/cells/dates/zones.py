"""Wall clocks to instants and back, with what a change of summer time hides."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from kpi_core.errors import ConfigError


def check_zone(name: str) -> str:
    """The zone's name when it is one.

    Raises:
        ConfigError: no such zone.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(f"no time zone `{name}`", hint="write it as Europe/Stockholm") from None
    return name


def to_utc(frame: pl.DataFrame, columns: Sequence[str], zone: str) -> tuple[pl.DataFrame, int, int]:
    """Wall-clock columns of `zone`, or columns of lists of them, as UTC; with the count of cells in a spring gap and in
    an autumn overlap.

    A time that the clock skipped is taken an hour later, one it showed twice as the first of the two.
    """
    gaps = overlaps = 0
    for name in columns:
        is_list = isinstance(frame.schema[name], pl.List)
        wall = pl.col(name).explode() if is_list else pl.col(name)
        early = _placed(wall, zone)
        late = wall.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
        gap, overlap = frame.select(
            (wall.is_not_null() & early.is_null()).sum(), (early != late).sum().alias("overlap")
        ).row(0)
        gaps, overlaps = gaps + gap, overlaps + overlap
        instant = pl.col(name).list.eval(_instant(pl.element(), zone)) if is_list else _instant(wall, zone)
        frame = frame.with_columns(instant.alias(name))
    return frame, gaps, overlaps


def _placed(wall: pl.Expr, zone: str) -> pl.Expr:
    """A wall clock in its zone, the first of two; null where the clock skipped it."""
    return wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")


def _instant(wall: pl.Expr, zone: str) -> pl.Expr:
    placed = pl.coalesce(_placed(wall, zone), _placed(wall + pl.duration(hours=1), zone))
    return placed.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def local(instant: pl.Expr, zone: str | None) -> pl.Expr:
    """UTC instants as the wall clock of `zone`; as they are where there is none."""
    if zone is None:
        return instant
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
