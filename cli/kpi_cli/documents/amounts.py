"""Cells and sentences of one result: its value, its change, its verdict and where it stands against its target."""

import math
from datetime import datetime

from kpi_cli.documents.blocks import Amount, Cell, Interval, Series, Status, Tone, Toned
from kpi_cli.documents.phrases import local
from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.analysis.changes.verdicts import NONE_AT_ALL, TOO_FAR
from kpi_core.messages.formats import SPACE
from kpi_core.model.findings import Consequence
from kpi_core.model.kpi import Better, Unit
from kpi_core.model.report import KpiResult, Query, Report, Verdict
from kpi_core.model.report import Status as Standing

FEW = 5
"""Rows under which a value has neither interval nor verdict on the first screen."""
SIGNS = {
    Verdict.BETTER: ("✓", Tone.GOOD),
    Verdict.WORSE: ("✗", Tone.BAD),
    Verdict.HIGHER: ("↑", Tone.STRONG),
    Verdict.LOWER: ("↓", Tone.STRONG),
    Verdict.NO_CHANGE: ("≈", Tone.QUIET),
    Verdict.CANNOT_TELL: ("?", Tone.QUIET),
    Verdict.NOT_TESTED: ("·", Tone.QUIET),
}
STANDING = {
    Standing.MET: ("✓", Tone.GOOD),
    Standing.MISSED: ("✗", Tone.BAD),
    Standing.NOT_DUE: ("…", Tone.QUIET),
    Standing.CANNOT_TELL: ("?", Tone.QUIET),
}
_SHORT = {Verdict.NO_CHANGE: "verdict_no_change", Verdict.CANNOT_TELL: "verdict_cannot_tell"}
_FACTS = frozenset({Unit.COUNT})
"""Units of what is counted, which is a fact however few."""
_WHOLE = 0.02
"""The half width of a share's interval from which on a sentence gives whole numbers."""


def scale(result: KpiResult) -> float | None:
    """The duration whose unit of time everything about a result takes."""
    found = result.estimate
    return scale_of(result.kpi, found.parts.beyond if found.value is None else found.value)


def value(result: KpiResult, report: Report) -> Cell:
    """The value, marked where it is not to be trusted; of a time or share that is not reached how far it is known."""
    if result.suppressed:
        return Toned("·", Tone.QUIET)
    found, beyond = result.estimate, result.estimate.parts.beyond
    if found.value is None and beyond is not None:
        return Amount(beyond, result.kpi.unit, scale(result), before="≥" if result.kpi.unit is Unit.SHARE else ">")
    mark = Status("!", "", Tone.WARNING) if is_doubtful(result, report) and found.value is not None else None
    return Amount(found.value, result.kpi.unit, scale(result), status=mark)


def is_doubtful(result: KpiResult, report: Report) -> bool:
    """Whether too few of its rows were understood, or a serious finding is about it."""
    return (result.trust is not None and result.trust.is_marked) or is_warned(result, report)


def is_few(result: KpiResult) -> bool:
    """Whether a value rests on so few rows that nothing is shown but the value itself."""
    return result.kpi.unit not in _FACTS and result.estimate.n < FEW and result.estimate.value is not None


def interval(result: KpiResult) -> Cell:
    """The interval of the value, where there is one worth showing."""
    if result.suppressed or is_few(result):
        return ""
    return Interval(result.estimate.low, result.estimate.high, result.kpi.unit, scale(result))


def change(result: KpiResult, wording: Wording) -> Cell:
    """The change; of a value that is not final the newest final one."""
    if result.suppressed:
        return ""
    if (waits := result.immature) is not None:
        if waits.newest is None or waits.estimate is None or waits.estimate.value is None:
            return ""
        newest = wording.value(waits.estimate.value, result.kpi.unit, scale(result))
        return Toned(
            wording.word(
                "preliminary_of", period=wording.period(waits.newest, short=True, near=result.period), value=newest
            ),
            Tone.QUIET,
        )
    if result.change is None or result.change.value is None:
        return ""
    return Amount(result.change.value, result.kpi.unit, scale(result), is_change=True)


def verdict(result: KpiResult, report: Report, wording: Wording, *, with_least: bool = False) -> Status | str:
    """The verdict on the change, or why there is none; `with_least` also the smallest change that would have shown."""
    if result.suppressed:
        return Status("·", wording.word("verdict_hidden"), Tone.QUIET)
    if (trust := result.trust) is not None and trust.is_marked:
        return Status("!", wording.word("verdict_unread", share=wording.percent(1 - trust.share, 0)), Tone.WARNING)
    if result.immature is not None:
        return Status("…", wording.word("verdict_final", day=day(result.immature.final_at, report.query, wording)))
    if is_few(result):
        return Status("?", wording.word("verdict_few"), Tone.QUIET)
    if result.verdict is None:
        if report.query.baseline is None or result.estimate.value is None:
            return ""
        return Status("·", wording.word("verdict_not_compared"), Tone.QUIET)
    if result.verdict is Verdict.NOT_TESTED and is_warned(result, report, compared=False):
        return Status("!", wording.word("verdict_not_compared"), Tone.WARNING)
    sign, tone = SIGNS[result.verdict]
    if with_least and (shows := least(result, wording)):
        return Status(sign, wording.word("cannot_tell_less", least=shows), tone)
    if with_least and shows_none(result):
        return Status(sign, wording.word("cannot_tell_none"), tone)
    return Status(sign, wording.word(_SHORT.get(result.verdict, result.verdict.value)), tone)


def shows_none(result: KpiResult) -> bool:
    """Whether, of an open verdict, no possible change would have shown."""
    return (
        result.verdict is Verdict.CANNOT_TELL
        and result.immature is None
        and bool({TOO_FAR, NONE_AT_ALL} & {*result.notes})
    )


def would_show(result: KpiResult, wording: Wording) -> Cell:
    """The smallest change that would have shown as a cell of its own; `none` where no change would."""
    if shows := least(result, wording):
        return Toned(wording.word("would_show_cell", least=shows), Tone.QUIET)
    return Toned(wording.word("would_show_none"), Tone.QUIET) if shows_none(result) else ""


def least(result: KpiResult, wording: Wording) -> str:
    """The smallest change that would have shown, for an open verdict; empty for all else."""
    change = result.change
    is_open = (
        result.verdict is Verdict.CANNOT_TELL
        and result.immature is None
        and not result.suppressed
        and not is_few(result)
    )
    if not is_open or change is None or change.detectable is None:
        return ""
    return wording.change(change.detectable, result.kpi.unit, scale(result)).lstrip("+")


def is_warned(result: KpiResult, report: Report, *, compared: bool = True) -> bool:
    """Whether a serious finding is about the KPI; with `compared` off, one that forbids its comparison."""
    return any(
        one.is_serious
        and one.concerns(result.kpi)
        and one.is_of(result.group)
        and (compared or one.consequence is not Consequence.NOTED)
        for one in report.findings
    )


def target(result: KpiResult, wording: Wording) -> Cell:
    """`✗ ≥ 80%`: where the value stands, and what it should reach."""
    if result.target is None or result.suppressed:
        return ""
    sign, tone = STANDING[result.target.status] if result.immature is None else ("…", Tone.QUIET)
    return Status(sign, goal(result, wording), tone)


def goal(result: KpiResult, wording: Wording) -> str:
    """`≥ 80%`, `≤ 4 h`: what the value should reach."""
    assert result.target is not None
    aim = wording.aim(result.target.value, result.kpi.unit, scale_of(result.kpi, result.target.value))
    side = {Better.HIGHER: "≥", Better.LOWER: "≤", Better.NEITHER: "="}[result.kpi.better]
    return f"{side}{SPACE}{aim}"


def trend(result: KpiResult) -> Series:
    """The trend, drawn against how far chance alone puts two periods apart, so that noise looks like noise."""
    final = len(result.trend) if result.final is None else result.final
    values = tuple(one.value if place < final else None for place, one in enumerate(result.trend))
    known, half = [one for one in values if one is not None], _by_chance(result)
    if not known or half is None:
        return Series(values)
    middle = sum(known) / len(known)  # the width is what chance spans; where it stands are the values themselves
    return Series(values, middle - half, middle + half)


def _by_chance(result: KpiResult) -> float | None:
    """How far chance puts two periods apart: as the interval of the change has it, else that of two values like this one; None where neither is known."""
    change, estimate = result.change, result.estimate
    if change is not None and change.low is not None and change.high is not None:
        return (change.high - change.low) / 2
    if result.kpi.unit in _FACTS or estimate.low is None or estimate.high is None:
        return None
    return (estimate.high - estimate.low) / 2 * math.sqrt(2)


def day(moment: datetime, query: Query, wording: Wording) -> str:
    """A day on the report's clock, with its year where that is not the report's."""
    there = local(moment, query).date()
    of_report = query.period.start.year if query.period.start else None
    return wording.short_date(there, with_year=there.year != of_report)


def in_a_sentence(result: KpiResult, wording: Wording) -> str:
    """The value as a sentence gives it: whole numbers where its interval is wide."""
    found = result.estimate
    if result.kpi.unit is Unit.SHARE and found.value is not None:
        return wording.percent(found.value, _decimals(result))
    return wording.value(found.value, result.kpi.unit, scale(result))


def moved(result: KpiResult, wording: Wording) -> str:
    """By how much the value changed, without a sign: `6 points`, `2 h 30 min`."""
    assert result.change is not None
    by = abs(result.change.value or 0.0)
    match result.kpi.unit:
        case Unit.SHARE:
            decimals = _decimals(result) if round(by * 100) else 1
            number = wording.number(by * 100, decimals)
            return f"{number}{SPACE}{wording.word('point' if number == '1' else 'percentage_points')}"
        case Unit.POINTS:
            return f"{wording.number(by * 100)}{SPACE}{wording.word('score_points')}"
        case unit:
            return wording.value(by, unit, scale(result))


def _decimals(result: KpiResult) -> int:
    low, high = result.estimate.low, result.estimate.high
    return 0 if low is not None and high is not None and (high - low) / 2 >= _WHOLE else 1
