"""The channels a customer needs for one case: those they wrote by in it, else those of their contacts close together."""

import polars as pl

from kpi_core.facts.build import Builder
from kpi_core.facts.threads import CHANNELS

CLOSE = 7 * 86_400
"""Seconds after a customer's contact within which another is about the same case."""


def channels(build: Builder) -> None:
    """`channels` of each case and `is_case`, the ticket that stands for it.

    From messages where they name channels: every ticket is a case. Else a customer's tickets within 7 days of the first of
    them are one case, and that one stands for it. Null where no channel or customer is known.
    """
    if CHANNELS in build.mapped:
        build.add(channels=pl.col(CHANNELS), is_case=pl.lit(value=True))
    elif build.has("channel", "customer_id", "created_at"):
        cases = _cases(build.frame)
        for name, rest in (("channels", pl.Series([None], dtype=pl.UInt32)), ("is_case", pl.Series([True]))):
            whole = rest.new_from_index(0, build.frame.height)
            build.add(**{name: pl.lit(whole.scatter(cases["place"], cases[name]))})


def _cases(tickets: pl.DataFrame) -> pl.DataFrame:
    """Of the tickets whose customer and opening are known: `place`, `is_case` and, of the first ones, `channels`."""
    rows = tickets.select(
        "customer_id", "ticket_id", "channel", opened=pl.col("created_at").dt.epoch("s"), place=pl.int_range(pl.len(), dtype=pl.UInt32),
    ).drop_nulls(["customer_id", "opened"]).sort("customer_id", "opened", "ticket_id")  # fmt: skip
    is_case = _first_ones(rows["customer_id"], rows["opened"])
    marked = rows.select("place", "channel", is_case.alias("is_case"), is_case.cum_sum().alias("case"))
    is_single = pl.col("is_case") & pl.col("is_case").shift(-1, fill_value=True)
    single = marked.filter(is_single).with_columns(
        channels=pl.when(pl.col("channel").is_not_null()).then(pl.lit(1, pl.UInt32))
    )
    several = marked.filter(~is_single)
    used = several.drop_nulls("channel").select("case", "channel").unique().group_by("case").len("channels")
    known = several.join(used, on="case", how="left", maintain_order="left")
    known = known.with_columns(channels=pl.when("is_case").then("channels"))
    return pl.concat([single, known]).select("place", "is_case", "channels")


def _first_ones(customers: pl.Series, opened: pl.Series) -> pl.Series:
    """Which rows, sorted by customer and time, begin a case: a customer's first, then the first beyond each window.

    Customer and time are packed in one integer; one sorted search then tells for every row which one a case that
    begins there leaves over to the next. Each step goes one case further with every customer at once.
    """
    is_new = (customers != customers.shift(1)).fill_null(value=True)
    number = is_new.cum_sum().cast(pl.Int64)
    packed = number * 2**33 + opened
    following = packed.search_sorted(packed + CLOSE, side="right")
    begins = is_new.arg_true()
    found = [begins]
    while len(begins):
        further = following.gather(begins)
        inside = further < len(packed)
        begins, further = begins.filter(inside), further.filter(inside)
        begins = further.filter(number.gather(begins) == number.gather(further))
        found.append(begins)
    return pl.Series([False]).new_from_index(0, len(packed)).scatter(pl.concat(found), values=True)
