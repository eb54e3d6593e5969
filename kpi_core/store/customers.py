"""Whose rows they are: the identities of one customer in the exports of a store, and the rows that are about them.

A customer is known by an address or a number. An address is looked for in every cell; a number only where a format says that a
column holds customers. The two lead to each other where neither stands with another one.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.records import dataclass

WHOSE = ("customer_id", "customer_email")
CASE = "ticket_id"
_COLUMNS = (*WHOSE, CASE)
FILE_ENDINGS = "(?:csv|docx?|eml|html?|jpe?g|json|msg|ods|pdf|png|txt|xlsx?|zip)"
"""Endings of files: an address before one of them is no part of a longer address."""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """What a customer is called in cells, in lower case."""

    addresses: frozenset[str]
    numbers: frozenset[str]

    @property
    def identities(self) -> frozenset[str]:
        """All of it."""
        return self.addresses | self.numbers

    @cached_property
    def pattern(self) -> str | None:
        """A regular expression for a text that holds an address, not as a part of another one; None without an address."""
        if not self.addresses:
            return None
        known = "|".join(re.escape(one) for one in sorted(self.addresses))
        return rf"(?i)(?:^|[^\w.+-])(?:{known})(?:$|\.(?:$|\W|{FILE_ENDINGS}\b)|[^\w.-])"

    def is_in(self, text: str) -> bool:
        """Whether a text holds an address of theirs."""
        return self.pattern is not None and re.search(self.pattern, text) is not None

    def is_in_name(self, name: str) -> bool:
        """Whether what a file or a version is called holds an address of theirs, whatever stands before and behind it."""
        return any(address in name.lower() for address in self.addresses)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where a file names customers and cases: the headers of these columns.

    `has_cases` where it is a list of the tickets of a `system`, whose numbers are its own; of any other file, a log among them, the
    numbers are those of tickets elsewhere. `skip` are the rows down to its headers.
    """

    whose: frozenset[str]
    case: frozenset[str]
    system: str
    has_cases: bool
    skip: int


def places_of(read: FileRead) -> Places:
    """The headers of a file that name customers and cases."""

    def headers(names: Sequence[str]) -> frozenset[str]:
        return frozenset(field.header for field in read.narrow.fields if field.name in names)

    whose, is_log = headers(WHOSE), read.mapping.events is not None
    has_cases = read.mapping.table == "tickets" and bool(whose or not is_log)
    return Places(
        whose=whose, case=headers((CASE,)), system=read.mapping.system, has_cases=has_cases, skip=read.match.skip,
    )  # fmt: skip


def known_as(named: str, reads: Iterable[FileRead]) -> Customer:
    """The customer of an address or a number, with the other where the exports say that it is the same one."""
    named = named.strip().lower()
    pairs = pl.concat([_pairs(read) for read in reads] or [_no_pairs()]).unique()
    is_address = "@" in named
    own, other = ("customer_email", "customer_id") if is_address else ("customer_id", "customer_email")
    candidates = pairs.filter(pl.col(own) == named)[other].drop_nulls()
    alone = (
        pairs.filter(pl.col(other).is_in(candidates.implode())).group_by(other).agg(pl.col(own).drop_nulls().unique())
    )
    sure = frozenset(alone.filter(pl.col(own).list.len() == 1)[other]) if len(candidates) else frozenset[str]()
    if not is_address and len(sure) > 1:
        sure = frozenset()  # a number that stands with several addresses is a company's
    given = frozenset({named})
    return Customer(addresses=given, numbers=sure) if is_address else Customer(addresses=sure, numbers=given)


def cases_of(customer: Customer, read: FileRead) -> frozenset[str]:
    """The numbers of a file's cases that are theirs."""
    cells = cells_of(read)
    return frozenset(
        cells.filter(pl.any_horizontal(pl.col(WHOSE).is_in(sorted(customer.identities))))[CASE].drop_nulls()
    )


def cells_of(read: FileRead, row_index: str | None = None) -> pl.DataFrame:
    """The cells of the columns of customers and cases in lower case, null where there is none; with the numbers of their rows if these are asked for."""
    names = {field.name: field.text_name for field in read.narrow.fields if field.name in _COLUMNS}
    texts = [
        (pl.col(names[name]) if name in names else pl.lit(None, pl.String)).str.strip_chars().str.to_lowercase().alias(name)
        for name in _COLUMNS
    ]  # fmt: skip
    numbers = [] if row_index is None else [pl.col(row_index)]
    return read.narrow.texts(row_index=row_index).select(*numbers, *texts).collect()


def _pairs(read: FileRead) -> pl.DataFrame:
    """Numbers and addresses that stand in one row; a column that holds either is divided by what a cell looks like."""
    cells = cells_of(read).select(WHOSE).unique()
    if cells["customer_id"].equals(cells["customer_email"], null_equal=True):
        return _no_pairs()
    return cells.filter(~pl.col("customer_id").str.contains("@", literal=True))


def _no_pairs() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(WHOSE, pl.String()))
