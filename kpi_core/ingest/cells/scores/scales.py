"""The scale that numbers were given on, as all of them together show it; codes for `don't know` apart.

Only what the numbers prove is taken. Where they fit a second scale too the scale is in doubt, and nobody guesses: a
five on five steps is the best mark, on ten it is a poor one.
"""

from collections.abc import Mapping

from kpi_core.messages.message import Message
from kpi_core.records import dataclass

Ends = tuple[float, float]
Counts = Mapping[float, int]

BELOW = frozenset({-1.0, -2.0, -7.0, -8.0, -9.0, -66.0, -77.0, -88.0, -97.0, -98.0, -99.0, -999.0})
ABOVE = frozenset({77.0, 88.0, 96.0, 97.0, 98.0, 99.0, 777.0, 888.0, 997.0, 998.0, 999.0, 9998.0, 9999.0})
"""What surveys write for `don't know`, `no answer` and `not applicable`, far from any scale of a few steps."""
NEAR: Mapping[float, frozenset[float]] = {
    5: frozenset({8.0, 9.0}),
    6: frozenset({8.0, 9.0}),
    7: frozenset({9.0}),
    10: frozenset({11.0}),
}
"""The same by the highest step of a scale, close above it."""
ELEVEN = Message("scale-eleven")
SMALL = 11
"""Up to here numbers may be steps; a scale with more goes to 100."""
LOWEST_TOP = 5
"""Under it the highest answer proves no scale: there are scales of two, three and four steps."""
ENOUGH = 30
"""Answers that prove by what none of them is."""
SOME = 10
"""The same, against a scale that a question is usually asked on."""


@dataclass(frozen=True, kw_only=True)
class NumericScale:
    """The ends of a scale, and the numbers that are codes and no answers; `doubt` says why the ends are not known."""

    ends: Ends | None = None
    codes: frozenset[float] = frozenset()
    doubt: Message | None = None


def codes_outside(counts: Counts, ends: Ends) -> frozenset[float]:
    """The numbers outside a known scale that stand for no answer.

    Those close to its end count as codes only where every number there is one, and is rarer than the best mark:
    else the scale is another one, and they cannot be read.
    """
    low, high = ends
    codes = {number for number in counts if number > high and number in ABOVE}
    codes |= {number for number in counts if number < low and number in BELOW and low >= 0}
    if low == 1 and 0.0 in counts and not any(0 < number < 1 for number in counts):
        codes.add(0.0)
    close = {number for number in counts if high < number <= 2 * SMALL}
    if (
        close
        and close <= NEAR.get(high, frozenset())
        and sum(counts[number] for number in close) < _limit(counts, ends)
    ):
        codes |= close
    return frozenset(codes)


def _limit(counts: Counts, ends: Ends) -> int:
    """What a code close to the scale must be rarer than: the best mark where it follows that at once, else all answers."""
    low, high = ends
    if high + 1 in NEAR.get(high, ()) and not (low == 0 and 0.0 in counts):
        return counts.get(high, 0)
    return sum(count for number, count in counts.items() if low <= number <= high)


def scale_of(counts: Counts, usual: Ends | None = None) -> NumericScale:
    """The scale of numbers that neither words, header nor mapping give.

    Args:
        counts: how often each number is given.
        usual: the scale that the question is usually asked on: it holds unless the numbers speak for another.
    """
    if not counts:
        return NumericScale(ends=usual)
    codes = {number for number in counts if number in ABOVE or number in BELOW}
    rest = {number: count for number, count in counts.items() if number not in codes}
    small = {number: count for number, count in rest.items() if number <= SMALL}
    hundred = _hundred(rest, small, counts) if len(small) < len(rest) and usual is None else None
    if hundred is None:
        hundred = _few_steps(small, usual) if small else NumericScale(doubt=Message("scale-no-step"))
        hundred = NumericScale(ends=hundred.ends, codes=hundred.codes | codes, doubt=hundred.doubt)
    if min(counts) < 0 and (hundred.ends is None or hundred.ends[1] < LOWEST_TOP or min(rest, default=0) < 0):
        return NumericScale(doubt=hundred.doubt or Message("scale-below-zero"))
    given = sum(count for number, count in counts.items() if number in hundred.codes)
    if not hundred.doubt and 2 * given >= sum(counts.values()):
        return NumericScale(doubt=Message("scale-mostly-codes", codes=_listed(hundred.codes)))
    return hundred


def _hundred(rest: Counts, small: Counts, counts: Counts) -> NumericScale:
    """The scale of numbers some of which are more than steps: up to 100, if most of them are large."""
    highest, large = max(rest), sum(rest.values()) - sum(small.values())
    if highest > 100:
        return NumericScale(doubt=Message("scale-beyond-all", highest=highest))
    if large + sum(counts.get(code, 0) for code in ABOVE if code <= 100) < sum(small.values()):
        return NumericScale(doubt=Message("scale-one-beyond", most=max(small), highest=highest))
    return NumericScale(ends=(0.0, 100.0), codes=frozenset(number for number in counts if number > 100 or number < 0))


def _few_steps(small: Counts, usual: Ends | None) -> NumericScale:
    """The scale of numbers up to 11."""
    top = max(small)
    if top == SMALL:
        return _past_ten(small, usual)
    if usual is not None:
        return _usual(small, usual)
    if top < LOWEST_TOP:
        return NumericScale(doubt=Message("scale-unreached", top=top))
    if any(0 < number < 1 for number in small):
        return NumericScale(doubt=Message("scale-fractions"))
    zero = frozenset({0.0} & small.keys())
    if top == 5:
        return NumericScale(ends=(1.0, 5.0), codes=zero)
    if top == 7 and _is_gap(small, 5, 7, ENOUGH):
        return NumericScale(doubt=Message("scale-seven"))
    if top == 7:
        return NumericScale(ends=(1.0, 7.0), codes=zero)
    if top in (8, 9) and _is_gap(small, 5, min(number for number in small if number > 5), ENOUGH) and _above(small, 5) <= {8.0, 9.0}:  # fmt: skip
        return NumericScale(ends=(1.0, 5.0), codes=zero | _above(small, 5))
    if top == 10:
        return NumericScale(ends=(0.0 if zero else 1.0, 10.0))
    return NumericScale(doubt=Message("scale-unknown-end", top=top))


def _usual(small: Counts, usual: Ends) -> NumericScale:
    """The usual scale, unless nobody gave one of its best marks or those given look like codes of a shorter scale."""
    top = max(small)
    zero = frozenset({0.0} & small.keys()) if usual[0] == 1 else frozenset[float]()
    if top <= 7:
        return NumericScale(doubt=Message("scale-unreached-usual", top=top, low=usual[0], high=usual[1]))
    if top < 10 and _above(small, 5) <= {8.0, 9.0} and _is_gap(small, 5, min(_above(small, 5)), SOME):
        return NumericScale(doubt=Message("scale-codes-of-five", codes=_listed(_above(small, 5))))
    return NumericScale(ends=usual, codes=zero)


def _past_ten(small: Counts, usual: Ends | None) -> NumericScale:
    """The scale of numbers that go to 11: a code, unless 0 to 10 may have been written as 1 to 11."""
    rest = {number: count for number, count in small.items() if number != SMALL}
    eleven = small[float(SMALL)]
    if 0.0 in rest or (max(rest, default=0) == 10 and eleven < rest[10.0]):
        few = _few_steps(rest, usual)
        return NumericScale(ends=few.ends, codes=few.codes | {float(SMALL)}, doubt=few.doubt)
    return NumericScale(doubt=ELEVEN)


def _above(counts: Counts, step: float) -> frozenset[float]:
    return frozenset(number for number in counts if number > step)


def _is_gap(counts: Counts, low: float, high: float, enough: int) -> bool:
    """Whether so many gave `low` or less, and so few `high` or more, that nobody between them is no chance."""
    below = sum(count for number, count in counts.items() if number <= low)
    above = sum(count for number, count in counts.items() if number >= high)
    between = any(low < number < high for number in counts)
    return low in counts and not between and below >= enough and above < below


def _listed(numbers: frozenset[float]) -> list[str]:
    return [f"{number:g}" for number in sorted(numbers)]
