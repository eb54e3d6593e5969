"""The rows that a figure is a mean of, and what each of them might go with."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.errors import DefinitionError
from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Index, Mean, NetShare, Share
from kpi_core.model.periods import Period
from kpi_core.records import dataclass

CATEGORIES = ("type", "group", "channel", "agent", "priority", "product")
"""Columns of words that every table may have."""
TIMES = ("first_reply_time", "resolution_time", "handle_time")
COUNTS = ("agent_replies", "reopens", "handoffs", "channels")
"""What tickets have apart from words; times enter as their logarithm, since the first hour matters more than the tenth."""
READ = frozenset({*CATEGORIES, "agent_replies", "reopens", "customer_id", "ticket_id"})
"""The columns of the canonical tables that all of these are derived from."""
QUESTIONS = ("treatment", "competence", "ces", "resolved", "first_contact")
"""Other questions of the same answers: what customers say of how they were met, where satisfaction and recommendation are outcomes."""
MADE_OF: dict[str, tuple[set[str], ...]] = {
    "resolution_time": ({"created_at", "resolved_at"}, {"due_at", "resolved_at"}, {"sla_resolution_met"}),
    "first_reply_time": ({"created_at", "first_replied_at"}, {"sla_first_reply_met"}),
}
"""What a figure that judges a time by its target is made of: `resolved within 7 days` goes with the time to resolution and explains nothing by it."""
KNOWN = 0.6
"""The share of rows that must have a value, for a column to be looked at."""
MOST_LEVELS, FEWEST_OF_A_LEVEL = 6, 10
"""Words of a category that are kept apart, the commonest first, and the rows that each must have; all others are one."""
MANY_WORDS = 0.5
"""The share of rows with a word of their own from which a column is no category but a text."""
OTHERS, NONE = "_others", "_none"
VALUE, ROW = "_value", "_row"


class Kind(StrEnum):
    """What a driver is: words, a number, or another question's score."""

    WORDS = "words"
    NUMBER = "number"
    QUESTION = "question"


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """A column that a figure might go with: of words (levels pooled), or of numbers (ready to enter)."""

    name: str
    kind: Kind
    values: pl.Series

    @property
    def width(self) -> int:
        """How many columns it takes in a regression."""
        return self.values.n_unique() - 1 if self.kind is Kind.WORDS else 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Looked:
    """The rows and columns that are looked at.

    Attributes:
        values: the figure's value of each row: 1 or 0 of a share, +1, 0 or −1 of NPS, a score.
        candidates: columns of as many rows.
        rows: rows of the period that the figure is made of, those left out included.
        without: why a column is not looked at.
        segments: words of each row as they are, for those columns that have them.
    """

    values: pl.Series
    candidates: Sequence[Candidate]
    rows: int
    without: Mapping[str, Message]
    segments: Mapping[str, pl.Series]


def is_driven(kpi: Kpi) -> bool:
    """Whether a figure is a mean of its rows, so that something can go with it."""
    return isinstance(kpi.measure, Share | NetShare | Mean | Index)


def look(kpi: Kpi, engine: Engine, period: Period, more: Iterable[str] = ()) -> Looked:
    """What a figure's rows of a period have in addition to their value; `more` are headers of the files.

    Raises:
        DefinitionError: the figure is no mean of its rows, so that no row goes with anything.
    """
    if not is_driven(kpi):
        hint = "shares, scores and NPS are: csat, nps, ces, nki, fcr_one_touch, churn_share"
        raise DefinitionError(f"`{kpi.name}` is no mean of its rows, so there is nothing to explain it with", hint=hint)
    facts = engine.tables[kpi.table]
    frame = _rows(kpi, facts, engine.day(kpi.table, kpi.dated_by), period, [*more], _of_their_tickets(engine, kpi))
    found: list[Candidate] = []
    without: dict[str, Message] = {}
    names = [one for one in frame.columns if one not in (VALUE, ROW)]
    for name in names:
        column = frame[name]
        if name in {*more} and (twin := _twin(frame, name, names[: names.index(name)])) is not None:
            without[name] = Message("driver-twin", column=twin)
            continue
        known = 1 - column.null_count() / max(frame.height, 1)
        if known < KNOWN:
            without[name] = Message("driver-rarely-known", share=known)
        elif (candidate := _candidate(name, column, is_asked=name in {*more})) is None:
            without[name] = Message("driver-all-alike") if column.n_unique() <= 2 else Message("driver-own-words")
        else:
            found.append(candidate)
    numbers = [one for one in found if one.kind is not Kind.WORDS]
    whole = pl.Series("whole", [True]).new_from_index(0, frame.height)
    for one in numbers:
        whole &= one.values.is_not_null()
    kept = [_of(one, one.values.filter(whole)) for one in found]
    segments = {one.name: frame[one.name].cast(pl.String).filter(whole) for one in found if one.kind is Kind.WORDS}
    still = [one for one in kept if one.values.n_unique() > 1]
    without |= {one.name: Message("driver-all-alike") for one in kept if one not in still}
    return Looked(
        values=frame[VALUE].filter(whole), candidates=still, rows=frame.height, without=without, segments=segments
    )


def _twin(frame: pl.DataFrame, name: str, others: Iterable[str]) -> str | None:
    """A column of words before it that parts the rows as it does, whatever its words are; None where there is none."""
    words = frame[name].n_unique()
    for other in others:
        if frame[other].dtype.is_numeric() or frame[other].n_unique() != words:
            continue
        if frame.select(pl.struct(other, name).n_unique()).item() == words:
            return other
    return None


def _of(one: Candidate, values: pl.Series) -> Candidate:
    return Candidate(name=one.name, kind=one.kind, values=_pooled(values) if one.kind is Kind.WORDS else values)


def _of_their_tickets(engine: Engine, kpi: Kpi) -> pl.DataFrame | None:
    """What tickets have that answers to them do not, by ticket."""
    if kpi.table != "answers" or "tickets" not in engine.tables:
        return None
    tickets = engine.tables["tickets"]
    names = [name for name in (*TIMES, *COUNTS) if name in tickets.available and name in tickets.frame.columns]
    if not names or "ticket_id" not in tickets.frame.columns:
        return None
    return tickets.frame.select("ticket_id", *names).drop_nulls("ticket_id").unique("ticket_id", keep="last")


def _rows(
    kpi: Kpi, facts: Facts, days: pl.Series, period: Period, more: Sequence[str], tickets: pl.DataFrame | None
) -> pl.DataFrame:
    """The figure's rows with their value and every column that is looked at."""
    (value,) = kpi.measure.facts()
    own = [
        name
        for name in (*CATEGORIES, *TIMES, *COUNTS, *more)
        if name in facts.frame.columns and name not in asked_by(kpi)
    ]
    keys = [name for name in ("ticket_id", "response_id") if name in facts.frame.columns]
    frame = facts.frame.select(*keys, *dict.fromkeys(own), value.cast(pl.Float64).alias(VALUE), days.alias("_day"))
    if period.start is not None and period.end is not None:
        frame = frame.filter(pl.col("_day").is_between(period.start, period.end, closed="left"))
    frame = frame.drop("_day").drop_nulls(VALUE).with_row_index(ROW)
    if tickets is not None and "ticket_id" in frame.columns:
        frame = frame.join(tickets, on="ticket_id", how="left", maintain_order="left")
    if "response_id" in frame.columns:
        frame = _with_questions(frame, facts, kpi)
    return frame.drop(keys)


def asked_by(kpi: Kpi) -> set[str]:
    """The columns that the figure itself is made of, and the times between them: it goes with those by its definition."""
    names = {name for fact in kpi.measure.facts() for name in fact.meta.root_names()}
    return names | {time for time, ends in MADE_OF.items() if any(each <= names for each in ends)}


def _with_questions(frame: pl.DataFrame, facts: Facts, kpi: Kpi) -> pl.DataFrame:
    """The scores of other questions that the same person answered, from 0 to 100."""
    asked = facts.frame["question"].unique().cast(pl.String).to_list() if "question" in facts.frame.columns else []
    for question in [one for one in QUESTIONS if one in asked and one != kpi.asks]:
        place = (pl.col("score") - pl.col("scale_low")) / (pl.col("scale_high") - pl.col("scale_low")) * 100
        good = pl.when(pl.col("direction") == "lower").then(100 - place).otherwise(place)
        scores = facts.frame.filter(pl.col("question") == question).select("response_id", good.alias(question))
        scores = scores.drop_nulls().unique("response_id", keep="last")
        frame = frame.join(scores, on="response_id", how="left", maintain_order="left")
    return frame


def _candidate(name: str, column: pl.Series, *, is_asked: bool) -> Candidate | None:
    """A column as it can be looked at; None where it says nothing, or says something of its own in each row."""
    if name in QUESTIONS:
        return Candidate(name=name, kind=Kind.QUESTION, values=column.cast(pl.Float64))
    if column.dtype.is_numeric():
        numbers = column.cast(pl.Float64)
        return Candidate(name=name, kind=Kind.NUMBER, values=numbers.clip(0).log1p() if name in TIMES else numbers)
    words = column.cast(pl.String)
    if is_asked and (read := _as_numbers(words)) is not None:
        return Candidate(name=name, kind=Kind.NUMBER, values=read)
    if words.n_unique() < 2 or words.n_unique() > MANY_WORDS * len(words):
        return None
    return Candidate(name=name, kind=Kind.WORDS, values=words)


def _as_numbers(words: pl.Series) -> pl.Series | None:
    """A column of a file as numbers, where nearly all of its cells are and there are more of them than words of a category."""
    numbers = words.str.strip_chars().str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    filled = len(words) - words.null_count()
    return (
        numbers
        if filled and (len(numbers) - numbers.null_count()) >= 0.95 * filled and words.n_unique() > MOST_LEVELS
        else None
    )


def _pooled(words: pl.Series) -> pl.Series:
    """Words with few rows taken together; a cell without one is a word of its own."""
    named = words.cast(pl.String).fill_null(NONE)
    counts = named.value_counts(sort=True)
    common = counts.filter(pl.col("count") >= FEWEST_OF_A_LEVEL)[named.name].head(MOST_LEVELS)
    return pl.select(pl.when(named.is_in(common.implode())).then(named).otherwise(pl.lit(OTHERS))).to_series()
