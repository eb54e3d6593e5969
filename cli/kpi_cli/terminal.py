"""What a stream can carry, and the console that writes to it.

Text from the data never reaches a terminal raw: no control sequences, no markup, nothing the encoding lacks.
Off a terminal the width is natural, so that nothing is cut in a pipe or a mail.
"""

import os
import unicodedata
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from rich.console import Console

Color = Literal["auto", "always", "never"]
NATURAL = 10_000
"""A width no line reaches."""

_DRAWN = "▲▼▁▇─–−"
_LETTERS = {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "Ł": "L"}
"""Letters that are none with a mark on it."""
_PLAIN = str.maketrans(
    {"–": "-", "−": "-", "—": "-", "…": "...", "’": "'", "·": "-", "×": "x", "÷": "/", "≥": ">=", **_LETTERS}
)


def columns(stream: TextIO) -> int:
    """How wide the stream is: the terminal's columns (`COLUMNS` wins), else `NATURAL`."""
    if not stream.isatty():
        return NATURAL
    if (asked := os.environ.get("COLUMNS", "")).isdigit() and int(asked) > 0:
        return int(asked)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def console(stream: TextIO, color: Color = "auto") -> "Console":
    """The console for `stream`.

    `auto` colours a terminal unless `NO_COLOR` is set or it is dumb; `always` and `never` say so whatever the
    stream is. Nothing is read as markup or emoji, and nothing is highlighted by guesswork.
    """
    from rich.console import Console

    return Console(
        file=stream,
        width=columns(stream),
        height=25,
        color_system={"auto": "auto", "always": "standard", "never": None}[color],
        force_terminal=True if color == "always" else None,
        no_color=False if color == "always" else None,
        force_jupyter=False,
        markup=False,
        emoji=False,
        highlight=False,
    )


def carries(stream: TextIO, text: str = _DRAWN) -> bool:
    """Whether the stream's encoding has every character of `text`: by default arrows, bars and rules."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def clean(text: str) -> str:
    """`text` on one line without control, format and unpaired surrogate characters."""
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def escaped(text: str) -> str:
    """`text` with its control, format and unpaired surrogate characters as JSON escapes them."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


def _shown(character: str) -> str:
    if character in "\t\n\r\v\f\u2028\u2029\u00a0\u202f":
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character


def carried(text: str, stream: TextIO) -> str:
    """`text` cleaned; of characters that the encoding lacks a plain stand-in, letters without their marks (`å` as `a`), else `?`."""
    shown = clean(text)
    if carries(stream, shown):
        return shown
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return (
        "".join(one if carries(stream, one) else _plain(one) for one in shown)
        .encode(encoding, "replace")
        .decode(encoding)
    )


def _plain(character: str) -> str:
    """What stands for a character: a sign of ASCII, or the letter that it is a mark on."""
    if (instead := character.translate(_PLAIN)) != character:
        return instead
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return bare or "?"
