"""A message for programs: its key and its values, as JSON has them."""

from datetime import date, datetime
from typing import Any

from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Message, Text, Value

Record = dict[str, Any]


def record(text: Text) -> Record:
    """`{"key": …, "values": {…}}`; the key is null and there are no values where a text is no message."""
    if not isinstance(text, Message):
        return {"key": None, "values": {}}
    return {"key": text.key, "values": {name: _plain(value) for name, value in text.pairs}}


def _plain(value: Value) -> Any:
    """Dates as ISO text, lists as lists, messages as their own records."""
    match value:
        case Message():
            return record(value)
        case Defined():
            return value.english
        case tuple():
            return [_plain(one) for one in value]
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case _:
            return value
