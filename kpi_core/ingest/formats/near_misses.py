"""Files that are nearly in a known format: all of its telling headers but one are there, or most of them."""

import shlex
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial
from pathlib import Path

from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.header_rules import has_header, matched_headers
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.outlines import Outline, outlines, whole
from kpi_core.ingest.formats.recognise import Match, match_at
from kpi_core.ingest.headers.header_rows import candidates, normal
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

_LIKELIEST = 3
"""Rows looked at, the likeliest header first."""
_SIGNS = 4
"""Telling headers from which a file looks like a format that it lacks one header of."""
_LACKED = 2
"""Telling headers without which a file is named as nearly in a format, if it has more of them, or of its other columns."""
_SPELLINGS = 2
"""Of the names that a header goes by, those that are said."""


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
        return set(_fed_by(self.match.mapping, self.missing))


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
        missing = [header for header in rule.every if not has_header(row, header)]
        signs = matched_headers(row, rule.model_copy(update={"every": ()}))
        if len(missing) == 1 and signs is not None and len(signs) + len(rule.every) - 1 >= _SIGNS:
            mapping = whole(outline.path)
            if mapping.header_rows == 1 and mapping.records is None:
                yield len(signs), skip, outline.path, missing[0]
            return


def near_hint(raw: RawExport) -> str:
    """Which format most headers of a file are of, which of its headers are not there, and the ways out; empty where it is like none."""
    if raw.kind == "json":
        return ""
    found = max(_nearest(raw), key=lambda one: one[:2], default=None)
    if found is None:
        return ""
    _, _, mapping, lacking = found
    names = [" or ".join(f"`{word}`" for word in header.split("|")[:_SPELLINGS]) for header in lacking]
    fields = dict.fromkeys(name for header in lacking for name in _fed_by(mapping, header))
    way = (
        f", or name what stands for it: --mapping {mapping.name} --column {next(iter(fields))}=HEADER"
        if fields and len(lacking) == 1
        else ""
    )
    command = f"kundpuls map {shlex.quote(raw.name)} --table {mapping.table} -o m.yaml"
    return (
        f"it looks like {mapping.label} (`{mapping.name}`), but has no column {' and no '.join(names)}: export it with that{way}\n"
        f"`{command}` drafts a mapping for it as it is\n"
    )


def _nearest(raw: RawExport) -> Iterator[tuple[int, int, Mapping, list[str]]]:
    """The formats of which a file has most headers: how many of all columns it has, how many telling ones, and which of these it lacks."""
    for _, row in candidates(raw.head, raw.width)[:_LIKELIEST]:
        for outline in outlines():
            rule = outline.rule
            if outline.fallback or rule is None or any(map(partial(has_header, row), rule.none)):
                continue
            lacking = [header for header in rule.every if not has_header(row, header)]
            some = [header for header in rule.some if has_header(row, header)]
            short = max(rule.at_least - len(some), 0) if rule.some else 0
            lacking += [header for header in rule.some if header not in some][:short]
            mapping = whole(outline.path)
            known = sum(has_header(row, "|".join(spec.headers)) for spec in mapping.columns.values() if spec.headers)
            telling = len(rule.every) + len(some) + short - len(lacking)
            if 0 < len(lacking) <= _LACKED and telling and known >= _SIGNS and known + telling > 2 * len(lacking):
                yield known, telling, mapping, lacking


def _fed_by(mapping: Mapping, header: str) -> list[str]:
    """The columns and questions that a mapping reads from a header."""
    spellings = {normal(word) for word in header.split("|")}
    fed = [(name, spec.headers) for name, spec in mapping.columns.items()]
    fed += [(answer.question, answer.headers) for answer in mapping.answers]
    return [name for name, headers in fed if spellings & set(map(normal, headers))]
