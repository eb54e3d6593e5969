"""The words and sentences of each language, as `configs/labels/<lang>.yaml` holds them."""

from collections.abc import Mapping
from functools import lru_cache

from kpi_core.config import resources

LANGUAGES: tuple[str, ...] = ("en", "sv", "nb")
SENTENCES = ("reading", "drafts", "checks", "analysis")
"""The sections of sentences: of files as they are read, of mappings as they are drafted, of what the data are worth, of results."""


@lru_cache
def labels(lang: str) -> Mapping[str, Mapping[str, str]]:
    """All sections of a language."""
    from kpi_core.config import yaml

    sections: dict[str, dict[str, str]] = yaml.load(resources.configs() / "labels" / f"{lang}.yaml").data
    return sections


@lru_cache
def sentences(lang: str) -> Mapping[str, str]:
    """Every sentence of a language by its key."""
    found: dict[str, str] = {}
    for section in SENTENCES:
        found.update(labels(lang).get(section) or {})
    return found
