"""Published figures: each dated or marked as undated, sourced, in three languages, of a KPI there is, and never a target."""

import pytest

from kpi_core.kpis import BY_NAME
from kpi_core.kpis.benchmarks import benchmarks_of, published
from kpi_core.messages.labels import LANGUAGES
from kpi_core.model.kpi import Unit


@pytest.mark.parametrize("one", published(), ids=lambda one: f"{one.kpi} {one.low}")
def test_each_says_what_it_must(one):
    kpi = BY_NAME[one.kpi]
    for name in ("whose", "source", "formula", "not_comparable"):
        assert set(getattr(one, name)) == set(LANGUAGES)
        assert all(getattr(one, name).values())
    assert one.year is None or 2000 < one.year < 2027
    assert one.low <= one.high
    if kpi.unit is Unit.SHARE:
        assert 0 <= one.low <= one.high <= 1
    if one.of:
        assert one.high <= one.of


def test_those_of_the_articles_and_of_the_nordic_institutes_are_there():
    known = {(one.kpi, one.low) for one in published()}
    assert {
        ("nps", 62),
        ("nps", 58),
        ("nps", 57),
        ("nki", 66.9),
        ("treatment", 83.8),
        ("ces", 74.9),
        ("ces", 80.2),
    } <= known


def test_points_are_inside_units_and_the_newest_comes_first():
    assert [one.low for one in benchmarks_of(BY_NAME["nps"])] == [0.62, 0.58, 0.57]
    assert [one.year for one in benchmarks_of(BY_NAME["nki"])] == [2024, None]
    assert benchmarks_of(BY_NAME["tickets_created"]) == ()
