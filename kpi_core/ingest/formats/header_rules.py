"""Whether the headers in a row are those that a format is recognised by."""

from collections.abc import Iterable
from functools import lru_cache

from kpi_core.ingest.formats.specs import Recognition
from kpi_core.ingest.headers.header_rows import OPEN, normal, open_ended


def matched_headers(row: set[str], rule: Recognition) -> list[str] | None:
    """The headers (`a|b` for either) of a rule that stand in a row; None where it does not say what the rule asks for."""
    return None if any(has_header(row, header) for header in rule.none) else _wanted(row, rule)


def may_match(cells: set[str], rule: Recognition) -> bool:
    """Whether a row made of some of these normal headers may say what a rule asks for."""
    return _wanted(cells, rule) is not None


def _wanted(row: set[str], rule: Recognition) -> list[str] | None:
    """The headers of a rule that stand in a row; None where these are too few."""
    if not all(has_header(row, header) for header in rule.every):
        return None
    some = [header for header in rule.some if has_header(row, header)]
    return None if rule.some and len(some) < rule.at_least else [*rule.every, *some]


def spelled(row: set[str], headers: Iterable[str]) -> list[str]:
    """Each header that stands in a row in the spelling that stands there."""
    return [next(word for word in header.split("|") if _stands(row, word)) for header in headers]


def has_header(row: set[str], header: str) -> bool:
    """Whether one of the spellings `a|b` of a header stands in the row."""
    closed, is_open = _spellings(header)
    return not closed.isdisjoint(row) or (is_open and any(_stands(row, spelling) for spelling in header.split("|")))


@lru_cache(maxsize=4096)
def _spellings(header: str) -> tuple[frozenset[str], bool]:
    """The spellings `a|b` as they are compared, and whether one of them ends in `(*)`."""
    spellings = header.split("|")
    return frozenset(map(normal, spellings)), any(spelling.endswith(OPEN) for spelling in spellings)


def _stands(row: set[str], spelling: str) -> bool:
    return normal(spelling) in row or open_ended(dict.fromkeys(row, 0), spelling) is not None
