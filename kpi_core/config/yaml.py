"""YAML files a user writes, read so that every fault can be reported with its file and line.

Cells stay text as in the file (`No` is no boolean, `12:30` no number): the model a document is checked against
says what a value becomes. Aliases, tags, duplicate keys and deep nesting are refused.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import yaml

from kpi_core.config.validation import Place, faults, suggestion
from kpi_core.errors import ConfigError, KpiError
from kpi_core.records import dataclass

__all__ = ["Document", "load", "parse", "suggestion", "text_of", "validate"]

if TYPE_CHECKING:
    from pydantic import BaseModel

ModelT = TypeVar("ModelT", bound="BaseModel")

DEEPEST = 32
MOST_FAULTS = 5
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = ("", "null", "~")


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a file holds, and the line each key and item stands on.

    `data` is made of dicts, lists, text and None (an empty value, `null`, `~`; a quoted `""` is text).
    `marks` goes from a place, the keys and 0-based indexes that lead there, to its 1-based line.
    """

    path: str
    data: Any
    marks: Mapping[Place, int]

    def where(self, place: Place = ()) -> str:
        """`file:line` of `place`, or of the nearest place around it that the file has."""
        return f"{self.path}:{self.line(place)}"

    def line(self, place: Place) -> int:
        """The 1-based line of `place`, or of the nearest place around it that the file has."""
        while place not in self.marks:
            place = place[:-1]
        return self.marks[place]


def load(path: str | Path, error: type[KpiError] = ConfigError) -> Document:
    """Reads a file of UTF-8 YAML.

    Raises:
        KpiError: as the child `error`: the file is missing, empty, not UTF-8 or not plain YAML.
    """
    return parse(text_of(path, error), path, error)


def text_of(path: str | Path, error: type[KpiError] = ConfigError) -> str:
    """The text of a file of UTF-8. Raises as `load`, where the file is missing or not UTF-8."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise error(f"byte {fault.start} is not UTF-8", where=path, hint="save the file as UTF-8") from None
    except OSError as fault:
        raise error(
            f"cannot be read: {fault.strerror}", where=path, hint="name a file that is there and may be read"
        ) from None


def parse(text: str, path: str | Path, error: type[KpiError] = ConfigError) -> Document:
    """Reads YAML from `text`; `path` is the place named in its faults. Raises as `load`."""
    return _Reading(text, str(path), error).document()


class _Reading:
    """One pass over the events of a document: libyaml's own tree builder crashes on deep nesting."""

    def __init__(self, text: str, path: str, error: type[KpiError]) -> None:
        self.text = text
        self.path = path
        self.error = error
        self.marks: dict[Place, int] = {(): 1}
        self.events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Document:
        try:
            next(self.events)
            if isinstance(next(self.events), yaml.StreamEndEvent):
                self._refuse(1, "the file is empty")
            data = self._value(next(self.events), ())
            next(self.events)
            if not isinstance(after := next(self.events), yaml.StreamEndEvent):
                self._refuse(_line(after), "a second document begins here", "keep one document in a file")
        except yaml.MarkedYAMLError as fault:
            mark = fault.problem_mark or fault.context_mark
            self._refuse(mark.line + 1 if mark else 1, _explained(fault, self.text.splitlines()))
        except yaml.reader.ReaderError as fault:
            line = self.text.count("\n", 0, fault.position) + 1
            code = fault.character if isinstance(fault.character, int) else ord(fault.character)
            self._refuse(line, f"control character `U+{code:04X}` is not allowed", "delete it")
        return Document(path=self.path, data=data, marks=self.marks)

    def _value(self, event: Any, place: Place) -> Any:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(_line(event), f"alias `*{event.anchor}` is not allowed", "write the value out")
        if event.tag is not None:
            self._refuse(_line(event), f"tag `{event.tag}` is not allowed", "write the plain value")
        self.marks.setdefault(place, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in _NULLS else str(event.value)
        if len(place) >= DEEPEST:
            self._refuse(_line(event), f"nested deeper than {DEEPEST} levels")
        return self._items(place) if isinstance(event, yaml.SequenceStartEvent) else self._pairs(place)

    def _items(self, place: Place) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*place, len(items))))
        return items

    def _pairs(self, place: Place) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(_line(event), "a key must be a word")
            key = str(event.value)
            if key in pairs:
                first = self.marks[*place, key]
                self._refuse(_line(event), f"key `{key}` is there twice", f"the first one is on line {first}")
            self.marks[*place, key] = _line(event)
            pairs[key] = self._value(next(self.events), (*place, key))
        return pairs

    def _refuse(self, line: int, message: str, hint: str | None = None) -> NoReturn:
        raise self.error(message, where=f"{self.path}:{line}", hint=hint) from None


_FAULTS = (
    ("end of stream", "a quote is never closed"),
    ("mapping values", "a second `: ` on the line, or a line indented too far: put a value with `: ` in quotes"),
    ("simple key", "the line before is a key without `:`"),
    ("escape character", "a `\\` that stands for no letter: put the value in single quotes"),
    ("flow ", "a `{` or `[` is not closed before this, or a comma is missing"),
    ("block ", "the line does not go on as the one before it: look at its indent, quotes and brackets"),
)
"""What the library's messages mention, and our wording for it."""


def _explained(fault: yaml.MarkedYAMLError, lines: list[str]) -> str:
    """What is wrong in our words, with the place in the line."""
    mark = fault.problem_mark or fault.context_mark
    theirs = f"{fault.context} {fault.problem}"
    ours = next((ours for words, ours in _FAULTS if words in theirs), "it is no YAML")
    if mark is None or mark.line >= len(lines):
        return ours
    letter = lines[mark.line][mark.column : mark.column + 1]
    if letter and "start any token" in theirs:
        is_tab = letter == "\t"
        return (
            "a tab where only blanks may stand"
            if is_tab
            else f"a value may not begin with `{letter}`: put it in quotes"
        )
    return f"{ours} (character {mark.column + 1})"


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def validate(document: Document, model: type[ModelT], error: type[KpiError], context: Any = None) -> ModelT:
    """The document as a `model`, its text converted to the types the model declares. `context` is what its checks may ask.

    Raises:
        KpiError: as the child `error`: what does not fit, in the order of the lines, `MOST_FAULTS` at most;
            `where` and `hint` are those of the first.
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(document.data, context=context)
    except ValidationError as refused:
        found = faults(document.marks, model, refused.errors(include_url=False))
    first, *others = sorted(found, key=lambda fault: document.line(fault.place))
    lines = [first.message, *(f"{document.where(other.place)}: {other.line}" for other in others[: MOST_FAULTS - 1])]
    if len(found) > MOST_FAULTS:
        lines.append(f"and {len(found) - MOST_FAULTS} more")
    raise error("\n".join(lines), where=document.where(first.place), hint=first.hint)
