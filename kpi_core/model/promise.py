"""One promise to customers, as a help desk makes it."""

from collections.abc import Mapping
from dataclasses import field

from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Seconds within which something is promised to the tickets that have these words; no words: to every other one."""

    within: int
    among: Mapping[str, str] = field(default_factory=dict)
