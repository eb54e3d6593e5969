"""Whether changes are more than noise: Benjamini–Hochberg over families of questions, so that a report as a whole is rarely wrong.

A report promises that, where nothing changed, it says so of all but one report in twenty. Its totals share that: the
headline questions take three fifths, so that power is not spent on thirty others. Each dimension it is split by is a page
with a promise of its own.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from kpi_core.analysis.changes.change import CROSSED
from kpi_core.analysis.changes.questions import FLOW, headlines, question_of
from kpi_core.analysis.changes.reach import FARTHEST, has_ends, reach_of
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Better, Unit
from kpi_core.model.measures import Quantile
from kpi_core.model.report import Change, Family, KpiResult, Verdict
from kpi_core.records import dataclass
from kpi_core.stats.p_values import benjamini_hochberg

HEADLINE = 0.6
"""The share of a report's chance of a false verdict that its headline questions have."""
NOT_PASSED = Message("not-passed")
TOO_FAR = Message("too-far", times=FARTHEST)
NONE_AT_ALL = Message("none-at-all")
NO_END = Message("no-end")
WIDE = Message("wider-than-all-times")
NO_OWN_BOUNDS = Message("no-own-interval")
BY_ALL_TIMES = Message("called-by-all-times")
NOT_BY_ALL_TIMES = Message("not-called-by-all-times")
ABOUT_INTERVALS = (NOT_PASSED, WIDE, NO_OWN_BOUNDS, BY_ALL_TIMES, NOT_BY_ALL_TIMES)
"""The note on an interval next to a verdict that is not by it alone."""
OPEN_ONES = Message("open-ones-may-differ")
COUNTING_OPEN = "_km"
"""What the names of KPIs end in that count tickets still open, next to those without."""
CALLED = (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)
Asked = tuple[str, str | None, str]
"""A question in one group of one dimension."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What came of a question: whether it stands, in a family of so many at such a rate."""

    stands: bool
    family: Family


def judge(
    results: Sequence[KpiResult], confidence: float, *, is_one: bool = False
) -> tuple[list[KpiResult], tuple[Family, ...]]:
    """Verdicts for results that carry a change, and the families they were looked at in.

    Results that answer one question share its test and count once. What is suppressed, immature or not compared is in no
    family; a change without a test has none. With `is_one` the totals are one family, whatever is a headline.
    """
    asked = {_asked(result): result.change.answer.p for result in results if result.change and result.change.answer}
    alpha = 1 - confidence
    judged: dict[Asked, Judged] = {}
    families = []
    for family, members in _families(asked, alpha, is_one=is_one):
        families.append(family)
        passed = benjamini_hochberg([asked[one] for one in members], family.q)
        judged |= {one: Judged(stands=stands, family=family) for one, stands in zip(members, passed, strict=True)}
    verdicts = _one_verdict_each([_judged(result, judged, alpha) for result in results])
    return [_with_interval_note(_without_a_point(one)) for one in verdicts], tuple(families)


def asked_by(results: Sequence[KpiResult]) -> frozenset[Asked]:
    """The questions that results answer with a test."""
    return frozenset(_asked(one) for one in results if one.change and one.change.answer)


def _asked(result: KpiResult) -> Asked:
    dimension, group = next(iter(result.group.items()), ("", None))
    answer = result.change.answer if result.change else None
    return dimension, group, answer.question if answer else ""


def _families(
    asked: Sequence[Asked] | dict[Asked, float], alpha: float, *, is_one: bool
) -> list[tuple[Family, list[Asked]]]:
    """The families of some questions: headlines, the rest, and one a dimension; a lone family of totals has the whole rate."""
    totals = [one for one in asked if not one[0]]
    first = frozenset[str]() if is_one else headlines(question for _, _, question in totals)
    split = [[one for one in totals if one[2] in first], [one for one in totals if one[2] not in first]]
    is_lone = not all(split)
    found = []
    for members, is_headline, share in ((split[0], True, HEADLINE), (split[1], False, 1 - HEADLINE)):
        if members:
            q = alpha if is_lone else alpha * share
            found.append((Family(dimension="", questions=len(members), q=q, is_headline=is_headline), members))
    for dimension in dict.fromkeys(one[0] for one in asked if one[0]):
        members = [one for one in asked if one[0] == dimension]
        found.append((Family(dimension=dimension, questions=len(members), q=alpha), members))
    return found


def _judged(result: KpiResult, judged: dict[Asked, Judged], alpha: float) -> KpiResult:
    change = result.change
    if change is None:
        return result
    if change.answer is None:
        return replace(result, verdict=Verdict.NO_CHANGE if change.is_small else Verdict.NOT_TESTED)
    found = judged[_asked(result)]
    result = replace(result, change=reach_of(result, change, found.family))
    alone = change.answer.p < alpha if change.p is None else change.p < alpha
    if found.stands:
        up = _direction(change)
        if up is not None and (change.p is None or change.p < alpha):
            return replace(result, verdict=_verdict_of(result, is_up=up))
        if up is None:
            return replace(result, change=change, verdict=Verdict.CANNOT_TELL, notes=(*result.notes, CROSSED))
    if change.is_small:
        return replace(result, verdict=Verdict.NO_CHANGE)
    if change.is_crossed:
        return replace(result, change=change, verdict=Verdict.CANNOT_TELL, notes=(*result.notes, CROSSED))
    if change.p is None and result.change and abs(change.value or 0.0) > (result.change.detectable or math.inf):
        result = replace(
            result, change=change
        )  # what is judged is not this figure's own change, and has not moved as far
        return replace(result, verdict=Verdict.CANNOT_TELL, notes=(*result.notes, CROSSED))
    # A quantile's own interval is not its test's: where it holds 0, it says so itself.
    is_own = not isinstance(result.kpi.measure, Quantile) or not _holds_none(change)
    notes = (*result.notes, NOT_PASSED) if alone and not found.stands and is_own else result.notes
    return replace(result, verdict=Verdict.CANNOT_TELL, notes=(*notes, *_unreached(result, result.change or change)))


def _holds_none(change: Change) -> bool:
    """Whether an interval holds no change at all, or there is none."""
    return change.low is None or change.high is None or change.low <= 0 <= change.high


def _one_verdict_each(results: Sequence[KpiResult]) -> list[KpiResult]:
    """The results with one verdict for one question: what only goes by another's test and went its way is called where any of its twins is.

    Times are unchanged only where they are with the tickets still open too.
    """
    called = {_asked(one) for one in results if one.verdict in CALLED}
    results_of = [_as_its_twins(one) if _asked(one) in called else one for one in results]
    results_of = _one_flow(results_of)
    moved = {_name(one).replace(COUNTING_OPEN, "") for one in results_of if one.verdict is not Verdict.NO_CHANGE and one.change and COUNTING_OPEN in one.kpi.name}  # fmt: skip
    return [
        replace(one, verdict=Verdict.CANNOT_TELL, notes=(*one.notes, OPEN_ONES))
        if one.verdict is Verdict.NO_CHANGE and _name(one) in moved
        else one
        for one in results_of
    ]


def _one_flow(results: Sequence[KpiResult]) -> list[KpiResult]:
    """The results, of which those of the flow are unchanged only where all that rest on tickets are: one test has one verdict."""
    flow = [one for one in results if question_of(one.kpi).name == FLOW and one.kpi.unit is not Unit.DAYS]
    open_ = {_asked(one) for one in flow if one.verdict is Verdict.CANNOT_TELL}
    return [
        replace(one, verdict=Verdict.CANNOT_TELL)
        if one.verdict is Verdict.NO_CHANGE and question_of(one.kpi).name == FLOW and _asked(one) in open_
        else one
        for one in results
    ]


def _name(result: KpiResult) -> str:
    """The KPI and the group of a result."""
    return f"{result.kpi.name} {sorted(result.group.items(), key=str)}"


def _as_its_twins(result: KpiResult) -> KpiResult:
    change = result.change
    if result.verdict is not Verdict.CANNOT_TELL or change is None or change.answer is None or change.p is not None:
        return result
    if not change.value or change.is_up is not change.answer.rises:
        return result
    notes = tuple(note for note in result.notes if note != CROSSED)
    return replace(result, verdict=_verdict_of(result, is_up=change.answer.rises), notes=notes)


def _without_a_point(result: KpiResult) -> KpiResult:
    """A result without an interval of its change, and what would have shown, where both ends are one value: rows that are all alike show nothing of chance."""
    change = result.change
    if change is None or change.low is None or change.low != change.high:
        return result
    return replace(result, change=replace(change, low=None, high=None, detectable=None, needed=None))


def _with_interval_note(result: KpiResult) -> KpiResult:
    """A quantile's result with why it has no interval, or why that does not say what the verdict does: that is by all times together."""
    change = result.change
    if change is None or change.value is None or change.p is None or not isinstance(result.kpi.measure, Quantile):
        return result
    if change.low is None or change.high is None:
        note = NO_OWN_BOUNDS
    else:
        is_apart, is_called = change.low > 0 or change.high < 0, result.verdict in CALLED
        if is_apart is is_called or (is_apart and NOT_PASSED in result.notes):
            return result
        note = BY_ALL_TIMES if is_called else NOT_BY_ALL_TIMES
    return replace(result, notes=(*result.notes, note))


def _unreached(result: KpiResult, change: Change) -> tuple[Message, ...]:
    """The note where no change could be named that would have shown."""
    if change.is_wide:
        return (WIDE,)
    if change.detectable is not None or (change.error is None and change.p is None):
        return ()
    if change.error is None:
        return (NO_END,)
    return (NONE_AT_ALL,) if has_ends(result.kpi) else (TOO_FAR,)


def _direction(change: Change) -> bool | None:
    """Whether it went up, after the calendar; None where its own figure did not, or went another way than what its question found."""
    assert change.answer is not None
    if change.p is None and change.error and abs(change.value or 0.0) < change.error:
        return None
    own = change.rises if change.rises is not None else (change.value > 0 if change.value else None)
    return own if own is change.answer.rises else None


def _verdict_of(result: KpiResult, *, is_up: bool) -> Verdict:
    if result.kpi.better is Better.NEITHER:
        return Verdict.HIGHER if is_up else Verdict.LOWER
    return Verdict.BETTER if is_up is (result.kpi.better is Better.HIGHER) else Verdict.WORSE
