"""A report in full: what happened, whether it is real, why, where, whether it can be trusted, and how it was counted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kpi_cli.documents import defined
from kpi_cli.documents.agents import AgentsDocument
from kpi_cli.documents.blocks import Block, Column, Line, Notes, Pairs, Table, Tone
from kpi_cli.documents.driven import DriversDocument
from kpi_cli.documents.front import front
from kpi_cli.documents.on_page import of_groups
from kpi_cli.documents.phrases import local
from kpi_cli.documents.report import FEW_ROWS, ReportDocument
from kpi_cli.documents.sheets import quality
from kpi_cli.documents.signals import of_period
from kpi_cli.documents.story import Part, Story, without_commands
from kpi_cli.documents.targets import TargetsDocument
from kpi_cli.documents.trends import TrendsDocument
from kpi_cli.documents.voiced import VoicesDocument
from kpi_cli.documents.why import WhyDocument
from kpi_core.analysis.trend import Trend
from kpi_core.messages.nouns import called
from kpi_core.model.kpi import Kpi

MOST_CHARTS = 3
"""Charts of whether it is real: those with something to look at first."""


def story(document: ReportDocument) -> Story:
    """The report in the order it is read."""
    return _ReportStory(document).story()


class _ReportStory:
    def __init__(self, document: ReportDocument) -> None:
        self.document, self.report, self.behind = document, document.report, document.behind
        self.wording, self.word, self.readout = document.wording, document.word, document.readout

    def story(self) -> Story:
        wording, report = self.wording, self.report
        made = wording.word("generated_line", instant=wording.instant(local(report.generated_at, report.query)))
        foot = (f"{self.readout.rows_line()}. {self.readout.clock_line()}, {made}.", self._family())
        return Story(
            title=report.title, front=front(self.document),
            parts=(self._real(), self._why(), self._groups(), self._drivers(), self._agents(), self._comments(), self._to_do(), self._trusted(), self._all(), self._definitions(), self._notes()),
            foot=tuple(Line(line, Tone.QUIET) for line in foot if line),
        )  # fmt: skip

    def _family(self) -> str:
        """Which questions were asked together: the page has every total, and of groups the KPIs it opens with."""
        groups = of_groups(self.report, self.document.shown, self.wording)
        return self.readout.family((*self.report.totals, *groups), "family_rest_sheets")

    # Is it real, and why

    def _real(self) -> Part:
        """Charts of the headlines that have enough points, those with something to look at before the others."""
        part = Part(key="real", title=self.word("part_real"))
        if self.behind is None or self.behind.trends is None:
            return part
        found = self.behind.trends
        charted = [one for one in found.trends if one.chart is not None]
        chosen = sorted(charted, key=lambda one: not self._of_now(one).signals)[:MOST_CHARTS]
        if not chosen:
            return part
        page = TrendsDocument(replace(found, trends=tuple(charted)), self.wording, self.document.events)
        charts = [page.chart(one) for one in chosen]
        trends = TrendsDocument(
            replace(found, trends=tuple(map(self._of_now, charted))), self.wording, self.document.events
        ).page()
        lead = (Line(trends.title, Tone.QUIET), *trends.headline, *self._earlier(chosen))
        return replace(part, lead=lead, blocks=(*charts, *_notes_of(trends.blocks)))

    def _earlier(self, drawn: Sequence[Trend]) -> Iterator[Line]:
        """That the sentences are of the report's period, where a chart marks points before it."""
        if any(len(self._of_now(one).signals) < len(one.signals) for one in drawn):
            period = self.wording.period(self.report.query.period)
            yield Line(self.wording.word("real_earlier", period=period), Tone.QUIET)

    def _of_now(self, one: Trend) -> Trend:
        return of_period(one, self.report.query.period)

    def _why(self) -> Part:
        """Why the first of the headlines moved."""
        part = Part(key="why", title=self.word("part_why"), begins_page=True)
        if self.behind is None or self.behind.why is None:
            return part
        page = WhyDocument(self.behind.why, self.wording).page()
        return replace(part, title=page.title, lead=page.headline, blocks=_without_commands(page.blocks))

    # Where

    def _groups(self) -> Part:
        """A matrix a dimension."""
        tables = [
            block for block in self.document.page().blocks if isinstance(block, Table) and block.key.startswith("by_")
        ]
        title, key = self.word("part_where"), Line(self.wording.word("matrix_key", few=FEW_ROWS), Tone.QUIET)
        tables = [replace(table, notes=(*table.notes, key)) for table in tables]
        return Part(
            key="groups", title=title, blocks=tuple(tables), begins_page=len(tables) > 0 and len(tables[0].rows) > 9
        )

    def _drivers(self) -> Part:
        """What a headline goes with, where that is more than chance."""
        part = Part(key="drivers", title="")
        if self.behind is None or self.behind.drivers is None:
            return part
        page = DriversDocument(self.behind.drivers, self.wording).page()
        return replace(part, title=page.title, lead=page.headline, blocks=_without_commands(page.blocks))

    def _agents(self) -> Part:
        """Whether it is load, or some team."""
        part = Part(key="agents", title="")
        if self.behind is None or self.behind.agents is None:
            return part
        page = AgentsDocument(self.behind.agents, self.wording).page()
        return replace(part, title=page.title, lead=page.headline, blocks=_without_commands(page.blocks))

    # What customers said, and what to do

    def _comments(self) -> Part:
        """Which words go with a score, and some comments with personal data masked."""
        part = Part(key="said", title=self.word("part_said"))
        if self.behind is None or self.behind.voices is None:
            return part
        page = VoicesDocument(self.behind.voices, self.wording).page()
        return replace(part, lead=(Line(page.title, Tone.QUIET), *page.headline), blocks=_without_commands(page.blocks))

    def _to_do(self) -> Part:
        """Where the targets stand, and what is to be done about those that are short."""
        part = Part(key="to_do", title=self.word("part_to_do"), begins_page=True)
        if self.behind is None or self.behind.targets is None:
            return part
        page = TargetsDocument(self.behind.targets, self.wording).page()
        return replace(part, lead=page.headline, blocks=_without_commands(page.blocks))

    # Can it be trusted

    def _trusted(self) -> Part:
        """What was read, the serious findings, and which headlines are not to be used yet."""
        blocks: list[Block] = [self._files(), *quality.reasons(self.readout)]
        return Part(key="trust", title=self.word("part_trust"), lead=front(self.document).trust, blocks=tuple(blocks))

    def _files(self) -> Table:
        """A row a file and table: what was read, and how much of it counts."""
        keys = ("file", "table", "rows_read", "rows_used", "rows_refused", "left_out")
        columns = tuple(
            Column(key=key, head=self.word(key), is_right="rows" in key or key == "left_out", folds=key == "file")
            for key in keys
        )
        rows = []
        for source in self.report.sources:
            aside = sum(count for reason, count in source.rows_refused.items() if reason in source.by_design)
            counts = (source.rows_read, source.rows_used, sum(source.rows_refused.values()) - aside, aside)
            rows.append((self.readout.file_name(source.path), self.wording.render(called(source.table)), *counts))
        return Table(key="files", title=self.word("files_title"), columns=columns, rows=tuple(rows))

    # Everything else, opened by the reader

    def _all(self) -> Part:
        """Every KPI with its interval, and what the files lack for the rest."""
        whole = ReportDocument(self.report, self.wording, replace(self.document.view, is_whole=True, with_notes=False))
        blocks = [block for block in whole.page().blocks if block.key in ("kpis", "unavailable")]
        blocks = [replace(block, notes=()) if isinstance(block, Table) else block for block in blocks]
        return Part(key="all", title=self.word("part_all"), blocks=tuple(blocks), is_folded=True)

    def _definitions(self) -> Part:
        """How each KPI with a card or a row in front is counted."""
        kpis = dict.fromkeys(one.kpi for one in self.document.shown)
        pairs = tuple((self.wording.label(kpi.name), self._counted(kpi), kpi.definition) for kpi in kpis)
        blocks = (Pairs(key="definitions", pairs=pairs),) if pairs else ()
        return Part(key="definitions", title=self.word("part_counted"), blocks=blocks, is_folded=True)

    def _counted(self, kpi: Kpi) -> str:
        text = f"{defined.description(kpi, self.wording)} {self.word('formula')}: {defined.formula(kpi, self.wording)}."
        left_out = defined.left_out(kpi, self.wording)
        return f"{text} {self.word('left_out')}: {left_out}." if left_out else text

    def _notes(self) -> Part:
        """What was noticed, and how figures came about."""
        noted = ReportDocument(self.report, self.wording, replace(self.document.view, with_notes=True))
        blocks = tuple(
            replace(block, lines=(Line(self._family()), *block.lines[1:])) if block.key == "verdicts" else block
            for block in noted.page().blocks
            if isinstance(block, Notes) and block.key != "files"
        )
        return Part(key="notes", title=self.word("notes_title"), blocks=blocks, is_folded=True)


def _without_commands(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """What says something to a reader who has no command line."""
    return tuple(block for block in map(without_commands, blocks) if block is not None)


def _notes_of(blocks: tuple[Block, ...]) -> Iterator[Notes]:
    return (block for block in blocks if isinstance(block, Notes))
