"""What is known of a built-in format before its mapping is read whole says the same as the mapping."""

from pathlib import Path

import pytest

from kpi_core.config.resources import configs
from kpi_core.ingest.formats import outlines
from kpi_core.ingest.formats.mapping import load_mapping

MAPPINGS = sorted((configs() / "mappings").glob("*.yaml"))


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_an_outline_says_what_its_mapping_says(path: Path) -> None:
    outline = next(outline for outline in outlines.outlines() if outline.path == path)
    mapping = load_mapping(path)

    assert (outline.rule or mapping.recognised_by) == mapping.recognised_by
    assert outline.fallback is mapping.fallback


def test_a_mapping_without_a_rule_of_its_own_is_read_whole() -> None:
    assert outlines.Outline(path=Path("x.yaml"), fallback=False, rule=None).may_fit([])
