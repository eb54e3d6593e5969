"""What a model refuses in a file, explained in the words of the file instead of pydantic's."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union, get_args, get_origin

from kpi_core.records import dataclass

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

Place: TypeAlias = tuple[str | int, ...]

LONGEST = 60
"""Letters shown of a value."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that does not fit. `place` is the keys and 0-based indexes that lead to it."""

    place: Place
    message: str
    hint: str | None = None

    @property
    def line(self) -> str:
        """Message and hint as one line."""
        return f"{self.message}, {self.hint}" if self.hint else self.message


def suggestion(word: str, known: Iterable[str]) -> str:
    """`, did you mean ...?` to put after a message about an unknown word; empty where nothing is near."""
    near = nearest(word, known)
    return f", did you mean `{near}`?" if near is not None else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that an unknown one is near to; None where none is."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)


def faults(marks: Mapping[Place, int], model: "type[BaseModel]", errors: "list[ErrorDetails]") -> list[Fault]:
    """What `errors` say of a document whose places are the keys of `marks`, one fault a place."""
    found: dict[Place, Fault] = {}
    for details in errors:
        fault = _fault(marks, model, details)
        found.setdefault(fault.place, fault)
    # Of a union pydantic lists every alternative: the one that got furthest is what was meant.
    around = {place[:depth] for place in found for depth in range(len(place))}
    return [fault for place, fault in found.items() if place not in around]


def _place(marks: Mapping[Place, int], details: "ErrorDetails") -> Place:
    """Where in the file; pydantic's `loc` also names union members, which no file has."""
    place: Place = ()
    for step in details["loc"]:
        if (*place, step) in marks:
            place = (*place, step)
    return (*place, details["loc"][-1]) if details["type"] == "missing" else place


def _fault(marks: Mapping[Place, int], model: "type[BaseModel]", details: "ErrorDetails") -> Fault:
    place = _place(marks, details)
    name = next((step for step in reversed(place) if isinstance(step, str)), "the file")
    context = details.get("ctx", {})
    match details["type"]:
        case "missing":
            return Fault(place=place, message=f"`{name}` is missing")
        case "extra_forbidden":
            known = _keys(model, details["loc"][:-1])
            return Fault(place=place, message=f"unknown key `{name}`", hint=_hint(name, known))
        case "literal_error" | "enum":
            known = re.findall(r"'([^']*)'", str(context["expected"]))
            word = str(details["input"])
            message = f"unknown key `{name}`" if details["loc"][-1] == "[key]" else f"`{name}` cannot be `{word}`"
            return Fault(place=place, message=message, hint=_hint(word, known))
        case "value_error" | "assertion_error":
            message = str(context["error"])
            return Fault(place=_named(marks, place, message, details["input"]), message=message)
        case kind:
            wanted = _WANTED.get(kind) or _bounded(context) or "of another kind"
            return Fault(place=place, message=f"`{name}` must be {wanted}, not {_shown(details['input'])}")


def _named(marks: Mapping[Place, int], place: Place, message: str, data: object) -> Place:
    """The place within `place` whose key or value is the first literal of `message`, for checks of a whole model."""
    literal = re.search(r"`([^`]+)`", message)
    if literal is None:
        return place
    inside = (inner for inner in marks if inner[: len(place)] == place)
    by_key = next((inner for inner in inside if inner[-1:] == (literal[1],)), None)
    by_value = (inner for inner, value in _values(data, place) if value == literal[1] and inner in marks)
    return by_key or next(by_value, place)


def _values(data: object, place: Place) -> Iterator[tuple[Place, object]]:
    """Every plain value in `data`, with the keys and indexes that lead to it."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in steps:
        if isinstance(value, dict | list):
            yield from _values(value, (*place, step))
        else:
            yield (*place, step), value


_WANTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "keys with values",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "keys with values",
    "string_type": "text",
    "tuple_type": "a list",
}


_BOUNDS = {"ge": "{} or more", "le": "{} or less", "gt": "more than {}", "lt": "less than {}", "min_length": "at least {} long", "max_length": "at most {} long"}  # fmt: skip


def _bounded(context: Mapping[str, Any]) -> str | None:
    """The bound that a value is beyond."""
    return next((wording.format(context[name]) for name, wording in _BOUNDS.items() if name in context), None)


def _shown(value: object) -> str:
    match value:
        case None:
            return "empty"
        case dict():
            return "keys with values"
        case list():
            return "a list"
        case _:
            return f"`{text}`" if len(text := str(value)) <= LONGEST else f"`{text[:LONGEST]}…`"


def _hint(word: str, known: list[str]) -> str:
    return suggestion(word, known).removeprefix(", ") or f"known are {', '.join(f'`{name}`' for name in known)}"


def _keys(model: "type[BaseModel]", loc: Place) -> list[str]:
    """The keys a file may have at `loc`, which may name union members on the way."""
    types: list[Any] = [model]
    for step in loc:
        types = [inner for outer in types for inner in _inside(outer, step)] or types
    models = [kind for kind in types if hasattr(kind, "model_fields")]
    named = [kind for kind in models if kind.__name__ == (loc or ("",))[-1]]
    return [name for kind in named or models for name in _fields(kind)]


def _inside(outer: Any, step: str | int) -> list[Any]:
    """The types, unions flattened, that `outer` gives what it holds under `step`; none where it holds no such."""
    if hasattr(outer, "model_fields"):
        return _flat(_fields(outer).get(str(step)))
    if get_origin(outer) in (dict, Mapping):
        return _flat(get_args(outer)[1])
    return _flat(get_args(outer)[0]) if isinstance(step, int) and get_args(outer) else []


def _fields(model: "type[BaseModel]") -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _flat(kind: Any) -> list[Any]:
    if get_origin(kind) is Annotated:
        return _flat(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [member for union in get_args(kind) for member in _flat(union)]
    return [] if kind in (None, type(None)) else [kind]
