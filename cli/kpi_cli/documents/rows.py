"""Rows behind a number for a reader: what a report says, how its rows divide, and the rows themselves."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

import polars as pl

from kpi_cli.documents.document import Tone
from kpi_cli.documents.page import Page, text_column
from kpi_cli.documents.phrases import group_name, suppressed
from kpi_cli.documents.row_reasons import row_reason
from kpi_cli.documents.wording import NONE, Wording, in_hours, scale_of
from kpi_core.analysis.rows import Drill, Role
from kpi_core.analysis.user_kpi_checks import REDEFINED
from kpi_core.model.kpi import OPEN_TIME

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
"""The words for the columns that tell of a row what part it plays, and where it stands."""

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
    """That the KPI is not the catalogue's, where it stands in the place of one, what a report notes beside it, and whose rows are not listed."""
    name = found.result.kpi.name
    replaced = [
        wording.said(one.message) for one in found.report.findings if one.code == REDEFINED and name in one.kpis
    ]
    return [
        *replaced,
        *map(wording.said, found.result.notes),
        *([wording.word("no_others")] if found.is_of_people else []),
    ]


def account(found: Drill, wording: Wording) -> list[tuple[str, str]]:
    """How many rows there are of each role, and why those that do not count do not."""
    counts = found.counts
    named = {**DONE, Role.COUNTED: ALSO_COUNTED if counts[Role.NUMERATOR] else DONE[Role.COUNTED]}
    return [(wording.word(named[role]), _told(found, role, count, wording)) for role, count in counts.items() if count]


def _told(found: Drill, role: Role, count: int, wording: Wording) -> str:
    reasons = "" if role in (Role.NUMERATOR, Role.COUNTED) else ", ".join(
        f"{row_reason(reason, found.result.kpi, wording)} {wording.number(rows)}"
        for reason, rows in found.reasons(role)
    )  # fmt: skip
    return f"{wording.number(count)}{f': {reasons}' if reasons else ''}"


def draw(page: Page, found: Drill, rows: pl.DataFrame, wanted: Collection[Role], wording: Wording) -> None:
    """What a report says of the figure, how its rows divide, and the rows."""
    wording = wording.knowing([found.result.kpi])
    page.title(heading(found, wording))
    page.say(figure(found, wording))
    for note in remarks(found, wording):
        page.say(note, Tone.QUIET)
    page.pairs(account(found, wording))
    names = shown_columns(rows)
    cells = [[_shown(value, name, found, wording) for name, value in zip(names, row, strict=True)]
             for row in rows.select(names).iter_rows()]  # fmt: skip
    page.table([text_column(column_head(name, wording), is_right=name in ("row", "value"), folds=name in ("reason", "file"))
                for name in names], cells)  # fmt: skip
    rest = sum(count for role, count in found.counts.items() if not wanted or role in wanted) - rows.height
    if rest > 0:
        page.say(wording.word("more_rows", count=rest), Tone.QUIET)


def column_head(name: str, wording: Wording) -> str:
    """The head of a column: a word of the list's own, or the name of a canonical column, in English in plain words."""
    if name in OWN_COLUMNS:
        return wording.word(OWN_COLUMNS[name])
    return name.replace("_", " ") if wording.lang == "en" else name


def shown_columns(rows: pl.DataFrame) -> list[str]:
    """The columns that say something: none that is empty, one table's name, or a value that the role has told."""
    hidden = {name for name in rows.columns if rows[name].null_count() == rows.height}
    hidden |= {"table"} if rows["table"].n_unique() < 2 else set()
    hidden |= {"value"} if set(rows["value"].unique()) <= PLAIN_VALUES else set()
    return [name for name in rows.columns if name not in hidden]


def _shown(value: Any, name: str, found: Drill, wording: Wording) -> str:
    if value is None:
        return NONE
    if name == "file":
        return _file(value, [read.name for read in found.prepared.dataset.reads])
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return wording.word("yes" if value else "no")
    if name in SAID:
        return said(name, value, found, wording)
    if name in found.timed:
        is_open_time = found.result.kpi.is_open_time if name == "value" else OPEN_TIME in name
        return wording.duration(value, like=in_hours(value) if is_open_time else None)
    if isinstance(value, float):
        return f"{value:g}" if value.is_integer() else wording.number(value, 2)
    return str(value)


SAID = ("role", "reason")
"""The columns of a list whose cells are said in the language."""


def said(name: str, value: str, found: Drill, wording: Wording) -> str:
    """What part a row plays, or why it plays none."""
    if name == "role":
        return wording.word(f"role_{value}")
    return row_reason(value, found.result.kpi, wording)


def _file(path: str, paths: Sequence[str]) -> str:
    """The file's name without its folder, unless another file has the same."""
    name = PurePath(path).name
    return name if sum(PurePath(one).name == name for one in set(paths)) == 1 else path
