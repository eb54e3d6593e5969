"""Two sides compared: in a sentence which is better and whether that is real, a row a KPI or group, and the intervals drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from kpi_cli.documents import amounts
from kpi_cli.documents.blocks import (
    Amount,
    Block,
    Cell,
    Chart,
    Column,
    Interval,
    Layer,
    Line,
    Mark,
    Notes,
    Page,
    Rule,
    Table,
    Tone,
)
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import next_step
from kpi_cli.documents.phrases import group_name, suppressed
from kpi_cli.documents.readout import Readout, rounded
from kpi_cli.documents.records import report as records
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.changes.verdicts import ABOUT_INTERVALS, NOT_PASSED
from kpi_core.analysis.compare.segments import Versus
from kpi_core.analysis.trend import is_complete
from kpi_core.messages.message import Message
from kpi_core.messages.sentences import listed
from kpi_core.model.findings import NAMED_PEOPLE, SHIFTED
from kpi_core.model.periods import Period
from kpi_core.model.report import Family, KpiResult, Query, Report, Verdict
from kpi_core.model.stocks_and_survival import Survival
from kpi_core.records import dataclass

CALLED = (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)
MOST_DRAWN = 14
"""Rows of a picture of intervals."""


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What is compared: each result has its own value and, as its baseline, the other side's.

    `old` and `new` are what both sides are called; `is_of_periods`: two times of the same, so that the one came after the other.
    `with_unfinished`: whether a side that the files do not reach to the end of is shown all the same, without a verdict.
    """

    old: str
    new: str
    results: tuple[KpiResult, ...]
    families: tuple[Family, ...]
    reports: tuple[Report, ...]
    is_of_periods: bool
    untested: Mapping[str, Message] = field(default_factory=dict)
    with_unfinished: bool = True


def of_periods(report: Report, wording: Wording, *, with_unfinished: bool = True) -> Sides:
    """The two periods of a report; one that the files do not reach to the end of is called by how far they do."""
    query = report.query
    assert query.baseline is not None
    return Sides(
        old=_called(query.baseline, query, wording), new=_called(query.period, query, wording), results=report.results,
        families=report.families, reports=(report,), is_of_periods=True, with_unfinished=with_unfinished,
    )  # fmt: skip


def _called(period: Period, query: Query, wording: Wording) -> str:
    name = wording.period(period, short=True)
    if query.as_of is None or is_complete(period, query):
        return name
    return wording.word("compare_so_far", period=name, day=wording.short_date(query.as_of.date(), with_year=False))


def of_segments(found: Versus) -> Sides:
    """Two segments or companies: the first is compared with the second."""
    return Sides(
        old=found.second, new=found.first, results=found.results, families=found.families, reports=found.reports,
        is_of_periods=False, untested=found.untested,
    )  # fmt: skip


class ComparedDocument(Document):
    """Two sides of some KPIs."""

    def __init__(self, sides: Sides, wording: Wording) -> None:
        self.sides, self.wording = sides, wording.knowing([one.kpi for one in sides.results])
        self.report = sides.reports[0]

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.report

    # For programs

    def record(self) -> Record:
        """Every result with both sides, the change, its interval and its verdict."""
        return {
            **records.heading(self.report),
            "sources": [records.source(one) for report in self.sides.reports for one in report.sources],
            "sides": {"new": self.sides.new, "old": self.sides.old, "periods": self.sides.is_of_periods},
            "results": [self._result(one) for one in self.sides.results],
            "families": [
                {
                    "by": one.dimension or None,
                    "headline": one.is_headline,
                    "questions": one.questions,
                    "q": round(one.q, 6),
                }
                for one in self.sides.families
            ],
            "unavailable": records.unavailable(self.report),
            "findings": [one for report in self.sides.reports for one in records.findings(report)],
        }

    def _result(self, one: KpiResult) -> Record:
        record = records.result(one, self.report.query)
        reason = self.sides.untested.get(one.kpi.name)
        return {**record, "untested": None if reason is None else str(reason)}

    def rows(self) -> Rows:
        """A row a KPI and group."""
        return as_rows(self.record()["results"])

    # For people

    def page(self) -> Page:
        """The answer first, then both sides row by row, then the picture."""
        shown = [
            one for one in self.sides.results if one.estimate.n or (one.baseline and one.baseline.n) or one.suppressed
        ]
        names = list(dict.fromkeys(one.kpi.name for one in shown))
        blocks: list[Block] = [self._table(shown, is_of_one=len(names) == 1)] if shown else []
        if len(names) == 1 and (chart := self._chart(shown)) is not None:
            blocks.append(chart)
        if notes := tuple(Line(note, Tone.QUIET) for note in self._notes(shown)):
            blocks.append(Notes(key="notes", title="", lines=notes))
        if names:
            blocks.append(next_step(self.wording, f"rows {names[0]}"))
        return Page(title=self._title(names), headline=tuple(self._headline(shown)), blocks=tuple(blocks))

    def _title(self, names: Sequence[str]) -> str:
        subject = self.wording.label(names[0]) if len(names) == 1 else self.wording.word("trend_kpis", count=len(names))
        query = self.report.query
        if self.sides.is_of_periods and query.baseline is not None:
            return f"{subject}, {self.wording.word('against', period=self.wording.period(query.period), baseline=self.wording.period(query.baseline))}"
        return f"{subject}, {self.wording.word('against', period=self.sides.new, baseline=self.sides.old)}, {self.wording.period(query.period)}"

    def _headline(self, shown: Sequence[KpiResult]) -> Iterator[Line]:
        totals = [one for one in shown if not one.group]
        if not totals:
            yield Line(
                self.wording.word("head_nothing", period=self.wording.period(self.report.query.period)),
                Tone.WARNING,
                "!",
            )
            return
        if len(totals) == 1:
            yield self._of_result(totals[0])
            yield from self._of_groups([one for one in shown if one.group])
            return
        called = [one for one in totals if one.verdict in CALLED]
        yield from (self._of_result(one) for one in called[:3])
        if len(called) > 3:
            yield Line(
                self.wording.word("head_other", kpis=listed([self.wording.short(one.kpi) for one in called[3:]]))
            )
        if not any(one.verdict in (*CALLED, Verdict.NO_CHANGE, Verdict.CANNOT_TELL) for one in totals):
            yield from map(self._of_result, totals[:3])  # what was not compared is not said to be chance
        elif not called:
            yield Line(
                self.wording.word("compare_none" if self.sides.is_of_periods else "compare_alike"), Tone.QUIET, "?"
            )
            open_ = [one for one in totals if one.verdict is Verdict.CANNOT_TELL and self._least(one)]
            yield from (
                Line(f"{self.wording.short(one.kpi)}: {self._least(one)}", Tone.QUIET, indent=2) for one in open_[:3]
            )
        if len(uncompared := [one for one in totals if one.verdict is None]) < len(totals):
            yield from map(self._of_result, uncompared[:3])

    def _of_result(self, one: KpiResult) -> Line:
        """What came of one KPI, with both values and what the data allow."""
        word, change = self.wording.word, one.change
        kpi, like = self.wording.short(one.kpi), amounts.scale(one)
        if one.verdict in CALLED and not self.sides.is_of_periods and self._is_unreached(one):
            return self._outlasted(one)
        if self._is_refused(one):
            return Line(word("compare_incomplete", kpi=kpi), Tone.QUIET, "·")
        if one.suppressed or one.estimate.value is None or one.baseline is None or one.baseline.value is None:
            value = (
                suppressed(one, self.wording)
                if one.suppressed
                else self.wording.value(one.estimate.value, one.kpi.unit, like)
            )
            return Line(word("compare_uncompared", kpi=kpi, value=value, side=self.sides.new), Tone.QUIET, "·")
        new, old = (self.wording.value(value, one.kpi.unit, like) for value in (one.estimate.value, one.baseline.value))
        values = word("compare_times" if self.sides.is_of_periods else "compare_places", kpi=kpi, new=new, old=old,
                      new_side=self.sides.new, old_side=self.sides.old)  # fmt: skip
        moved = f" ({self.wording.change(change.value, one.kpi.unit, like)})" if change is not None else ""
        if one.verdict in CALLED and change is not None:
            sign, tone = amounts.SIGNS[one.verdict]
            allowed = self.wording.change_interval(change.low, change.high, one.kpi.unit, like)
            allows = word("compare_allows", interval=allowed) if allowed else ""
            return Line(f"{self._verdict(one.verdict)} {values}{moved}. {allows}".rstrip(), tone, sign)
        if one.verdict is Verdict.NO_CHANGE:
            return Line(f"{word('compare_no_change')} {values}{moved}.", Tone.QUIET, "≈")
        if one.verdict is Verdict.CANNOT_TELL:
            return Line(f"{word('compare_cannot_tell')} {values}{moved}. {self._least(one)}".rstrip(), Tone.QUIET, "?")
        reason = self.sides.untested.get(one.kpi.name) or one.barred or (change.note if change is not None else None)
        why = "" if reason is None else self.wording.render(reason)
        return Line(f"{values}{moved}. {why[:1].upper()}{why[1:]}{'.' if why else ''}".rstrip(), Tone.QUIET, "·")

    def _is_refused(self, one: KpiResult) -> bool:
        """Whether one of its periods is not complete, and nobody asked for it all the same."""
        return not self.sides.with_unfinished and one.barred is not None and one.barred.key == "period-not-complete"

    @staticmethod
    def _is_unreached(one: KpiResult) -> bool:
        """Whether a figure has no value on one side and a verdict all the same: that of all its cases."""
        return one.estimate.value is None or one.baseline is None or one.baseline.value is None

    def _outlasted(self, one: KpiResult) -> Line:
        """Which way the cases of two sides differ, where those still open are too many for a value."""
        assert one.verdict is not None
        sign, tone = amounts.SIGNS[one.verdict]
        sentence = self.wording.word("compare_outlasted", kpi=self.wording.short(one.kpi))
        return Line(f"{self._verdict(one.verdict)} {sentence}", tone, sign)

    def _verdict(self, verdict: Verdict) -> str:
        key = f"compare_{verdict.value}" if self.sides.is_of_periods else f"compare_side_{verdict.value}"
        return self.wording.word(key, side=self.sides.new)

    def _least(self, one: KpiResult) -> str:
        """What so many rows would have shown, and how many would do."""
        change = one.change
        if change is None or change.detectable is None:
            return ""
        least = self.wording.change(change.detectable, one.kpi.unit, amounts.scale(one)).lstrip("+")
        said = self.wording.word("compare_least", count=one.estimate.n, least=least)
        if change.needed:
            needed = self.wording.number(rounded(change.needed))
            return f"{said} {self.wording.word('compare_needed', needed=needed)}"
        return said

    def _of_groups(self, groups: Sequence[KpiResult]) -> Iterator[Line]:
        if not groups:
            return
        word = self.wording.word
        for verdict in CALLED:
            if named := [group_name(one, self.wording) for one in groups if one.verdict is verdict]:
                yield Line(word("compare_groups", verdict=word(verdict.value), groups=listed(named)), indent=2)
        verdicts = {one.verdict for one in groups} - {None}
        if verdicts and verdicts.isdisjoint(CALLED):
            yield Line(word("compare_no_group"), indent=2)

    def _table(self, shown: Sequence[KpiResult], *, is_of_one: bool) -> Table:
        word = self.wording.word
        columns = (
            Column(key="row", head="" if is_of_one else word("kpi"), folds=not is_of_one),
            Column(key="old", head=self.sides.old, is_right=True), Column(key="old_n", head=word("n"), is_right=True, priority=3),
            Column(key="new", head=self.sides.new, is_right=True), Column(key="new_n", head=word("n"), is_right=True, priority=2),
            Column(key="change", head=word("change") if self.sides.is_of_periods else word("difference"), is_right=True),
            Column(key="interval", head=word("interval", confidence=self.wording.percent(self.report.query.confidence, 0)), is_right=True, priority=1),
            Column(key="verdict", head=word("verdict")),
        )  # fmt: skip
        return Table(key="compared", columns=columns, rows=tuple(self._row(one, is_of_one=is_of_one) for one in shown))

    def _row(self, one: KpiResult, *, is_of_one: bool) -> tuple[Cell, ...]:
        like, unit = amounts.scale(one), one.kpi.unit
        name = self.wording.word("compare_all") if is_of_one else self.wording.short(one.kpi)
        if one.group:
            name = f"  {group_name(one, self.wording)}" if is_of_one else f"{name}: {group_name(one, self.wording)}"
        if one.suppressed:
            return (
                name,
                "",
                "",
                suppressed(one, self.wording),
                "",
                "",
                "",
                amounts.verdict(one, self.report, self.wording),
            )
        if self._is_refused(one):
            return name, "", "", "", "", "", "", amounts.verdict(one, self.report, self.wording)
        old = one.baseline
        change = one.change
        interval: Cell = "" if change is None else Interval(change.low, change.high, unit, like, is_change=True)
        moved: Cell = "" if change is None or change.value is None else Amount(change.value, unit, like, is_change=True)
        return (
            name, "" if old is None else Amount(old.value, unit, like), "" if old is None else old.n,
            Amount(one.estimate.value, unit, like), one.estimate.n, moved, interval, amounts.verdict(one, self.report, self.wording),
        )  # fmt: skip

    def _chart(self, shown: Sequence[KpiResult]) -> Chart | None:
        """The change of each with its interval, about the line of no change."""
        drawn = [
            one
            for one in shown
            if one.change
            and one.change.value is not None
            and one.change.low is not None
            and one.change.high is not None
        ][:MOST_DRAWN]
        if len(drawn) < 2:
            return None
        tones = tuple(amounts.SIGNS[one.verdict][1] if one.verdict in CALLED else Tone.PLAIN for one in drawn)
        layer = Layer(
            mark=Mark.SPAN, name=self.wording.word("change"), tones=tones,
            values=tuple(one.change.value if one.change else None for one in drawn),
            low=tuple(one.change.low if one.change else None for one in drawn), high=tuple(one.change.high if one.change else None for one in drawn),
        )  # fmt: skip
        places = tuple(group_name(one, self.wording) or self.wording.word("compare_all") for one in drawn)
        return Chart(
            key="changes",
            title="",
            unit=drawn[0].kpi.unit,
            places=places,
            layers=(layer,),
            rules=(Rule("", 0.0),),
            is_of_changes=True,
        )

    def _notes(self, shown: Sequence[KpiResult]) -> Iterator[str]:
        word = self.wording.word
        if self.sides.families:
            count = sum(one.questions for one in self.sides.families)
            if len(self.sides.families) > 1:
                yield Readout(self.report, self.wording).family(has_brackets=False)
            else:
                yield word("compare_family", count=count, share=self.wording.percent(self.sides.families[0].q, 0))
            if any(one.change and one.change.detectable and one.verdict is Verdict.CANNOT_TELL for one in shown):
                yield word("compare_least_asked", count=count)
        about = dict.fromkeys(note for one in shown for note in one.notes if note in ABOUT_INTERVALS)
        if about.pop(NOT_PASSED, NOT_PASSED) is None:
            yield word("compare_intervals_single")
        yield from (f"{note[:1].upper()}{note[1:]}." for note in map(self.wording.render, about))
        yield from self._by_the_days(shown)
        if not self.sides.is_of_periods:
            yield word("compare_association")
            if any(isinstance(one.kpi.measure, Survival) and one.verdict is not None for one in shown):
                yield word("compare_log_rank")
        kpis = {one.kpi.name: one.kpi for one in shown}.values()
        for report in self.sides.reports:
            yield from (
                self.wording.render(one.message)
                for one in report.findings
                if one.code in (NAMED_PEOPLE, SHIFTED) or (one.is_serious and any(map(one.concerns, kpis)))
            )
        for missing in self.report.unavailable:
            yield word(
                "unavailable_line",
                columns=", ".join(map(self.wording.render, missing.needs)),
                kpis=self.wording.label(missing.kpi.name),
            )

    def _by_the_days(self, shown: Sequence[KpiResult]) -> Iterator[str]:
        """Of counts what the days of two periods alone make, which is not in the interval beside the change."""
        for one in shown:
            change = one.change
            if (
                one.group
                or change is None
                or change.calendar is None
                or change.low is None
                or round(change.calendar) == 0
            ):
                continue
            days = self.wording.change(change.calendar, one.kpi.unit, amounts.scale(one))
            yield self.wording.word("compare_by_the_days", kpi=self.wording.short(one.kpi), days=days)
