"""One definition of a KPI, somebody's, and how it is built from the catalogue's own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kpi_core.kpis import BY_NAME
from kpi_core.model.kpi import TRADE, Kpi, Own
from kpi_core.model.measures import Measure
from kpi_core.model.periods import Period
from kpi_core.records import dataclass
from kpi_core.variants.names import NAIVE, NOT_TOOLS

Window = Callable[[date], Period]
"""The period that a day, the data's last, is the end of."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """Somebody's definition of a KPI.

    Attributes:
        name: its own in snake case; the catalogue's where it is the catalogue's.
        title: what sets it apart, in a few words.
        whose: the owners, as in `names.OWNERS`.
        kpi: what the engine computes.
        source: where it is written down: the title of a page, or the grade of what is known.
        fits: what rows must be like for any to count, where that is more than the columns it needs.
        window: the period it looks at, where that is what sets it apart.
        rolling: how far back from the data's last instant it looks, where that is.
    """

    name: str
    title: str
    whose: tuple[str, ...]
    kpi: Kpi
    source: str = ""
    fits: str = ""
    window: Window | None = None
    rolling: timedelta | None = None

    @property
    def formula(self) -> str:
        """What is divided by what, in words."""
        return self.kpi.formula

    @property
    def is_naive(self) -> bool:
        """Whether nobody would defend it."""
        return self.whose == (NAIVE,)

    @property
    def is_of_a_tool(self) -> bool:
        """Whether a product shows it, this one or another."""
        return self.kpi.own is None and not NOT_TOOLS.issuperset(self.whose)


def catalogued(name: str, title: str, *whose: str, source: str = "", fits: str = "") -> Definition:
    """The catalogue's definition of that name."""
    kpi = BY_NAME[name]
    known = "" if kpi.reference == TRADE else kpi.reference
    return Definition(name=name, title=title, whose=whose, kpi=kpi, source=source or known, fits=fits)


def of_own(kpi: Kpi, own: Own) -> Definition:
    """The definition of a KPI that a user has defined, known by its pack; the catalogue's stays next to the one it replaces."""
    label = own.labels.get("en") or next(iter(own.labels.values()))
    title = f"{label}, which reports show in the place of ours" if own.overrides else label
    return Definition(name=f"{own.pack}/{kpi.name}", title=title, whose=(own.pack,), kpi=kpi, source=own.place)


def rival(
    name: str, of: str, title: str, *whose: str, formula: str, measure: Measure, source: str = "", fits: str = "",
    **changes: Any,
) -> Definition:  # fmt: skip
    """A definition that is not the catalogue's: the KPI `of`, with another measure and whatever else changes."""
    kpi = replace(
        BY_NAME[of], **{"name": name, "formula": formula, "measure": measure, "description": f"{title}.", "variant_of": of,
                        "matures_after": None, "left_out": "", "reference": source, **changes},
    )  # fmt: skip
    return Definition(name=name, title=title, whose=whose, kpi=kpi, source=source, fits=fits)
