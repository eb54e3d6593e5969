"""One file, from recognition to a narrow frame with its refusals, and what there is to say about it."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from concurrent.futures import Future
from dataclasses import field
from functools import cached_property
from types import MappingProxyType

import polars as pl

from kpi_core.ingest.fields import narrow_scan as narrow
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.raw_export import RawExport, ReadOptions
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import DUPLICATE, IN_LOST_TICKET, NO_ANSWER, UNKNOWN_RATING, Finding, Source
from kpi_core.model.tables import TABLES, WAITED, Kind
from kpi_core.records import dataclass
from kpi_core.threads import in_background

JOINED = Message("joined-elsewhere")
AGAIN = Message("also-elsewhere")
ADDRESS = "_address"
"""The working column of a customer's e-mail address."""
CASE = "_case"
"""The working column of a message's case, as its own source numbers cases."""
BARE_CASE = "_bare_case"
"""The working column of a case's number as written, of messages whose cases begin anew in another file."""
MANY = 100_000
"""Rows from which it pays to begin a thread."""
SAMPLE = 1000
"""Rows from which formats are recognised."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Everything the user settles about reading files.

    `mapping` is the name of one, or those of several from which each file takes the one that fits. `own` are by table the
    headers of the files that KPIs of the user's own read, and what they hold. `rating` is which of several answers to one question about
    one ticket counts: the newest, the first or the worst. `stored` are exports of a store, read before the files that are named;
    `engine` is the address of a cluster that reads these.
    """

    options: ReadOptions = ReadOptions()
    cells: ReadingChoices = ReadingChoices()
    mapping: str | Sequence[str] | None = None
    source: str | None = None
    columns: Map[str, str] = field(default_factory=dict)
    scales: Map[str, tuple[float, float]] = field(default_factory=dict)
    directions: Map[str, str] = field(default_factory=dict)
    own: Map[str, Map[str, Kind]] = field(default_factory=dict)
    rating: str = "newest"
    stored: tuple[Input, ...] = ()
    engine: str | None = None

    @property
    def mappings(self) -> tuple[str, ...]:
        """The names of the mappings, none where the files decide."""
        return () if self.mapping is None else (self.mapping,) if isinstance(self.mapping, str) else tuple(self.mapping)


@dataclass(frozen=True, kw_only=True)
class Understood:
    """How a file is to be read, and the findings on it."""

    match: Match
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Ids:
    """What the rows of a large file are known by, and whether no two are alike: looked at in the background, for stitching waits for it."""

    of: pl.Series
    are_unique: Future[bool]

    @classmethod
    def looked_at(cls, ids: pl.Series) -> "Ids | None":
        """The ids of a file; None of a small one, whose ids are looked at quickly."""
        return Ids(of=ids, are_unique=in_background(lambda: ids.n_unique() == len(ids))) if len(ids) >= MANY else None


@dataclass(frozen=True, kw_only=True, eq=False)
class FileRead:
    """One file as understood and read. `used` holds the rows that were not refused.

    `refused_whole` are the numbers of rows refused for a reason that no single cell has, by reason. `address` is the
    column of the customer's e-mail address, read only when surveys are matched by it; `decimal` the mark that was given;
    `findings` those on how the file was understood, `lacking` the headers, by column, that a mapping of the
    user's own names and the file does not have, `zones` the time zones, by column, that headers name,
    `days` the instants of which it knows the day alone, `months` those of which it knows no more than the month, `assumed_zone` the zone that it names nowhere and was read in
    for that of the other files, `set_aside` the reasons of refused rows that are no fault of theirs, `account` whose it is as the user says.
    """

    name: str
    raw: RawExport
    match: Match
    narrow: narrow.NarrowScan
    questions: tuple[Question, ...]
    used: pl.DataFrame
    refused_counts: Map[Text, int]
    refused: pl.DataFrame
    notes: tuple[Text, ...]
    zone: str | None
    unread: Map[str, Map[str, int]] = field(default_factory=dict)
    refused_whole: Map[Text, pl.Series] = field(default_factory=dict)
    address: Field | None = None
    decimal: str | None = None
    findings: tuple[Finding, ...] = ()
    lacking: Map[str, tuple[str, ...]] = field(default_factory=dict)
    zones: Map[str, str] = field(default_factory=dict)
    days: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    assumed_zone: str | None = None
    set_aside: frozenset[Text] = frozenset()
    account: str | None = None
    ids: Ids | None = None

    def addresses(self) -> pl.DataFrame:
        """Each row's (`_row`) customer's e-mail address as a hash, null where a cell holds none; a second look."""
        if self.address is None:
            return pl.DataFrame(schema={narrow.ROW: pl.UInt32(), ADDRESS: pl.UInt64()})
        value = pl.col(self.address.value_name)
        rows = self.raw.scan(skip=self.match.skip, row_index=narrow.ROW)
        look = narrow.steps(rows, self.narrow.cleaned, [self.address])
        hashed = pl.when(value.str.contains("@", literal=True)).then(value.str.to_lowercase().hash(seed=7))
        return narrow.collect(self.raw, look.select(narrow.ROW, hashed.alias(ADDRESS)))

    @property
    def mapping(self) -> Mapping:
        """The mapping in force."""
        return self.match.mapping

    @property
    def walls(self) -> tuple[str, ...]:
        """The instants written as wall clocks."""
        return wall_clocks(self.narrow.fields, self.raw)

    @property
    def headers(self) -> tuple[str, ...]:
        """The file's headers as written."""
        return self.match.headers

    @cached_property
    def unknown(self) -> Map[str, Map[str, int]]:
        """Unknown words, by field, with counts."""
        return {**self.narrow.unknown, **self.unread}

    def source(self, *, duplicates: int = 0, joined: Map[Message, int] = MappingProxyType({})) -> Source:
        """The account of the file's rows; the losers among repeated keys are refused, rows `joined` to others, by reason, are not lost."""
        by_design: dict[Text, int] = {**self.narrow.left_out, **self.raw.folded}
        read = self.narrow.frame.height + sum(by_design.values())
        by_design |= {reason: count for reason, count in joined.items() if count}
        refused: dict[Text, int] = {**by_design, **self.refused_counts}
        if duplicates:
            refused[DUPLICATE] = duplicates
        return Source(path=self.name, checksum=self.raw.checksum, mapping=self.mapping.name, table=self.mapping.table, rows_read=read,
                      rows_used=read - sum(refused.values()), rows_refused=refused, by_design=frozenset((*by_design, *(self.set_aside & refused.keys()))), notes=self.notes,
                      words={**self._statuses(), **self._ratings()},
                      headers=frozenset((*self.headers, *(found.header for found in self.narrow.fields))))  # fmt: skip

    def _statuses(self) -> dict[str, tuple[int, int]]:
        if "status" not in self.narrow.frame.columns:
            return {}
        unknown = sum(self.unknown.get("status", {}).values())
        return {"status": (unknown, unknown + self.narrow.frame["status"].count())}

    @property
    def silent(self) -> pl.DataFrame:
        """The rows of a survey that answer nothing."""
        rows = self.refused_whole.get(NO_ANSWER, pl.Series(dtype=pl.UInt32))
        return self.narrow.frame.filter(pl.col(narrow.ROW).is_in(rows.implode()))

    def _ratings(self) -> dict[str, tuple[int, int]]:
        """The answers of a survey that cannot be read, of those that say something."""
        unread = sum(sum(self.unread.get(question.column, {}).values()) for question in self.questions)
        if self.mapping.table != "answers" or not unread:
            return {}
        return {"rating": (unread, unread + sum(_given(self.narrow.frame, question) for question in self.questions))}

    def answers_source(self, kept: pl.DataFrame, *, is_by_arrival: bool) -> Source:
        """The account of the ratings inside a ticket export: cells that say something.

        `kept` are its tickets that were neither refused nor lost against a newer row with their key, `is_by_arrival` whether their
        ratings are dated by when they came in.
        """
        unread = sum(sum(words.values()) for words in self.unread.values())
        given = sum(_given(self.narrow.frame, question) for question in self.questions)
        used = sum(_given(kept, question) for question in self.questions)
        refused = {UNKNOWN_RATING: unread, IN_LOST_TICKET: given - used}
        return Source(path=self.name, checksum=self.raw.checksum, mapping=self.mapping.name, table="answers", rows_read=given + unread,
                      rows_used=used, rows_refused={reason: count for reason, count in refused.items() if count},
                      notes=(_dated_by(kept, is_by_arrival=is_by_arrival),),
                      words={"rating": (unread, given + unread)}, is_of_cells=True)  # fmt: skip

    def duplicate_rows(self, rows: pl.Series) -> pl.DataFrame:
        """The listing of rows that lost against a newer one with their key."""
        key = next((found for found in self.narrow.fields if found.name == TABLES[self.mapping.table].key), None)
        text = pl.lit(None, pl.String) if key is None else pl.col(key.text_name)
        texts = (
            self.narrow.texts(row_index=narrow.ROW).filter(pl.col(narrow.ROW).is_in(rows.implode()))
            .select(
                file=pl.lit(self.name), table=pl.lit(self.mapping.table), row=pl.col(narrow.ROW).cast(pl.Int64),
                column=pl.lit(key.header if key else None, pl.String), value=text, reason=pl.lit(str(DUPLICATE)),
            )
        )  # fmt: skip
        return narrow.collect(self.raw, texts)


def sheets_of(reads: Iterable[FileRead]) -> dict[str, tuple[str, ...]]:
    """By file the sheets that its rows are from (see `sheets.with_sheets`)."""
    return {read.name: read.raw.parts for read in reads}


def wall_clocks(fields: Iterable[Field], raw: RawExport) -> tuple[str, ...]:
    """The columns of a file that hold instants without saying in which zone."""
    waits = WAITED if raw.waits is not None and not raw.waits.is_utc else ()
    return (*(found.name for found in fields if found.kind is Kind.INSTANT and not found.is_utc), *waits)


def _dated_by(tickets: pl.DataFrame, *, is_by_arrival: bool) -> Message:
    """What dates the ratings inside a file of tickets."""
    if "rated_at" in tickets.columns:
        return Message("ratings-inside-own")
    return Message("ratings-inside-calls" if is_by_arrival else "ratings-inside-tickets")


def _given(frame: pl.DataFrame, question: Question) -> int:
    if question.offered:
        return int(frame[f"offered:{question.name}"].fill_null(value=False).sum())
    return frame.height - frame[question.column].null_count()
