"""Figures that others have published about a KPI: whose, from when, how they were counted, and why they are no like of it.

They are shown next to a figure and never judge it: a target is only what somebody has set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cache
from typing import Any

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import ConfigError
from kpi_core.messages.labels import LANGUAGES
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.records import dataclass

Words = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """One published figure.

    Attributes:
        kpi: the KPI that it is shown next to.
        low: the figure, or the lower end of a range (`high` is the upper one, the same for one figure): shares 0..1, NPS −1..1, else as it is.
        of: the highest mark of its scale, where it is a mark.
        year: when it is from; None where it is undated.
        whose: who has it; `source` where it stands, `formula` how it was counted.
        not_comparable: why it is no like of the KPI; empty where a user says that it is.
        is_own: whether a user's project file says it.
    """

    kpi: str
    low: float
    high: float
    of: float | None = None
    year: int | None = None
    whose: Words = field(default_factory=dict)
    source: Words = field(default_factory=dict)
    formula: Words = field(default_factory=dict)
    not_comparable: Words = field(default_factory=dict)
    is_own: bool = False


def in_language(words: Words, lang: str) -> str:
    """A text in a language, else in the first that it is given in; empty for none."""
    return words.get(lang) or next(iter(words.values()), "")


def in_all(value: Any) -> Words:
    """A text that is given once for all languages, or by language."""
    if isinstance(value, Mapping):
        return {str(lang): str(text) for lang, text in value.items()}
    return dict.fromkeys(LANGUAGES, str(value)) if value else {}


@cache
def published() -> tuple[Benchmark, ...]:
    """Those that come with the tool."""
    return tuple(
        _benchmark(each)
        for path in sorted((configs() / "benchmarks").glob("*.yaml"))
        for each in yaml.load(path, ConfigError).data["benchmarks"]
    )


def _benchmark(each: Mapping[str, Any]) -> Benchmark:
    low, high = (float(each[name]) if name in each else float(each["value"]) for name in ("low", "high"))
    year = int(each["year"]) if "year" in each else None
    return Benchmark(
        kpi=each["kpi"], low=low, high=high, of=float(each["of"]) if "of" in each else None, year=year, whose=in_all(each["whose"]),
        source=in_all(each["source"]), formula=in_all(each["formula"]), not_comparable=in_all(each["not_comparable"]),
    )  # fmt: skip


def benchmarks_of(kpi: Kpi, own: Sequence[Benchmark] = ()) -> tuple[Benchmark, ...]:
    """What is shown next to a KPI: a user's own first, then what was published, the newest first, undated last."""
    known = sorted(published(), key=lambda one: -(one.year or 0))
    found = [*(one for one in own if one.kpi == kpi.name), *(one for one in known if one.kpi == kpi.known_as)]
    return tuple(one if one.is_own else _inside(one, kpi.unit) for one in found)


def _inside(one: Benchmark, unit: Unit) -> Benchmark:
    """A published figure in the inside unit: the file has NPS in points."""
    return replace(one, low=one.low / 100, high=one.high / 100) if unit is Unit.POINTS else one
