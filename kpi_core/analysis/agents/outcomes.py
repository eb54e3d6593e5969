"""The outcome of teams or agents against what the kinds of their rows were to bring.

Rows of a kind that only one of them has say nothing of how it does against the others, and are left out.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.agents.answer import INNER, OUTER, Level, Standing, UnitOutcome, Units
from kpi_core.analysis.privacy.small_groups import protected
from kpi_core.messages.message import Message
from kpi_core.stats.comparisons.funnel import Allowance, Stratum, Unit, allowance, even, is_beyond
from kpi_core.stats.p_values import benjamini_hochberg

FALSE = 0.05
"""The rate of false discoveries among the units that are reported to lie beyond chance."""
MIX = ("type", "priority", "channel")
"""What makes one row harder than another, as far as files say."""
FEWEST_ROWS = 10
"""Rows below which a unit is not shown by default."""
UNIT, GOOD = "_unit", "_good"


def outcomes(frame: pl.DataFrame, level: Level, least: int | None, people: Collection[str]) -> Units:
    """The units among some rows, set against the rows of those that are shown and of nobody else.

    Args:
        frame: `_unit` (null for nobody's), `_good` (1 or 0), and the columns of `MIX` that there are.
        level: whether rows are split by agent or by team.
        least: the fewest rows of a unit that is shown; `FEWEST_ROWS` where None.
        people: the teams that are in effect one agent's, which are shown to nobody.
    """
    named = frame.drop_nulls(UNIT)
    rows = dict(named.group_by(UNIT).len().sort(UNIT).iter_rows())
    least = FEWEST_ROWS if least is None else least
    unassigned = frame.height - named.height
    if len(rows) < 2:
        return Units(unassigned=unassigned, rows=named.height, reason=Message("agents-one-unit"))
    hidden = _hidden(rows, level, least, people)
    others = named.filter(~pl.col(UNIT).is_in([*hidden]))
    mix = [name for name in MIX if name in named.columns and others[name].n_unique() > 1]
    shown = _comparable(others, mix, least)
    known = Units(
        hidden=len(hidden), hidden_rows=sum(rows[name] for name in hidden), few=sum(rows[name] < least for name in hidden), least=least,
        alone=len(rows) - len(hidden) - len(shown), rows=named.height, mix=mix, unassigned=unassigned,
    )  # fmt: skip
    if not shown:
        return replace(known, reason=_nothing(named, _units(others, mix), least))
    units = [*shown.values()]
    allowed = allowance(units)
    passed = benjamini_hochberg([allowed.p(unit) for unit in units], FALSE)
    stands = dict(zip(shown, passed, strict=True))
    comparable = sum(unit.n for unit in units)
    overall = sum(unit.observed for unit in units) / comparable
    return replace(
        known,
        shown=tuple(
            replace(outcome, stands=stands[outcome.name] and outcome.standing is Standing.OUTSIDE)
            for outcome in (_outcome(name, rows[name], unit, allowed, overall) for name, unit in shown.items())
        ),
        overall=overall, comparable=comparable, spread=allowed.usual, whole_spread=allowed.whole, has_allowance=allowed.has_spread, even=even(units),
    )  # fmt: skip


def _comparable(others: pl.DataFrame, mix: Sequence[str], least: int) -> dict[str, Unit]:
    """Those with rows enough of kinds that others of them have too; none where they are fewer than two.

    Who drops out takes the rows along that others were compared with, so that it is looked at again until nobody does.
    """
    while True:
        units = _units(others, mix)
        found = {name: unit for name, unit in units.items() if unit.variance > 0 and unit.n >= least}
        if len(found) < 2:
            return {}
        if len(found) == len(units):
            return found
        others = others.filter(pl.col(UNIT).is_in([*found]))


def _nothing(named: pl.DataFrame, units: Mapping[str, Unit], least: int) -> Message:
    """Why nobody can be compared: `units` are those that are not hidden, with their rows of kinds that others of them have."""
    if named[GOOD].n_unique() < 2:
        return Message("agents-all-the-same")
    if len(units) < 2:
        return Message("agents-few-rows")
    if sum(unit.n >= least for unit in units.values()) >= 2:
        return Message("agents-nearly-the-same")
    return Message("agents-few-rows") if any(unit.n for unit in units.values()) else Message("agents-nothing-in-common")


def _hidden(rows: Mapping[str, int], level: Level, least: int, people: Collection[str]) -> frozenset[str]:
    """Who is not shown: few rows, and teams that are one agent's, never one of these alone."""
    few = frozenset(name for name, count in rows.items() if count < least)
    if level is Level.AGENTS:
        return frozenset(name for name in protected(dict(rows.items()), least) if name is not None)
    theirs = frozenset(people) & rows.keys()
    hidden = few | theirs
    if len(hidden) == 1 and hidden <= theirs:
        others = sorted((count, name) for name, count in rows.items() if name not in hidden)
        hidden |= {name for _, name in others[:1]}
    return hidden


def _units(named: pl.DataFrame, mix: Sequence[str]) -> dict[str, Unit]:
    """By name each unit with its rows of each kind that others have too, with those of all."""
    cells = named.group_by(UNIT, *mix).agg(pl.len().alias("n"), pl.col(GOOD).sum().alias("good"))
    wholes = (pl.col("n").sum(), pl.col("good").sum())
    if mix:
        cells = cells.with_columns(wholes[0].over(mix).alias("all"), wholes[1].over(mix).alias("all_good"))
    else:
        cells = cells.with_columns(wholes[0].alias("all"), wholes[1].alias("all_good"))
    found: dict[str, list[Stratum]] = {}
    for name, *counts in cells.sort(UNIT, *mix).select(UNIT, "n", "good", "all", "all_good").iter_rows():
        one = Stratum(*map(int, counts))
        found.setdefault(name, []).extend([one] if one.all > one.n else [])
    return {name: Unit(strata=found[name]) for name in sorted(found, key=_by_name)}


def _by_name(name: str) -> list[tuple[int, str]]:
    """Names in their order, `Agent 2` before `Agent 10`."""
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in re.split(r"(\d+)", name)]


def _outcome(name: str, rows: int, unit: Unit, allowed: Allowance, overall: float) -> UnitOutcome:
    outer = allowed.outer(unit, OUTER)
    inner = allowed.inner(unit, INNER, outer)
    observed = unit.observed / unit.n
    standing = (
        Standing.OUTSIDE if allowed.is_outside(unit, OUTER)
        else Standing.EDGE if is_beyond(observed, inner)
        else Standing.INSIDE
    )  # fmt: skip
    return UnitOutcome(
        name=name, rows=rows, n=unit.n, observed=observed, expected=unit.expected / unit.n,
        shrunken=unit.shrunken(overall, allowed.whole.between), inner=inner, outer=outer, standing=standing,
    )  # fmt: skip
