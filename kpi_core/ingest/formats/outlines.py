"""The built-in formats by what they are recognised by, which stands at the head of each mapping.

To read and check every mapping takes a tenth of a second; only those that a file's headers may fit need it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import MappingError
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.header_rules import matched_headers, may_match
from kpi_core.ingest.formats.mapping import Mapping, load_mapping
from kpi_core.ingest.formats.specs import Recognition
from kpi_core.ingest.headers.header_rows import candidates
from kpi_core.patterns import regex
from kpi_core.records import dataclass

BODY = regex(r"^(columns|answers):", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A mapping's file, whether the format is only tried when no other fits, and its rule (None: its base's)."""

    path: Path
    fallback: bool
    rule: Recognition | None

    def may_fit(self, rows: Sequence[set[str]]) -> bool:
        """Whether one of a file's first rows says what the rule asks for."""
        rule = self.rule
        return rule is None or any(matched_headers(row, rule) is not None for row in rows)


def likely(raw: RawExport, *, fallback: bool) -> Iterator[Mapping]:
    """The built-in mappings whose headers a file has: those tried first, or those left for when none of them fits."""
    rows = [row for _, row in candidates(raw.head, raw.width)]
    cells = set[str]().union(*rows)  # what is in no row at all is soon looked for
    is_open = raw.kind == "json"  # the lists inside a document each have headers of their own
    for outline in outlines():
        if outline.fallback is not fallback:
            continue
        may_fit = is_open or outline.rule is None or may_match(cells, outline.rule)
        if may_fit and (is_open or outline.may_fit(rows)):
            yield whole(outline.path)


@cache
def outlines() -> tuple[Outline, ...]:
    """Every built-in format, by name."""
    return tuple(_outline(path) for path in sorted((configs() / "mappings").glob("*.yaml")))


def _outline(path: Path) -> Outline:
    text = path.read_text(encoding="utf-8")
    body = BODY.search(text)
    head = yaml.parse(text if body is None else text[: body.start()], path, MappingError).data
    rule = head.get("recognised_by")
    return Outline(
        path=path,
        fallback=head.get("fallback") == "true",
        rule=None if rule is None else Recognition.model_validate(rule),
    )


@cache
def whole(path: Path) -> Mapping:
    """The mapping in a file of the built-in ones."""
    return load_mapping(path)
