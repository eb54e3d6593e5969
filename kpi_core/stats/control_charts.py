"""Control charts: what a process brings by itself, and which points lie outside of that.

Plain numbers in, plain numbers out. A signal is something to look at and no verdict: of charts of pure noise some have one
(`stats.comparisons.false_alarms`).
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import groupby, pairwise

from kpi_core.records import dataclass

WIDTH = 2.66
"""Three standard deviations in mean moving ranges of two: 3 ÷ 1.128 (Wheeler & Chambers 1992)."""
RANGE_WIDTH = 3.267
"""The mean moving ranges past which one is no ordinary range."""
SPREAD = 1.128
"""The mean range of two normal values in standard deviations (d₂)."""


class Rule(StrEnum):
    """Why a point is worth a look.

    `BEYOND`: outside the limits. `RUN`: in a longer run on one side of the centre than chance brings, `CROSSINGS`: the whole chart
    crosses its centre too seldom (Anhøj & Olesen 2014). `SIDE`, `TREND`, `TWO_OF_THREE`: seven in a row on one side, seven in a row
    up or down, two of three in the outer third (NHS *Making Data Count*).
    """

    BEYOND = "beyond"
    RUN = "run"
    CROSSINGS = "crossings"
    SIDE = "side"
    TREND = "trend"
    TWO_OF_THREE = "two of three"


class Rules(StrEnum):
    """Which rules make a signal: limits and Anhøj's test, or the four of the NHS."""

    USUAL = "usual"
    NHS = "nhs"


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Values over time with the limits of what their process brings by itself, in the values' unit.

    `centres`, `lows` and `highs` are one for each value; limits are None at all places where there are too few values for them.
    """

    values: tuple[float, ...]
    centres: tuple[float, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]


def xmr(values: Sequence[float], baseline: int | None = None, *, screened: bool = False) -> Chart:
    """The chart of individual values and moving ranges: centre ± 2.66 × the mean moving range.

    Args:
        values: in order of time; two or more.
        baseline: how many of the first values the limits are of; all where None.
        screened: whether moving ranges past 3.267 times their mean are left out of it, once.

    Limits are None where the baseline has fewer than two values.
    """
    base = values[:baseline]
    centre = base[0] if len({*base}) == 1 else sum(base) / len(base)  # not by a rounding off values that never differ
    ranges = [abs(new - old) for old, new in pairwise(base)]
    centres = (centre,) * len(values)
    if not ranges:
        return Chart(values=tuple(values), centres=centres, lows=(None,) * len(values), highs=(None,) * len(values))
    mean = sum(ranges) / len(ranges)
    if screened:
        kept = [one for one in ranges if one <= RANGE_WIDTH * mean]
        mean = sum(kept) / len(kept)
    low, high = centre - WIDTH * mean, centre + WIDTH * mean
    return Chart(values=tuple(values), centres=centres, lows=(low,) * len(values), highs=(high,) * len(values))


def xmr_of_times(
    values: Sequence[float], sizes: Sequence[float], baseline: int | None = None, *, screened: bool = False
) -> Chart:
    """The chart of individual medians or means of times: of their logarithms, with limits that are wider where a period has fewer rows.

    Times are skewed, and so are the medians of few of them, upwards: limits as far above the centre as below are passed by chance in twice as
    many charts as they should be. A period varies as much as any other by what its days share, and as the inverse of its rows by chance
    among these; which of the two it is, the steps from one period to the next tell (`_variances`). With as many rows everywhere it is `xmr`.

    Args:
        values: in order of time, all above 0.
        sizes: rows of each period, all above 0.
        baseline: how many of the first periods the limits are of; all where None.
        screened: whether moving ranges past 3.267 times their mean are left out of it, once.
    """
    if len({*values}) == 1 or len(values[:baseline]) < 2:  # a logarithm and back is not quite the same
        return xmr(values, baseline)
    logs = [math.log(value) for value in values]
    base = _variances(logs[:baseline], sizes[:baseline], screened=screened)
    spreads = [math.sqrt(base.shared + base.own / size) for size in sizes]
    weights = [spread**-2 for spread in spreads[:baseline]]
    centre = sum(log * weight for log, weight in zip(logs[:baseline], weights, strict=False)) / sum(weights)
    return Chart(
        values=tuple(values), centres=(math.exp(centre),) * len(logs),
        lows=tuple(math.exp(centre - 3 * spread) for spread in spreads),
        highs=tuple(math.exp(centre + 3 * spread) for spread in spreads),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Variances:
    """What periods vary by whatever their rows, and what one row does: the variance of a period of n rows is `shared` + `own` ÷ n."""

    shared: float
    own: float


def _variances(values: Sequence[float], sizes: Sequence[float], *, screened: bool) -> _Variances:
    """The two variances that make the steps between neighbours likeliest.

    For each mix of the two the steps are divided by what they should vary by; the mix is that of the greatest Laplace likelihood (jumps count less
    than by a normal one), the size goes by the mean of the steps, as in `xmr`.
    """
    usual = len(sizes) / sum(1 / size for size in sizes)
    steps = [abs(new - old) for old, new in pairwise(values)]
    best: tuple[float, _Variances] | None = None
    for share in MIXES:
        variances = [share + (1 - share) * usual / size for size in sizes]
        spreads = [math.sqrt((old + new) / 2) for old, new in pairwise(variances)]
        ranges = [step / spread for step, spread in zip(steps, spreads, strict=True)]
        mean = sum(ranges) / len(ranges)
        if screened:
            kept = [one for one in ranges if one <= RANGE_WIDTH * mean]
            mean = sum(kept) / len(kept)
        unlikely = len(ranges) * math.log(max(mean, TINY)) + sum(map(math.log, spreads))
        variance = (WIDTH / 3 * mean) ** 2
        if best is None or unlikely < best[0] - TINY:
            best = unlikely, _Variances(shared=variance * share, own=variance * (1 - share) * usual)
    assert best is not None
    return best[1]


MIXES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The shares of a usual period's variance that may be its days' own."""
TINY = 1e-12


def p_prime(counts: Sequence[float], sizes: Sequence[float], baseline: int | None = None) -> Chart:
    """Laney's p′ chart of shares: limits that allow for more, or less, spread between periods than chance brings within them.

    Args:
        counts: rows that count, for each period.
        sizes: rows of each period, all above 0.
        baseline: how many of the first periods the limits are of; all where None.

    Source: Laney 2002, *Quality Engineering* 14(4); as qicharts2 draws it.
    """
    centre = sum(counts[:baseline]) / sum(sizes[:baseline])
    return _laney(counts, sizes, baseline, centre, centre * (1 - centre), top=1.0)


def u_prime(counts: Sequence[float], sizes: Sequence[float], baseline: int | None = None) -> Chart:
    """Laney's u′ chart of counts per unit (defects a ticket, tickets a working day). As `p_prime`; `sizes` are the units."""
    centre = sum(counts[:baseline]) / sum(sizes[:baseline])
    return _laney(counts, sizes, baseline, centre, centre, top=math.inf)


def expected_counts(counts: Sequence[float], sizes: Sequence[float], baseline: int | None = None) -> Chart:
    """The chart of counts: each period's limits go by what it has room for (its days, say), and are as skewed as counts are.

    As Laney's u′ it allows for more spread than chance brings, and parts it into what periods share whatever their room and what the chance of single rows
    brings (`_variances`): a Sunday of few is none of a busy week. Counts that vary by more than that chance have busy periods farther above their
    centre than quiet ones below: limits as far on both sides were passed in two to three times as many charts as there should be (`tests/bench/count_charts.py`).

    Args:
        counts: rows of each period.
        sizes: what each has room for, all above 0.
        baseline: how many of the first periods the limits are of; all where None.
    """
    centre = sum(counts[:baseline]) / sum(sizes[:baseline])
    centres = tuple(centre * size for size in sizes)
    if not centre or len(counts[:baseline]) < 2:
        none = (None,) * len(counts)
        return Chart(values=tuple(counts), centres=centres, lows=none, highs=none)
    rates = [count / size for count, size in zip(counts, sizes, strict=True)]
    base = _variances(rates[:baseline], sizes[:baseline], screened=False)
    variances = [(base.shared + base.own / size) * size**2 for size in sizes]
    ends = [
        _limits(mean, variance, _skew_of_count(mean, variance))
        for mean, variance in zip(centres, variances, strict=True)
    ]
    return Chart(
        values=tuple(counts), centres=centres, lows=tuple(max(low, 0.0) for low, _ in ends), highs=tuple(high for _, high in ends),
    )  # fmt: skip


def expected_shares(counts: Sequence[float], sizes: Sequence[float], baseline: int | None = None) -> Chart:
    """The chart of shares: limits that go by the rows of each period, and are as skewed as shares of few rows are.

    As Laney's p′ it allows for more spread than chance brings, parted as in `expected_counts`: a Sunday of two rows is none of a busy week. A period
    never varies by less than the chance of its rows.

    Args:
        counts: rows that count, for each period.
        sizes: rows of each period, all above 0.
        baseline: how many of the first periods the limits are of; all where None.
    """
    centre = sum(counts[:baseline]) / sum(sizes[:baseline])
    values, alone = [count / size for count, size in zip(counts, sizes, strict=True)], centre * (1 - centre)
    if alone <= 0 or len(values[:baseline]) < 2:
        none = (None,) * len(values)
        return Chart(values=tuple(values), centres=(centre,) * len(values), lows=none, highs=none)
    base = _variances(values[:baseline], sizes[:baseline], screened=False)
    ends = []
    for size in sizes:
        over = max((base.shared * size + base.own) / alone, 1.0)
        ends.append(_limits(centre, over * alone / size, _skew_of_share(centre, size, over)))
    chart = Chart(
        values=tuple(values), centres=(centre,) * len(values), lows=tuple(low for low, _ in ends), highs=tuple(high for _, high in ends),
    )  # fmt: skip
    return within(chart, 0.0, 1.0)


def xmr_of_means(
    values: Sequence[float], sizes: Sequence[float], floor: float | None, top: float | None, baseline: int | None = None, *,
    screened: bool = False,
) -> Chart:  # fmt: skip
    """The chart of means of small numbers (reopens of a ticket, marks of a scale): limits wider where a period has fewer rows, as skewed as these are.

    What the rows bring and what periods share is parted as for times. Between `floor` and no top, means are those of counts above it; between a floor
    and a top, rows are taken to lie at the two ends, which is as skewed as they can be.

    Args:
        values: in order of time.
        sizes: rows of each period, all above 0.
        floor: the least that a row can have; None where there is none.
        top: the most.
        baseline: how many of the first periods the limits are of; all where None.
        screened: whether moving ranges past 3.267 times their mean are left out of it, once.
    """
    if len({*values}) == 1 or len(values[:baseline]) < 2:
        return xmr(values, baseline)
    base = _variances(values[:baseline], sizes[:baseline], screened=screened)
    centre = sum(value * size for value, size in zip(values[:baseline], sizes, strict=False)) / sum(sizes[:baseline])
    ends = []
    for size in sizes:
        variance, skew = base.shared + base.own / size, 0.0
        if floor is not None and top is not None and floor < centre < top:
            share = (centre - floor) / (top - floor)
            skew = (1 - 2 * share) / math.sqrt(share * (1 - share) * size)
        elif floor is not None and top is None and centre > floor:
            skew = _skew_of_count((centre - floor) * size, variance * size**2)
        ends.append(_limits(centre, variance, skew))
    chart = Chart(
        values=tuple(values), centres=(centre,) * len(values), lows=tuple(low for low, _ in ends), highs=tuple(high for _, high in ends),
    )  # fmt: skip
    return within(chart, floor, top)


def _skew_of_count(mean: float, variance: float) -> float:
    """The skewness of a count: of the negative binomial where it varies by more than its mean, else of Poisson's."""
    over = variance / mean
    return max(2 * over - 1, over) / math.sqrt(variance) if variance else 0.0


def _skew_of_share(share: float, size: float, over: float) -> float:
    """The skewness of a share of so many rows: of the beta binomial where it varies `over` times as much as its rows alone bring, else of the binomial."""
    return (1 - 2 * share) / math.sqrt(share * (1 - share) * size) * (2 * over - 1) / math.sqrt(over)


def _limits(mean: float, variance: float, skew: float) -> tuple[float, float]:
    """What lies three standard deviations off where values are normal, of values with this skewness: a gamma's by Wilson and Hilferty (1931)."""
    spread = math.sqrt(variance)
    if abs(skew) < TINY:
        return mean - 3 * spread, mean + 3 * spread

    def end(z: float) -> float:
        return mean + spread * 2 / skew * (max(1 + skew * z / 6 - skew**2 / 36, 0.0) ** 3 - 1)

    return end(-3.0), end(3.0)


def _laney(
    counts: Sequence[float], sizes: Sequence[float], baseline: int | None, centre: float, variance: float,
    *, top: float,
) -> Chart:  # fmt: skip
    values = tuple(count / size for count, size in zip(counts, sizes, strict=True))
    errors = [math.sqrt(variance / size) for size in sizes]
    if not variance or len(values[:baseline]) < 2:
        none = (None,) * len(values)
        return Chart(values=values, centres=(centre,) * len(values), lows=none, highs=none)
    scores = [(value - centre) / error for value, error in zip(values, errors, strict=True)][:baseline]
    ranges = [abs(new - old) for old, new in pairwise(scores)]
    spread = sum(ranges) / len(ranges) / SPREAD
    return Chart(
        values=values, centres=(centre,) * len(values),
        lows=tuple(max(0.0, centre - 3 * error * spread) for error in errors),
        highs=tuple(min(top, centre + 3 * error * spread) for error in errors),
    )  # fmt: skip


def within(chart: Chart, floor: float | None, top: float | None) -> Chart:
    """The chart with its limits cut where values cannot go; nothing is a signal that was none."""
    return replace(
        chart,
        lows=tuple(low if low is None or floor is None else max(low, floor) for low in chart.lows),
        highs=tuple(high if high is None or top is None else min(high, top) for high in chart.highs),
    )


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Points worth a look, from the first to the last place (0-based, inclusive), and by which rule."""

    rule: Rule
    first: int
    last: int


def signals(chart: Chart) -> list[Signal]:
    """Points beyond the limits, and by Anhøj's test each run too long or crossings too few for chance."""
    found = _beyond(chart)
    sides = _sides(chart)
    useful = [place for place, side in enumerate(sides) if side]
    if len(useful) < LEAST:
        return found
    runs = _runs([sides[place] for place in useful])
    if long := [run for run in runs if run[1] > longest_run(len(useful))]:
        found += [Signal(rule=Rule.RUN, first=useful[start], last=useful[start + length - 1]) for start, length in long]
    elif len(runs) - 1 < fewest_crossings(len(useful)):
        found.append(Signal(rule=Rule.CROSSINGS, first=0, last=len(sides) - 1))
    return found


LEAST = 10
"""Points off the centre below which Anhøj's test says nothing."""


def longest_run(n: int) -> int:
    """The longest run on one side of the centre that chance brings among `n` points off it (Schilling 2012)."""
    return round(math.log2(n)) + 3


def fewest_crossings(n: int) -> int:
    """The fewest crossings of the centre that chance brings among `n` points off it: the 5th percentile of binomial(n − 1, ½)."""
    total, below, ways = 2.0 ** (n - 1), 0.0, 1.0
    for crossings in range(n):
        below += ways
        if below / total >= 0.05:
            return crossings
        ways = ways * (n - 1 - crossings) / (crossings + 1)
    return n - 1


def nhs_signals(chart: Chart) -> list[Signal]:
    """Signals by the four rules of NHS *Making Data Count*: beyond, seven on a side, seven up or down, two of three far out."""
    found = _beyond(chart)
    for rule, marks, length in (
        (Rule.SIDE, _sides(chart), 7),
        (Rule.TREND, [_sign(new - old) for old, new in pairwise(chart.values)], 6),
    ):
        for start, count in _runs(marks):
            if marks[start] and count >= length:
                last = start + count - 1 + (rule is Rule.TREND)
                found.append(Signal(rule=rule, first=start, last=last))
    return [*found, *_two_of_three(chart)]


def _two_of_three(chart: Chart) -> list[Signal]:
    """Stretches of three on one side of the centre of which two lie in the outer third, within the limits."""
    sides = _sides(chart)
    far = []
    for value, centre, low, high in zip(chart.values, chart.centres, chart.lows, chart.highs, strict=True):
        if low is None or high is None or not low <= value <= high:
            far.append(False)
            continue
        reach = high if value > centre else low
        far.append(abs(value - centre) > 2 / 3 * abs(reach - centre))
    found: list[Signal] = []
    for start in range(len(sides) - 2):
        if sides[start] and len({*sides[start : start + 3]}) == 1 and sum(far[start : start + 3]) >= 2:
            if found and start <= found[-1].last:
                found[-1] = Signal(rule=Rule.TWO_OF_THREE, first=found[-1].first, last=start + 2)
            else:
                found.append(Signal(rule=Rule.TWO_OF_THREE, first=start, last=start + 2))
    return found


def _beyond(chart: Chart) -> list[Signal]:
    return [
        Signal(rule=Rule.BEYOND, first=place, last=place)
        for place, (value, low, high) in enumerate(zip(chart.values, chart.lows, chart.highs, strict=True))
        if low is not None and high is not None and not low <= value <= high
    ]


def _sides(chart: Chart) -> list[int]:
    return [_sign(value - centre) for value, centre in zip(chart.values, chart.centres, strict=True)]


def _sign(x: float) -> int:
    return (x > 0) - (x < 0)


def _runs(marks: Sequence[int]) -> list[tuple[int, int]]:
    """(start, length) of every stretch of equal marks."""
    runs, place = [], 0
    for _, group in groupby(marks):
        length = len([*group])
        runs.append((place, length))
        place += length
    return runs


class Assurance(StrEnum):
    """Whether a process as it is can meet a target: always, now and then, or never without being changed."""

    MET = "consistently met"
    HIT_AND_MISS = "hit and miss"
    MISSED = "consistently missed"


def assurance(chart: Chart, target: float, *, higher_is_better: bool) -> Assurance | None:
    """Where a target lies against the newest limits; None where there are none (NHS *Making Data Count*)."""
    low, high = chart.lows[-1], chart.highs[-1]
    if low is None or high is None:
        return None
    if low <= target <= high:
        return Assurance.HIT_AND_MISS
    return Assurance.MET if (target < low) == higher_is_better else Assurance.MISSED
