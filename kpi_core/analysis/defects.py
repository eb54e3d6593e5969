"""What is wrong in the data and what it costs: each defect with a KPI as it is and as it would be at face value.

Everything is computed over all rows, whatever the period. Nothing here changes a number: the facts have left the
faulty cells out already, and this says what difference that made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpi_core.facts import TIMES, Facts
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpi import Kpi
from kpi_core.kpis import BY_NAME

ROW_CAPS = frozenset({1_000, 5_000, 6_000, 10_000, 50_000, 65_535, 65_536, 100_000, 1_048_575, 1_048_576})
"""Where exports and spreadsheets stop."""

BY_CLOCK = {
    "first_reply_time": ("first_replied_at", "replied to"),
    "first_resolution_time": ("first_resolved_at", "first resolved"),
    "resolution_time": ("resolved_at", "resolved"),
}
"""The instant that ends a time by the clock, and the word for it."""

ZEROS = ("first_reply_time", "first_reply_time_business", "first_resolution_time", "first_resolution_time_business",
         "resolution_time", "resolution_time_business")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A KPI over all rows as it is reported, and as it would be otherwise (`if_so` says how)."""

    kpi: Kpi
    value: float | None
    otherwise: float | None
    if_so: str


@dataclass(frozen=True, kw_only=True)
class Defect:
    """Something wrong with `count` rows or cells, in one sentence without a full stop."""

    code: str
    text: str
    count: int
    file: str | None = None
    cost: Cost | None = None


def defects(dataset: Dataset, facts: Mapping[str, Facts]) -> tuple[Defect, ...]:
    """Every defect of the files and of the tables they make."""
    found = [*_row_caps(dataset), *_duplicates(dataset)]
    tickets = dataset.tables.get("tickets")
    if tickets is not None and "tickets" in facts:
        for look in (_zeros, _true_zeros, _untracked, _negative, _closed_early, _undated, _open_again):
            found += look(tickets, facts["tickets"])
        found += _unknown_statuses(dataset, facts["tickets"])
    found += _unknown_ratings(dataset, facts)
    return tuple(found)


def _row_caps(dataset: Dataset) -> Iterator[Defect]:
    for read in dataset.reads:
        rows = read.narrow.frame.height
        if rows in ROW_CAPS:
            text = f"exactly {rows:,} rows: exports and spreadsheets stop there, so newer or older rows may be missing"
            yield Defect(code="row-cap", text=text, count=rows, file=read.name)


def _duplicates(dataset: Dataset) -> Iterator[Defect]:
    for table, counted in (("tickets", "tickets_created"), ("answers", "answers_received")):
        again = sum(source.rows_refused.get("duplicate key", 0) for source in dataset.sources if source.table == table)
        if again:
            rows = dataset.tables[table].height
            kept = rows if table == "tickets" else dataset.tables[table]["response_id"].n_unique()
            cost = Cost(kpi=BY_NAME[counted], value=kept, otherwise=kept + again, if_so="counted again")
            text = f"{again:,} rows of {table} repeat a key: the newest row of each counts"
            yield Defect(code="duplicate-key", text=text, count=again, cost=cost)


def _beside(tickets: pl.DataFrame, facts: Facts, name: str, written: pl.Expr) -> pl.DataFrame:
    """Each ticket's time as `written` by the export and as `known` by the facts."""
    known = facts.frame.select("_id", known=name, awaits="awaits_reply")
    return known.join(tickets.select("_id", written=written), on="_id", how="left", maintain_order="left")


def _median(values: pl.Expr) -> pl.Expr:
    return values.cast(pl.Float64).median()


def _zeros(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Zeros that stand for nothing having happened."""
    for name in (name for name in ZEROS if name in tickets.columns and name in facts.available):
        both = _beside(tickets, facts, name, pl.col(name))
        missing = (pl.col("written") == 0) & pl.col("known").is_null()
        if name.startswith("first_reply"):
            missing = missing & pl.col("awaits")
        zeroed = pl.when(missing).then(0).otherwise("known")
        count, value, otherwise = both.select(
            missing.sum(), _median(pl.col("known")).alias("v"), _median(zeroed).alias("o")
        ).row(0)
        if count:
            reason = "no reply is recorded" if name.startswith("first_reply") else "no resolution is recorded"
            text = f"{count:,} zeros in {_spoken(name)} are missing, not zero: {reason}"
            cost = Cost(kpi=BY_NAME[name], value=value, otherwise=otherwise, if_so="with them as zeros")
            yield Defect(code="zero-is-missing", text=text, count=count, cost=cost)


def _true_zeros(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Zeros in business hours of what did happen, outside opening hours."""
    for name in (
        name for name in ZEROS if name.endswith("_business") and name in facts.available and name in tickets.columns
    ):
        known = pl.col(name)
        count, value, otherwise = facts.frame.select(
            (known == 0).sum(), _median(known).alias("v"), _median(known.filter(known != 0)).alias("o")
        ).row(0)
        if count:
            told = _is_told(tickets, name)
            text = f"{count:,} zeros in {_spoken(name)} are " + (
                "true: it happened outside opening hours"
                if told
                else "taken as true: no other column says whether it happened"
            )
            cost = Cost(kpi=BY_NAME[name], value=value, otherwise=otherwise, if_so="without them")
            yield Defect(code="zero-is-true", text=text, count=count, cost=cost)


def _untracked(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """A handle time of zero on every ticket."""
    if "handle_time" not in tickets.columns or "handle_time" in facts.available:
        return
    count = int(tickets.select((pl.col("handle_time") == 0).sum()).item())
    if count:
        yield Defect(code="not-tracked", text=f"the handle time of all {count:,} tickets is 0: nobody tracks it", count=count)


def _is_told(tickets: pl.DataFrame, name: str) -> bool:
    """Whether another column says that a time of zero did pass."""
    beside = {"first_replied_at", "agent_replies"} if name.startswith("first_reply") else {"resolved_at"}
    return bool(beside & set(tickets.columns))


def _negative(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Times that end before they begin: left out, with what the mean would be if they were not."""
    for name in TIMES:
        count = facts.counts.get(f"negative {name}", 0)
        if not count:
            continue
        both = _beside(tickets, facts, name, _written(tickets, name))
        kept = pl.when(pl.col("written") < 0).then("written").otherwise("known")
        value, otherwise = both.select(pl.col("known").mean(), kept.mean().alias("o")).row(0)
        ended = BY_CLOCK.get(name)
        said = (
            f"are {ended[1]} before they were opened"
            if ended and ended[0] in tickets.columns
            else f"have a negative {_spoken(name)}"
        )
        cost = Cost(kpi=BY_NAME.get(f"{name}_mean", BY_NAME[name]), value=value, otherwise=otherwise, if_so="with them")
        yield Defect(
            code="negative-time", text=f"{count:,} tickets {said}: left out of that time", count=count, cost=cost
        )


def _written(tickets: pl.DataFrame, name: str) -> pl.Expr:
    """A time at face value: from its two instants, else the export's own column."""
    parts = [pl.col(name).cast(pl.Int64)] if name in tickets.columns else []
    until = BY_CLOCK.get(name, ("", ""))[0]
    if until in tickets.columns and "created_at" in tickets.columns:
        parts.insert(0, (pl.col(until) - pl.col("created_at")).dt.total_seconds())
    return pl.coalesce(parts)


def _closed_early(tickets: pl.DataFrame, _: Facts) -> Iterator[Defect]:
    if not {"closed_at", "created_at"} <= set(tickets.columns):
        return
    count = int(tickets.select((pl.col("closed_at") < pl.col("created_at")).sum()).item())
    if count:
        yield Defect(
            code="closed-before-created", text=f"{count:,} tickets are closed before they were opened", count=count
        )


def _undated(_: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    count = facts.counts.get("resolved without a time", 0)
    if count:
        resolved = int(facts.frame["is_resolved"].sum())
        cost = Cost(
            kpi=BY_NAME["tickets_resolved"], value=resolved - count, otherwise=resolved, if_so="if they had one"
        )
        text = f"{count:,} resolved tickets have no resolution time: they lie in no month and in no time"
        yield Defect(code="resolved-undated", text=text, count=count, cost=cost)


def _open_again(tickets: pl.DataFrame, facts: Facts) -> Iterator[Defect]:
    """Open tickets that carry a resolution time: solved once, reopened since."""
    if "resolved_at" not in tickets.columns or "is_resolved" not in facts.available:
        return
    dated = tickets.select("_id", dated=pl.col("resolved_at").is_not_null())
    both = facts.frame.select("_id", "is_resolved").join(dated, on="_id", how="left", maintain_order="left")
    count, still = both.select(
        (pl.col("dated") & ~pl.col("is_resolved")).sum(), (~pl.col("is_resolved")).sum().alias("open")
    ).row(0)
    if count:
        text = f"{count:,} open tickets have a resolution time: reopened since, so it is not their last"
        cost = Cost(kpi=BY_NAME["backlog"], value=still, otherwise=still - count, if_so="with them as resolved")
        yield Defect(code="open-again", text=text, count=count, cost=cost)


def _unknown_statuses(dataset: Dataset, facts: Facts) -> Iterator[Defect]:
    words = _unknown(dataset, "status")
    if not words or not {"status", "is_resolved"} <= facts.available:
        return
    is_open = ~pl.col("is_resolved")
    still, doubtful = facts.frame.select(
        is_open.sum(), (is_open & pl.col("status").is_null()).sum().alias("doubtful")
    ).row(0)
    cost = Cost(kpi=BY_NAME["backlog"], value=still, otherwise=still - doubtful, if_so="with them as resolved")
    count = sum(words.values())
    text = f"{count:,} tickets have a status nobody knows ({listed(words)}): open unless they have a resolution time"
    yield Defect(code="unknown-status", text=text, count=count, cost=cost)


def _unknown_ratings(dataset: Dataset, facts: Mapping[str, Facts]) -> Iterator[Defect]:
    words = _unknown(dataset, "score:csat")
    if not words or "answers" not in facts or "question:csat" not in facts["answers"].available:
        return
    rated = facts["answers"].frame.filter((pl.col("question") == "csat") & pl.col("score").is_not_null())
    good, count = int((rated["score"] >= rated["top"]).sum()), sum(words.values())
    cost = Cost(
        kpi=BY_NAME["csat"],
        value=good / rated.height,
        otherwise=good / (rated.height + count),
        if_so="if all of them are bad",
    )
    text = f"{count:,} ratings are words nobody knows ({listed(words)}): not counted"
    yield Defect(code="unknown-rating", text=text, count=count, cost=cost)


def _unknown(dataset: Dataset, field: str) -> dict[str, int]:
    """The unknown words of a field over all files of tickets, with their counts."""
    counts: dict[str, int] = {}
    for read in dataset.reads:
        if read.mapping.table == "tickets":
            for word, count in read.unknown.get(field, {}).items():
                counts[word] = counts.get(word, 0) + count
    return counts


def listed(words: Mapping[str, int], most: int = 3) -> str:
    """`` `Waiting on Acme` 7, `Parked` 2 and 3 more``, the commonest first."""
    ordered: Sequence[tuple[str, int]] = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = ", ".join(f"`{word}` {count:,}" for word, count in ordered[:most])
    return f"{shown} and {len(ordered) - most} more" if len(ordered) > most else shown


def _spoken(name: str) -> str:
    """`first reply time in business hours`."""
    plain = name.removesuffix("_business").replace("_", " ")
    return f"{plain} in business hours" if name.endswith("_business") else plain
