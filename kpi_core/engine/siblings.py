"""Which KPIs a finding is of beyond those that it names: it names KPIs of the catalogue, and what rests on the same data is as wrong.

A finding lists the KPIs that it touches by their names. A KPI that a user has defined is in no such list, and one that joins the catalogue
in none yet. What a KPI rests on is known from its measure, so it goes the way of the KPIs that rest on the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from kpi_core.engine.plan import leaves
from kpi_core.engine.state_cache import home
from kpi_core.facts.source_columns import BY_TIME, rests_on
from kpi_core.kpis import CATALOGUE
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Index, Kept, Measure, Part, Stock, Survival
from kpi_core.records import dataclass

RESOLVED = "is_resolved"
SAME = {BY_TIME: RESOLVED, "resolved_at": RESOLVED}
"""What is one outcome, by whichever column it is told."""
PLAIN = frozenset(
    {
        "ticket_id", "order_id", "response_id", "customer_id", "agent", "priority", "is_case", "is_complaint", "is_merged", "is_spam", "is_outbound",
        "author", "created_at", "age", "own_hours", "records_states", "records_replies", "is_resolution_in_order", "is_reply_in_order",
        "question", "top", "levels", "on_scale", "scale_high", "scale_low", "direction",
    }
)  # fmt: skip
"""What says which rows are counted, and nothing of what became of them."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a measure with rows of its own rests on.

    Attributes:
        table: whose rows.
        dated_by: what places them in a period.
        kind: the kind of measure, with whether it counts in opening hours.
        lasts: whether it looks at how long rows last, and not at each of them once.
        outcomes: the columns that say what became of a row, and the question asked; empty where rows are only counted.
    """

    table: str
    dated_by: str
    kind: str
    lasts: bool
    outcomes: frozenset[str]

    def is_within(self, other: "Basis") -> bool:
        """Whether all that this rests on, the other rests on too; what only counts rows is within the same alone."""
        if (self.table, self.dated_by, self.kind) != (other.table, other.dated_by, other.kind):
            return False
        return self.outcomes <= other.outcomes if self.outcomes else not other.outcomes

    def is_of_outcomes_of(self, other: "Basis") -> bool:
        """Whether it looks at outcomes of rows, and at none that the other does not, by whichever date."""
        is_alike = self.table == other.table and self.lasts == other.lasts
        return is_alike and bool(self.outcomes) and self.outcomes <= other.outcomes

    def overlaps(self, other: "Basis") -> bool:
        """Whether it is of the same kind and looks at one of the outcomes."""
        is_alike = (self.table, self.dated_by, self.kind) == (other.table, other.dated_by, other.kind)
        return is_alike and bool(self.outcomes & other.outcomes)


Bases = frozenset[Basis]


@lru_cache(maxsize=1024)
def bases(kpi: Kpi) -> Bases:
    """What each part of a KPI rests on."""
    return frozenset(_basis(kpi, leaf) for leaf in leaves(kpi))


def _basis(kpi: Kpi, leaf: Part) -> Basis:
    table, dated_by = home(leaf)
    roots = sorted({name for fact in leaf.measure.facts() for name in fact.meta.root_names()})
    outcomes = {SAME.get(name, name) for name in rests_on(table, roots)} - PLAIN
    hours = ("in hours",) if getattr(leaf.measure, "hours", None) is not None else ()
    combined = () if leaf.measure is kpi.measure else (type(kpi.measure).__name__,)
    kind = " ".join((type(leaf.measure).__name__, *hours, *combined))
    known = outcomes & _told() | _asked(kpi, leaf.measure)
    lasts = isinstance(leaf.measure, Stock | Kept | Survival)
    return Basis(table=table, dated_by=dated_by, kind=kind, lasts=lasts, outcomes=frozenset(known))


def _asked(kpi: Kpi, measure: Measure) -> set[str]:
    """The questions whose answers it needs, as outcomes."""
    questions = measure.weights if isinstance(measure, Index) else [kpi.asks] if kpi.asks else ()
    return {f"question:{name}" for name in questions}


@cache
def _told() -> frozenset[str]:
    """The columns that some KPI of the catalogue rests on: what else a user's KPI speaks of only picks its rows."""
    return (
        frozenset(
            SAME.get(column, column)
            for kpi in CATALOGUE
            for leaf in leaves(kpi)
            for column in rests_on(
                home(leaf)[0], {name for fact in leaf.measure.facts() for name in fact.meta.root_names()}
            )
        )
        - PLAIN
    )


@cache
def _families() -> Mapping[Bases, frozenset[str]]:
    """The KPIs of the catalogue by what they rest on."""
    found: dict[Bases, set[str]] = {}
    for kpi in CATALOGUE:
        found.setdefault(bases(kpi), set()).add(kpi.name)
    return {held: frozenset(names) for held, names in found.items()}


@lru_cache(maxsize=1024)
def siblings(kpi: Kpi) -> frozenset[str]:
    """The KPIs of the catalogue that a KPI goes with: a finding that names one of them is of it too.

    They rest on the same. A user's KPI that rests on what none of the catalogue does goes with those that rest on a part of it.
    """
    own = bases(kpi)
    same = _families().get(own, frozenset()) - ({kpi.name} if kpi.known_as else set())
    if same or kpi.known_as:
        return same
    parts = [held for held in _families() if all(any(one.is_within(each) for each in own) for one in held)]
    known = {name for held in parts for one in held for name in one.outcomes}
    parts += [held for each in own if not each.outcomes <= known for held in _otherwise(each)]
    parts = parts or [held for held in _families() if any(one.overlaps(each) for one in held for each in own)]
    return frozenset[str]().union(*(_families()[held] for held in parts))


def _otherwise(basis: Basis) -> list[Bases]:
    """What rests on as many outcomes of a basis as any does, in another way: by its own date where there is such, else by another."""
    held = [one for one in _families() if len(one) == 1 and all(each.is_of_outcomes_of(basis) for each in one)]
    told = {one: frozenset(name for each in one for name in each.outcomes) for one in held}
    most = [one for one in held if not any(told[one] < other for other in told.values())]
    return [one for one in most if all(each.dated_by == basis.dated_by for each in one)] or most


def with_siblings(findings: Iterable[Finding], kpis: Sequence[Kpi]) -> list[Finding]:
    """The findings, each with the KPIs of a report that go with those it names.

    The name of a built-in KPI whose place a user's takes stands for that one: what it rests on is no matter of the others.
    """
    replaced = {kpi.name for kpi in kpis if kpi.own}
    kin = {kpi.name: found for kpi in kpis if (found := siblings(kpi) - replaced)}
    return [_with(finding, kin) for finding in findings]


def _with(finding: Finding, kin: Mapping[str, frozenset[str]]) -> Finding:
    named = frozenset[str]().union(*(_matched(pattern) for pattern in finding.kpis))
    joined = [name for name, found in kin.items() if found & named and not finding.names(name)]
    return replace(finding, kpis=(*finding.kpis, *joined)) if joined else finding


@lru_cache(maxsize=4096)
def _matched(pattern: str) -> frozenset[str]:
    """The KPIs of the catalogue that a finding names so."""
    return frozenset(kpi.name for kpi in CATALOGUE if fnmatchcase(kpi.name, pattern))
