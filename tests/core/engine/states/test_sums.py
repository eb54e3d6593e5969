"""The additive state: what states of parts add up to, what a cell reads off, and how counts swing by day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.states.sums import DaySums, SumsReader, covered_days, partial
from kpi_core.model.periods import ALL, parse_period

FACTS = {"rate": pl.when(pl.col("score") >= 0).then((pl.col("score") > 5).cast(pl.Int8)), "value": pl.col("score")}
DIMENSIONS = ("team", "priority")
SQUARES = frozenset({"value"})
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.one_of(st.none(), st.dates(date(2026, 1, 30), date(2026, 2, 3))),
            "team": st.sampled_from([None, "Billing", "Returns", ""]),
            "priority": st.sampled_from([None, "high"]),
            "score": st.one_of(st.none(), st.integers(-5, 3_000_000)),
        }
    ),
    max_size=15,
)


def table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"day": pl.Date, "team": pl.Categorical, "priority": pl.Enum(["high"]), "score": pl.Int32}
    )


def state(rows: list[dict[str, Any]], dimensions: tuple[str, ...] = DIMENSIONS) -> DaySums:
    frame = table(rows)
    return partial(frame, frame["day"], FACTS, dimensions, SQUARES)


def as_sets(frames: Mapping[str, pl.DataFrame]) -> dict[str, set[tuple[Any, ...]]]:
    return {name: set(frame.select(sorted(frame.columns)).rows()) for name, frame in frames.items()}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(parts=st.lists(ROWS, min_size=1, max_size=3))
def test_the_states_of_parts_together_are_the_state_of_the_whole(parts: list[list[dict[str, Any]]]) -> None:
    whole = state([row for part in parts for row in part])
    assert as_sets(DaySums.merge([state(part) for part in parts]).frames) == as_sets(whole.frames)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(rows=ROWS)
def test_every_dimension_adds_up_to_the_total(rows: list[dict[str, Any]]) -> None:
    states = state(rows).frames
    assert set(states) == {TOTAL, *DIMENSIONS}
    for name in DIMENSIONS:
        added = (
            states[name]
            .group_by("day")
            .agg(pl.all().exclude("day", "group").sum())
            .with_columns(group=pl.lit(None, pl.String))
        )
        assert as_sets({"": added}) == as_sets({"": states[TOTAL]})
    assert as_sets({"": state(rows, ()).frames[TOTAL]}) == as_sets({"": states[TOTAL]})


def test_a_frame_is_counted_even_without_facts_or_dimensions() -> None:
    frame = table([{"day": date(2026, 2, 1)}, {"day": None}])
    counted = partial(frame, frame["day"], {}, (), frozenset()).frames[TOTAL]
    assert set(counted.select("day", "rows").rows()) == {(date(2026, 2, 1), 1), (None, 1)}


def day_sums(
    rows: list[dict[str, Any]], covered: tuple[date, date] | None = (date(2026, 1, 1), date(2026, 12, 31))
) -> SumsReader:
    return SumsReader(state=state(rows), covered=covered)


EXAMPLE = [
    {"day": date(2026, 2, 1), "team": "Billing", "score": 9},
    {"day": date(2026, 2, 28), "team": "Billing", "score": 3},
    {"day": date(2026, 3, 1), "team": None, "score": 7},
    {"day": None, "team": "Returns", "score": 6},
    {"day": date(2026, 2, 5), "team": None, "score": None},
]


@pytest.mark.parametrize(
    ("period", "dimension", "group", "n", "total", "squares"),
    [
        ("2026-02", TOTAL, None, 2, 12, 90),
        ("2026-03", TOTAL, None, 1, 7, 49),
        ("2026-01", TOTAL, None, 0, 0, 0),
        ("all", TOTAL, None, 4, 25, 175),
        ("2026-02", "team", "Billing", 2, 12, 90),
        ("2026-02", "team", None, 0, 0, 0),
        ("all", "team", None, 1, 7, 49),
        ("all", "team", "Returns", 1, 6, 36),
        ("all", "team", "nobody", 0, 0, 0),
    ],
)
def test_a_cell_reads_its_sums_and_null_is_a_group_of_its_own(
    period: str, dimension: str, group: str | None, n: int, total: float, squares: float
) -> None:
    found = day_sums(EXAMPLE).sums("value", Cell(period=parse_period(period), dimension=dimension, group=group))
    assert (found.n, found.total, found.squares) == (n, total, squares)


def test_rows_are_counted_whatever_their_facts_and_groups_come_largest_first() -> None:
    rows = day_sums([*EXAMPLE, {"day": None, "team": "Billing", "score": None}])
    assert rows.rows(Cell(period=ALL)) == 6
    assert rows.rows(Cell(period=parse_period("2026-02"))) == 3
    assert rows.groups("team")[0] == "Billing"
    assert set(rows.groups("team")) == {"Billing", "Returns", None}


def test_sums_of_large_times_do_not_wrap() -> None:
    large = 2**31 - 1
    found = day_sums([{"day": date(2026, 2, 1), "score": large}] * 3).sums("value", Cell(period=ALL))
    assert found.total == 3 * large
    assert found.squares == pytest.approx(3.0 * large**2)


@pytest.mark.parametrize(
    ("period", "covered", "days"),
    [
        ("2026-02", (date(2026, 1, 1), date(2026, 12, 31)), 28),
        ("2026-02", (date(2026, 2, 20), date(2026, 12, 31)), 9),
        ("2026-02", (date(2026, 1, 1), date(2026, 2, 3)), 3),
        ("2026-02", (date(2026, 3, 1), date(2026, 3, 2)), 0),
        ("all", (date(2026, 2, 1), date(2026, 2, 10)), 10),
        ("all", None, 0),
    ],
)
def test_only_days_the_table_covers_count(period: str, covered: tuple[date, date] | None, days: int) -> None:
    assert len(covered_days(parse_period(period), covered)) == days
