"""The SQL of a definition: one row's truth, number or key, checked on an empty frame with the types of the table.

Nothing else of SQL gets in: what is counted, added or averaged is a measure's business.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from itertools import combinations

import polars as pl

from kpi_core.config.validation import suggestion
from kpi_core.errors import DefinitionError
from kpi_core.model.conditions.row_view import KEYS, WRITTEN, asked_as_written, rewritten
from kpi_core.model.conditions.sql import check_condition, columns_of, is_possible, outcome, parse_condition
from kpi_core.model.tables import TABLES, Kind
from kpi_core.patterns import regex
from kpi_core.records import dataclass
from kpi_core.user_kpis.known import schemas

HINT = (
    "a condition or a number is one row's: counting, adding and averaging is what the measure does\n"
    "a header with blanks stands in double quotes, a word in single ones: \"Call type\" = 'sales'"
)
_STRICT_CAST = regex(r"\bcast\s*\(", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, eq=False)
class Scope:
    """What the expressions of one table may speak of.

    `declared` are headers of the user's files with what they hold; `headers` gathers those that are spoken of, and
    `assumed` those among them that nobody declared: text, if the files have them.
    """

    table: str
    declared: Mapping[str, Kind]
    headers: dict[str, Kind] = field(default_factory=dict)
    assumed: dict[str, str] = field(default_factory=dict)

    def condition(self, text: str, where: str) -> pl.Expr:
        """A row's truth; null where it is unknown.

        Raises:
            DefinitionError: it is none, or speaks of what is not there.
        """
        expression, frame = self._parsed(text, where)
        check_condition(expression, frame, text, where, self._hint(expression))
        return self._widened(text, expression, frame, where)

    def value(self, text: str, where: str) -> pl.Expr:
        """A row's number; null where it is unknown or not finite. A span of time is seconds.

        Raises:
            DefinitionError: it is none, or speaks of what is not there.
        """
        expression, frame = self._parsed(text, where)
        hint = self._hint(expression)
        kind = outcome(expression, frame, text, where, hint)
        if frame.schema.get(text) == pl.UInt64 and text in KEYS:
            hint = f"it can be counted: `distinct: {text}`"
            raise DefinitionError(f"`{text}` is no number but a key", where=where, hint=hint)
        if kind == pl.Boolean:
            hint = "ask for the `share` of rows for which it holds"
            raise DefinitionError(f"`{text}` is no number but a truth", where=where, hint=hint)
        if not (kind.is_numeric() or kind == pl.Duration):
            raise DefinitionError(f"`{text}` is no number but {_kind_of(kind)}", where=where, hint=hint)
        widened = self._widened(text, expression, frame, where)
        number = widened.dt.total_seconds() if kind == pl.Duration else widened
        number = number.cast(pl.Float64)
        return pl.when(number.is_finite()).then(number)

    def key(self, text: str, where: str) -> pl.Expr:
        """The key that is counted: a column by its name, else the value of an expression.

        Raises:
            DefinitionError: it speaks of what is not there.
        """
        expression, frame = self._parsed(text, where)
        outcome(expression, frame, text, where, self._hint(expression))
        return expression if text in frame.columns else self._widened(text, expression, frame, where)

    def instant(self, name: str, where: str) -> str:
        """The name of a column of instants.

        Raises:
            DefinitionError: it is none.
        """
        known = {column: dtype for column, dtype in schemas()[self.table].items() if dtype == pl.Datetime}
        if name not in known:
            hint = f"there are {', '.join(known)}"
            raise DefinitionError(f"`{name}` dates nothing in {self.table}{suggestion(name, known)}", where=where, hint=hint)  # fmt: skip
        return name

    def _parsed(self, text: str, where: str) -> tuple[pl.Expr, pl.DataFrame]:
        """The expression as written, and an empty frame of everything it may speak of."""
        known = schemas()[self.table]
        is_name = text in known or text in self.declared
        expression = pl.col(text) if is_name else parse_condition(text, where, HINT)
        for name in columns_of(expression):
            if name not in known:
                self._add_header(name, where)
        types = {name: pl.Categorical() if kind is Kind.TEXT else kind.dtype for name, kind in self.headers.items()}
        frame = pl.DataFrame(schema={**known, **types})
        return expression, frame if is_name else self._with_written(expression, frame, text)

    @staticmethod
    def _with_written(expression: pl.Expr, frame: pl.DataFrame, text: str) -> pl.DataFrame:
        """The frame with the keys whose text matters as text, or as numbers where nothing else goes together."""
        written = sorted(asked_as_written(text, columns_of(expression)))
        for count in range(len(written) + 1):
            for numbers in combinations(written, count):
                types = {name: pl.Float64() if name in numbers else pl.String() for name in written}
                typed = frame.with_columns(pl.col(name).cast(kind) for name, kind in types.items())
                if is_possible(expression, typed):
                    return typed
        return frame

    def _add_header(self, name: str, where: str) -> None:
        elsewhere = [table for table in TABLES if name in TABLES[table].names]
        if name in self.declared:
            self.headers[name] = self.declared[name]
        elif elsewhere:
            hint = f"a header of your own by that name is declared: `columns: {{{name}: text}}`"
            fault = f"`{name}` is a column of {' and '.join(elsewhere)}, not of {self.table}"
            raise DefinitionError(fault, where=where, hint=hint)
        else:
            self.headers[name] = Kind.TEXT
            self.assumed.setdefault(name, where)

    def _hint(self, expression: pl.Expr) -> str:
        """The way out where the types do not go together: what was taken for text, or is a key."""
        known = schemas()[self.table]
        for name in columns_of(expression):
            if name in self.assumed:
                near = suggestion(name, [*known, *self.declared]).removeprefix(", ")
                assumed = f"`{name}` is taken as a header of your files that holds text; else declare it: `columns: {{{name}: number}}`"
                return f"{near}\n{assumed}" if near else assumed
            if known.get(name) == pl.UInt64:
                return f"`{name}` is a key: it can be counted with `distinct`, or asked whether it is there"
        return HINT

    def _widened(self, text: str, expression: pl.Expr, frame: pl.DataFrame, where: str) -> pl.Expr:
        """The expression over categories as text and whole numbers of 64 bits, known by what the user wrote.

        Polars shows all `in (…)` alike, and measures are distinguished by how their facts are shown: hence the alias.
        """
        if text in frame.columns:
            wide = _as_wide(text, frame)
        else:
            widened = {name: _cast(name, frame) for name in columns_of(expression)}
            instants = [name for name in columns_of(expression) if frame.schema[name] == pl.Datetime and name in schemas()[self.table]]  # fmt: skip
            replaced = rewritten(text, instants, widened)
            wide = parse_condition(_STRICT_CAST.sub("TRY_CAST(", replaced), where, HINT)
        return wide.alias(text)


def _cast(name: str, frame: pl.DataFrame) -> str:
    """A column in SQL, as the type that it is computed with."""
    kind = frame.schema[name]
    if name in KEYS and kind in (pl.String, pl.Float64):
        written = f'TRY_CAST("{WRITTEN}{name}" AS VARCHAR)'
        return written if kind == pl.String else f"TRY_CAST({written} AS DOUBLE)"
    if isinstance(kind, pl.Enum | pl.Categorical):
        return f'TRY_CAST("{name}" AS VARCHAR)'
    return f'TRY_CAST("{name}" AS BIGINT)' if kind == pl.Int32 else f'"{name}"'


def _as_wide(name: str, frame: pl.DataFrame) -> pl.Expr:
    return pl.col(name).cast(pl.Int64) if frame.schema[name] == pl.Int32 else pl.col(name)


def _kind_of(kind: pl.DataType) -> str:
    if kind in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    return "a point in time" if kind in (pl.Datetime, pl.Date) else str(kind)
