"""Agents who are no people left out, and names exchanged for pseudonyms, before anything is counted or shown."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import polars as pl

from kpi_core.facts.automatic_agents import is_automatic
from kpi_core.ingest.dataset import Dataset

CALLED = "Agent {number}"


def without_automatic(dataset: Dataset) -> Dataset:
    """The files with the rows of agents who are no people as rows of nobody's."""
    return renamed(dataset, lambda name: None if is_automatic(name) else name)


def names_of(dataset: Dataset) -> list[str]:
    """Everybody whom the files name as an agent, each once, however it is spelt."""
    found = {
        name.strip().casefold(): name.strip()
        for frame in _frames(dataset)
        for name in sorted(frame["agent"].cast(pl.String).drop_nulls().unique())
    }
    return [found[key] for key in sorted(found)]


def pseudonyms(names: Iterable[str], known: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    """A pseudonym for each name, those of a key that is there kept; new ones in an order that reveals nothing."""
    by_name = {name.strip().casefold(): pseudonym for name, pseudonym in known.items()}
    fresh = [name for name in names if name.strip().casefold() not in by_name]
    rng.shuffle(fresh)
    taken, number, found = {*known.values()}, 0, dict(known)
    for name in fresh:
        number += 1
        while CALLED.format(number=number) in taken:
            number += 1
        found[name] = CALLED.format(number=number)
    return found


def under_pseudonyms(dataset: Dataset, key: Mapping[str, str]) -> Dataset:
    """The files with every agent called by a pseudonym; whom the key does not know is nobody."""
    by_name = {name.strip().casefold(): pseudonym for name, pseudonym in key.items()}
    return renamed(dataset, lambda name: by_name.get(name.strip().casefold()))


def renamed(dataset: Dataset, call: Callable[[str], str | None]) -> Dataset:
    """The files with agents called otherwise; None is nobody."""
    tables = {name: _renamed(frame, call) for name, frame in dataset.tables.items()}
    older = {name: _renamed(frame, call) for name, frame in dataset.older.items()}
    return replace(dataset, tables=tables, older=older)


def _frames(dataset: Dataset) -> list[pl.DataFrame]:
    frames = (*dataset.tables.values(), *dataset.older.values())
    return [frame for frame in frames if "agent" in frame.columns]


def _renamed(frame: pl.DataFrame, call: Callable[[str], str | None]) -> pl.DataFrame:
    if "agent" not in frame.columns:
        return frame
    kind = frame.schema["agent"]
    names = [str(name) for name in frame["agent"].cast(pl.String).drop_nulls().unique()]
    calls = {name: call(name) for name in names}
    if all(name == other for name, other in calls.items()):
        return frame
    pairs = pl.DataFrame(
        {"agent": [*calls], "_called": [*calls.values()]}, schema={"agent": pl.String, "_called": pl.String}
    )
    both = frame.with_columns(pl.col("agent").cast(pl.String)).join(
        pairs, on="agent", how="left", maintain_order="left"
    )
    return both.with_columns(pl.col("_called").cast(kind).alias("agent")).drop("_called")
