"""A customer's contacts one after another: when the next one comes, and the channels that one case takes."""

import polars as pl

from kpi_core.facts.build import Builder
from kpi_core.facts.conversations.threads import CHANNELS

CLOSE = 7 * 86_400
"""Seconds after a customer's contact within which another is about the same case."""
LONG = 2**33
"""More seconds than lie between any two instants: customers stand so far apart on one line of time."""


def contacts(build: Builder, wanted: frozenset[str] | None) -> None:
    """`repeat_after`, `channels` and `is_case`: taken from the contacts of the same customer, in one order for all.

    `wanted` names the facts that are needed (None: all). Each is there only if the columns that it needs are.
    """
    from_messages = CHANNELS in build.mapped
    if from_messages and (wanted is None or "channels" in wanted):
        build.add(channels=pl.col(CHANNELS), is_case=pl.lit(value=True))
    repeats = build.has("customer_id", "created_at", "resolved_at") and (wanted is None or "repeat_after" in wanted)
    cases = build.has("customer_id", "created_at", "channel") and (wanted is None or "channels" in wanted)
    if not repeats and (from_messages or not cases):
        return
    line = _line(build.frame)
    if repeats:
        _add(build, _repeat_after(build.frame, line))
    if cases and not from_messages:
        _add(build, _cases(build.frame, line), is_case=True)


def _add(build: Builder, known: pl.DataFrame, **rest: bool) -> None:
    """Facts that are known for some rows, by `place`; the others have `rest`, or null."""
    for name in known.columns[1:]:
        whole = pl.Series([rest.get(name)], dtype=known.schema[name]).new_from_index(0, build.frame.height)
        build.add(**{name: pl.lit(whole.scatter(known["place"], known[name]))})


def _line(tickets: pl.DataFrame) -> pl.DataFrame:
    """The tickets whose customer and opening are known, customer by customer in the order of time, and where they stand.

    `is_new` marks each customer's first; `at` is the opening on a line on which customers follow one another, so that one sorted search answers for all.
    """
    rows = tickets.select(
        "customer_id", "ticket_id", opened=pl.col("created_at").dt.epoch("s"), place=pl.int_range(pl.len(), dtype=pl.UInt32)
    ).drop_nulls(["customer_id", "opened"])  # fmt: skip
    # By one column after the other: rows mostly come in the order of time, and to sort by several at once costs twice as much.
    in_time = rows if rows["opened"].is_sorted() else rows.sort("opened", maintain_order=True)
    rows = in_time.sort("customer_id", maintain_order=True)
    is_new = (pl.col("customer_id") != pl.col("customer_id").shift(1)).fill_null(value=True)
    if rows.select((~is_new & (pl.col("opened") == pl.col("opened").shift(1))).any()).item():
        rows = rows.sort("customer_id", "opened", "ticket_id")
    numbered = rows.with_columns(is_new=is_new, number=is_new.cum_sum().cast(pl.Int64))
    return numbered.select("place", "customer_id", "is_new", "number", at=pl.col("number") * LONG + pl.col("opened"))


def _following(at: pl.Series, until: pl.Series) -> pl.Series:
    """For each row of a line the first one after an instant of its own; the length of the line where there is none.

    Mostly that is the next row, so that only the others are searched for.
    """
    known = pl.DataFrame({"at": at, "until": until}).select(
        (pl.col("until") >= pl.col("at")) & (pl.col("at").shift(-1) > pl.col("until")).fill_null(value=True)
    ).to_series()  # fmt: skip
    others = (~known).arg_true()
    following = pl.int_range(1, len(at) + 1, dtype=pl.UInt32, eager=True)
    return following.scatter(others, at.search_sorted(until.gather(others), side="right").cast(pl.UInt32))


def _repeat_after(tickets: pl.DataFrame, line: pl.DataFrame) -> pl.DataFrame:
    """Seconds from each resolution to the same customer's next new ticket, null without one: `place`, `repeat_after`."""
    ends = tickets.select(
        "customer_id", ended=pl.col("resolved_at").dt.epoch("s"), place=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    on_line = line.select("place", "number", ends["ended"].gather(line["place"]))
    unopened = ends.filter(tickets["created_at"].is_null()).join(line.filter("is_new"), on="customer_id")
    rows = pl.concat([on_line, unopened.select(on_line.columns)]).with_columns(
        until=pl.col("number") * LONG + pl.col("ended")
    )
    # A ticket that is resolved before it was opened is no repeat of itself.
    opened = pl.concat([line["at"], pl.Series("at", [None], pl.Int64).new_from_index(0, unopened.height)])
    rows = rows.with_columns(until=pl.max_horizontal("until", pl.when(pl.col("until").is_not_null()).then(opened)))
    known = rows["until"].head(line.height).fill_null(line["at"])
    following = [
        _following(line["at"], known),
        line["at"].search_sorted(rows["until"].tail(unopened.height).fill_null(0), side="right"),
    ]
    beyond = pl.concat([line["at"], pl.Series("at", [None], pl.Int64)])
    after = rows.with_columns(next=beyond.gather(pl.concat([each.cast(pl.UInt32) for each in following])))
    same = pl.col("next") // LONG == pl.col("number")
    return after.select("place", repeat_after=pl.when(same).then(pl.col("next") - pl.col("until")))


def _cases(tickets: pl.DataFrame, line: pl.DataFrame) -> pl.DataFrame:
    """Of the tickets on the line: `place`, `is_case` and, of the first of each case, `channels`.

    A customer's tickets within 7 days of the first of them are one case, and that one stands for it.
    """
    is_case = _first_ones(line)
    marked = line.select(
        "place", tickets["channel"].gather(line["place"]), is_case.alias("is_case"), is_case.cum_sum().alias("case")
    )
    is_single = pl.col("is_case") & pl.col("is_case").shift(-1, fill_value=True)
    single = marked.filter(is_single).with_columns(
        channels=pl.when(pl.col("channel").is_not_null()).then(pl.lit(1, pl.UInt32))
    )
    several = marked.filter(~is_single)
    used = several.drop_nulls("channel").select("case", "channel").unique().group_by("case").len("channels")
    known = several.join(used, on="case", how="left", maintain_order="left")
    known = known.with_columns(channels=pl.when("is_case").then("channels"))
    return pl.concat([single, known]).select("place", "is_case", "channels")


def _first_ones(line: pl.DataFrame) -> pl.Series:
    """Which rows of a line begin a case: a customer's first, then the first beyond each window.

    Every row points to the first one that a case beginning there leaves to the next; each step then goes one case
    further with every customer at once.
    """
    number = line["number"]
    following = _following(line["at"], line["at"] + CLOSE)
    begins = line["is_new"].arg_true()
    found = [begins]
    while len(begins):
        further = following.gather(begins)
        inside = further < line.height
        begins, further = begins.filter(inside), further.filter(inside)
        begins = further.filter(number.gather(begins) == number.gather(further))
        found.append(begins)
    return pl.Series([False]).new_from_index(0, line.height).scatter(pl.concat(found), values=True)
