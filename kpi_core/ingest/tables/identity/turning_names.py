"""Customers whose names change with the day, the week, the month or the year: pseudonyms made with a key that turns.

Within a month such a customer comes back, from one month to the next never. Of customers who keep their names some have rows on both sides of
every border, as many as the days between two of their rows let expect.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

import polars as pl

from kpi_core.ingest.fields.naming.indistinct_customers import FOLLOWED
from kpi_core.ingest.fields.naming.placeholders import CODE
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Given, Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES

FEWEST = 100
"""Rows with a customer, below which nothing is reported."""
SAMPLED = 20_000
"""Rows of whole customers that are looked at first: mostly some have rows in two months."""
EXPECTED, STRAYS = 8.0, 0.02
"""Rows to be expected beyond a border after one before it, and the share of them that may be there (an hour's zone): one file in 3 000 by chance."""
SAME_DAY, PERHAPS = 8, 4
"""Customers who came back on the same day, and none on another, which is no chance; and which may be. Of rows of one customer three in ten are of one day."""
ABOUT, EDGE, ROWS_BESIDE = 12.0, 0.1, 25
"""Customers who come back after any day, in the mean, of whom none after one day is no chance (6 in a million); the share of the time at either end in which fewer
do, and the rows on each side."""
OF_YEARS = ("repurchase_rate*",)
"""What looks back over a year: a new name within it makes customers of one another."""
SPANS = {"week": 7, "month": 30, "quarter": 91, "year": 365}
"""Days of each span, in half of which a customer who comes back is looked at."""


def turning_names(reads: Sequence[FileRead]) -> list[Finding]:
    """The findings on files in which no customer has rows on both sides of the borders of days, weeks or longer spans."""
    return [found for read in reads if read.mapping.table in FOLLOWED for found in _of_file(read)]


def _of_file(read: FileRead) -> Iterator[Finding]:
    table = read.mapping.table
    at = next((name for name in TABLES[table].events if name in read.used.columns), None)
    if at is None or "customer_id" not in read.used.columns or read.used.height < FEWEST:
        return
    every = max(read.used.height // SAMPLED, 1)
    who = pl.col("customer_id")
    rows = read.used.lazy().select(customer=who, at=pl.col(at))
    if every > 1:
        some = rows.filter(pl.col("customer") % every == 0).drop_nulls().collect()
        if some.height < FEWEST or (_turns(some) is None and _border(some) is None):
            return
    known = rows.drop_nulls().collect()
    found = _turns(known) if known.height >= FEWEST else None
    if found is None:
        yield from _renamed(read, known)
        return
    span, count = found
    customers = known["customer"].n_unique()
    header = next((field.header for field in read.narrow.fields if field.name == "customer_id"), "customer_id")
    about: dict[str, Given] = {
        "file": read.name,
        "header": header,
        "customers": customers,
        "table": called(table),
        "count": count,
    }
    message = Message("names-turn", span=_called(span), **about)
    consequence = Consequence.NO_VALUE
    if span == "day":
        message = Message("names-turn-daily", **about)
        consequence = Consequence.NO_VALUE if count >= SAME_DAY else Consequence.NO_VERDICT
    yield Finding(code=CODE, message=message, kpis=FOLLOWED[table], is_serious=True, consequence=consequence)


def _renamed(read: FileRead, rows: pl.DataFrame) -> Iterator[Finding]:
    """The findings on customers of whom none has rows both before and after one day: numbers of another system, say."""
    if rows.height < FEWEST or (found := _border(rows)) is None:
        return
    day, count = found
    table = read.mapping.table
    header = next((field.header for field in read.narrow.fields if field.name == "customer_id"), "customer_id")
    message = Message("names-change-once", file=read.name, header=header, day=day, table=called(table), count=count)
    own = tuple(name for name in FOLLOWED[table] if name not in OF_YEARS)
    for kpis, consequence in ((own, Consequence.NO_VERDICT), (OF_YEARS, Consequence.NO_VALUE)):
        if table == "orders" or kpis is own:
            yield Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=consequence)


def _border(rows: pl.DataFrame) -> tuple[date, int] | None:
    """The one day that no customer passes, and how many pass others in the mean; None where each is passed by some, or several by none."""
    day = pl.col("at").dt.date()
    spans = rows.group_by("customer").agg(first=day.min(), last=day.max()).filter(pl.col("first") < pl.col("last"))
    if spans.height < ABOUT:
        return None
    steps = pl.concat(
        [
            spans.select(day=pl.col("first").dt.offset_by("1d"), step=pl.lit(1, pl.Int64)),
            spans.select(day=pl.col("last").dt.offset_by("1d"), step=pl.lit(-1, pl.Int64)),
        ]
    )
    begin, end = rows.select(day.min().alias("begin"), day.max().alias("end")).row(0)
    edge = int(EDGE * (end - begin).days)
    every = pl.DataFrame({"day": pl.date_range(begin, end, eager=True)})
    passed = every.join(steps.group_by("day").agg(pl.col("step").sum()), on="day", how="left", maintain_order="left")
    inside = passed.select("day", n=pl.col("step").fill_null(0).cum_sum()).slice(edge, max(every.height - 2 * edge, 0))
    usual, none = float(inside["n"].mean() or 0.0), inside.filter(pl.col("n") == 0)["day"]  # type: ignore[arg-type]
    if usual < ABOUT or none.is_empty() or (none[-1] - none[0]).days != len(none) - 1:
        return None
    before = rows.select((day < none[0]).sum()).item()
    return (none[-1], round(usual)) if min(before, rows.height - before) >= ROWS_BESIDE else None


def _called(span: str) -> Message:
    match span:
        case "week":
            return Message("span-of-a-week")
        case "month":
            return Message("span-of-a-month")
        case "quarter":
            return Message("span-of-a-quarter")
        case _:
            return Message("span-of-a-year")


def _turns(rows: pl.DataFrame) -> tuple[str, int] | None:
    """The span whose borders no customer passes, and how many rows were to be expected beyond them; None where customers do.

    Of days the count is that of the rows that came after another of the customer on the same day.
    """
    day = pl.col("at").dt.date()
    several = rows.filter(pl.col("customer").is_duplicated())
    if several.height < 2 * PERHAPS:
        return None
    pairs = several.sort("customer", "at").select(
        "customer", day=day, before=day.shift(1), same=pl.col("customer") == pl.col("customer").shift(1)
    ).filter("same")  # fmt: skip
    if pairs.is_empty():
        return None
    other_days = pairs.filter(pl.col("day") != pl.col("before"))
    if other_days.height <= STRAYS * pairs.height:
        return ("day", pairs.height) if pairs.height >= PERHAPS else None
    counts = _of_days(rows)
    for span, length in SPANS.items():
        gap = (pl.col("day") - pl.col("before")).dt.total_days()
        gaps = other_days.filter(gap <= length / 2).select(gap).to_series().sort()
        for number in _numbers(span):
            expected = _beyond_borders(counts, gaps, number("day")) * len(gaps) / rows.height
            passed = other_days.select((number("day") != number("before")).sum()).item()
            if expected >= EXPECTED and passed <= STRAYS * expected:
                return span, round(expected)
    return None


def _of_days(rows: pl.DataFrame) -> pl.DataFrame:
    """How many rows each `day` has, from the first to the last."""
    counts = rows.group_by(day=pl.col("at").dt.date()).agg(rows=pl.len().cast(pl.Int64))
    every = pl.DataFrame(
        {
            "day": pl.date_range(
                *counts.select(pl.col("day").min().alias("first"), pl.col("day").max()).row(0), eager=True
            )
        }
    )
    return every.join(counts, on="day", how="left", maintain_order="left").with_columns(pl.col("rows").fill_null(0))


def _beyond_borders(counts: pl.DataFrame, gaps: pl.Series, span: pl.Expr) -> float:
    """How many rows would have another of their customer beyond a border of spans, if each had one as far off as these `gaps` of days are, which are in order.

    Rows after borders and rows before them are counted, and the fewer are taken: a span of which the files have hardly a row lets expect hardly any.
    """
    if gaps.is_empty():
        return 0.0
    day = pl.col("day")
    after, until = day - day.min().over("span"), day.max().over("span") - day
    sides = counts.with_columns(span=span).select(
        "rows",
        after=pl.when(pl.col("span") > pl.col("span").min()).then(after.dt.total_days()),
        until=pl.when(pl.col("span") < pl.col("span").max()).then(until.dt.total_days()),
    )
    return min(
        float((known["rows"] * (1 - gaps.search_sorted(known[side], side="right") / len(gaps))).sum())
        for side in ("after", "until")
        for known in (sides.drop_nulls(side),)
    )


def _numbers(span: str) -> list[Callable[[str], pl.Expr]]:
    """Functions from the name of a column of days to the number of the span that each is in: weeks that begin on any day."""
    match span:
        case "week":
            return [partial(_week, first) for first in range(7)]
        case "month":
            return [lambda name: pl.col(name).dt.year() * 12 + pl.col(name).dt.month()]
        case "quarter":
            return [lambda name: pl.col(name).dt.year() * 4 + pl.col(name).dt.quarter()]
        case _:
            return [lambda name: pl.col(name).dt.year()]


def _week(first: int, name: str) -> pl.Expr:
    return (pl.col(name).cast(pl.Int32) + first) // 7
