"""A customer's contacts one after another: when the next one comes, and the channels that one case takes."""

import polars as pl

from kpi_core.facts.build import Builder
from kpi_core.facts.conversations.threads import CHANNELS
from kpi_core.model.columns import LONGEST

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
    """The tickets whose customer and opening are known, customer by customer in the order of time: their `place` in the table.

    `number` is the customer's, of whom `is_new` marks the first; `at` is the opening on a line on which customers follow one another, so that one sorted
    search answers for all.
    """
    opened = tickets["created_at"].dt.epoch("s").alias("opened")
    place = _order(tickets["customer_id"], opened)
    customer, opened = tickets["customer_id"].gather(place), opened.gather(place)
    is_new = (customer != customer.shift(1)).fill_null(value=True).alias("is_new")
    if (~is_new & (opened == opened.shift(1))).any():
        tied = pl.DataFrame([place, customer, opened, tickets["ticket_id"].gather(place)])
        in_order = tied.sort("customer_id", "opened", "ticket_id")
        place, opened = in_order["place"], in_order["opened"]
    number = is_new.cum_sum().cast(pl.UInt32).alias("number")
    at = number.cast(pl.Int64) * LONG + opened
    return pl.DataFrame([place, is_new, number, at.alias("at")])


def _order(customer: pl.Series, opened: pl.Series) -> pl.Series:
    """The places of the rows that have a customer and an opening, customer by customer in the order of time.

    By one column after the other, and nothing but places moved: rows mostly come in the order of time, to sort by several at once costs
    twice as much, and whole rows would be in memory three times.
    """
    if opened.is_sorted():
        place = pl.int_range(opened.null_count(), len(opened), dtype=pl.UInt32, eager=True)
        return place.gather(_sorted_places(customer.slice(opened.null_count()))).alias("place")
    place = _sorted_places(opened)
    return place.gather(_sorted_places(customer.gather(place))).alias("place")


def _sorted_places(values: pl.Series) -> pl.Series:
    """The places of the values that are not null, in their order; of equal values the first first."""
    places = values.to_frame().select(pl.arg_sort_by(values.name, maintain_order=True).cast(pl.UInt32)).to_series()
    return places.slice(values.null_count())


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
    ended, at = tickets["resolved_at"].dt.epoch("s"), line["at"]
    opened = line.select("place", "number", ended.gather(line["place"]).alias("ended"))
    # A ticket that is resolved before it was opened is no repeat of itself.
    until = opened.select(pl.when(pl.col("ended").is_not_null()).then(pl.max_horizontal(_ends(), at))).to_series()
    found = [_after(opened, line, until, _following(at, until.fill_null(at)))]
    if tickets["created_at"].has_nulls():
        unopened = _unopened(tickets, line, ended)
        until = unopened.select(_ends()).to_series()
        found.append(_after(unopened, line, until, at.search_sorted(until.fill_null(0), side="right")))
    return pl.concat(found)


def _ends() -> pl.Expr:
    """Where rows with a `number` and an end stand on the line."""
    return pl.col("number").cast(pl.Int64) * LONG + pl.col("ended")


def _unopened(tickets: pl.DataFrame, line: pl.DataFrame, ended: pl.Series) -> pl.DataFrame:
    """The tickets without an opening whose customer is on the line: `place`, `number`, `ended`."""
    firsts = line.filter("is_new")
    customers = firsts.select("number", tickets["customer_id"].gather(firsts["place"]))
    rows = tickets.select("customer_id", ended.alias("ended"), place=pl.int_range(pl.len(), dtype=pl.UInt32))
    known = rows.filter(tickets["created_at"].is_null()).join(customers, on="customer_id")
    return known.select("place", "number", "ended")


def _after(rows: pl.DataFrame, line: pl.DataFrame, until: pl.Series, following: pl.Series) -> pl.DataFrame:
    """Seconds `until` what follows each of some rows on the line, where that is of the same customer."""
    following = following.cast(pl.UInt32)
    following = following.set(following >= line.height, None)
    same = line["number"].gather(following) == rows["number"]
    span = (line["at"].gather(following) - until).clip(upper_bound=LONGEST).cast(pl.Int32)
    return rows.select("place", repeat_after=pl.when(same).then(span))


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
