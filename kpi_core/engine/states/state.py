"""What every kind of state has in common: gathered of rows by `partial`, put together by `merge`, read off by `finish`.

Whoever splits a table keeps the rows of a key together that facts look across (`Measure.together`), and settles
duplicates first; then it is no matter how it is split, nor in which order the parts are put together.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, Self, TypeVar, runtime_checkable

from kpi_core.engine.cells import Cell
from kpi_core.facts import Facts
from kpi_core.model.estimates import Estimate
from kpi_core.model.measures import Measure

Key = tuple[str, ...]
"""What a state is known by: its kind, its table, what dates the rows, and the digests of the facts in it."""


@runtime_checkable
class State(Protocol):
    """Plain data, frames and numbers: it can be kept, sent elsewhere and put together with others of its key.

    What is only found by reading it is no part of it.
    """

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """One state of one or many, as if their rows had stood in one table."""


S_co = TypeVar("S_co", bound=State, covariant=True)


class Plan(Protocol[S_co]):
    """What is to be gathered of the rows of one table."""

    @property
    def table(self) -> str:
        """The table."""

    @property
    def key(self) -> Key:
        """What the state is known by."""

    def partial(self, facts: Facts) -> S_co:
        """The state of some rows of the table; of none an empty one."""


class Reader(Protocol):
    """A state with what was found by reading it, so that each is found once."""

    def finish(self, measure: Measure, cell: Cell, confidence: float) -> Estimate:
        """The estimate of a measure in a cell; EMPTY where the cell has no rows."""


def merged(parts: Sequence[Mapping[Key, State]]) -> dict[Key, State]:
    """The states of several parts put together, key by key; one that only some parts have is of those."""
    found: dict[Key, list[State]] = {}
    for part in parts:
        for key, state in part.items():
            found.setdefault(key, []).append(state)
    return {key: type(states[0]).merge(states) for key, states in found.items()}
