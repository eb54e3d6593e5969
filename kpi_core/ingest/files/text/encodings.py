"""In which encoding a text is written: by its mark, by its bytes, else by what its words would say in each.

Excel saves "CSV (MS-DOS)" in a code page of DOS and "CSV (Macintosh)" in that of old Macs, neither with a sign of it. Any
bytes are text in all of these, so what decides is where the letters fall: `Löst` is a word, `L”st` and `Lîst` are none.
"""

import codecs
import re
from functools import lru_cache

from kpi_core.errors import ExportError
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

UTF8 = ("utf-8", "utf-8-sig", "ascii")
SINGLE = ("cp1252", "cp850", "mac_roman", "cp865", "cp437")
"""The code pages that are tried, the likelier first."""
SAVED_AS = {
    **dict.fromkeys(("cp850", "cp865", "cp437"), Message("csv-of-dos")),
    "mac_roman": Message("csv-of-macintosh"),
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = regex(rb"[0-9A-Za-z\x80-\xff]*[\x80-\xff][0-9A-Za-z\x80-\xff]*")
_NORDIC = frozenset("åäöæøÅÄÖÆØ")
_WESTERN = frozenset("éüèàáíóúñçêëïôßðþýâîûÉÜÈÀÁÍÓÚÑÇÊËÏÔÝÐÞÂÎÛ")
_OPENING = frozenset("“‘„«‚")
_CLOSING = frozenset("”’»…“™®°%²³")
_ALONE = frozenset("–—−•·€£§°¤©®™…±½¼¾×÷’\xa0")
_UNITS = frozenset({"°C", "°F", "µs", "µm", "µg", "µl"})
_MONEY = frozenset("€£¥¢")
_MOST_WORDS = 400
_A_LETTER = 0.3
"""The least that a letter in its place speaks for an encoding; signs alone speak for none but that of Windows."""
_CONTROLS = regex(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """An encoding, and the note on how it was found; empty where it is sure."""

    name: str
    note: Message | None = None


def by_mark(content: bytes) -> str | None:
    """The encoding that a byte order mark names, or the place of the NUL bytes in Western text."""
    marked = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), None)
    return marked or _utf16_without_mark(content)


def _utf16_without_mark(content: bytes) -> str | None:
    """Western text in UTF-16 has a NUL in nearly every other byte."""
    pairs = len(content) // 2
    high, low = content[0::2].count(0), content[1::2].count(0)
    if low > pairs * 0.4 and high < pairs * 0.05:
        return "utf-16-le"
    if high > pairs * 0.4 and low < pairs * 0.05:
        return "utf-16-be"
    return None


def is_broken_utf8(content: bytes) -> bool:
    """Whether a text that is not UTF-8 is so for most of its letters beyond ASCII."""
    read = content.decode("utf-8", "replace")
    broken = read.count("\ufffd")
    return sum(not character.isascii() for character in read) - broken > broken


def by_words(content: bytes, name: str) -> Encoding:
    """The code page in which the words of a text are words.

    Raises:
        ExportError: several fit as well, or none does and the header is in doubt; with how a word reads in each.
    """
    if is_binary(content):
        return Encoding(name=_windows(content))  # which is reported later
    words = list(dict.fromkeys(_WORD.findall(content)))[:_MOST_WORDS]
    scores = {encoding: sum(_score(_decoded(word, encoding)) for word in words) for encoding in SINGLE}
    best = max(SINGLE, key=lambda encoding: scores[encoding])  # of equals the likelier
    rivals = [encoding for encoding in SINGLE if any(_differ(word, best, encoding) for word in words)]
    nearest = max((scores[encoding] for encoding in rivals), default=float("-inf"))
    is_sure = scores[best] > 0 and scores[best] - nearest >= max(0.5, 0.2 * scores[best])
    if best == "cp1252" and is_sure:
        return Encoding(name=_windows(content))
    example = next((word for word in words if _score(_decoded(word, best)) > 0), words[0])
    if is_sure and any(_score(_decoded(word, best)) >= _A_LETTER for word in words):
        program = SAVED_AS[best]
        note = Message("encoding-of-program", encoding=best, program=program, example=_shown(example, best))
        return Encoding(name=best, note=note)
    if scores["cp1252"] < 0 or (is_sure and best != "cp1252"):
        in_header = (word for word in _WORD.findall(content) if word in set(words) and _differ(word, "cp1252", best))
        raise _unsure(next(in_header, example), name)
    found = _windows(content)
    note = Message("encoding-unproven", encoding=found, example=_shown(example, found))
    return Encoding(name=found, note=note)


def is_binary(content: bytes) -> bool:
    """Whether a file has more control characters than any text."""
    start = content[:65536]
    return len(_CONTROLS.findall(start)) > 0.02 * len(start)


def _windows(content: bytes) -> str:
    """The code page of Windows, or its ancestor where a byte has no place in it."""
    return "latin-1" if re.search(rb"[\x81\x8d\x8f\x90\x9d]", content) else "cp1252"


@lru_cache(maxsize=1 << 14)
def _decoded(word: bytes, encoding: str) -> str:
    return word.decode(encoding, "replace")


def _differ(word: bytes, one: str, other: str) -> bool:
    return _decoded(word, one) != _decoded(word, other)


def _score(word: str) -> float:
    """How much a word speaks for the encoding it was read in: letters of our languages in their place, and nothing else."""
    if re.search(r"[^\W\d_a-zA-Z]{4}", word):
        return -1.0  # other alphabets
    around = f" {word} "
    return sum(
        _weight(before, character, after)
        for before, character, after in zip(around, word, around[2:], strict=False)
        if not character.isascii()
    )


def _weight(before: str, character: str, after: str) -> float:
    if character + after in _UNITS:
        return 0.5
    if character.isalpha():
        return _weight_of_letter(before, character, after)
    if character in _ALONE and not before.isalpha() and not after.isalpha():
        return 0.25
    if character in _MONEY and not (before.isalpha() or after.isalpha()):
        return 0.25
    if (character in _OPENING and not before.isalpha()) or (character in _CLOSING and not after.isalpha()):
        return 0.25
    return 0.25 if character == "’" and before.isalpha() and after in "stmdrlv" else -1.0


def _weight_of_letter(before: str, character: str, after: str) -> float:
    is_turned = character.isupper() and before.islower()
    is_sunk = character.islower() and (before.isupper() and after.isupper())
    is_first = character.islower() and not before.isalpha() and after.isupper()
    if is_turned or is_sunk or is_first:
        return -1.0
    if before.isdigit() or after.isdigit():
        return 0.5 if character in _NORDIC else 0.0
    if not before.isalpha() and not after.isalpha():
        return 0.3 if character in _NORDIC else 0.0
    return 1.0 if character in _NORDIC else 0.3 if character in _WESTERN else 0.1


def _shown(word: bytes, encoding: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in _decoded(word, encoding))


def _unsure(word: bytes, name: str) -> ExportError:
    """The error that asks for the encoding, with how a word of the file reads in each."""
    readings: dict[str, list[str]] = {}
    for encoding in SINGLE:
        readings.setdefault(_shown(word, encoding), []).append(encoding)
    readings_listed = "\n".join(f"--encoding {' or '.join(named)} reads `{text}`" for text, named in readings.items())
    return ExportError("its encoding cannot be detected from its words", where=name, hint=readings_listed)
