"""What a report opens with where there is room for cards: the headline, and the headline KPIs that can be trusted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from kpi_cli.documents import amounts, listed_actions
from kpi_cli.documents.blocks import Card, Front, Line, Status, Tone, Toned
from kpi_cli.documents.signals import of_period
from kpi_cli.documents.targets import TargetsDocument
from kpi_cli.documents.trends import TrendsDocument
from kpi_cli.documents.why import WhyDocument
from kpi_cli.documents.wording import Wording
from kpi_core.kpis.headlines import headlines
from kpi_core.messages.sentences import listed
from kpi_core.model.report import KpiResult, Report, Verdict
from kpi_core.model.report import Status as TargetStatus

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument
    from kpi_core.analysis.goals.actions import Answered
    from kpi_core.analysis.story.newcomer import Newcomer

MOST_CARDS = 8
MOST_ACTIONS = 3
MOST_NAMED, MOST_WITHHELD = 2, 2
"""KPIs named of a group that joined, and reasons why figures are missing."""
MOVED = ("✗", "✓", "↑", "↓")
"""Signs of sentences that say what moved."""
CHANGED = (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)
TARGETS = {Tone.GOOD: "card_target_met", Tone.BAD: "card_target_missed"}


def front(document: "ReportDocument") -> Front:
    """The report's first page."""
    report, wording = document.report, document.wording
    period = document.readout.period_line()
    serious = document.warnings()
    trust = [Line(wording.word("trust_but" if serious else "trust_yes"))]
    trust += [Line(wording.render(one.message), Tone.WARNING, "!") for one in serious]
    cards = tuple(_cards(document))
    actions = (
        () if document.behind is None or document.behind.targets is None else _actions(document.behind.targets, wording)
    )
    return Front(
        subtitle=period[:1].upper() + period[1:], headline=tuple(_headline(document)),
        cards=cards, legend=wording.word("card_legend") if cards and report.query.baseline is not None else "",
        trust=tuple(trust), actions=actions, actions_title=wording.word("do_first"),
    )  # fmt: skip


def _headline(document: "ReportDocument") -> Iterator[Line]:
    """The report's sentences; the first about what moved goes on with where it did, one about a missed target with how long it has been so."""
    lines = document.headline(has_commands=False)
    behind, lasting = document.behind, dict(_lasting(document))
    reason = None if behind is None or behind.why is None else WhyDocument(behind.why, document.wording).reason()
    about = "" if behind is None or behind.why is None else document.wording.short(behind.why.asked)
    beside = [] if behind is None or behind.newcomer is None else [_newcomer(behind.newcomer, document.wording)]
    withheld = list(_withheld(document))
    for line in lines:
        if line.sign not in MOVED and not line.indent:
            yield from (*beside, *withheld)
            beside, withheld = [], []
        yield line
        if reason is not None and line.text.startswith(about):
            yield Line(reason, indent=2)
            reason = None
        about_missed = next((name for name in lasting if line.sign == "✗" and line.text.startswith(name)), None)
        if about_missed is not None:
            yield Line(lasting.pop(about_missed), indent=2)
    yield from (*beside, *withheld)


def _lasting(document: "ReportDocument") -> Iterator[tuple[str, str]]:
    """Of the KPIs that miss their target, what chance would not do for so long by the weeks up to the report's period."""
    if document.behind is None or document.behind.trends is None:
        return
    missed = {one.kpi.name for one in document.shown if _is_missed(one)}
    found = replace(
        document.behind.trends, trends=tuple(one for one in document.behind.trends.trends if one.kpi.name in missed)
    )
    trends = TrendsDocument(found, document.wording)
    for one in found.trends:
        if (sentence := trends.bad_run(of_period(one, document.report.query.period))) is not None:
            yield document.wording.short(one.kpi), sentence


def _newcomer(found: "Newcomer", wording: Wording) -> Line:
    """In what a group that joined does worse than the others, or else better."""
    first = found.results[0].verdict
    items = [
        wording.word("newcomer_item", kpi=wording.short(one.kpi), **_both(one, wording)) for one in found.results if one.verdict is first
    ]  # fmt: skip
    key, tone, sign = (
        ("newcomer_worse", Tone.BAD, "✗") if first is Verdict.WORSE else ("newcomer_better", Tone.GOOD, "✓")
    )
    day = found.found.message.values["day"]
    assert isinstance(day, date)
    return Line(
        wording.word(
            key, group=found.group, day=wording.short_date(day, with_year=False), kpis=listed(items[:MOST_NAMED])
        ),
        tone,
        sign,
    )


def _both(one: KpiResult, wording: Wording) -> dict[str, str]:
    """The value of a result and that of the other side, in one unit."""
    sides = {"value": one.estimate.value, "other": None if one.baseline is None else one.baseline.value}
    return {name: wording.value(value, one.kpi.unit, amounts.scale(one)) for name, value in sides.items()}


def _withheld(document: "ReportDocument") -> Iterator[Line]:
    """The headline KPIs that have no value because of what a serious finding says, with the reason, those of one reason together."""
    report, wording, found = document.report, document.wording, dict[str, list[str]]()
    lost = [one for one in report.totals if one.barred and one.barred.key == "no-value" and not one.suppressed]
    for name in headlines([one.kpi for one in lost], document.view.headlines):
        one = next(each for each in lost if each.kpi.name == name)
        assert one.barred is not None
        found.setdefault(wording.render(one.barred), []).append(wording.short(one.kpi))
    for why, kpis in [*found.items()][:MOST_WITHHELD]:
        yield Line(f"{listed(kpis)}: {why}", Tone.WARNING, "!")


def _actions(found: "Answered", wording: Wording) -> tuple[Line, ...]:
    """What to do first: what, who and by when."""
    document = TargetsDocument(found, wording)
    lines = []
    for one in document.entries[:MOST_ACTIONS]:
        who = ", ".join(filter(None, (one.owner, wording.short_date(one.due, with_year=False))))
        lines.append(Line(f"{listed_actions.what(one, wording)} ({who})"))
    return tuple(lines)


def _cards(document: "ReportDocument") -> Iterator[Card]:
    """The headlines whose rows were understood, in their order; a value with a warning carries its sign."""
    report, wording = document.report, document.wording
    for one in _shown(document):
        verdict, trend = amounts.verdict(one, report, wording), amounts.trend(one)
        yield Card(
            label=wording.short(one.kpi), value=amounts.value(one, report),
            status=verdict if isinstance(verdict, Status) else None, lines=tuple(_under(one, report, wording)),
            trend=trend if sum(value is not None for value in trend.values) > 1 else None,
            is_open=one.immature is not None,
        )  # fmt: skip


def _shown(document: "ReportDocument") -> list[KpiResult]:
    """As many as there is room for: what changed or misses its target is among them, the others are the first."""
    known = [one for one in document.shown if one.estimate.value is not None and not one.suppressed
             and not (one.trust is not None and one.trust.is_marked)]  # fmt: skip
    first = sorted(known, key=lambda one: not _is_news(one))[:MOST_CARDS]
    return [one for one in known if one in first]


def _is_news(one: KpiResult) -> bool:
    return _is_missed(one) or (one.immature is None and one.verdict in CHANGED)


def _is_missed(one: KpiResult) -> bool:
    return one.immature is None and one.target is not None and one.target.status is TargetStatus.MISSED


def _under(one: KpiResult, report: Report, wording: Wording) -> Iterator[Line]:
    """Its change and its target, each in a few words."""
    before, change = report.query.baseline, amounts.change(one, wording)
    if isinstance(change, Toned):
        yield Line(change.text, Tone.QUIET)
    elif before is not None and one.change is not None and one.change.value is not None:
        moved = wording.change(one.change.value, one.kpi.unit, amounts.scale(one))
        period = wording.period(before, short=True, near=report.query.period)
        yield Line(wording.word("card_change", change=moved, period=period))
    if one.target is not None:
        sign, tone = amounts.STANDING[one.target.status] if one.immature is None else ("…", Tone.QUIET)
        yield Line(wording.word(TARGETS.get(tone, "card_target"), target=amounts.goal(one, wording)), tone, sign)
