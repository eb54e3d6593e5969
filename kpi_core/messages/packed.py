"""Messages in cells of frames: packed as text on the way, unpacked where they are shown."""

import json
from collections.abc import Mapping
from typing import Any

from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Given, Message, Value


def packed(message: Message) -> str:
    """The message as one text, the same for equal ones; dates in it become their texts."""
    return json.dumps(_plain(message), ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Message:
    """The message that was packed."""
    found = _given(json.loads(text))
    assert isinstance(found, Message)
    return found


def _plain(value: Value) -> Any:
    match value:
        case Message():
            return {"key": value.key, "values": {name: _plain(one) for name, one in value.pairs}}
        case Defined():
            return {"section": value.section, "name": value.name, "english": value.english}
        case tuple():
            return [_plain(one) for one in value]
        case str() | int() | float():
            return value
    return str(value)


def _given(plain: Any) -> Given:
    match plain:
        case {"key": str(key), "values": Mapping() as values}:
            return Message.of(key, {name: _given(one) for name, one in values.items()})
        case {"section": str(section), "name": str(name), "english": str(english)}:
            return Defined(section, name, english)
        case list():
            return [_given(one) for one in plain]
    assert isinstance(plain, str | int | float)
    return plain
