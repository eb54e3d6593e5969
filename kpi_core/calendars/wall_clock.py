"""Openings on a wall clock as stretches of true time: a desk is open while the clock on its wall shows opening hours.

So an opening over the night when clocks go forward lasts an hour less, and one over the night when they go back an
hour more, by whatever the zone's change is.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kpi_core.calendars.hours import DAY, Opening, merged

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_utc(openings: Sequence[Opening], zone: str, start: int, end: int) -> list[Opening]:
    """The part from `start` to `end` (UTC seconds) of openings that are merged wall-clock seconds of `zone`."""
    ends = [closing for _, closing in openings]
    found: list[Opening] = []
    for since, until, offset in _stretches(ZoneInfo(zone), start, end):
        for opening, closing in openings[bisect_right(ends, since + offset) :]:
            if opening >= until + offset:
                break
            found.append((max(opening - offset, since), min(closing - offset, until)))
    return merged(found)


def _stretches(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """From, to, and the seconds the zone's clock is ahead of UTC all that time. No zone changes twice in a day."""
    since, offset = start, _offset(zone, start)
    for midnight in range(start, end, DAY):
        until = min(midnight + DAY, end)
        if (after := _offset(zone, until)) != offset:
            change = _change(zone, midnight, until)
            yield since, change, offset
            since, offset = change, after
    yield since, end, offset


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second that has the offset of `after`, where `before` has another."""
    offset = _offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset(zone, middle) == offset else (middle, after)
    return after


def _offset(zone: ZoneInfo, second: int) -> int:
    ahead = (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
    return round((ahead or timedelta()).total_seconds())
