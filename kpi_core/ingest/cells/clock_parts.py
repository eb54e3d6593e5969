"""What clocks of two parts count: hours and minutes, or minutes and seconds. Between the two lies a factor of sixty.

The rows decide by the dates next to them, else the cells by what they have in common; where neither does, it stays unknown.
"""

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.records import dataclass

_LAST_MINUTE = 59
TWO_PARTS = r"^[+\-\x{2212}]?\d+:[0-5]\d$"
THREE_PARTS = r"^\d+:[0-5]\d:[0-5]\d(?:\.\d+)?$"
TYPED = r"^\d+:[0-5]\d:00(?:\.0+)?$"
"""What a spreadsheet makes of a clock of two parts: the seconds are all 0."""
MINUTE, HOUR = 60, 3600
SEVERAL, MANY, HARDLY = 3, 0.1, 0.02
"""Rows, and shares of them, that contradict a reading, and the share that contradicts none."""
MOSTLY = 0.5
"""The share of the rows in which a time must be that of the dates next to it."""
EXPECTED = 5
"""Contradictions that chance would make, from which none at all is no chance."""
ROUND, FEW = 5, 4
"""What the second parts of typed hours are multiples of, and the cells it takes to see it."""
MANY_WHOLE = 12
"""Different first parts from which nobody has typed whole hours alone."""
LATE, CUT_OFF = 45, 12
"""The first parts of the last quarter before 60, and how many of them, with none beyond, show that it ends there."""


@dataclass(frozen=True, kw_only=True)
class ClockParts:
    """Whether the clocks of a column are minutes and seconds, and the evidence; `is_of_calls` where that holds of what is done in minutes alone,
    `is_thin` where it rests on fewer different clocks than it takes of these.
    """

    are_minutes: bool
    why: Message | None = None
    is_of_calls: bool = False
    is_thin: bool = False


def are_short(cells: pl.Series) -> bool:
    """Whether a column has clocks of two parts."""
    return bool(cells.str.contains(TWO_PARTS).any())


def are_typed(cells: pl.Series) -> bool:
    """Whether all of a column may be clocks of two parts that a spreadsheet has put seconds behind."""
    known = cells.drop_nulls()
    return len(known) > 0 and bool(known.str.contains(TYPED).all())


def read_parts(cells: pl.Series, lived: pl.Series | None, lasted: pl.Series | None) -> ClockParts | None:
    """What the clocks of two parts count; None where nothing shows it.

    Args:
        cells: the column, a null where a row says nothing.
        lived: the seconds from each row's opening to its end, which no time of it goes beyond.
        lasted: the seconds that its time is by its dates, where these are known.
    """
    parts = cells.str.extract_groups(r"^[+\-\x{2212}]?(\d+):([0-5]\d)(?::00(?:\.0+)?)?$").struct.unnest()
    first, second = (parts[name].cast(pl.Int64) for name in parts.columns)
    both = pl.DataFrame({"minutes": first * MINUTE + second}).with_columns(hours=pl.col("minutes") * MINUTE)
    by_rows = None
    if lasted is not None:
        by_rows = _by_equals(both.with_columns(lasted=lasted).drop_nulls())
    if by_rows is None and lived is not None:
        by_rows = _by_lives(both.with_columns(lived=lived).drop_nulls())
    return by_rows or (_by_cells(cells, first.drop_nulls(), second.drop_nulls()) if are_short(cells) else None)


def _by_equals(rows: pl.DataFrame) -> ClockParts | None:
    """By the rows whose time is that of their dates."""
    if rows.height < SEVERAL:
        return None
    minutes, hours = (
        int(((rows[name] - rows["lasted"]).abs() < MINUTE).sum()) / rows.height for name in ("minutes", "hours")
    )
    if max(minutes, hours) < MOSTLY or min(minutes, hours) > MANY:
        return None
    why = Message("clock-fits-dates", share=max(minutes, hours))
    return ClockParts(are_minutes=minutes > hours, why=why)


def _by_lives(rows: pl.DataFrame) -> ClockParts | None:
    """By the rows that a time cannot be of: it would go beyond their end."""
    if rows.height < SEVERAL:
        return None
    ends = rows["lived"] + MINUTE
    minutes, hours = (int((rows[name] > ends).sum()) for name in ("minutes", "hours"))
    if minutes > HARDLY * rows.height:
        return None
    if hours >= max(SEVERAL, MANY * rows.height):
        return ClockParts(are_minutes=True, why=Message("clock-beyond-end", beyond=hours, rows=rows.height))
    by_chance = float((1 - rows["hours"].sort().search_sorted(ends) / rows.height).sum())
    if hours <= HARDLY * rows.height and by_chance >= EXPECTED and EXPECTED * hours <= by_chance:
        return ClockParts(are_minutes=False)
    return None


def _by_cells(cells: pl.Series, first: pl.Series, second: pl.Series) -> ClockParts | None:
    """By longer clocks among them, by minutes that are round, and by hours that end at 60."""
    known = cells.drop_nulls()
    longer = known.filter(known.str.contains(THREE_PARTS) & ~known.str.contains(TYPED))
    highest = first.max()
    is_below = isinstance(highest, int) and highest < MINUTE
    if len(longer) >= SEVERAL and is_below and not longer.str.contains(r"^0+:").any():
        return ClockParts(are_minutes=True, why=Message("clock-of-three-parts", example=longer[0]))
    typed = (
        pl.DataFrame({"first": first, "second": second}).unique().filter((pl.col("first") > 0) | (pl.col("second") > 0))
    )
    # Many whole ones may be hours as people type them, or minutes as a clock of calls writes them.
    are_whole = not bool((second > 0).any()) and first.n_unique() >= MANY_WHOLE
    if len(second) >= FEW and bool((second % ROUND == 0).all()) and not are_whole:
        return ClockParts(are_minutes=False, is_thin=typed.height < FEW)
    if is_below and int((first >= LATE).sum()) >= CUT_OFF:
        return ClockParts(are_minutes=True, why=Message("clock-up-to-59"), is_of_calls=True)
    return None


_HOURS = r"^\d+(?:[.,]\d{1,2})?$"
_FEWEST_PARTS, _DIFFERENT_PARTS = 30, 10
"""Numbers with decimals, and different decimals, from which none of 60 and more is no chance: one in four million of 30."""


def are_minutes_behind(cells: pl.Series) -> bool:
    """Whether the decimals of hours are minutes, as `1.45` for an hour and three quarters: of many different ones none goes beyond 59."""
    if not cells.str.contains(_HOURS).all():
        return False
    parts = cells.str.extract(r"[.,](\d{1,2})$").drop_nulls().str.pad_end(2, "0").cast(pl.Int64)
    parts = parts.filter(parts > 0)
    return len(parts) >= _FEWEST_PARTS and parts.n_unique() >= _DIFFERENT_PARTS and not (parts > _LAST_MINUTE).any()


def as_clock(cell: pl.Expr) -> pl.Expr:
    """Such hours as a clock: `1.45` as `1:45`, `1.4` as `1:40`, `2` as `2:00`."""
    plain = cell.str.replace(r"^(\d+)$", "$1:00").str.replace(r"^(\d+)[.,](\d)$", "$1:${2}0")
    return plain.str.replace(r"^(\d+)[.,]([0-5]\d)$", "$1:$2")
