"""What is wrong in the data and what it costs: each defect with a KPI as it is and as it would be at face value.

Everything is computed over all rows, whatever the period. Nothing here changes a number: the facts have left the
faulty cells out already, and this says what difference that made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpi_core.facts import Facts
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpi import Kpi
from kpi_core.kpis import BY_NAME

ROW_CAPS = frozenset({1_000, 5_000, 6_000, 10_000, 50_000, 65_535, 65_536, 100_000, 1_048_575, 1_048_576})
"""Where exports and spreadsheets stop."""


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


def defects(dataset: Dataset, facts: Mapping[str, Facts]) -> Iterator[Defect]:
    """What is wrong with the files and their words; what is wrong with times is told in `times`."""
    yield from _row_caps(dataset)
    yield from _duplicates(dataset)
    if "tickets" in facts:
        yield from _unknown_statuses(dataset, facts["tickets"])
    yield from _unknown_ratings(dataset, facts)


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
            text = f"{some(again, 'row')} of {table} with a key that another has: the newest counts"
            yield Defect(code="duplicate-key", text=text, count=again, cost=cost)


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
    text = f"{some(count, 'ticket', 'has')} a status nobody knows ({listed(words)}): open where no resolution time says else"
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
    text = f"{some(count, 'rating', 'is')} in words nobody knows ({listed(words)}): not counted"
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


_MANY = {"is": "are", "has": "have"}


def some(count: int, noun: str, verb: str = "", rest: str = "") -> str:
    """`1 ticket is`, `13 tickets are`, `13 tickets have no time`."""
    told = (
        f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s",
        verb if count == 1 else _MANY.get(verb, verb),
        rest,
    )
    return " ".join(filter(None, told))
