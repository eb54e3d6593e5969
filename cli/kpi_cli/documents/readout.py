"""A report put into words: the lines, notes and footers that table, Markdown and workbook share.

Everything here is text for people in one language; cleaning it for a terminal or a cell is the output's own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import PurePath

from kpi_cli.documents import defined
from kpi_cli.documents.phrases import headlines, local, remarks
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.changes import questions
from kpi_core.analysis.changes.verdicts import asked_by
from kpi_core.messages import nouns
from kpi_core.messages.message import Text
from kpi_core.model.findings import Source
from kpi_core.model.periods import Period
from kpi_core.model.promise import Promise
from kpi_core.model.report import KpiResult, Report, Verdict

HARDLY = "hardly-understood"
"""The code of the finding that stands before everything else."""

MOST_OPEN = 5
"""KPIs that the footer names what it would take of."""


class Readout:
    """The report's parts in words, in the order an output shows them."""

    def __init__(self, report: Report, wording: Wording) -> None:
        self.report = report
        self.wording = wording
        remarked = (note for result in report.results for note in remarks(result, wording))
        self.notes = {note: number for number, note in enumerate(dict.fromkeys(remarked), start=1)}
        """Every note once, with its footnote number."""

    def note_numbers(self, result: KpiResult) -> tuple[int, ...]:
        """The footnote numbers of one result's remarks."""
        return tuple(self.notes[note] for note in remarks(result, self.wording))

    def dimension_title(self, dimension: str) -> str:
        """`By group`."""
        return self.wording.word("by_dimension", dimension=self.wording.name(dimension).lower())

    def warning(self) -> str:
        """What must be read before anything else: that the files were hardly understood; empty where they were."""
        hardly = next((one for one in self.report.findings if one.code == HARDLY), None)
        return "" if hardly is None else f"{self.wording.word('serious')}: {self.wording.render(hardly.message)}"

    def period_line(self) -> str:
        """The period and what it is compared with."""
        query, wording = self.report.query, self.wording
        period = self.period()
        if query.baseline is None:
            return wording.word("no_baseline", period=period)
        return wording.word("against", period=period, baseline=wording.period(query.baseline))

    def file_name(self, path: str) -> str:
        """The file's name without its folder, unless another file of the report has the same."""
        name = self._name(path)
        return name if self._files_by_name[name] == 1 else path

    def _name(self, path: str) -> str:
        """The last part of a path, and of a sheet that is read by itself its workbook's too."""
        whole = PurePath(path)
        return f"{whole.parent.name}/{whole.name}" if str(whole.parent) in self._paths else whole.name

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(source.path for source in self.report.sources)

    @cached_property
    def _files_by_name(self) -> Counter[str]:
        return Counter(map(self._name, self._paths))

    def period(self) -> str:
        """The period; of everything also the days that it reaches over."""
        query, wording = self.report.query, self.wording
        name = wording.period(query.period)
        if query.reach is None:
            return name
        first, last = query.reach
        return f"{name}, {wording.period(Period(first, last + timedelta(days=1)))}"

    def source_line(self, source: Source) -> str:
        """One file: what it was read as and how many rows came through."""
        count = self.wording.number
        refused = {reason: rows for reason, rows in source.rows_refused.items() if reason not in source.by_design}
        aside = {reason: rows for reason, rows in source.rows_refused.items() if reason in source.by_design}
        line = self.wording.word(
            "source_line",
            count=source.rows_read,
            path=self.file_name(source.path),
            table=self.wording.render(nouns.called(source.table)),
            mapping=source.mapping,
            used=count(source.rows_used),
            refused=count(sum(refused.values())),
        )
        line += self._reasons(refused)
        if aside:
            line += f", {self.wording.word('aside_line', count=count(sum(aside.values())))}{self._reasons(aside)}"
        return line

    def _reasons(self, rows: Mapping[Text, int]) -> str:
        """` (blank row 1, no date 2)`; empty where there are none."""
        reasons = ", ".join(
            f"{self.wording.render(reason)} {self.wording.number(count)}" for reason, count in rows.items()
        )
        return f" ({reasons})" if reasons else ""

    def rows_line(self) -> str:
        """All files together, for where there is room for one line only."""
        count = self.wording.number
        sources = [source for source in self.report.sources if not source.is_of_cells]
        files = len({source.path for source in sources})
        name = self.file_name(sources[0].path) if files == 1 else self.wording.word("files_line", count=files)
        rows = self.wording.word(
            "rows_line",
            count=sum(source.rows_read for source in sources),
            used=count(sum(source.rows_used for source in sources)),
            refused=count(sum(self._rows(sources, is_aside=False))),
        )
        aside = sum(self._rows(sources, is_aside=True))
        beyond = f", {self.wording.word('aside_line', count=count(aside))}" if aside else ""
        return f"{name}: {rows}{beyond}"

    @staticmethod
    def _rows(sources: Sequence[Source], *, is_aside: bool) -> Iterator[int]:
        """How many rows were not used for each reason: by the format's own rules, or refused."""
        for source in sources:
            yield from (n for reason, n in source.rows_refused.items() if (reason in source.by_design) is is_aside)

    def clock_line(self) -> str:
        """The zone, as of when, and the calendar and condition where there are any."""
        query, wording = self.report.query, self.wording
        parts = [wording.word("zone_line", zone=query.time_zone) if query.time_zone else wording.word("zone_unknown")]
        if query.as_of is not None:
            parts.append(wording.word("as_of_line", instant=wording.instant(local(query.as_of, query))))
        if query.calendar:
            parts.append(wording.word("calendar_line", calendar=defined.calendar(query.calendar, wording)))
        if query.where:
            parts.append(wording.word("where_line", where=query.where))
        return ", ".join(parts)

    def promise_line(self) -> str:
        """What was promised to whom; empty where nothing was."""
        wording, lines = self.wording, []
        for what, promises in self.report.query.promises.items():
            ordered = sorted(promises, key=lambda promise: len(promise.among))
            times = (f"{self._meant(promise)}{wording.whole_duration(promise.within)}" for promise in ordered)
            lines.append(f"{wording.word(f'promise_{what}')} {', '.join(times)}")
        return wording.word("promise_line", promises="; ".join(lines)) if lines else ""

    def _meant(self, promise: Promise) -> str:
        """`urgent `, `group Billing `: the tickets that a promise is made to."""
        words = (
            word if name == "priority" else f"{self.wording.name(name).lower()} {word}"
            for name, word in promise.among.items()
        )
        return "".join(f"{word} " for word in words)

    def unavailable(self) -> Iterator[str]:
        """The KPIs the files cannot feed, gathered under the columns they lack."""
        lacking: dict[tuple[Text, ...], list[str]] = {}
        for one in self.report.unavailable:
            lacking.setdefault(one.needs, []).append(self.wording.label(one.kpi.name))
        for needs, labels in lacking.items():
            key = "unavailable_line" if needs else "not_covered"
            yield self.wording.word(key, columns=", ".join(map(self.wording.render, needs)), kpis=tuple(labels))

    def findings(self) -> Iterator[tuple[str, str]]:
        """Severity and text of each finding, the serious ones first; what is said of several figures with different consequences is said once."""
        said = set()
        for finding in sorted(self.report.findings, key=lambda one: not one.is_serious):
            if finding.code == HARDLY or finding.text in said:
                continue  # stands at the top, or above
            said.add(finding.text)
            yield self.wording.word("serious" if finding.is_serious else "minor"), self.wording.render(finding.message)

    def family(
        self, shown: Sequence[KpiResult] | None = None, rest: str = "family_rest", *, has_brackets: bool = True
    ) -> str:
        """Which questions were asked together and what that promises; empty where none was.

        `shown` are the results on a page that has not all of them: it says of how many questions of each family it has the answer, and
        `rest` (a word) where the others are.
        """
        report, wording, families, is_part = self.report, self.wording, [], False
        seen = asked_by(report.results if shown is None else shown)
        first = questions.headlines(question for dimension, _, question in asked_by(report.results) if not dimension)
        halves = [one for one in report.families if not one.dimension]
        for one in report.families:
            rate = wording.percent(one.q, 0 if round(one.q * 100, 6).is_integer() else 1)
            of_it = [each for each in seen if each[0] == one.dimension]
            if one.dimension:
                key, named = "family_by", wording.name(one.dimension).lower()
            elif len(halves) < 2:
                key, named = "family_totals", ""
            else:
                key, named = "family_headline" if one.is_headline else "family_others", ""
                of_it = [each for each in of_it if (each[2] in first) is one.is_headline]
            said = wording.word(key, count=one.questions, dimension=named, q=rate)
            if shown is not None and len(of_it) < one.questions:
                is_part, said = True, wording.word("family_part", shown=wording.number(len(of_it)), family=said)
            families.append(said)
        if not families:
            return ""
        has_brackets = has_brackets and any(
            one.verdict is Verdict.CANNOT_TELL
            and one.immature is None
            and one.change
            and one.change.detectable is not None
            for one in report.results
        )
        key = "family_line_brackets" if has_brackets else "family_line"
        told = wording.word(key, families=", ".join(families))
        return f"{told} {wording.word(rest)}" if is_part else told

    def settling(self) -> str:
        """What it would take to settle the headlines' open verdicts; empty where nothing is left open."""
        open_ = [
            one for one in self.report.totals if one.verdict is Verdict.CANNOT_TELL and one.change and one.change.needed
        ]
        chosen = headlines([one.kpi.name for one in open_], count=MOST_OPEN)
        needs = [self._needed(one) for one in open_ if one.kpi.name in chosen]
        return self.wording.word("settling_line", kpis="; ".join(needs)) if needs else ""

    def _needed(self, result: KpiResult) -> str:
        """`CSAT 1,240 (now 67)`."""
        assert result.change is not None
        assert result.change.needed is not None
        return self.wording.word(
            "settling_item", kpi=self.wording.label(result.kpi.name), needed=self.wording.number(rounded(result.change.needed)),
            now=self.wording.number(result.estimate.n),
        )  # fmt: skip

    def interval_head(self) -> str:
        """`95 % interval`."""
        share = self.report.query.confidence
        whole = round(share * 100, 6).is_integer()
        return self.wording.word("interval", confidence=self.wording.percent(share, 0 if whole else 1))

    def change_head(self) -> str:
        """`Change on Sep 2026`."""
        baseline = self.report.query.baseline
        if baseline is None:
            return self.wording.word("change")
        return self.wording.word("change_on", period=self.wording.period(baseline, short=True))


def rounded(rows: int) -> int:
    """A number of rows to its first two digits, upwards: more would be more than it knows."""
    step = int(10 ** max(len(str(rows)) - 2, 0))
    return -(-rows // step) * step
