"""A report as a document: the answer in a few sentences, the KPIs a manager asks for first, and where the rest is.

`View` says how much: the first screen, every KPI there is, or the notes on how they were counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kpi_cli.documents import amounts, benchmarks, defined
from kpi_cli.documents.blocks import Amount, Block, Cell, Column, Line, Notes, Page, Pairs, Sheet, Status, Table, Tone
from kpi_cli.documents.document import Document, Record, Rows
from kpi_cli.documents.headline import headline
from kpi_cli.documents.missed_targets import how_many
from kpi_cli.documents.on_page import MOST_GROUPS, of_groups
from kpi_cli.documents.phrases import group_name, local
from kpi_cli.documents.readout import HARDLY, Readout
from kpi_cli.documents.records import flat, long_rows
from kpi_cli.documents.records import report as records
from kpi_cli.documents.story import Story
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.notes.business_figures import NO_DAYS_TO_COME_BACK
from kpi_core.analysis.why.moved import first_moved
from kpi_core.kpis.benchmarks import Benchmark
from kpi_core.kpis.headlines import headlines
from kpi_core.model.events import Event
from kpi_core.model.findings import ALWAYS_SHOWN, Account, Consequence, Finding
from kpi_core.model.periods import Period
from kpi_core.model.report import KpiResult, Report
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.analysis.story.behind import Behind

MOST_WARNINGS = 3
"""Serious findings that stand under the table."""
ROOM_FOR_PATHS = 40
"""Characters of file names that the command to go on with may have."""
STAR = "*"
"""Stands at a value that rests on something assumed or not read; the notes say on what."""
FEW_ROWS = 30
"""Rows under which a group is shown in grey."""


@dataclass(frozen=True, kw_only=True)
class View:
    """How much of a report is wanted.

    Attributes:
        is_whole: every KPI there is, with its interval, and what the files cannot feed.
        with_notes: how each was counted, every finding and the files.
        is_chosen: whether the KPIs were named, so that all of them are shown.
        headlines: the names of those that the first screen shows, where somebody has chosen them.
        is_compared: whether a comparison was asked for.
        is_long: whether rows are wanted tidy, one a KPI, period and group.
        figures: the user's own benchmarks, shown next to the KPIs.
    """

    is_whole: bool = False
    with_notes: bool = False
    is_chosen: bool = False
    headlines: tuple[str, ...] = ()
    is_compared: bool = True
    is_long: bool = False
    figures: tuple[Benchmark, ...] = ()


class ReportDocument(Document):
    """The report in every form; numbers stay numbers until an output draws them."""

    def __init__(
        self, report: Report, wording: Wording, view: View = View(), behind: "Behind | None" = None, events: Sequence[Event] = (),
    ) -> None:  # fmt: skip
        self.report, self.wording, self.view, self.behind, self.events = report, wording, view, behind, events
        self.word = wording.word

    @cached_property
    def readout(self) -> Readout:
        """The report in words."""
        return Readout(self.report, self.wording)

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.report

    def record(self) -> Record:
        """The whole report, whatever the view."""
        return {**records.document(self.report), **benchmarks.of_report(self.report, self.view.figures)}

    def lines(self) -> Iterator[Record]:
        """The question, then every result."""
        return records.lines(self.report)

    def rows(self) -> Rows:
        """A row a result; in the long form one a KPI, period and group."""
        return long_rows.rows(self.report) if self.view.is_long else flat.rows(self.report)

    def sheets(self) -> tuple[Sheet, ...]:
        """The whole report: a summary, the trend, a sheet a dimension, the definitions, and what was read."""
        from kpi_cli.documents.sheets import report_sheets

        return tuple(report_sheets(self))

    def filling(self) -> Mapping[str, Any]:
        """The period, and for each KPI its value and what else is known."""
        from kpi_cli.documents.sheets.filling import filling

        return filling(self)

    def story(self) -> Story:
        """All of it, with what lies behind it where that was looked at."""
        from kpi_cli.documents.report_story import story

        return story(self)

    def page(self) -> Page:
        """Title, sentences and blocks, in the order they are read."""
        title = f"{self.report.title}, {self.readout.period_line()}"
        return Page(title=title, headline=self.headline(), blocks=tuple(self._blocks()))

    def headline(self, *, has_commands: bool = True) -> tuple[Line, ...]:
        """The sentences on top, for a reader who has a command line or not."""
        return headline(
            self.report, self.shown, self.wording, is_compared=self.view.is_compared, has_commands=has_commands
        )

    def _blocks(self) -> Iterator[Block]:
        if conditions := self._conditions():
            yield Notes(key="conditions", title="", lines=conditions)
        if self.shown:
            yield self._totals()
        for dimension in self.report.query.by:
            yield from self._dimension(dimension)
        if self.view.is_whole:
            yield from self._lacking()
        if self.view.with_notes:
            yield from self._notes()
        yield self._foot()

    # The KPIs

    @cached_property
    def totals(self) -> dict[tuple[str, str | None], KpiResult]:
        """The totals by KPI."""
        return {_key(one): one for one in self.report.totals}

    @cached_property
    def shown(self) -> tuple[KpiResult, ...]:
        """The totals on the page: all of them, those asked for, or the ones to open with."""
        totals = self.report.totals
        if self.view.is_whole or self.view.is_chosen:
            return totals
        names = headlines([one.kpi for one in totals if _has_value(one)], self.view.headlines)
        return tuple(one for name in names for one in totals if one.kpi.name == name)

    def _on_page(self) -> tuple[KpiResult, ...]:
        return (
            self.report.results
            if self.view.is_whole
            else (*self.shown, *of_groups(self.report, self.shown, self.wording))
        )

    def _totals(self) -> Table:
        is_sectioned = self.view.is_whole
        figures = tuple(self._figures(self.shown))
        columns = [
            *([Column(key="subject", head="")] if is_sectioned else []),
            Column(key="kpi", head=self.word("kpi"), folds=True),
            *figures,
        ]
        rows = tuple(
            (
                *((self.wording.name(one.kpi.subject),) if is_sectioned else ()),
                self._label(one),
                *self._cells(one, figures),
            )
            for one in self.shown
        )
        return Table(
            key="kpis", columns=tuple(columns), rows=rows, section="subject" if is_sectioned else None,
            notes=() if self.view.with_notes else tuple(self._warnings()),
        )  # fmt: skip

    def _label(self, one: KpiResult) -> str:
        label = self.wording.heading(one.kpi) if self.view.is_whole else self.wording.short(one.kpi)
        return self._marked(label, one)

    def _marked(self, label: str, one: KpiResult) -> str:
        """The label with the numbers of its notes, where they are shown, else with a star if not all is as it seems."""
        if not self.view.with_notes:
            return f"{label} {STAR}" if is_starred(one) else label
        numbers = self.readout.note_numbers(one)
        return f"{label} [{', '.join(map(str, numbers))}]" if numbers else label

    def _figures(self, results: Sequence[KpiResult]) -> Iterator[Column]:
        """The columns that have anything in them, what is read first in front."""
        report = self.report
        period = report.query.period
        head = self.word("value") if period.grain is None else self._short(period)
        yield Column(key="value", head=head, is_right=True)
        if (before := report.query.baseline) is not None:
            is_named = before.grain is not None
            heading = self.word("change_on", period=self._short(before)) if is_named else self.word("change")
            yield Column(key="change", head=heading, is_right=True)
        if any(amounts.verdict(one, report, self.wording) for one in results):
            yield Column(key="verdict", head=self.word("verdict"))
            is_noted = self.view.is_whole or self.view.with_notes
            if not is_noted and any(amounts.least(one, self.wording) for one in results):
                yield Column(key="least", head=self.word("would_show"), is_right=True, priority=8)
        if any(one.target for one in results):
            yield Column(key="target", head=self.word("target"), priority=0)
        if any(sum(value is not None for value in amounts.trend(one).values) > 1 for one in results):
            yield Column(key="trend", head=self.word("trend"), priority=9 if self.view.is_whole else 4)
        yield Column(key="n", head=self.word("n"), is_right=True, priority=3)
        if any(one.estimate.low is not None for one in results):
            yield Column(key="interval", head=self.readout.interval_head(), is_right=True, priority=5)

    def _short(self, period: Period) -> str:
        """The period as the head of a column: without its year where both periods have the same."""
        query = self.report.query
        other = query.baseline if period == query.period else query.period
        return self.wording.period(period, short=True, near=other or period)

    def _cells(self, one: KpiResult, columns: Sequence[Column]) -> Iterator[Cell]:
        for column in columns:
            match column.key:
                case "value":
                    yield amounts.value(one, self.report)
                case "change":
                    yield amounts.change(one, self.wording)
                case "verdict":
                    with_least = self.view.is_whole or self.view.with_notes
                    yield amounts.verdict(one, self.report, self.wording, with_least=with_least)
                case "least":
                    yield amounts.would_show(one, self.wording)
                case "target":
                    yield amounts.target(one, self.wording)
                case "trend":
                    yield amounts.trend(one)
                case "n":
                    yield None if one.suppressed else one.estimate.n
                case _:
                    yield amounts.interval(one)

    # What changes the reading of a number

    def _conditions(self) -> tuple[Line, ...]:
        """Which rows, which opening hours and which promises: what the question was, apart from the period."""
        query, wording = self.report.query, self.wording
        conditions = [
            wording.word("where_line", where=query.where) if query.where else "",
            wording.word("calendar_line", calendar=defined.calendar(query.calendar, self.wording))
            if query.calendar
            else "",
            self.readout.promise_line(),
        ]
        return tuple(Line(one, Tone.QUIET) for one in conditions if one)

    def _warnings(self) -> Iterator[Line]:
        """The serious findings about what is shown, else how many there are."""
        serious = self.warnings()
        for one in serious[:MOST_WARNINGS]:
            yield Line(self.wording.render(one.message), Tone.WARNING, "!")
        if len(serious) > MOST_WARNINGS:
            yield Line(self.wording.word("more_warnings", count=len(serious) - MOST_WARNINGS), Tone.WARNING, "!")

    def warnings(self) -> list[Finding]:
        """What must be known along with the figures, each said once: serious findings, those that keep a figure on the page from being compared, and a cut period."""
        shown = [one.kpi for one in self.shown]
        found = [
            one for one in self.report.findings
            if one.code != HARDLY and (
                one.is_serious or one.code in ALWAYS_SHOWN
                or (one.consequence is not Consequence.NOTED and any(map(one.concerns, shown)))
            )
        ]  # fmt: skip
        return list({one.text: one for one in found}.values())

    # Groups

    def _dimension(self, dimension: str) -> Iterator[Table]:
        results = self.report.grouped(dimension)
        if not results:
            return
        if self.view.is_whole:
            yield from self._listed(dimension, results)
            return
        table = self.matrix(dimension)
        more = len(table.rows) - MOST_GROUPS
        notes = (Line(self.wording.word("more_groups", count=more), Tone.QUIET),) if more > 0 else ()
        yield replace(table, rows=table.rows[:MOST_GROUPS], notes=notes)

    def matrix(self, dimension: str) -> Table:
        """Groups down, the KPIs of the page across; a group of few rows is grey."""
        results = self.report.grouped(dimension)
        present = dict.fromkeys(_key(one) for one in results)
        names = [_key(one) for one in self.shown if _key(one) in present] or list(present)
        by_group: dict[str, dict[tuple[str, str | None], KpiResult]] = {}
        for one in results:
            by_group.setdefault(group_name(one, self.wording), {})[_key(one)] = one
        kpis = {_key(one): one.kpi for one in results}
        columns = (
            Column(key="group", head=self.wording.name(dimension), folds=True),
            *(
                Column(key=str(name[0]), head=self.wording.brief(kpis[name]), is_right=True, folds=True)
                for name in names
            ),
        )
        rows = tuple(
            (group, *(self._in_matrix(found.get(name)) for name in names)) for group, found in by_group.items()
        )
        return Table(
            key=f"by_{dimension}", title=self.readout.dimension_title(dimension), columns=columns, rows=rows, in_bands=True
        )  # fmt: skip

    def _in_matrix(self, one: KpiResult | None) -> Cell:
        """The value, with the sign of its verdict where that says something."""
        cell = None if one is None else amounts.value(one, self.report)
        if one is None or not isinstance(cell, Amount):
            return cell
        total = self.totals.get(_key(one), one)
        mark = amounts.verdict(one, self.report, self.wording)
        if amounts.is_few(one):
            return replace(cell, like=amounts.scale(total), status=Status("?", "", Tone.QUIET), tone=Tone.QUIET)
        sign = (
            mark if isinstance(mark, Status) and mark.tone in (Tone.GOOD, Tone.BAD, Tone.STRONG, Tone.WARNING) else None
        )
        tone = Tone.QUIET if one.estimate.n < FEW_ROWS and one.estimate.value is not None else Tone.PLAIN
        return replace(
            cell, like=amounts.scale(total), status=Status(sign.sign, "", sign.tone) if sign else None, tone=tone
        )

    def _listed(self, dimension: str, results: Sequence[KpiResult]) -> Iterator[Table]:
        """A table a KPI, a row a group."""
        kpis = dict.fromkeys(_key(one) for one in results)
        for place, name in enumerate(kpis):
            same = [one for one in results if _key(one) == name]
            figures = tuple(self._figures(same))
            columns = (Column(key="group", head=self.wording.name(dimension), folds=True), *figures)
            rows = tuple((self._marked(group_name(one, self.wording), one), *self._cells(one, figures)) for one in same)
            title = self.wording.heading(same[0].kpi)
            if place == 0:
                title = f"{self.readout.dimension_title(dimension)}: {title}"
            yield Table(key=f"by_{dimension}_{name[0]}", title=title, columns=columns, rows=rows)

    # The rest

    def _lacking(self) -> Iterator[Notes]:
        if lines := tuple(Line(lack) for lack in self.readout.unavailable()):
            yield Notes(key="unavailable", title=self.word("unavailable"), lines=lines)

    def _notes(self) -> Iterator[Notes]:
        """The files, how each figure was counted, every finding, and what the verdicts promise."""
        files = [
            Line(note)
            for source in self.report.sources
            for note in (self.readout.source_line(source), *map(self.wording.render, source.notes))
        ]
        yield Notes(key="files", title=self.word("files_title"), lines=(*files, Line(self.readout.clock_line())))
        numbered = tuple(Line(f"[{number}] {note}") for note, number in self.readout.notes.items())
        found = tuple(
            Line(f"{severity}: {text}", Tone.PLAIN if severity == self.word("minor") else Tone.WARNING)
            for severity, text in self.readout.findings()
        )
        verdicts = tuple(Line(line) for line in (self.readout.family(self._on_page()), self.readout.settling()) if line)
        kinds = (("notes", "notes_title", numbered), ("findings", "findings", found), ("verdicts", "verdict", verdicts))
        yield from (Notes(key=key, title=self.word(title), lines=lines) for key, title, lines in kinds if lines)
        yield from benchmarks.notes([one.kpi for one in self.shown], self.view.figures, self.wording)

    def _foot(self) -> Pairs:
        """One line each of the files, of the other KPIs, of the notes, and of what to do next."""
        files = self.wording.files()
        pairs = [
            (self.word("foot_data"), self._data(), f"kundpuls inspect {files}"),
            (self.word("foot_more"), self._more(), "" if self.view.is_whole else "--all"),
            (self.word("foot_notes"), "" if self.view.with_notes else self._note_count(), "--notes"),
            (self.word("foot_targets"), how_many(self.report, self.wording), f"kundpuls targets {files}"),
            (self.word("foot_next"), f"kundpuls {self._next()} {self.wording.files(ROOM_FOR_PATHS)}", "-o report.xlsx"),
        ]
        return Pairs(key="foot", pairs=tuple(pair for pair in pairs if pair[1]))

    def _next(self) -> str:
        """The command that goes on: why the first KPI that got worse, or better, did; else the rows of the first."""
        if (moved := first_moved(self.shown)) is not None:
            return f"why {moved.kpi.name}"
        return f"rows {next((one.kpi.name for one in self.shown if _has_value(one)), 'KPI')}"

    def _data(self) -> str:
        read = Account.of(self.report.sources)
        key = "foot_files_rated" if read.ratings else "foot_files"
        parts = [self.wording.word(key, count=read.files, rows=read.rows, ratings=read.ratings, out=read.left_out)]
        if read.repeated:
            parts[0] += f", {self.wording.word('foot_repeated', count=read.repeated)}"
        if self.report.query.as_of is not None:
            parts.append(self._clock())
        return "; ".join(parts)

    def _clock(self) -> str:
        """`as of 2 Oct 10:46, Europe/Stockholm`."""
        query = self.report.query
        assert query.as_of is not None
        day, clock = amounts.day(query.as_of, query, self.wording), local(query.as_of, query)
        instant = self.word("as_of_line", instant=f"{day} {clock:%H:%M}")
        return f"{instant}, {query.time_zone}" if query.time_zone else instant

    def _more(self) -> str:
        shown = {_key(one) for one in self.shown}
        other = len([one for one in self.report.totals if _key(one) not in shown])
        lacking = len(self.report.unavailable)
        parts = [self.wording.word(key, count=count) for key, count in (("foot_other", other), ("foot_lacking", lacking)) if count]  # fmt: skip
        return "; ".join(parts)

    def _note_count(self) -> str:
        notes = len(self.readout.notes) + len([one for one in self.report.findings if one.code != HARDLY])
        count = self.wording.word("foot_note_count", count=notes) if notes else ""
        return f"{count}; {self.word('foot_star')}" if any(map(is_starred, self.shown)) else count


def is_starred(one: KpiResult) -> bool:
    """Whether a value rests on something that stands in for a column, on rows of which a hundredth was not understood, on files too short for it, or on a user's own definition."""
    own = one.kpi.own
    is_short = any(note.key == NO_DAYS_TO_COME_BACK for note in one.notes)
    return not one.suppressed and bool(
        one.substitutions or one.trust is not None or is_short or (own is not None and own.overrides)
    )


def _key(one: KpiResult) -> tuple[str, str | None]:
    """What distinguishes one KPI of the report from another: the same may be there in several currencies."""
    return one.kpi.name, one.kpi.currency


def _has_value(one: KpiResult) -> bool:
    """Whether there is something to say: a value, or that too little was read for one."""
    is_withheld = one.trust is not None and one.trust.is_withheld
    return is_withheld or one.suppressed or one.estimate.value is not None or one.estimate.parts.beyond is not None
