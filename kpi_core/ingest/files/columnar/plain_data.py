"""What is known of an export as plain data, for JSON: lists, texts, numbers, and objects that say which kind they are.

Such data travels between people and machines, so it is read as data: of the kinds named here, and as nothing else.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeAlias

from kpi_core.errors import ExportError
from kpi_core.ingest.files.raw_export import Original
from kpi_core.ingest.files.side_tables import SideTable
from kpi_core.ingest.files.text.dialect import Dialect
from kpi_core.ingest.files.workbooks.sheets import Stacked
from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"
_KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind for kind in (Defined, Dialect, Finding, Original, SideTable, Stacked)
}
"""The records that may stand in it, by the name of their kind."""
_KIND = "kind"


def plain(value: object) -> Plain:
    """A value as plain data.

    Raises:
        TypeError: it is of a kind that has no plain form, which is a bug.
    """
    match value:
        case Consequence():
            return {_KIND: "Consequence", "value": value.value}
        case None | bool() | int() | float() | str():
            return value
        case date():
            return {_KIND: "date", "value": value.isoformat()}
        case Message():
            return {_KIND: "Message", "key": value.key, "values": {name: plain(one) for name, one in value.pairs}}
        case range():
            return {_KIND: "range", "value": [value.start, value.stop]}
        case tuple() | list():
            return [plain(one) for one in value]
        case frozenset():
            return {_KIND: "set", "value": [plain(one) for one in sorted(value)]}
        case Mapping():
            return {_KIND: "map", "value": [[plain(key), plain(one)] for key, one in value.items()]}
    if is_dataclass(value) and _KINDS.get(type(value).__name__) is type(value):
        return {_KIND: type(value).__name__, **{one.name: plain(getattr(value, one.name)) for one in fields(value)}}
    raise TypeError(f"{type(value).__name__} has no plain form")


def restored(data: object) -> Any:
    """The value of plain data; lists come back as tuples.

    Raises:
        ExportError: it is none that `plain` makes.
    """
    try:
        return _restored(data)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ExportError(
            "what is known of a kept export is damaged", hint="make the state again, or restore the store from a copy"
        ) from error


def _restored(data: object) -> Any:
    match data:
        case None | bool() | int() | float() | str():
            return data
        case list():
            return tuple(_restored(one) for one in data)
        case {"kind": "Consequence", "value": value}:
            return Consequence(value)
        case {"kind": "date", "value": str(value)}:
            return date.fromisoformat(value)
        case {"kind": "Message", "key": str(key), "values": dict(values)}:
            return Message.of(key, {name: _restored(one) for name, one in values.items()})
        case {"kind": "range", "value": [start, stop]}:
            return range(start, stop)
        case {"kind": "set", "value": list(value)}:
            return frozenset(map(_restored, value))
        case {"kind": "map", "value": list(value)}:
            return {_restored(key): _restored(one) for key, one in value}
        case {"kind": str(kind), **rest}:
            return _KINDS[kind](**{str(name): _restored(one) for name, one in rest.items()})
    raise TypeError(f"no plain data: {data!r:.40}")
