"""Findings: what a reader must know before trusting a number, the account of each file, and its refused rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase

import polars as pl

from kpi_core.messages.message import Message, Text
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file read as one table. rows_read = rows_used + the sum of rows_refused.

    `checksum` gives the file's SHA-256; it may have to wait for it, since files are hashed while the counting goes on.
    `by_design` are reasons of `rows_refused` that the mapping's own rules ask for. `words` counts, for statuses and
    ratings, the cells in unknown words and the cells that say something. `headers` are the file's, as reasons name them.
    `is_of_cells` says that cells are counted, of rows that another account of the file is of: ratings inside tickets.
    """

    path: str
    checksum: Callable[[], str] = field(compare=False)
    mapping: str
    table: str
    rows_read: int
    rows_used: int
    rows_refused: Mapping[Text, int]
    notes: tuple[Text, ...] = ()
    by_design: frozenset[Text] = frozenset()
    words: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    headers: frozenset[str] = frozenset()
    is_of_cells: bool = False

    @property
    def sha256(self) -> str:
        """The checksum of the file as it was given, in hexadecimal."""
        return self.checksum()


ROW_CAPS = frozenset(
    {500, 1_000, 2_000, 2_500, 5_000, 6_000, 10_000, 20_000, 25_000, 30_000, 50_000, 65_535, 65_536, 100_000, 150_000, 1_048_575, 1_048_576}
)  # fmt: skip
"""Rows at which exports and spreadsheets stop."""
CUT, NAMED_PEOPLE, HIDDEN_ROWS, SHIFTED = "incomplete-period", "named-people", "hidden-rows", "scales-shifted"
ALWAYS_SHOWN = frozenset({CUT, NAMED_PEOPLE, HIDDEN_ROWS, SHIFTED})
"""Findings that are shown next to the figures though they keep nobody from trusting them: a period that is cut, figures of people, rows that nobody
sees, a change that is of the scales of answers."""


class Consequence(StrEnum):
    """What a finding means for the KPIs it names: nothing more, no comparison with the baseline, or no value at all."""

    NOTED = "noted"
    NO_VERDICT = "no verdict"
    NO_VALUE = "no value"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something a reader must know before trusting a number; `share` (0..1) is the one it reports, if any.

    `kpis` are names, in which `*` and `?` stand for any letters. `by` is the dimension whose groups alone it is of, if any, `apart` is one within
    whose groups nothing follows from it: what moved between them is in none of them. `group` is the one group of either that it is of.
    `days` are the stretches (first and last day) that it is about: its consequence is of periods that hold some of them; of all where there are none.
    """

    code: str
    message: Message
    kpis: tuple[str, ...] = ()
    is_serious: bool = False
    share: float | None = None
    consequence: Consequence = Consequence.NOTED
    by: str = ""
    group: str = ""
    apart: str = ""
    days: tuple[tuple[date, date], ...] = ()

    @property
    def text(self) -> str:
        """What it says in English, for logs and notebooks."""
        return str(self.message)

    @property
    def is_weighty(self) -> bool:
        """Whether it stands wherever a KPI that it names is shown: it is serious, or something follows from it."""
        return self.is_serious or self.consequence is not Consequence.NOTED

    def touches(self, period: Period) -> bool:
        """Whether a period holds some of the days that it is about."""
        if not self.days or period.start is None or period.end is None:
            return True
        return any(first < period.end and period.start <= last for first, last in self.days)

    def is_of(self, group: Mapping[str, str | None]) -> bool:
        """Whether it is of a group (of the total where it is empty), by the dimension and group that it is of or apart from."""
        if self.apart in group:
            return bool(self.group) and group[self.apart] == self.group
        return not self.by or (self.by in group and (not self.group or group[self.by] == self.group))

    def concerns(self, kpi: Kpi) -> bool:
        """Whether it names the KPI."""
        return self.names(kpi.name)

    def names(self, kpi: str) -> bool:
        """Whether one of its names is that of a KPI."""
        return any(fnmatchcase(kpi, name) for name in self.kpis)


REPEATED_SCHEMA = {"file": pl.String(), "table": pl.String(), "row": pl.UInt32()}
"""Of rows that lost against another with their key."""
REFUSED_SCHEMA = {
    "file": pl.String(),
    "table": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "value": pl.String(),
    "reason": pl.String(),
}
"""Refused rows: the spreadsheet row number, the export's own header, the cell as written, and why (in English; see `why_refused`)."""


UNKNOWN_RATING = Message("unknown-rating")
"""The reason of a rating in no known word: it is judged with unknown words where there is a threshold for those."""
BLANK, NO_ANSWER = Message("blank-row"), Message("no-answer")
"""The reasons of rows that were never meant to count: a response that answers nothing was understood, and is none."""
FORGOTTEN = Message("of-a-forgotten-customer")
"""The reason of a row of a store that was erased, or left out when it came again."""
DUPLICATE, IN_LOST_TICKET = Message("duplicate-key"), Message("in-lost-ticket")
"""What overlapping exports bring with them."""
REPEATED = frozenset({DUPLICATE, IN_LOST_TICKET})
TORN = Message("row-torn")
"""The reason of a row with more or fewer fields than the header, of which it is unknown which cell is whose."""
UNREADABLE, MISSING = Message("cell-unreadable"), Message("cell-missing")
"""Why a cell refuses its row."""


def why_refused(sources: Iterable[Source]) -> dict[str, Message]:
    """The messages behind the reasons that stand in frames of refused rows of these files (see `REFUSED_SCHEMA`)."""
    named = (reason for source in sources for reason in source.rows_refused if isinstance(reason, Message))
    return {str(reason): reason for reason in (UNREADABLE, MISSING, *named)}


@dataclass(frozen=True, kw_only=True)
class Account:
    """What became of the rows of all files together.

    Attributes:
        files: how many there are.
        rows: the rows of their tables.
        ratings: the ratings inside tickets.
        left_out: rows and ratings that are not used.
        repeated: rows that stand elsewhere too, as overlapping exports bring with them.
    """

    files: int
    rows: int
    ratings: int
    left_out: int
    repeated: int

    @classmethod
    def of(cls, sources: Sequence[Source]) -> "Account":
        """The account of some sources."""
        lists, cells = ([one for one in sources if one.is_of_cells is of_cells] for of_cells in (False, True))
        repeated, again = _repeated(lists), _repeated(cells)
        unused = sum(one.rows_read - one.rows_used for one in sources)
        return cls(
            files=len({one.path for one in sources}), rows=sum(one.rows_read for one in lists), ratings=sum(one.rows_read for one in cells),
            left_out=unused - repeated - again, repeated=repeated,
        )  # fmt: skip


def _repeated(sources: Sequence[Source]) -> int:
    return sum(rows for one in sources for reason, rows in one.rows_refused.items() if reason in REPEATED)
