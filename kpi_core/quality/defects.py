"""What is wrong in the data and what it costs: each defect with a KPI as it is and as it would be at face value.

Everything is computed over all rows, whatever the period. Nothing here changes a number: the facts have left the
faulty cells out already, and this says what difference that made.
"""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kpi_core.facts import Facts
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import ROW_CAPS, Source
from kpi_core.model.kpi import Kpi
from kpi_core.records import dataclass

COUNTED = {"tickets": "tickets_created", "answers": "answers_received"}
"""The KPI that counts the rows of a table."""

NO_FAULT = frozenset({"blank row", "no answer"})
"""Why rows are refused that were never meant to count."""

REPEATED = "duplicate key"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A KPI over all rows as it is reported, and as it would be otherwise (`if_so` says how)."""

    kpi: Kpi
    value: float | None
    otherwise: float | None
    if_so: Message


@dataclass(frozen=True, kw_only=True)
class Defect:
    """Something wrong with `count` rows or cells, in one sentence without a full stop."""

    code: str
    message: Message
    count: int
    file: str | None = None
    cost: Cost | None = None

    @property
    def text(self) -> str:
        """What it says in English."""
        return str(self.message)


def defects(dataset: Dataset, facts: Mapping[str, Facts]) -> Iterator[Defect]:
    """What is wrong with the files and their words; what is wrong with times stands in `implausible_times`."""
    yield from _row_caps(dataset)
    yield from _refused(dataset, facts)
    yield from _duplicates(dataset, facts)
    if "tickets" in facts:
        yield from _noise(dataset, facts["tickets"])
        yield from _unknown_statuses(dataset, facts["tickets"])
    yield from _unknown_ratings(dataset, facts)


def _row_caps(dataset: Dataset) -> Iterator[Defect]:
    for source in _files(dataset):
        if source.rows_read in ROW_CAPS:
            message = Message("row-cap", count=source.rows_read)
            yield Defect(code="row-cap", message=message, count=source.rows_read, file=source.path)


def _files(dataset: Dataset) -> list[Source]:
    """The account of each file as the table it was read as; ratings inside tickets apart."""
    tables = {(read.name, read.mapping.table) for read in dataset.reads}
    return [source for source in dataset.sources if (source.path, source.table) in tables]


def _refused(dataset: Dataset, facts: Mapping[str, Facts]) -> Iterator[Defect]:
    """Rows that hold a case and cannot be read."""
    for source in _files(dataset):
        expected = NO_FAULT | {str(reason) for reason in source.by_design} | {REPEATED}
        reasons = {reason: count for reason, count in source.rows_refused.items() if str(reason) not in expected}
        count = sum(reasons.values())
        if count:
            why = [Message("reason-count", reason=reason, count=of) for reason, of in reasons.items()]
            cost = _counted(source.table, facts, count, Message("if-with-them"))
            message = Message("rows-refused", count=count, reasons=why)
            yield Defect(code="rows-refused", message=message, count=count, file=source.path, cost=cost)


def _counted(table: str, facts: Mapping[str, Facts], more: int, if_so: Message) -> Cost | None:
    """What counts the rows of a table, as it is and with some more."""
    if table not in COUNTED or table not in facts:
        return None
    frame = facts[table].frame
    kept = frame.height if table == "tickets" else int(frame["is_first_answer"].sum())
    return Cost(kpi=BY_NAME[COUNTED[table]], value=kept, otherwise=kept + more, if_so=if_so)


def _duplicates(dataset: Dataset, facts: Mapping[str, Facts]) -> Iterator[Defect]:
    for table in COUNTED:
        again = sum(
            count
            for source in dataset.sources
            if source.table == table
            for reason, count in source.rows_refused.items()
            if str(reason) == REPEATED
        )
        if again:
            cost = _counted(table, facts, again, Message("if-counted-again"))
            message = Message("duplicate-keys", count=again, table=called(table))
            yield Defect(code="duplicate-key", message=message, count=again, cost=cost)


def _noise(dataset: Dataset, facts: Facts) -> Iterator[Defect]:
    """Merged and spam tickets, which are left out."""
    count = facts.counts.get("merged or spam", 0)
    if count:
        tickets, kept = dataset.tables["tickets"], facts.frame.height
        merged, spam = (int(tickets[name].sum()) if name in tickets.columns else 0 for name in ("is_merged", "is_spam"))
        kinds = [
            *([Message("merged-count", count=merged)] if merged else []),
            *([Message("spam-count", count=spam)] if spam else []),
        ]
        cost = Cost(kpi=BY_NAME["tickets_created"], value=kept, otherwise=kept + count, if_so=Message("if-with-them"))
        message = Message("tickets-merged-or-spam", count=count, kinds=kinds)
        yield Defect(code="merged-or-spam", message=message, count=count, cost=cost)


def _unknown_statuses(dataset: Dataset, facts: Facts) -> Iterator[Defect]:
    words = _unknown(dataset, "status")
    if not words or not {"status", "is_resolved"} <= facts.available:
        return
    is_open, is_doubtful = ~pl.col("is_resolved"), pl.col("is_resolved").is_null()
    still, doubtful = facts.frame.select(is_open.sum(), is_doubtful.sum().alias("doubtful")).row(0)
    cost = Cost(kpi=BY_NAME["backlog"], value=still, otherwise=still + doubtful, if_so=Message("if-open"))
    count = sum(words.values())
    message = Message("unknown-statuses", count=count, words=listed(words))
    yield Defect(code="unknown-status", message=message, count=count, cost=cost)


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
        if_so=Message("if-all-bad"),
    )
    message = Message("unknown-ratings", count=count, words=listed(words))
    yield Defect(code="unknown-rating", message=message, count=count, cost=cost)


def _unknown(dataset: Dataset, field: str) -> dict[str, int]:
    """The unknown words of a field over all files of tickets, with their counts."""
    counts: dict[str, int] = {}
    for read in dataset.reads:
        if read.mapping.table == "tickets":
            for word, count in read.unknown.get(field, {}).items():
                counts[word] = counts.get(word, 0) + count
    return counts


def listed(words: Mapping[str, int], most: int = 3) -> Message:
    """`` `Waiting on Acme` 7, `Parked` 2 and 3 more``, the commonest first."""
    ordered: Sequence[tuple[str, int]] = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    return first_of([Message("word-count", word=word, count=count) for word, count in ordered], most)
