"""A change by the segments of each dimension, and which dimension explains most.

The entropy of the contributions, by which others choose, goes by how even a dimension's groups are: of six dimensions it named the
planted one in 0 to 23 % of simulated changes (DECISIONS.md). Here the dimension is chosen that has the segment, or the mix, which
chance alone would hardly make as unlike the others as it is, with all the segments of the dimension looked at.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from kpi_core.analysis.why.answer import REAL, Bounds, Dimension, Kind, Segment, Unlike
from kpi_core.analysis.why.strata import Group
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Count
from kpi_core.model.report import Verdict
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import Judgement, factor_less_one
from kpi_core.stats.mix_and_rate import Effects, Part, Split, Spread, Stratum, displaced, reversal, split, spreads
from kpi_core.stats.p_values import benjamini_hochberg

FEWEST = 30
"""Rows on each side, below which neither part has an interval."""


class Tests(Protocol):
    """What gives how surely a change is known by segment."""

    kpi: Kpi

    def effects(self, dimension: str, groups: Sequence[Group]) -> tuple[Effects, float] | None:
        """The design effects of mix and rate, and the degrees of freedom; None where that is unknown."""

    def unlike(self, dimension: str, group: Group, rest: Sequence[Group], groups: Sequence[Group]) -> Judgement | None:
        """The change of a group less that of some others of all; None where there are too few rows or days."""


@dataclass(frozen=True, kw_only=True)
class Dealt:
    """A dimension's groups with what each adds, before it is known which stand out. `bounds` are of mix and rate."""

    name: str
    groups: Sequence[Group]
    split: Split
    bounds: tuple[Bounds | None, Bounds | None]
    unlike: Sequence[Unlike | None]
    is_tested: bool
    is_of_people: bool = False


def dealt(name: str, groups: Sequence[Group], kind: Kind, tests: Tests | None, confidence: float) -> Dealt:
    """A change dealt to the groups of a dimension."""
    old, new = [one.old for one in groups], [one.new for one in groups]
    if kind is Kind.AMOUNTS:
        parts = Split(parts=tuple(Part(mix=0.0, rate=after.total - before.total) for before, after in zip(old, new, strict=True)))  # fmt: skip
        bounds: tuple[Bounds | None, Bounds | None] = (None, None)
    else:
        parts = split(old, new)
        bounds = _bounds(name, groups, parts, tests, confidence)
    against = [None] * len(groups) if tests is None else _against(name, groups, tests, confidence)
    return Dealt(name=name, groups=groups, split=parts, bounds=bounds, unlike=against, is_tested=tests is not None)


def _bounds(
    name: str, groups: Sequence[Group], parts: Split, tests: Tests | None, confidence: float
) -> tuple[Bounds | None, Bounds | None]:
    """The intervals of mix and rate; None where rows or days are too few, and for what is no sample of rows."""
    old, new = [one.old for one in groups], [one.new for one in groups]
    if tests is None or min(math.fsum(one.n for one in old), math.fsum(one.n for one in new)) < FEWEST:
        return None, None
    if (found := tests.effects(name, groups)) is None:
        return None, None
    mix, rate = spreads(old, new, *found)
    return _within(mix, parts.mix, confidence), _within(rate, parts.rate, confidence)


def _within(spread: Spread, value: float, confidence: float) -> Bounds | None:
    if not spread.error:
        return None
    low, high = spread.bounds(value, confidence)
    return Bounds(low=low, high=high, p=spread.p(value))


def _against(name: str, groups: Sequence[Group], tests: Tests, confidence: float) -> list[Unlike | None]:
    """Each group's change against that of the others.

    Compared with one that is far from the rest all the others look unlike it the other way round: so the most unlike is set aside before the
    next is looked for, as long as there is one.
    """
    found: list[Unlike | None] = [None] * len(groups)
    left = list(range(len(groups)))
    while len(left) > 1:
        for place in left:
            rest = [groups[other] for other in left if other != place]
            found[place] = _unlike(name, groups[place], rest, groups, tests, confidence)
        known = [(one.bounds.p, -abs(one.value), place) for place in left if (one := found[place]) is not None]
        if not known or min(known)[0] >= 1 - confidence:
            return found
        left.remove(min(known)[2])
    if len(left) == 1 and len(groups) > 1:
        found[left[0]] = None  # what is left has nothing to be unlike to
    return found


def _unlike(
    name: str, group: Group, rest: Sequence[Group], groups: Sequence[Group], tests: Tests, confidence: float
) -> Unlike | None:
    """How far a group's change is from that of some others; None where it is not shown or not tested."""
    if group.result is None or group.result.verdict is Verdict.NOT_TESTED:
        return None
    tested = tests.unlike(name, group, rest, groups)
    if tested is None or not tested.error:
        return None
    values = _amounts(group, rest) if isinstance(tests.kpi.measure, Count) else within_rest(group, rest)
    return None if values is None else unlike(values, tested, confidence)


def _amounts(group: Group, rest: Sequence[Group]) -> tuple[float, float, float, float]:
    """A group's amounts before and after, and those of the rest."""
    old, new = (math.fsum(getattr(one, side).total for one in rest) for side in ("old", "new"))
    return group.old.total, group.new.total, old, new


def within_rest(group: Group, rest: Sequence[Group]) -> tuple[float, float, float, float] | None:
    """A group's values before and after, and those of the rest, which differ by what they changed within them."""
    both = [one for one in rest if one.old.n and one.new.n]
    if group.old.rate is None or group.new.rate is None or not both:
        return None
    rows = math.fsum(one.old.n for one in both), math.fsum(one.new.n for one in both)
    weights = [one.old.n / rows[0] + one.new.n / rows[1] for one in both]
    changes = [(one.new.rate or 0.0) - (one.old.rate or 0.0) for one in both]
    before = math.fsum(one.old.total for one in both) / rows[0]
    within = math.fsum(weight * change for weight, change in zip(weights, changes, strict=True)) / math.fsum(weights)
    return group.old.rate, group.new.rate, before, before + within


def unlike(values: tuple[float, float, float, float], tested: Judgement, confidence: float) -> Unlike | None:
    """A change against another, with the interval of its test; `values` are both before and after."""
    before, after, others_before, others_after = values
    low, high = tested.bounds(confidence)
    if not tested.is_log:
        value = after - before - (others_after - others_before)
        return Unlike(value=value, bounds=Bounds(low=low, high=high, p=tested.p))
    if not others_before:
        return None
    expected = before * others_after / others_before
    scale = abs(expected)
    return Unlike(
        value=after - expected,
        bounds=Bounds(low=scale * factor_less_one(low), high=scale * factor_less_one(high), p=tested.p),
    )


def ranked(found: Sequence[Dealt], kind: Kind, alpha: float) -> tuple[Dimension, ...]:
    """The dimensions, the one that explains most first, with what stands out once all of them are looked at together."""
    asked = [(one, place) for one in found for place in range(-1, len(one.groups)) if _p(one, place) is not None]
    passed = benjamini_hochberg([_p(one, place) or 0.0 for one, place in asked], alpha) if asked else []
    stands = {(one.name, place): stand for (one, place), stand in zip(asked, passed, strict=True)}
    moved = _moved(found, alpha)
    dimensions = [_dimension(one, kind, stands, moved) for one in found]
    return tuple(sorted(dimensions, key=lambda one: (not one.stands, one.p, -one.displaced)))


def _p(one: Dealt, place: int) -> float | None:
    """The p-value of a group's being unlike the others, or at −1 of the mix."""
    if place >= 0:
        difference = one.unlike[place]
        return None if difference is None else difference.bounds.p
    mix = one.bounds[0]
    return None if mix is None else mix.p


def _moved(found: Sequence[Dealt], alpha: float) -> frozenset[tuple[str, str | None]]:
    """The groups whose own change is a verdict, also once those of all dimensions are looked at together."""
    asked = [
        (one.name, group.name, group.result.change.answer.p, group.result.verdict in REAL)
        for one in found
        if one.is_tested
        for group in one.groups
        if group.result is not None and group.result.change is not None and group.result.change.answer is not None
    ]
    passed = benjamini_hochberg([p for _, _, p, _ in asked], alpha) if asked else []
    return frozenset((name, group) for (name, group, _, real), stand in zip(asked, passed, strict=True) if real and stand)  # fmt: skip


def _dimension(
    one: Dealt, kind: Kind, stands: dict[tuple[str, int], bool], moved: frozenset[tuple[str, str | None]]
) -> Dimension:
    old, new = [group.old for group in one.groups], [group.new for group in one.groups]
    weigh = [_weights(side, kind) for side in (old, new)]
    segments = [
        _segment(one, place, (weigh[0][place], weigh[1][place]), stands.get((one.name, place), False), moved)
        for place in range(len(one.groups))
    ]
    tests = [p for place in range(-1, len(one.groups)) if (p := _p(one, place)) is not None]
    contributions = [part.sum for part in one.split.parts]
    is_rate = kind is Kind.RATES
    sides = (old, new) if is_rate else tuple([replace(each, n=abs(each.total)) for each in side] for side in (old, new))
    has_rows = all(any(each.n for each in side) for side in sides)
    mix_stands = stands.get((one.name, -1), False)
    return Dimension(
        name=one.name,
        segments=tuple(sorted(segments, key=lambda each: (0.0 if one.is_of_people else -abs(each.part.sum), each.name or ""))),
        is_of_people=one.is_of_people,
        mix=one.split.mix, rate=one.split.rate, mix_bounds=one.bounds[0], rate_bounds=one.bounds[1],
        displaced=displaced(sides[0], sides[1], contributions) if has_rows else 0.0,
        p=min(1.0, min(tests) * len(tests)) if tests else 1.0,
        stands=mix_stands or any(each.unlike is not None and each.unlike.stands for each in segments),
        mix_stands=mix_stands,
        against=reversal(old, new) if is_rate else None,
    )  # fmt: skip


def _weights(side: Sequence[Stratum], kind: Kind) -> list[float]:
    """Each group's share of the rows, or of the amount."""
    sizes = [one.n if kind is Kind.RATES else one.total for one in side]
    whole = math.fsum(sizes)
    return [size / whole if whole else 0.0 for size in sizes]


def _segment(
    one: Dealt, place: int, weights: tuple[float, float], stands: bool, moved: frozenset[tuple[str, str | None]]
) -> Segment:
    group, unlike_ = one.groups[place], one.unlike[place]
    old, new = group.estimates
    return Segment(
        name=group.name, old=old, new=new, weights=weights, part=one.split.parts[place], is_rest=group.result is None,
        moved=group.result is not None and (one.name, group.name) in moved,
        verdict=None if group.result is None else group.result.verdict,
        unlike=None if unlike_ is None else replace(unlike_, stands=stands),
    )  # fmt: skip
