"""Of rows with one key the newest wins, whatever order they came in."""

import itertools
from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.ingest.duplicates import split_duplicates
from kpi_core.tables import TICKETS, Kind

DTYPES = {"_id": pl.UInt64(), "_row": pl.UInt32(), "created_at": pl.Datetime("ms"), "resolved_at": pl.Datetime("ms"), "updated_at": pl.Datetime("ms"),
          "due_at": pl.Datetime("ms"), "status": Kind.STATUS.dtype, "group": pl.Categorical(), "reopens": pl.Int32()}  # fmt: skip
EARLY, LATE = datetime(2026, 1, 1), datetime(2026, 2, 1)


def table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in DTYPES} for row in rows], schema=DTYPES)


def winner(rows: list[dict[str, Any]]) -> int:
    kept, lost = split_duplicates(table([{"_id": 1, "_row": place} | row for place, row in enumerate(rows)]), TICKETS)
    assert (kept.height, lost.height) == (1, len(rows) - 1)
    return int(kept["_row"][0])


@pytest.mark.parametrize(
    ("best", "other"),
    [
        ({"updated_at": LATE}, {"updated_at": EARLY, "resolved_at": LATE, "status": "open", "reopens": 1}),
        ({"updated_at": EARLY}, {"updated_at": None, "resolved_at": LATE, "status": "open"}),
        ({"updated_at": EARLY, "resolved_at": LATE}, {"updated_at": EARLY, "created_at": EARLY, "status": "open"}),
        ({"resolved_at": LATE}, {"created_at": EARLY, "status": "solved", "reopens": 1}),
        ({"created_at": LATE}, {"created_at": EARLY, "due_at": datetime(2030, 1, 1), "status": "open"}),
        ({"created_at": EARLY, "status": "open"}, {"created_at": EARLY}),
        ({"group": "Returns"}, {"group": "Billing"}),
    ],
)
def test_the_newest_wins_else_the_fullest_else_the_greatest(best: dict[str, Any], other: dict[str, Any]) -> None:
    assert winner([best, other]) == 0
    assert winner([other, best]) == 1


def test_a_table_without_repeats_is_left_alone() -> None:
    whole = table([{"_id": place, "_row": place} for place in range(5)])
    kept, lost = split_duplicates(whole, TICKETS)
    assert kept.equals(whole)
    assert lost.is_empty()


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "_id": st.integers(1, 3),
            "created_at": st.sampled_from([None, EARLY]),
            "updated_at": st.sampled_from([None, EARLY, LATE]),
            "status": st.sampled_from([None, "open", "solved"]),
            "group": st.sampled_from([None, "Billing", "Returns"]),
            "reopens": st.sampled_from([None, 0, 10, 9]),
        }
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=ROWS)
def test_who_wins_does_not_depend_on_the_order(rows: list[dict[str, Any]]) -> None:
    found = set()
    for order in itertools.islice(itertools.permutations(rows), 24):
        kept, lost = split_duplicates(table([{"_row": place} | row for place, row in enumerate(order)]), TICKETS)
        assert kept.height + lost.height == len(rows)
        assert kept["_id"].is_unique().all()
        found.add(frozenset(kept.drop("_row").rows()))
    assert len(found) == 1
