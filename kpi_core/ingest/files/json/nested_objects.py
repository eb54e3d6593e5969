"""Nested JSON objects as columns of text, one for each dotted path.

Objects of one list seldom have the same fields: a column begins with the first object that has it, and those
before and after without it are null.
"""

from itertools import repeat
from typing import TypeAlias

import polars as pl

from kpi_core.errors import ExportError

Json: TypeAlias = "str | bool | list[Json] | JsonObject | None"
JsonObject: TypeAlias = "dict[str, Json]"

_DEEPEST = 50
_MOST_CELLS = 100_000_000
_NESTED = {dict, list}
_NAMES = ("name", "key", "id")
_PAIR = {*_NAMES, "value", "text"}


class JsonColumns:
    """The cells of the objects added so far, under dotted paths in the order first met.

    A list of plain values is one cell, joined by `, `, and so are two values under one path. A list of
    `{id, value}` pairs, as help desks write custom fields, is a field for each pair, called by its name or
    key, else by its id. Other lists of objects are left out, as is what lies deeper than 50 objects.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._cells: dict[str, list[str | None]] = {}
        self._height = 0

    def add(self, record: Json) -> None:
        """One more row; what is no object is a row without values.

        Raises:
            ExportError: fields without end, since their names are values.
        """
        if isinstance(record, dict):
            self._spread(record, "", _DEEPEST)
        self._height += 1

    def columns(self) -> dict[str, pl.Series]:
        """A text column of full height for each path, null for null, an empty text and a field that is not there."""
        return {_encodable(header): _column(cells, self._height) for header, cells in self._cells.items()}

    def _spread(self, record: JsonObject, prefix: str, depth: int) -> None:
        for key, value in record.items():
            if value is None or isinstance(value, str):
                self._put(prefix + key, value or None)
            elif isinstance(value, bool):
                self._put(prefix + key, "true" if value else "false")
            elif isinstance(value, list):
                self._spread_list(value, prefix + key, depth)
            elif depth:
                self._spread(value, f"{prefix}{key}.", depth - 1)

    def _spread_list(self, values: list[Json], header: str, depth: int) -> None:
        if _NESTED.isdisjoint(map(type, values)):
            self._put(header, ", ".join(filter(None, map(_text, values))) or None)
        elif depth:
            for name, value in _named_values(values):
                self._spread({name: value}, f"{header}.", depth - 1)

    def _put(self, header: str, text: str | None) -> None:
        column = self._cells.get(header)
        if column is None:
            self._check_width()
            column = self._cells[header] = []
        lacking = self._height - len(column)
        if lacking >= 0:
            column.extend(repeat(None, lacking))
            column.append(text)
        elif text is not None:
            column[-1] = text if column[-1] is None else f"{column[-1]}, {text}"

    def _check_width(self) -> None:
        if len(self._cells) * self._height > _MOST_CELLS:
            message = f"its first {self._height + 1} records have {len(self._cells) + 1} different fields"
            hint = "names of fields must not be values, such as numbers or dates: export it as CSV"
            raise ExportError(message, where=self._name, hint=hint)


def _text(value: Json) -> str | None:
    """The text of a plain value."""
    return value if isinstance(value, str) else None if value is None else "true" if value else "false"


def _named_values(values: list[Json]) -> list[tuple[str, Json]]:
    """The pairs of a list that holds nothing else; of an option's number and its text, the text."""
    pairs = []
    for pair in values:
        if not isinstance(pair, dict) or "value" not in pair or not pair.keys() <= _PAIR:
            return []
        name = next((name for word in _NAMES if isinstance(name := pair.get(word), str) and name), None)
        if name is None:
            return []
        pairs.append((name, pair.get("text") or pair["value"]))
    return pairs


def _column(cells: list[str | None], height: int) -> pl.Series:
    cells.extend(repeat(None, height - len(cells)))
    try:
        return pl.Series(cells, dtype=pl.String())
    except UnicodeEncodeError:
        return pl.Series([cell and _encodable(cell) for cell in cells], dtype=pl.String())


def _encodable(text: str) -> str:
    """The text with `�` for halves of characters, which JSON's escapes can write and no text may have."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
