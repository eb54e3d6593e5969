"""Whose rows are few: the sides of a condition that hang on a few people, and the groups that are in effect one agent's.

A report on `agent <> 'Kim'` gives Kim away as one on `agent = 'Kim'` does: everything less what meets the condition is what
does not. So the rows that meet a condition, or fail it, only by what it says of people are looked at both.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from kpi_core.facts.automatic_agents import is_automatic
from kpi_core.model.columns import distinct
from kpi_core.model.conditions import where
from kpi_core.model.conditions.sql import columns_of, parse_condition
from kpi_core.patterns import regex

SMALL = 5
"""Fewest people, and fewest rows of them, that give no one away."""
MOSTLY = 0.5
"""The share of an agent's rows past which a group that names nobody else is in effect the agent's."""
FIRST = 5_000
"""Rows of a table that mostly show several people of each group."""

ADDRESS = regex(r"[^@\s]+@[^@\s]+\.[^@\s]+")

Tables = Mapping[str, pl.DataFrame]


def sides_of_few(
    whole: Tables,
    condition: str,
    zone: str | None,
    headers: where.Headers,
    people: Collection[str],
    groups: Collection[str],
) -> list[Tables]:
    """The rows of few people that meet a condition, or fail it, only by what it says of people or of their groups.

    Args:
        whole: the tables without the condition.
        condition: as it is asked.
        zone: whose clock it is asked by.
        headers: what the files' headers are read as.
        people: the columns that name people. Rows that name nobody in any that the condition speaks of are left out.
        groups: the columns that name groups of agents.
    """
    asked = columns_of(parse_condition(condition))
    named, grouped = ([name for name in asked if name.casefold() in columns] for columns in (people, groups))
    if not named and not grouped:
        return []
    sound = {name: _without_noise(frame) for name, frame in whole.items() if where.fits(frame, condition)}
    sides = [where.met_or_not_by(frame, condition, zone, headers, [*named, *grouped]) for frame in sound.values()]
    found: list[Tables] = []
    for frames in zip(*sides, strict=True):
        side = dict(zip(sound, frames, strict=True))
        of_people = {name: _naming(frame, named) for name, frame in side.items()}
        if any(are_few(frame, named) for frame in of_people.values()):
            found.append(of_people)
        elif grouped and _is_one_agents(side, sound):
            found.append(side)
    return found


def are_few(frame: pl.DataFrame, columns: Collection[str]) -> bool:
    """Whether the rows name people in one of the columns, and few of them."""
    return any(0 < frame[name].drop_nulls().n_unique() < SMALL for name in columns if name in frame.columns)


def groups_of_one(tables: Tables, dimension: str) -> frozenset[str]:
    """The groups of a dimension that are in effect one agent's: they name nobody else, and most of the agent's rows are in them.

    Where all rows are one agent's no group is, for everything is as much so. All are where they are called as agents are.
    """
    if (names := _names_of_agents(tables, dimension)) is not None:
        return names
    if _have_several(tables, dimension):
        return frozenset()
    inside: dict[str, Counter[str]] = {}
    for frame in tables.values():
        if {"agent", dimension} <= set(frame.columns) and dimension != "agent":
            # Counted as they are, categories by their codes, and called by their names only then.
            named = frame.lazy().select("agent", group=dimension).drop_nulls().group_by("agent", "group").len()
            counted = named.collect(engine="streaming").with_columns(pl.col("group").cast(pl.String))
            people = people_among(str(agent) for agent in counted["agent"].unique())
            for agent, group, count in counted.iter_rows():
                if agent in people:
                    inside.setdefault(group, Counter())[agent] += count
    everywhere = sum(inside.values(), Counter[str]())
    return frozenset(group for group, agents in inside.items() if _are_one(agents, everywhere))


def _have_several(tables: Tables, dimension: str) -> bool:
    """Whether the first rows show that each group names several people: mostly so, and found without counting all rows."""
    agents: dict[str, set[str]] = {}
    groups: set[str] = set()
    for frame in tables.values():
        if {"agent", dimension} <= set(frame.columns) and dimension != "agent":
            groups.update(map(str, distinct(frame[dimension])))
            first = frame.lazy().head(FIRST).select("agent", group=dimension).drop_nulls().unique().collect()
            for agent, group in first.with_columns(pl.col("group").cast(pl.String)).iter_rows():
                agents.setdefault(group, set()).add(agent)
    return all(len(people_among(agents.get(group, ()))) > 1 for group in groups)


def _names_of_agents(tables: Tables, dimension: str) -> frozenset[str] | None:
    """The groups of a dimension of which most are called as agents are, or have an address for a name; None of any other."""
    if dimension in ("agent", "group"):
        return None
    columns = [frame[dimension] for frame in tables.values() if dimension in frame.columns]
    groups = frozenset(str(name) for names in columns for name in names.drop_nulls().unique())
    named = [frame["agent"].drop_nulls().unique() for frame in tables.values() if "agent" in frame.columns]
    agents = {str(name).strip().casefold() for names in named for name in names}
    people = [name for name in groups if name.strip().casefold() in agents or ADDRESS.fullmatch(name.strip())]
    return groups if len(people) > MOSTLY * len(groups) else None


def _is_one_agents(side: Tables, whole: Tables) -> bool:
    """Whether some of all rows are in effect one agent's."""
    return _are_one(_of_agents(side), _of_agents(whole))


def _of_agents(tables: Tables) -> Counter[str]:
    """How many rows name each agent."""
    found: Counter[str] = Counter()
    for frame in tables.values():
        if "agent" in frame.columns:
            found.update(dict(frame["agent"].drop_nulls().value_counts().iter_rows()))
    people = people_among(map(str, found))
    return Counter({agent: count for agent, count in found.items() if agent in people})


def people_among(agents: Iterable[str]) -> frozenset[str]:
    """The agents who are people: next to a machine alone, one is alone."""
    return frozenset(name for name in agents if not is_automatic(name))


def _are_one(agents: Counter[str], everywhere: Counter[str]) -> bool:
    """Whether rows that name some agents are in effect one's, by how many rows name each everywhere."""
    is_most = all(count > MOSTLY * everywhere[agent] for agent, count in agents.items())
    return len(agents) == 1 and len(everywhere) > 1 and is_most


def _naming(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The rows that name somebody in one of the columns."""
    return frame.filter(pl.any_horizontal(pl.col(columns).is_not_null())) if columns else frame


def _without_noise(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows without those of merged and spam tickets, which no figure counts."""
    flags = [pl.col(name).fill_null(value=False) for name in ("is_merged", "is_spam") if name in frame.columns]
    return frame.filter(~pl.any_horizontal(flags)) if flags else frame
