"""Files that are nearly in a known format: all of its telling headers but one are there."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.header_rules import matched_headers
from kpi_core.ingest.formats.outlines import Outline, outlines, whole
from kpi_core.ingest.formats.recognise import Match, match_at
from kpi_core.ingest.formats.specs import Recognition
from kpi_core.ingest.headers.header_rows import candidates, normal
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

_LIKELIEST = 3
"""Rows looked at, the likeliest header first."""
_SIGNS = 4
"""Telling headers from which a file looks like a format that it lacks one header of."""


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """A format that a file would be in if it had one header more."""

    match: Match
    missing: str

    @property
    def label(self) -> Message:
        """What to call it: the format, and the header that is not there."""
        mapping = self.match.mapping
        return Message("near-format", label=mapping.label, mapping=mapping.name, headers=self.missing.split("|"))

    def fields(self) -> set[str]:
        """What would be read from the missing header."""
        spellings = {normal(word) for word in self.missing.split("|")}
        return {name for name, spec in self.match.mapping.columns.items() if spellings & set(map(normal, spec.headers))}


def near_miss(raw: RawExport) -> NearMiss | None:
    """The format that a file nearly is in; of several that with the most telling headers, None for two alike."""
    if raw.kind == "json":
        return None
    rows = candidates(raw.head, raw.width)[:_LIKELIEST]
    signs_in = ((skip, frozenset(cell for cell in row if cell in _signs() or cell.endswith(")"))) for skip, row in rows)
    signs_found = _nearly(tuple((skip, signs) for skip, signs in signs_in if signs))
    found = [(signs, match_at(raw, whole(path), skip, Message("by-all-headers-but-one")), missing)
             for signs, skip, path, missing in signs_found]  # fmt: skip
    found.sort(key=lambda one: -one[0])
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return NearMiss(match=found[0][1], missing=found[0][2])


@cache
def _signs() -> frozenset[str]:
    """Every header by which a format is recognised, as it is compared."""
    rules = [outline.rule for outline in outlines() if outline.rule is not None]
    named = (header for rule in rules for header in (*rule.every, *rule.some, *rule.none))
    return frozenset(normal(word) for header in named for word in header.split("|"))


@lru_cache(maxsize=64)
def _nearly(rows: tuple[tuple[int, frozenset[str]], ...]) -> tuple[tuple[int, int, Path, str], ...]:
    """The formats of which one of the rows lacks one header: telling headers, the row, the format and what it lacks."""
    return tuple(near for outline in outlines() if not outline.fallback for near in _near(rows, outline))


def _near(rows: Sequence[tuple[int, frozenset[str]]], outline: Outline) -> Iterator[tuple[int, int, Path, str]]:
    rule = outline.rule
    if rule is None or not rule.some:
        return
    for skip, known in rows:
        row = set(known)
        missing = [header for header in rule.every if matched_headers(row, Recognition(every=(header,))) is None]
        signs = matched_headers(row, rule.model_copy(update={"every": ()}))
        if len(missing) == 1 and signs is not None and len(signs) + len(rule.every) - 1 >= _SIGNS:
            mapping = whole(outline.path)
            if mapping.header_rows == 1 and mapping.records is None:
                yield len(signs), skip, outline.path, missing[0]
            return
