"""Times of day (`09:12`) in a column whose header lets expect durations."""

import polars as pl

from kpi_core.messages.message import Message

TIME_OF_DAY = r"^(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d(?:\.\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?$"
"""A cell that is a time of day."""
PACKED = r"^([01]?\d|2[0-3])([0-5]\d)$"
"""A cell that is one without a mark between hours and minutes: `0930`, and `930` where a spreadsheet has taken it for a number."""
NO_DURATIONS = Message("times-of-day")
_FEWEST, _HOURS = 8, 4


def marked(clock: pl.Expr) -> pl.Expr:
    """Times of day with the mark between hours and minutes that some are written without."""
    return clock.str.replace(PACKED, "${1}:${2}")


def are_times(cells: pl.Series, share: float) -> bool:
    """Whether at least that share of the cells of a column are times of day, written one way; nulls are none."""
    return any(int(cells.str.contains(look).sum()) >= max(1, share * cells.count()) for look in (TIME_OF_DAY, PACKED))


def follow_the_openings(cells: pl.Series, opened: pl.Series) -> bool:
    """Whether clocks go on, row by row, from the time of day at which something was opened at very different hours.

    What took so long is as often less than the clock of its opening.
    """
    clocks = cells.str.extract_groups(r"^(\d{1,2}):(\d\d)(?::\d\d)?$").struct.unnest()
    hours, minutes = (clocks[name].cast(pl.Int64) for name in clocks.columns)
    begun = opened.dt.hour().cast(pl.Int64) * 60 + opened.dt.minute().cast(pl.Int64)
    both = pl.DataFrame({"clock": hours * 60 + minutes, "begun": begun}).drop_nulls()
    if (
        both.height < max(_FEWEST, len(cells.drop_nulls()) / 2)
        or not cells.drop_nulls().str.contains(TIME_OF_DAY).all()
    ):
        return False
    spread = both["begun"].quantile(0.9, "lower"), both["begun"].quantile(0.1, "higher")
    is_spread = (spread[0] or 0) - (spread[1] or 0) >= _HOURS * 60
    return is_spread and bool((both["clock"] >= both["begun"]).all())
