"""Rows of headers: which row of a file is its header, and when two headers are one."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Known
from functools import lru_cache

from kpi_core.ingest.headers.header_zones import without_zone, zone_of_header
from kpi_core.ingest.headers.vocabulary import spoken
from kpi_core.patterns import regex

HEADER_SEARCH = 30
"""Title, preamble and summary rows looked past in search of the header."""
_ASKS = regex(r"\?\s*$|\[.+\]\s*$", re.DOTALL)
SENTENCE = 5
"""Words from which a header reads like a question rather than like the name of a column."""
FIGURES = r"^[\d\s.,:/+\-]*\d[\d\s.,:/+\-TZ]*$"
"""A cell made of digits and their marks."""
_FIGURES = regex(FIGURES)
_FULL_ENOUGH = 0.6
OPEN = "(*)"
"""The end of a name for headers that hold anything in their parentheses."""
_KNOWN_ENOUGH = 0.5


_VAT_ENDS = frozenset({"oms", "mva", "vat", "tax", "alv", "wst"})
_VAT = regex(
    r"(?i)(?<=\S)[\s,(\[–-]+(?:ink|inkl|inc|incl|inklusive|inclusive|including|ex|exk|exc|exkl|excl|eks|ekskl|exklusive|eksklusive|exclusive"
    r"|excluding|before|after|före|efter|utan|med|uten|uden|with|without|sis|sisältää|ilman)\.?\s*(?:of\s+)?(?:moms|mva|vat|tax|alv|mwst)[.)\]]*\s*$"
)


_EXCLUDES = regex(r"(?i)\b(?:ex|exk|exc|exkl|excl|eks|ekskl|exklusive|eksklusive|exclusive|excluding|before|före|før|utan|uten|uden|without|ilman)\b")  # fmt: skip


@lru_cache(maxsize=4096)
def normal(header: str) -> str:
    """A header without what makes no difference: case, blanks, a byte order mark, a closing colon or star."""
    return " ".join(header.replace("\ufeff", "").replace("_", " ").split()).rstrip(":* ").casefold()


@lru_cache(maxsize=1 << 13)
def compared(names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Names as headers are compared, and whether one of them is for headers that hold anything in their parentheses."""
    return tuple(map(normal, names)), any(name.endswith(OPEN) for name in names)


def without_vat(header: str) -> str:
    """A header of money without what it says of value added tax: `Belopp inkl. moms`, `Amount (excl. VAT)`, `Summa sis. alv`."""
    return _VAT.sub("", header) if header[-4:].rstrip(").*: ")[-3:].casefold() in _VAT_ENDS else header


def is_without_vat(header: str) -> bool:
    """Whether a header of money says that value added tax is not in it: `Belopp exkl. moms`."""
    suffix = header[len(without_vat(header)) :]
    return bool(suffix) and _EXCLUDES.search(suffix) is not None


def is_sentence(header: str) -> bool:
    """Whether a header reads like a question, or a row of a grid (`[Speed]`), rather than like the name of a column."""
    return bool(_ASKS.search(header)) or len(header.split()) >= SENTENCE


def open_ended(known: Known[str, int], name: str) -> int | None:
    """The position of a header that a name ending in `(*)` stands for, whatever the parentheses hold."""
    if not name.endswith(OPEN):
        return None
    start = normal(name.removesuffix("*)"))
    return next((place for header, place in known.items() if header.startswith(start) and header.endswith(")")), None)


# Asked again and again of the same headers: by every format that a file may be in, by every file of a folder.


@lru_cache(maxsize=256)
def _placed(headers: Sequence[str], labels: Sequence[str]) -> dict[str, int]:
    """The position of each header and wording as it is compared; the first of several, a header before a wording."""
    placed = tuple(enumerate(headers))[::-1]
    known = {normal(without_zone(header)): place for place, header in placed if zone_of_header(header)}
    known |= {normal(without_vat(header)): place for place, header in placed}
    # Revenue is without the tax that is passed on, whichever of two columns stands first.
    known |= {normal(without_vat(header)): place for place, header in placed if is_without_vat(header)}
    known |= {normal(label): place for place, label in tuple(enumerate(labels))[::-1]}
    return known | {normal(header): place for place, header in placed}


@lru_cache(maxsize=1 << 14)
def places_of(headers: Sequence[str], labels: Sequence[str], names: Sequence[str]) -> tuple[int, ...]:
    """The positions of all of `names` that are headers or wordings of a file, in the order of the names."""
    known = _placed(headers, labels)
    closed, opened = compared(names)
    if not opened:
        return () if known.keys().isdisjoint(closed) else _once(known.get(plain) for plain in closed)
    return _once(known.get(plain, open_ended(known, name)) for name, plain in zip(names, closed, strict=True))


def _once(found: Iterable[int | None]) -> tuple[int, ...]:
    """The places that were found, each once."""
    return tuple(dict.fromkeys(place for place in found if place is not None))


def candidates(head: Sequence[Sequence[str]], width: int) -> list[tuple[int, set[str]]]:
    """The first rows of a file that may be its header, the likeliest before the others, with their places, as normal headers."""
    return list(_candidates(tuple(map(tuple, head)), width))


@lru_cache(maxsize=4)
def _candidates(head: Sequence[Sequence[str]], width: int) -> list[tuple[int, set[str]]]:
    # Every format that a file may be in asks this of it.
    rows = [{normal(cell) for cell in row if cell.strip()} for row in head[:HEADER_SEARCH]]
    likeliest = header_row(head)
    order = sorted(range(len(rows)), key=lambda place: (place != likeliest, place))
    return [(place, rows[place] | _without_zones(head[place])) for place in order if len(rows[place]) >= min(2, width)]


def _without_zones(row: Sequence[str]) -> set[str]:
    """The headers of a row that name a time zone, as normal headers without it."""
    return {normal(without_zone(cell)) for cell in row if zone_of_header(cell)}


def header_row(head: Sequence[Sequence[str]]) -> int:
    """The place of the row that is most likely the header.

    That is the first row about as full as the fullest whose cells are words, else the first as full as any. Where a
    blank row ends a smaller table above (a summary, say), the header below it is taken, unless it is the same again.
    """
    starts = [
        place
        for place in range(len(head[:HEADER_SEARCH]))
        if _is_filled(head[place]) and not (place and _is_filled(head[place - 1]))
    ]
    if len(starts) < 2:
        return _in_block(head[:HEADER_SEARCH], 0) or 0
    ends = [*starts[1:], len(head)]
    found = [
        place
        for start, end in zip(starts, ends, strict=True)
        if (place := _in_block(head[start:end], start)) is not None
    ]
    best = found[0]
    for place in found[1:]:
        if list(map(str.strip, head[place])) == list(map(str.strip, head[best])):
            continue  # The same header again, as where sheets or files were put below each other.
        below = sum(map(_is_filled, head[place + 1 :]))
        if _known(head[place]) >= max(_known(head[best]), 2) and below > sum(map(_is_filled, head[best + 1 : place])):
            best = place
    return best


def _is_filled(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


def _in_block(rows: Sequence[Sequence[str]], start: int) -> int | None:
    """The place of the likeliest header among rows without a gap, the first of which is at `start`."""
    filled = [[cell for cell in row if cell.strip()] for row in rows[:HEADER_SEARCH]]
    widest = max(map(len, filled), default=0)
    for place, cells in enumerate(filled):
        is_wordy = not any(_FIGURES.match(cell) for cell in cells)
        if len(cells) >= _FULL_ENOUGH * widest and is_wordy and len(set(cells)) == len(cells):
            return start + place
    return next((start + place for place, cells in enumerate(filled) if len(cells) == widest), None)


def _known(row: Sequence[str]) -> int:
    """How many cells of a row speak of something that a column may be; 0 where most do not."""
    cells = [cell for cell in row if cell.strip()]
    known = sum(any(spoken(cell)) for cell in cells)
    return known if known >= _KNOWN_ENOUGH * len(cells) else 0
