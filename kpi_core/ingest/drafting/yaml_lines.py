"""Lines of YAML with comments next to them, in which no word of a file can end a scalar or begin a comment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_PLAIN = regex(r"[^\W\d_](?:[\w .()/–-]*[\w.()/–-])?")
_NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
_WIDEST = 48


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: its YAML (empty for a comment of its own) and what stands behind `#`."""

    text: str = ""
    comment: Message | Defined | str = ""
    indent: int = 0

    @property
    def start(self) -> str:
        """The YAML, indented."""
        return " " * self.indent + self.text


def rendered(lines: Sequence[Line], lang: str = "en") -> str:
    """The lines, their comments in a language, those of lines that have YAML below each other."""
    widths = [len(line.start) for line in lines if line.text and line.comment and len(line.start) <= _WIDEST]
    width = max(widths, default=0)
    return "".join(f"{_shown(line, width, lang)}\n" for line in lines)


def _shown(line: Line, width: int, lang: str) -> str:
    if not line.comment:
        return line.start.rstrip()
    comment = line.comment if isinstance(line.comment, str) else line.comment.render(lang)
    if line.text:
        return f"{line.start:<{width}}  # {remark(comment)}"
    return f"{' ' * line.indent}# {_on_one_line(comment)}"


def _on_one_line(comment: str) -> str:
    """A comment of its own: as it is, but for line ends and control characters."""
    return "".join(character for character in " ".join(comment.splitlines()) if character.isprintable())


def scalar(value: Any) -> str:
    """A value on one line: text quoted where YAML would read something else, lists and pairs in brackets."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {scalar(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "[" + ", ".join(scalar(one) for one in value) + "]"
    text = str(value)
    if _PLAIN.fullmatch(text) and text.isprintable() and text.casefold() not in _NOT_TEXT:
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def remark(text: str) -> str:
    """Text of a file as it may stand in a comment: on one line, without control characters."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())
