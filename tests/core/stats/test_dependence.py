"""How much wider an interval is where days vary together: compared with scipy and against the formulas written out."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import fft, stats

from kpi_core.stats import intervals
from kpi_core.stats.contrasts import Daily, History
from kpi_core.stats.dependence import Dependence, Widening, of_days, of_rows
from kpi_core.stats.long_run_variance import LongRun
from kpi_core.stats.quantiles import quantile_ranks, ranks_within

FIRST, DAYS = date(2025, 12, 1), 304
WEEKDAYS = np.array([(FIRST + timedelta(days=place)).weekday() for place in range(DAYS)])
NOW = slice(DAYS - 30, DAYS)
HISTORY = History(kinds=WEEKDAYS.tolist(), now=NOW, then=slice(0, 0))
ALONE = History(kinds=WEEKDAYS.tolist(), now=slice(0, DAYS), then=slice(0, 0))
WAVES = 24


def residuals(tops: np.ndarray, rows: np.ndarray, history: History) -> np.ndarray:
    """Each day's residual from its weekday and the level of its side."""
    overall = tops.sum() / rows.sum()
    of = [(tops[day == WEEKDAYS].sum() + 50 * overall) / (rows[day == WEEKDAYS].sum() + 50) for day in range(7)]
    over = tops - np.array(of)[WEEKDAYS] * rows
    is_now = np.zeros(DAYS, dtype=bool)
    is_now[history.now] = True
    for side in (is_now, ~is_now):
        if side.any():
            over[side] -= over[side].sum() / rows[side].sum() * rows[side]
    return over


def waves(values: np.ndarray) -> float:
    return float((fft.dct(values, norm="ortho")[2 : WAVES + 2] ** 2).mean())


def shared(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows a day and those that meet something, whose chance goes by the week."""
    rng = np.random.default_rng(seed)
    rows = rng.poisson(20, DAYS)
    chance = 1 / (1 + np.exp(-1 - np.repeat(rng.normal(0, 0.6, DAYS // 7 + 1), 7)[:DAYS]))
    return rows.astype(float), rng.binomial(rows, chance).astype(float)


@pytest.mark.parametrize("history", [HISTORY, ALONE], ids=["a month of a year", "all there is"])
def test_the_effect_of_a_share_is_that_of_scipys_cosine_transform(history: History) -> None:
    rows, tops = shared(3)
    found = of_rows(Daily(tops=tops.tolist(), rows=rows.tolist()), history, is_share=True)
    rest = slice(0, NOW.start) if history is HISTORY else slice(0, DAYS)
    p = tops[rest].sum() / rows[rest].sum()
    assert found is not None
    assert found.run.effect == pytest.approx(waves(residuals(tops, rows, history)) / (p * (1 - p) * rows).mean())
    assert found.run.effect > 3
    assert (found.rows, found.a_day) == (rows.sum(), rows.sum() / DAYS)


def test_the_effect_of_a_mean_and_of_sums_over_sums() -> None:
    rows, tops = shared(5)
    squares = tops * 2.0
    found = of_rows(Daily(tops=tops.tolist(), rows=rows.tolist(), squares=squares.tolist()), HISTORY, is_share=False)
    n, top = rows[: NOW.start].sum(), tops[: NOW.start].sum()
    spread = (squares[: NOW.start].sum() - top**2 / n) / (n - 1)
    left = residuals(tops, rows, HISTORY)
    assert found is not None
    assert found.run.effect == pytest.approx(waves(left) / (spread * rows).mean())
    by_day = of_days(Daily(tops=tops.tolist(), rows=rows.tolist()), HISTORY)
    assert by_day is not None
    assert by_day.run.effect == pytest.approx(waves(left) / (left**2).mean())
    assert by_day.widening(None, 700.0).effect == pytest.approx(max(by_day.run.effect, 1.0)), (
        "by days, however many rows"
    )


def test_nothing_is_known_of_few_rows_or_of_rows_alike() -> None:
    few = Daily(tops=[1.0, 2.0] + [0.0] * (DAYS - 2), rows=[2.0, 2.0] + [0.0] * (DAYS - 2))
    alike = Daily(tops=[3.0] * DAYS, rows=[3.0] * DAYS)
    assert of_rows(few, HISTORY, is_share=True) is of_rows(alike, HISTORY, is_share=True) is None
    assert of_days(Daily(tops=[0.0] * DAYS, rows=[0.0] * DAYS), HISTORY) is None


def dependence(effect: float, rows: float, a_day: float) -> Dependence:
    return Dependence(run=LongRun(effect=effect, waves=WAVES, days=DAYS), rows=rows, a_day=a_day)


def test_more_rows_a_day_share_more_and_a_part_borrows_of_the_whole() -> None:
    assert dependence(5, 3000, 10).widening(None, 10) == Widening(effect=5, freedom=WAVES)
    assert dependence(5, 3000, 10).widening(None, 20).effect == 9
    assert dependence(0.8, 3000, 10).widening(None, 10) == Widening(effect=1, freedom=math.inf)
    assert dependence(0.8, 300, 1).widening(dependence(5, 3000, 10), 1).effect == pytest.approx(1.4)
    assert dependence(2, 300, 1).widening(dependence(5, 3000, 10), 1).effect == 2


def test_a_share_has_the_interval_of_n_by_the_effect() -> None:
    by = Widening(effect=4.0, freedom=math.inf)
    assert intervals.wilson_within(0.8, 400, by.reach(0.95)) == pytest.approx(intervals.wilson(80, 100, 0.95))
    half = 2 * stats.t.ppf(0.975, WAVES)
    assert Widening(effect=4.0, freedom=WAVES).reach(0.95) == pytest.approx(half)
    assert Widening(effect=4.0, freedom=WAVES).factor(0.95, 10) == pytest.approx(2), "few rows know less than the days"
    assert Widening(effect=4.0, freedom=WAVES).factor(0.95, 1e9) == pytest.approx(half / stats.norm.ppf(0.975))


@pytest.mark.parametrize(("n", "at"), [(60, 0.5), (1000, 0.5), (1000, 0.9), (6000, 0.9)])
def test_ranks_lie_further_apart_by_the_effect(n: int, at: float) -> None:
    closer = quantile_ranks(n, at, 0.95)
    assert closer is not None
    assert ranks_within(n, at, 0.0, 0.95) == closer
    low, high = ranks_within(n, at, 2 * 2.064, 0.95) or (0, 0)
    half = 2 * 2.064 * math.sqrt(at * (1 - at) / n)
    assert low + 1 == math.floor(n * (at - half))
    assert high == math.ceil(n * (at + half))
    assert low < closer[0] < closer[1] < high


def test_beyond_the_last_rank_there_is_no_interval() -> None:
    assert ranks_within(100, 0.9, 4.0, 0.95) is None
    assert ranks_within(12, 0.5, 4.0, 0.95) is None
    assert ranks_within(4, 0.5, 1.0, 0.95) is None
