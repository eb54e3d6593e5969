"""Row conditions as users type them (`--where`): SQL for one row's truth, and nothing more."""

import re
from collections.abc import Callable, Iterable

import polars as pl

from kpi_core.errors import DefinitionError
from kpi_core.faults import suggestion

RESERVED = re.compile(r"\b(group|order|table|user)\b", re.IGNORECASE)
"""Words of SQL that are columns here."""
HINT = "write a condition on one row, such as `group = 'Billing' and priority in ('high', 'urgent')`"


def parse_condition(text: str) -> pl.Expr:
    """The condition as an expression.

    Raises:
        DefinitionError: it is no condition, or holds a query of its own.
    """
    if re.search(
        r"\b(select|from|read_\w+|scan_\w+)\b", _outside_quotes(text, lambda part: part, keep=False), re.IGNORECASE
    ):
        raise DefinitionError(f"`{text}` holds a query", where="--where", hint=HINT)
    try:
        condition = pl.sql_expr(_outside_quotes(text, lambda part: RESERVED.sub(r'"\1"', part)))
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise DefinitionError(f"`{text}` is no condition: {reason}", where="--where", hint=HINT) from None
    if ".alias(" in str(condition):
        raise DefinitionError(f"`{text}` is no condition", where="--where", hint=HINT)
    return condition


def _outside_quotes(text: str, change: Callable[[str], str], *, keep: bool = True) -> str:
    """The text with `change` made to what stands outside quotes; quoted parts go where `keep` is False."""
    parts = re.split(r"('(?:[^']|'')*'|\"[^\"]*\")", text)
    return "".join((part if keep else "") if place % 2 else change(part) for place, part in enumerate(parts))


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
    _check_words(text, frame)
    try:
        outcome = _as_text(frame.clear(2)).select(condition.alias("outcome"))
    except pl.exceptions.PolarsError as error:
        raise DefinitionError(
            f"`{text}` cannot be asked: {str(error).splitlines()[0]}", where="--where", hint=HINT
        ) from None
    kind = outcome.schema["outcome"]
    if kind != pl.Boolean:
        raise DefinitionError(f"`{text}` is no truth but {kind}", where="--where", hint=HINT)
    if outcome.height != 2:
        raise DefinitionError(f"`{text}` is no condition on one row", where="--where", hint=HINT)


def _check_words(text: str, frame: pl.DataFrame) -> None:
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
                    raise DefinitionError(f"no {name} `{word}`{suggestion(word, known)}", where="--where", hint=hint)


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
