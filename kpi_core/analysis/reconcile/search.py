"""The opening hours that explain an export's business-hours columns best, and how sure that is.

Every week of hours is tried roughly; the best ones exactly, then with zones that keep summer time and with holidays.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.reconcile.candidate_hours import COUNTRIES, ENDS, SHIFTS, STARTS, ZONES, Hours, calendar_of
from kpi_core.analysis.reconcile.coarse_hours import ranked, telling
from kpi_core.calendars import OpenTime
from kpi_core.ingest.cells.dates.zones import local
from kpi_core.records import dataclass

MOST = 10_000
"""Times counted exactly for each calendar tried; the best one is counted on all."""

LEAST_TICKETS, LEAST_SHARE = 5, 0.6
LEAST_GAIN = 3
"""Times that a zone with summer time must explain beyond what a clock without does."""

MOST_TIED, RUNNERS_UP, VARIED = 40, 12, 4


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Hours and how many times they explain."""

    hours: Hours
    explained: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Inference:
    """What explains the business-hours columns best.

    `compared` and `explained` count times (a ticket has one for each column), `tickets` the tickets with one that is
    explained. `tied` explain as many as the best and assume more; `second` is the best that explains fewer, and `deciding` counts
    the times that only one of the two explains. `sampled` is on how many times the calendars were compared with one another.
    """

    best: Tried
    compared: int
    tickets: int
    tied: tuple[Hours, ...]
    second: Tried | None
    deciding: int
    sampled: int

    @property
    def share(self) -> float:
        """What the best explains of the times."""
        return self.best.explained / self.compared

    @property
    def is_found(self) -> bool:
        """Whether it explains enough to be believed."""
        return self.tickets >= LEAST_TICKETS and self.share >= LEAST_SHARE


def infer(times: pl.DataFrame, zone: str | None) -> Inference | None:
    """The hours that explain times with both instants (see `measured.TIMES`); None where there are none.

    Args:
        times: of business-hours columns.
        zone: of the export; the instants are UTC where there is one, its wall clock where there is none.
    """
    if times.is_empty():
        return None
    sample = times.gather_every(-(-times.height // MOST))
    shifts = SHIFTS if zone in (None, "UTC") else (0,)
    walls = sample.with_columns(local(pl.col("since", "until"), zone))
    rough = ranked(telling(walls), shifts)
    hits = _hits(sample, zone, _leading(rough))
    if not _explains_all(hits) and len(shifts) > 1:
        hits |= _summer_time_hits(hits, sample, zone)
    if not _explains_all(hits):
        hits |= _hits(sample, zone, _with_holidays(_best(hits)[:VARIED]))
    return _inference(times, sample, zone, hits)


def explained_by(times: pl.DataFrame, hours: Hours, zone: str | None) -> pl.Series:
    """Whether each time is what the hours give, within its rounding."""
    return ((open_seconds(times, hours, zone) - times["written"]).abs() <= times["tolerance"]).fill_null(value=False)


def open_seconds(times: pl.DataFrame, hours: Hours, zone: str | None) -> pl.Series:
    """What the hours give for each time; null where an instant lacks."""
    calendar = calendar_of(hours, zone)
    first, last = times["since"].drop_nulls().min(), times["until"].drop_nulls().max()
    days = [instant.date() for instant in (first, last)]  # type: ignore[union-attr]
    return OpenTime(calendar, min(days), max(days), is_utc=True).between(times["since"], times["until"])


def _leading(rough: Sequence[tuple[Hours, int]]) -> list[Hours]:
    """The best ones by the rough count, and some that come after."""
    top = [hours for hours, count in rough if count == rough[0][1]]
    rest = [hours for hours, count in rough if count < rough[0][1]]
    return [*top[:MOST_TIED], *rest[:RUNNERS_UP]]


def _hits(times: pl.DataFrame, zone: str | None, tried: Iterable[Hours]) -> dict[Hours, pl.Series]:
    return {hours: explained_by(times, hours, zone) for hours in dict.fromkeys(tried)}


def _count(hit: pl.Series) -> int:
    return int(hit.sum())


def _explains_all(hits: dict[Hours, pl.Series]) -> bool:
    return any(hit.all() for hit in hits.values())


def _best(hits: dict[Hours, pl.Series]) -> list[Hours]:
    return sorted(hits, key=lambda hours: (-_count(hits[hours]), hours.assumptions))


def _summer_time_hits(hits: dict[Hours, pl.Series], times: pl.DataFrame, zone: str | None) -> dict[Hours, pl.Series]:
    """What zones with summer time explain; nothing unless one explains some more, for an odd time is easily an hour off."""
    leading = _best(hits)[:VARIED]
    found = _hits(times, zone, (moved for hours in leading for moved in _with_summer_time(hours)))
    most = max((_count(hit) for hit in found.values()), default=0)
    return found if most >= _count(hits[leading[0]]) + LEAST_GAIN else {}


def _with_summer_time(hours: Hours) -> Iterator[Hours]:
    """The same hours as a desk sees them whose zone keeps summer time, be what was seen its winter or its summer."""
    for zone, winter in ZONES.items():
        for ahead in (winter, winter + 1):
            moved = 2 * (ahead - hours.shift)
            start, end = hours.start + moved, hours.end + moved
            if start in STARTS and end in ENDS:
                yield Hours(start=start, end=end, days=hours.days, zone=zone)


def _with_holidays(leading: Sequence[Hours]) -> Iterator[Hours]:
    yield from (replace(hours, holidays=country) for hours in leading for country in COUNTRIES)


def _only_adds(hours: Hours, best: Hours) -> bool:
    """Whether hours are the best ones with an assumption more that nothing in the data speaks for."""
    is_same = (hours.start, hours.end, hours.days, hours.shift) == (best.start, best.end, best.days, best.shift)
    return is_same and best.holidays is None and best.zone is None


def _inference(times: pl.DataFrame, sample: pl.DataFrame, zone: str | None, hits: dict[Hours, pl.Series]) -> Inference:
    order = _best(hits)
    best = order[0]
    most = _count(hits[best])
    second = next((hours for hours in order if _count(hits[hours]) < most), None)
    explained = times.filter(hits[best] if sample.height == times.height else explained_by(times, best, zone))
    return Inference(
        best=Tried(hours=best, explained=explained.height),
        compared=times.height,
        tickets=explained.select("read", "row").n_unique(),
        tied=tuple(one for one in order[1:] if _count(hits[one]) == most and not _only_adds(one, best)),
        second=None if second is None else Tried(hours=second, explained=_count(hits[second])),
        deciding=0 if second is None else int((hits[best] != hits[second]).sum()),
        sampled=sample.height,
    )
