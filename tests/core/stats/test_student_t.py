"""Student's t against an independent library."""

import math

import pytest
from scipy import stats

from kpi_core.stats import student_t

FREEDOMS = [1, 1.3, 2, 2.7, 3, 5, 9.5, 30, 99, 250, 1999, 2000.5, 12_345.6, 1e5, 1e6, 3e7, 1e12]


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("t", [0.0, 1e-6, 0.3, 0.9, 1.0, 1.7, 1.96, 3.2, 6.0, 12.0])
def test_the_tails_are_those_of_the_library(freedom: float, t: float) -> None:
    expected = 2 * float(stats.t.sf(t, freedom))
    assert student_t.two_sided(t, freedom) == pytest.approx(expected, rel=1e-8, abs=1e-12)
    assert student_t.two_sided(-t, freedom) == student_t.two_sided(t, freedom)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
def test_the_quantiles_are_those_of_the_library(freedom: float, confidence: float) -> None:
    expected = float(stats.t.ppf((1 + confidence) / 2, freedom))
    assert student_t.quantile(confidence, freedom) == pytest.approx(expected, rel=1e-9)
    assert math.isclose(
        student_t.two_sided(student_t.quantile(confidence, freedom), freedom), 1 - confidence, rel_tol=3e-8
    )
