"""Row conditions as users type them (`--where`): SQL for one row's truth, and nothing more."""

import re
from collections.abc import Iterable

import polars as pl

from kpi_core.errors import DefinitionError
from kpi_core.faults import suggestion

HINT = "write a condition on one row, such as `group = 'Billing' and priority in ('high', 'urgent')`"


def parse_condition(text: str) -> pl.Expr:
    """The condition as an expression.

    Raises:
        DefinitionError: it is no condition, or holds a query of its own.
    """
    if re.search(r"\b(select|from|read_\w+|scan_\w+)\b", re.sub(r"'[^']*'", "''", text), re.IGNORECASE):
        raise DefinitionError(f"`{text}` holds a query", where="--where", hint=HINT)
    try:
        return pl.sql_expr(text)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise DefinitionError(f"`{text}` is no condition: {reason}", where="--where", hint=HINT) from None


def columns_of(condition: pl.Expr) -> tuple[str, ...]:
    """The columns a condition speaks of."""
    return tuple(dict.fromkeys(condition.meta.root_names()))


def check_condition(condition: pl.Expr, frame: pl.DataFrame, text: str) -> None:
    """Tries a condition on the empty frame.

    Raises:
        DefinitionError: a column is not there, the types do not go together, or the outcome is no truth.
    """
    lacking = [name for name in columns_of(condition) if name not in frame.columns]
    if lacking:
        _refuse_column(lacking[0], frame.columns)
    try:
        kind = _as_text(frame.clear()).select(condition.alias("outcome")).schema["outcome"]
    except pl.exceptions.PolarsError as error:
        raise DefinitionError(
            f"`{text}` cannot be asked: {str(error).splitlines()[0]}", where="--where", hint=HINT
        ) from None
    if kind != pl.Boolean:
        raise DefinitionError(f"`{text}` is no truth but {kind}", where="--where", hint=HINT)


def _refuse_column(name: str, known: Iterable[str]) -> None:
    shown = [column for column in known if not column.startswith("_")]
    hint = f"there are {', '.join(shown)}"
    raise DefinitionError(f"no column `{name}`{suggestion(name, shown)}", where="--where", hint=hint)


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Categories as text, so that comparing one with a word nobody uses is false instead of a fault."""
    return frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))


def where(frame: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """The rows that meet the condition; null is not met."""
    names = [name for name in columns_of(condition) if name in frame.columns]
    kept = _as_text(frame.select(names)).select(condition.fill_null(value=False).alias("kept"))["kept"]
    return frame.filter(kept)
