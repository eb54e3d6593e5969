"""Conditions on one row as users type them (`--where`, KPIs of their own): SQL for one row's truth, and nothing more.

What guards a condition guards a row's number too; `kpi_core.user_kpis` reads those.
"""

import re
from collections.abc import Callable, Iterable, Iterator

import polars as pl

from kpi_core.config.validation import suggestion
from kpi_core.errors import DefinitionError
from kpi_core.model.conditions.condition_faults import unasked, unparsed
from kpi_core.model.conditions.row_view import plain
from kpi_core.patterns import regex

RESERVED = regex(r"\b(group|order|table|user)\b", re.IGNORECASE)
"""Words of SQL that are columns here."""
QUERY = regex(r"\b(select|from|read_\w+|scan_\w+)\b", re.IGNORECASE)
NO_QUERY = regex(
    r"\bis\s+(?:not\s+)?distinct\s+from\b|\bextract\s*\(\s*\w+\s+from\b|\b(?:trim|substring)\s*\([^()]*?\bfrom\b",
    re.IGNORECASE,
)
"""Where `from` begins no query."""
CLOCK = regex(r"\b(now\s*\(|current_(date|time|timestamp)\b|localtime)", re.IGNORECASE)
WINDOW = regex(r"\bover\s*\(", re.IGNORECASE)
PADDED = regex(r"\.pad_(?:start|end)\(\[(.*?)\]\)")
LONGEST, WIDEST = 10_000, 100_000
"""The most characters of a condition, and of what it may make of one."""
FAILURES = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OverflowError, RecursionError)
"""What an expression may fail with, on no row or on one."""
SIGNS = {"<": "sql_lt", ">": "sql_gt", "<=": "sql_lt_eq", ">=": "sql_gt_eq", "==": "sql_eq", "==v": "", "!=v": ""}
"""Comparisons as polars shows them: by their sign, with a decimal number by a name."""
WHERE = "--where"
HINT = "write a condition on one row, such as `group = 'Billing' and priority in ('high', 'urgent')`"


def parse_condition(text: str, where: str = WHERE, hint: str = HINT) -> pl.Expr:
    """The condition as an expression. `where` is the place that faults name.

    Raises:
        DefinitionError: it is no condition, or holds a query of its own.
    """
    if len(text) > LONGEST:
        raise DefinitionError(f"a condition of {len(text):,} characters is too long", where=where, hint=hint)
    bare = _outside_quotes(text, lambda part: part, keep=False)
    if QUERY.search(NO_QUERY.sub("", bare)):
        raise DefinitionError(f"`{text}` holds a query", where=where, hint=hint)
    if CLOCK.search(bare):
        raise DefinitionError(f"`{text}` asks what time it is now", where=where, hint="name the day: DATE '2026-10-31'")
    if WINDOW.search(bare):
        raise DefinitionError(f"`{text}` speaks of more than one row", where=where, hint=hint)
    try:
        condition = pl.sql_expr(_outside_quotes(text, lambda part: RESERVED.sub(r'"\1"', part)))
    except FAILURES as error:
        raise DefinitionError(f"`{text}` is no condition{unparsed(text, error)}", where=where, hint=hint) from None
    shown = str(condition)
    if ".alias(" in shown:
        raise DefinitionError(f"`{text}` is no condition", where=where, hint=hint)
    if _blows_up(shown):
        raise DefinitionError(f"`{text}` makes text of any length", where=where, hint=hint)
    return condition


def _blows_up(shown: str) -> bool:
    """Whether an expression may make far more text of a cell than there is: by padding, or by replacing again and again."""
    widths = [re.fullmatch(r"dyn int: (\d{1,3})", width) for width in PADDED.findall(shown)]
    longest = max((len(literal) for literal in re.findall(r'"([^"]*)"', shown)), default=1)
    return None in widths or max(longest, 2) ** shown.count(".str.replace") > WIDEST


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
    """The type of an expression's value on one row of the frame, tried without any rows of it.

    Raises:
        DefinitionError: a column is not there, the types do not go together, or it speaks of more than one row.
    """
    lacking = [name for name in columns_of(expression) if name not in frame.columns]
    if lacking:
        _refuse_column(lacking[0], frame.columns, where)
    _check_words(text, frame, where)
    empty = as_text(frame.clear(2))
    try:
        tried = empty.select(expression.alias("outcome"))
        _check_kinds(expression, empty)
        is_of_rows = tried.height == 2 and not any(_spans_rows(part, empty) for part in parts_of(expression))
    except FAILURES as error:
        raise DefinitionError(
            f"`{text}` cannot be asked{unasked(expression, empty, error)}", where=where, hint=hint
        ) from None
    if not is_of_rows:
        fault = "speaks of more than one row" if columns_of(expression) else "speaks of no row"
        raise DefinitionError(f"`{text}` {fault}", where=where, hint=hint)
    return tried.schema["outcome"]


def is_possible(expression: pl.Expr, frame: pl.DataFrame) -> bool:
    """Whether the types of a frame go together in an expression."""
    try:
        empty = as_text(frame.clear(2))
        empty.select(expression.alias("outcome"))
        _check_kinds(expression, empty)
    except FAILURES:
        return False
    return True


def parts_of(expression: pl.Expr) -> Iterator[pl.Expr]:
    """The expression and all that it is made of."""
    yield expression
    for part in expression.meta.pop():
        yield from parts_of(part)


def compared(part: pl.Expr) -> tuple[pl.Expr, str, pl.Expr] | None:
    """The two sides of a comparison with its sign; None for any other expression."""
    sides = part.meta.pop()
    if len(sides) != 2:
        return None
    right, left = sides
    shown = str(part)
    for sign, name in SIGNS.items():
        if shown in (f"[({left}) {sign} ({right})]", f"{left}.{name}([{right}])"):
            return left, sign, right
    return None


def _check_kinds(expression: pl.Expr, empty: pl.DataFrame) -> None:
    """Polars compares text with `9.7`, though not with `9`, by the alphabet, and times with any number.

    Raises:
        SchemaError: text, a point or a span of time is compared with a number.
    """
    for part in parts_of(expression):
        if (found := compared(part)) is None:
            continue
        kinds = [empty.select(side.alias("side")).schema["side"] for side in (found[0], found[2])]
        if any(kind in (pl.String, pl.Datetime, pl.Date, pl.Duration) for kind in kinds) and any(
            kind.is_numeric() for kind in kinds
        ):
            raise pl.exceptions.SchemaError(f"a number is compared with something else in {part}")


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
    shown = [column for column in known if column[0] != "_" and plain(column) == column]
    hint = f"there are {', '.join(shown)}"
    raise DefinitionError(f"no column `{name}`{suggestion(name, shown)}", where=where, hint=hint)


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Categories as text, so that comparing one with a word nobody uses is false instead of a fault."""
    return frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
