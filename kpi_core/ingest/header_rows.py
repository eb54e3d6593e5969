"""Rows of headers: when two headers are one, and whether a row says what tells a format."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Known
from functools import lru_cache

from kpi_core.ingest.specs import Recognition

_STEPS = r"\b([01])\s*(?:-|–|—|to|till|til)\s*(\d{1,3})\b"
_SCALE = re.compile(_STEPS, re.IGNORECASE)
_AT_END = re.compile(
    rf"[\s,:]*[(\[]?\s*(?:(?:on a )?scale(?: of| from)?|skala|asteikko)?\s*{_STEPS}\s*[)\]]?\s*$", re.IGNORECASE
)
HEADER_SEARCH = 10
"""Title and preamble rows looked past in search of the header."""


@lru_cache(maxsize=4096)
def normal(header: str) -> str:
    """A header without what does not tell: case, blanks, a byte order mark, a closing colon or star."""
    return " ".join(header.replace("\ufeff", "").replace("_", " ").split()).rstrip(":* ").casefold()


def scale_in(header: str) -> tuple[float, float] | None:
    """The scale a header states: `Nöjdhet (1-5)`, `on a scale of 0-10`."""
    found = _SCALE.search(header)
    return (float(found[1]), float(found[2])) if found and float(found[2]) >= 2 else None


def unscaled(header: str) -> str:
    """A question's header without the scale it states at its end: `Nöjdhet (1–5)`, `CES, scale 1-7`, `NPS 0 to 10`."""
    return _AT_END.sub("", header)


def open_ended(known: Known[str, int], name: str) -> int | None:
    """The position of a header that a name ending in `(*)` stands for, whatever the parentheses hold."""
    if not name.endswith("(*)"):
        return None
    start = normal(name.removesuffix("*)"))
    return next((place for header, place in known.items() if header.startswith(start) and header.endswith(")")), None)


def candidates(head: Sequence[Sequence[str]], width: int) -> list[tuple[int, set[str]]]:
    """The first rows of a file that may be its header, with their places, as normal headers."""
    rows = [{normal(cell) for cell in row if cell.strip()} for row in head[:HEADER_SEARCH]]
    return [(place, row) for place, row in enumerate(rows) if len(row) >= min(2, width)]


def told(row: set[str], rule: Recognition) -> list[str] | None:
    """The headers (`a|b` for either) of a rule that stand in a row; None where it does not say what the rule asks for."""
    if not all(_has(row, header) for header in rule.every) or any(_has(row, header) for header in rule.none):
        return None
    some = [header for header in rule.some if _has(row, header)]
    return None if rule.some and len(some) < rule.at_least else [*rule.every, *some]


def spelled(row: set[str], headers: Iterable[str]) -> list[str]:
    """Each header that stands in a row in the spelling that stands there."""
    return [next(word for word in header.split("|") if _stands(row, word)) for header in headers]


def _has(row: set[str], header: str) -> bool:
    """Whether one of the spellings `a|b` stands in the row."""
    return any(_stands(row, spelling) for spelling in header.split("|"))


def _stands(row: set[str], spelling: str) -> bool:
    return normal(spelling) in row or open_ended(dict.fromkeys(row, 0), spelling) is not None
