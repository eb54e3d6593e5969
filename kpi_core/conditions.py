"""Conditions on one row as users type them (`--where`, KPIs of their own): SQL for one row's truth, and nothing more.

What guards a condition guards a row's number too; `kpi_core.definitions` reads those.
"""

import re
from collections.abc import Callable, Iterable, Iterator

import polars as pl

from kpi_core.errors import DefinitionError
from kpi_core.faults import suggestion

RESERVED = re.compile(r"\b(group|order|table|user)\b", re.IGNORECASE)
"""Words of SQL that are columns here."""
QUERY = re.compile(r"\b(select|from|read_\w+|scan_\w+)\b", re.IGNORECASE)
CLOCK = re.compile(r"\b(now\s*\(|current_(date|time|timestamp)\b|localtime)", re.IGNORECASE)
WINDOW = re.compile(r"\bover\s*\(", re.IGNORECASE)
WHERE = "--where"
HINT = "write a condition on one row, such as `group = 'Billing' and priority in ('high', 'urgent')`"


def parse_condition(text: str, where: str = WHERE, hint: str = HINT) -> pl.Expr:
    """The condition as an expression. `where` is the place that faults are told with.

    Raises:
        DefinitionError: it is no condition, or holds a query of its own.
    """
    bare = _outside_quotes(text, lambda part: part, keep=False)
    if QUERY.search(bare):
        raise DefinitionError(f"`{text}` holds a query", where=where, hint=hint)
    if CLOCK.search(bare):
        raise DefinitionError(f"`{text}` asks what time it is now", where=where, hint="name the day: DATE '2026-10-31'")
    if WINDOW.search(bare):
        raise DefinitionError(f"`{text}` speaks of more than one row", where=where, hint=hint)
    try:
        condition = pl.sql_expr(_outside_quotes(text, lambda part: RESERVED.sub(r'"\1"', part)))
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise DefinitionError(f"`{text}` is no condition: {reason}", where=where, hint=hint) from None
    if ".alias(" in str(condition):
        raise DefinitionError(f"`{text}` is no condition", where=where, hint=hint)
    return condition


def _outside_quotes(text: str, change: Callable[[str], str], *, keep: bool = True) -> str:
    """The text with `change` made to what stands outside quotes; quoted parts go where `keep` is False."""
    parts = re.split(r"('(?:[^']|'')*'|\"[^\"]*\")", text)
    return "".join((part if keep else "") if place % 2 else change(part) for place, part in enumerate(parts))


def columns_of(condition: pl.Expr) -> tuple[str, ...]:
    """The columns a condition speaks of."""
    return tuple(dict.fromkeys(condition.meta.root_names()))


def check_condition(condition: pl.Expr, frame: pl.DataFrame, text: str, where: str = WHERE, hint: str = HINT) -> None:
    """Tries a condition on the empty frame.

    Raises:
        DefinitionError: a column is not there, the types do not go together, or the outcome is no truth.
    """
    kind = outcome(condition, frame, text, where, hint)
    if kind != pl.Boolean:
        raise DefinitionError(f"`{text}` is no truth but {kind}", where=where, hint=hint)


def outcome(expression: pl.Expr, frame: pl.DataFrame, text: str, where: str = WHERE, hint: str = HINT) -> pl.DataType:
    """What type an expression comes to on one row of the frame, tried without any rows of it.

    Raises:
        DefinitionError: a column is not there, the types do not go together, or it speaks of more than one row.
    """
    lacking = [name for name in columns_of(expression) if name not in frame.columns]
    if lacking:
        _refuse_column(lacking[0], frame.columns, where)
    _check_words(text, frame, where)
    empty = _as_text(frame.clear(2))
    try:
        tried = empty.select(expression.alias("outcome"))
        is_of_rows = tried.height == 2 and not any(_spans_rows(part, empty) for part in _parts(expression))
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise DefinitionError(f"`{text}` cannot be asked: {reason}", where=where, hint=hint) from None
    if not is_of_rows:
        told = "speaks of more than one row" if columns_of(expression) else "speaks of no row"
        raise DefinitionError(f"`{text}` {told}", where=where, hint=hint)
    return tried.schema["outcome"]


def _parts(expression: pl.Expr) -> Iterator[pl.Expr]:
    """The expression and all that it is made of."""
    yield expression
    for part in expression.meta.pop():
        yield from _parts(part)


def _spans_rows(part: pl.Expr, two_rows: pl.DataFrame) -> bool:
    """Whether a part of an expression makes one value of many rows, as `max(reopens)` and `count(*)` do."""
    if not part.meta.root_names():
        return not (part.meta.is_literal() or part.meta.pop())
    return two_rows.select(part.alias("part")).height != two_rows.height


def _check_words(text: str, frame: pl.DataFrame, where: str) -> None:
    """Refuses a word that a closed category does not have: it would be false for every row."""
    for name, dtype in frame.schema.items():
        if not isinstance(dtype, pl.Enum):
            continue
        compared = rf'"?\b{re.escape(name)}\b"?\s*(?:=|==|<>|!=|(?:not\s+)?in\b)\s*(\([^)]*\)|\'[^\']*\')'
        for found in re.findall(compared, text, re.IGNORECASE):
            for word in re.findall(r"'([^']*)'", found):
                if word not in dtype.categories:
                    known = dtype.categories.to_list()
                    hint = f"there are {', '.join(known)}"
                    raise DefinitionError(f"no {name} `{word}`{suggestion(word, known)}", where=where, hint=hint)


def _refuse_column(name: str, known: Iterable[str], where: str) -> None:
    shown = [column for column in known if not column.startswith("_")]
    hint = f"there are {', '.join(shown)}"
    raise DefinitionError(f"no column `{name}`{suggestion(name, shown)}", where=where, hint=hint)


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Categories as text, so that comparing one with a word nobody uses is false instead of a fault."""
    return frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))


def where(frame: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """The rows that meet the condition; null is not met."""
    names = [name for name in columns_of(condition) if name in frame.columns]
    kept = _as_text(frame.select(names)).select(condition.fill_null(value=False).alias("kept"))["kept"]
    return frame.filter(kept)
