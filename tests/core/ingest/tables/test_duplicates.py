"""Of rows with one key the one updated last counts, else that with the newest event, else the later one, and what settled it is reported."""

import itertools
from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.ingest.tables.duplicates import repeated_keys, split_duplicates
from kpi_core.model.tables import TICKETS, Kind

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
    ],
)
def test_the_row_updated_last_counts_else_that_with_the_newest_event(
    best: dict[str, Any], other: dict[str, Any]
) -> None:
    assert winner([best, other]) == 0
    assert winner([other, best]) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [{"created_at": EARLY, "status": "solved", "reopens": 1}, {"created_at": EARLY}],
        [{"group": "Returns"}, {"group": "Billing"}],
        [{"updated_at": LATE, "status": "solved"}, {"updated_at": LATE, "status": "open"}],
    ],
)
def test_what_no_time_settles_goes_to_the_later_row(rows: list[dict[str, Any]]) -> None:
    assert winner(rows) == 1
    assert winner(rows[::-1]) == 1


@pytest.mark.parametrize(
    ("rows", "evidence"),
    [
        ([{"updated_at": LATE}, {"updated_at": EARLY}], "update time"),
        ([{"updated_at": LATE}, {}], "update time"),
        ([{"resolved_at": LATE}, {"created_at": EARLY}], "newest event"),
        ([{"status": "open"}, {"status": "solved"}], "later row"),
        ([{"created_at": EARLY, "_file": 0}, {"created_at": EARLY, "_file": 1}, {"_id": 2, "created_at": LATE, "_file": 0}],
         "file that reaches later"),
        ([{"created_at": EARLY, "_file": 0}, {"created_at": EARLY, "_file": 1}], "order of the files"),
    ],
)  # fmt: skip
def test_what_a_row_lost_by_is_known(rows: list[dict[str, Any]], evidence: str) -> None:
    kept = {**DTYPES, "_file": pl.UInt16()}
    full = [{"_id": 1, "_row": place, "_file": 0} | row for place, row in enumerate(rows)]
    frame = pl.DataFrame([{name: row.get(name) for name in kept} for row in full], schema=kept)
    _, lost = split_duplicates(frame, TICKETS)
    assert lost["_evidence"].to_list() == [evidence]


def test_what_the_others_say_else_is_reported() -> None:
    rows = [{"updated_at": EARLY, "status": "open"}, {"updated_at": EARLY, "status": "solved"},
            {"updated_at": LATE, "status": "solved", "reopens": 1}]  # fmt: skip
    whole = table([{"_id": 1, "_row": place} | row for place, row in enumerate(rows)])
    kept, lost = split_duplicates(whole, TICKETS)
    (finding,) = repeated_keys(kept, lost, TICKETS, whole.height)
    assert finding.text == (
        "2 of 3 rows of tickets repeat the key of another and do not count; which one counts is settled by update time 2;"
        " 2 of them say something else (reopens 2, status 1)"
    )
    assert not finding.is_serious


def test_contradictions_settled_by_place_alone_are_serious() -> None:
    whole = table([{"_id": 1, "_row": place, "status": word} for place, word in enumerate(("open", "solved"))])
    (finding,) = repeated_keys(*split_duplicates(whole, TICKETS), TICKETS, whole.height)
    assert finding.is_serious
    assert "1 of these by place alone" in finding.text


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{}, {}], "2 of these by place alone: name the time of the last update with --column updated_at=HEADER"),
        ([{"updated_at": LATE}, {"updated_at": LATE}], "2 of these by place alone: their update times are equal"),
        ([{"updated_at": LATE}, {"updated_at": LATE, "_file": 1}], "2 of these by the order of the files alone, in a store by that of ingestion: their update times are equal"),
        ([{"_file": 0}, {"_file": 1}], "2 of these by place alone: name the time of the last update"),
    ],
)  # fmt: skip
def test_why_nothing_but_place_settles_it_is_said(rows: list[dict[str, Any]], said: str) -> None:
    kept = {**DTYPES, "_file": pl.UInt16()}
    full = [
        {"_id": key, "_row": place, "_file": 0, "status": ("open", "solved")[place]} | row
        for key in (1, 2)
        for place, row in enumerate(rows)
    ]
    frame = pl.DataFrame([{name: row.get(name) for name in kept} for row in full], schema=kept)
    (finding,) = repeated_keys(*split_duplicates(frame, TICKETS), TICKETS, frame.height)
    assert said in finding.text
    assert finding.text.count("of these") == 1


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
def test_who_wins_by_a_time_does_not_depend_on_the_order(rows: list[dict[str, Any]]) -> None:
    found: dict[int, set[tuple[Any, ...]]] = {}
    by_place: set[int] = set()
    for order in itertools.islice(itertools.permutations(rows), 24):
        kept, lost = split_duplicates(table([{"_row": place} | row for place, row in enumerate(order)]), TICKETS)
        assert kept.height + lost.height == len(rows)
        assert kept["_id"].is_unique().all()
        by_place |= set(lost.filter(pl.col("_evidence") == "later row")["_id"])
        for row in kept.drop("_row").rows():
            found.setdefault(row[0], set()).add(row)
    assert all(len(kinds) == 1 for key, kinds in found.items() if key not in by_place)
