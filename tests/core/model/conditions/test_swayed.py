"""Which rows a condition takes or leaves by what it says of some columns."""

import polars as pl
import pytest

from kpi_core.model.conditions.sql import parse_condition
from kpi_core.model.conditions.swayed import swayed

ROWS = pl.DataFrame(
    {
        "agent": ["Ann", "Uno", "Uno", "Ann", None],
        "status": ["open", "open", "done", "done", "open"],
        "row": [1, 2, 3, 4, 5],
    }
)


def rows(where: str, columns: tuple[str, ...] = ("agent",)) -> list[set[int]]:
    """The sides that have rows, each once."""
    found = [frozenset(ROWS.filter(side)["row"]) for side in swayed(parse_condition(where), columns)]
    return [set(side) for side in dict.fromkeys(found) if side]


@pytest.mark.parametrize(
    ("where", "sides"),
    [
        ("agent = 'Uno'", [{1, 4, 5}, {2, 3}]),
        ("agent <> 'Uno'", [{2, 3, 5}, {1, 4}]),
        ("not agent = 'Uno'", [{2, 3, 5}, {1, 4}]),
        ("agent not in ('Uno', 'Due')", [{2, 3, 5}, {1, 4}]),
        ("agent <> 'Uno' and status = 'open'", [{2, 5}, {1}]),
        ("status = 'open' or agent = 'Uno'", [{4}, {3}]),
        ("not (agent = 'Uno' and status = 'open')", [{2, 5}, {1}]),
        ("agent <> 'Uno' and status = 'open' and agent <> 'Due'", [{2, 5}, {1}]),
        ("case when agent = 'Uno' then status = 'open' else true end", [{3}, {1, 2, 4, 5}]),
        ("status = 'open'", []),
    ],
)
def test_a_condition_is_asked_again_without_what_it_says_of_people(where: str, sides: list[set[int]]) -> None:
    assert sorted(rows(where), key=sorted) == sorted(sides, key=sorted)


def test_of_two_columns_each_is_looked_at_and_both() -> None:
    assert rows("agent = 'Uno' and status = 'open'", ("agent", "status")) == [{1, 5}, {2}, {3}, {1, 3, 4, 5}]
