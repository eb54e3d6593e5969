"""Rows behind a number for a reader: what a report says, how its rows divide, and the rows themselves."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import PurePath
from typing import Any

import polars as pl

from kpi_cli.documents.blocks import Amount, Cell, Column, Page, Sheet, Table, Tone
from kpi_cli.documents.document import Document, Record, Rows
from kpi_cli.documents.page import PageBuilder
from kpi_cli.documents.phrases import group_name, suppressed
from kpi_cli.documents.records import rows as records
from kpi_cli.documents.wording import Wording, in_hours, scale_of
from kpi_core.analysis.rows import Drill, Role
from kpi_core.analysis.user_kpi_checks import REDEFINED
from kpi_core.errors import KpiError
from kpi_core.model.kpi import OPEN_TIME, Unit
from kpi_core.model.report import Report

SHOWN = 50
"""Rows on a page where nothing else is asked for; the other forms have all."""
MOST_ROWS = 1_000_000
"""The rows a sheet has room for below what stands above them."""
DONE = {
    Role.NUMERATOR: "in_the_numerator",
    Role.COUNTED: "counted",
    Role.LEFT_OUT: "rows_left_out",
    Role.OUTSIDE: "not_asked_about",
}
"""The words for how the rows of each role are spoken of."""
ALSO_COUNTED = "in_the_denominator"
OWN_COLUMNS = {"role": "role"} | {
    name: f"list_{name}" for name in ("reason", "part", "table", "file", "row", "value", "date")
}
"""The words for the columns that give a row's role, and where it stands."""
WIDTHS = {"reason": 32.0, "file": 30.0, "date": 18.0, "id": 16.0}
PLAIN_VALUES = {0.0, 1.0, None}
"""Values that say no more than the role does."""


def heading(found: Drill, wording: Wording) -> str:
    """`Customer satisfaction (CSAT), September 2026, Billing`."""
    result = found.result
    parts = [wording.heading(result.kpi), wording.period(result.period), group_name(result, wording)]
    return ", ".join(part for part in parts if part)


def figure(found: Drill, wording: Wording) -> str:
    """`67.2 % (55.0–77.4 %), n 64`, as a report says it."""
    result = found.result
    if result.suppressed:
        return suppressed(result, wording)
    kpi, scale = result.kpi, scale_of(result.kpi, result.estimate.value)
    value = wording.value(result.estimate.value, kpi.unit, scale)
    between = wording.interval(result.estimate.low, result.estimate.high, kpi.unit, scale)
    return f"{value}{f' ({between})' if between else ''}, n {wording.number(result.estimate.n)}"


def remarks(found: Drill, wording: Wording) -> list[str]:
    """That the KPI is not the catalogue's, where it stands in the place of one, what a report notes about it, and whose rows are not listed."""
    name = found.result.kpi.name
    replaced = [
        wording.render(one.message) for one in found.report.findings if one.code == REDEFINED and name in one.kpis
    ]
    others = [wording.word("no_others")] if found.is_of_people else []
    return [*replaced, *map(wording.render, found.result.notes), *others]


def account(found: Drill, wording: Wording) -> list[tuple[str, str]]:
    """How many rows there are of each role, and why those that do not count do not."""
    counts = found.counts
    named = {**DONE, Role.COUNTED: ALSO_COUNTED if counts[Role.NUMERATOR] else DONE[Role.COUNTED]}
    return [
        (wording.word(named[role]), _account_of(found, role, count, wording)) for role, count in counts.items() if count
    ]


def _account_of(found: Drill, role: Role, count: int, wording: Wording) -> str:
    reasons = "" if role in (Role.NUMERATOR, Role.COUNTED) else ", ".join(
        f"{wording.render(found.messages.get(reason, reason))} {wording.number(rows)}"
        for reason, rows in found.reasons(role)
    )  # fmt: skip
    return f"{wording.number(count)}{f': {reasons}' if reasons else ''}"


class RowsDocument(Document):
    """The rows behind a number: those of the roles `wanted` (none: of all of them), at most `limit`."""

    def __init__(self, found: Drill, wording: Wording, wanted: Collection[Role] = (), limit: int | None = None) -> None:
        self.found, self.wanted, self.limit = found, wanted, limit
        self.wording = wording.knowing([found.result.kpi])

    @cached_property
    def listed(self) -> pl.DataFrame:
        """The rows of the roles asked for, as many as were asked for."""
        return self.found.listed(self.wanted, self.limit)

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    def record(self) -> Record:
        """The question, what a report says to it, and the rows."""
        return records.document(self.found, self.listed)

    def lines(self) -> Iterator[Record]:
        """The same as one object a line."""
        return records.lines(self.found, self.listed)

    def rows(self) -> Rows:
        """The rows alone."""
        return records.rows(self.listed)

    def page(self) -> Page:
        """What a report says of the figure, how its rows divide, and the first of the rows."""
        found, wording, page = self.found, self.wording, PageBuilder()
        page.title(heading(found, wording))
        page.say(figure(found, wording))
        for note in remarks(found, wording):
            page.say(note, Tone.QUIET)
        page.pairs(account(found, wording))
        shown = self.listed if self.limit is not None else self.found.listed(self.wanted, SHOWN)
        page.table(*self._table(shown, shown_columns(shown)))
        of_roles = [count for role, count in found.counts.items() if not self.wanted or role in self.wanted]
        if (rest := sum(of_roles) - shown.height) > 0:
            page.say(wording.word("more_rows", count=rest), Tone.QUIET)
        return page.page()

    def sheets(self) -> tuple[Sheet, ...]:
        """One sheet to filter: the figure and its account above all of the rows.

        Raises:
            KpiError: there are more rows than a sheet holds.
        """
        if self.listed.height > MOST_ROWS:
            hint = "leave rows out with --only or --limit, or write them as .csv"
            raise KpiError(f"{self.listed.height:,} rows are more than a sheet holds", hint=hint)
        found, wording = self.found, self.wording
        accounts = [f"{name}: {words}" for name, words in account(found, wording)]
        columns, rows = self._table(self.listed, self.listed.columns, is_short=False)
        table = Table(key="rows", columns=tuple(columns), rows=tuple(map(tuple, rows)), names=0)
        title = heading(found, wording)
        return (
            Sheet(name=wording.word("rows"), title=title, lead=figure(found, wording),
                  asides=(*remarks(found, wording), *accounts), blocks=(table,)),
        )  # fmt: skip

    def _table(
        self, listed: pl.DataFrame, names: Sequence[str], *, is_short: bool = True
    ) -> tuple[list[Column], list[list[Cell]]]:
        """Columns and typed cells of some of the columns; `is_short` leaves out the folders of files."""
        columns = [
            Column(key=name, head=column_head(name, self.wording), is_right=name in ("row", "value"), folds=name in ("reason", "file"),
                   width=WIDTHS.get(name, 14.0))
            for name in names
        ]  # fmt: skip
        paths = {read.name for read in self.found.prepared.dataset.reads} if is_short else set()
        rows = [
            [self._cell(value, name, paths) for name, value in zip(names, row, strict=True)]
            for row in listed.select(names).iter_rows()
        ]
        return columns, rows

    def _cell_words(self, name: str, value: str) -> str:
        """What part a row plays, or why it plays none."""
        return (
            self.wording.word(f"role_{value}")
            if name == "role"
            else self.wording.render(self.found.messages.get(value, value))
        )

    def _cell(self, value: Any, name: str, paths: Collection[str]) -> Cell:
        if value is not None and name in ("role", "reason"):
            return self._cell_words(name, value)
        if isinstance(value, bool):
            return self.wording.word("yes" if value else "no")
        if value is not None and name in self.found.timed:
            is_open_time = self.found.result.kpi.is_open_time if name == "value" else OPEN_TIME in name
            return Amount(float(value), Unit.SECONDS, like=in_hours(value) if is_open_time else None)
        if name == "file":
            return _file(value, paths)
        return value if value is None or isinstance(value, int | float | date) else str(value)


def column_head(name: str, wording: Wording) -> str:
    """The head of a column: a word of the list's own, or the name of a canonical column, in English in plain words."""
    if name in OWN_COLUMNS:
        return wording.word(OWN_COLUMNS[name])
    return name.replace("_", " ") if wording.lang == "en" else name


def shown_columns(rows: pl.DataFrame) -> list[str]:
    """The columns that say something: none that is empty, one table's name, or a value that the role implies."""
    hidden = {name for name in rows.columns if rows[name].null_count() == rows.height}
    hidden |= {"table"} if rows["table"].n_unique() < 2 else set()
    hidden |= {"value"} if set(rows["value"].unique()) <= PLAIN_VALUES else set()
    return [name for name in rows.columns if name not in hidden]


def _file(path: str, paths: Collection[str]) -> str:
    """The file's name without its folder, unless another file has the same."""
    name = PurePath(path).name
    return path if not paths else name if sum(PurePath(one).name == name for one in set(paths)) == 1 else path
