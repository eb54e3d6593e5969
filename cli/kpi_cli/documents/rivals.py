"""Competing definitions for people: the figures side by side, how far apart they lie, and each formula in words.

Pages that a definition is written down in have the titles they have; all else is in the language asked for.
"""

from collections.abc import Iterator
from functools import cached_property

from kpi_cli.documents import defined
from kpi_cli.documents.blocks import Amount, Cell, Page, Tone
from kpi_cli.documents.document import Document, Record, Rows
from kpi_cli.documents.page import PageBuilder, text_column
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.records import rivals as records
from kpi_cli.documents.wording import NONE, Wording
from kpi_core.analysis.define import Comparison, Outcome, Spread
from kpi_core.messages.sentences import listed
from kpi_core.model.report import Report
from kpi_core.records import dataclass
from kpi_core.variants.definition import Definition
from kpi_core.variants.families import Family

HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class RivalsReadout:
    """A comparison in words, in the order that every output for people shows it."""

    comparison: Comparison
    wording: Wording

    @property
    def title(self) -> str:
        """The family and what all its definitions claim to measure."""
        return f"{self.comparison.family.name}: {defined.about(self.comparison.family, self.wording)}"

    def context(self) -> Iterator[str]:
        """The period, the files and the clock."""
        readout = Readout(self.comparison.report, self.wording)
        if not self.comparison.family.has_windows:
            yield self.wording.period(self.comparison.query.period)
        yield from (readout.source_line(source) for source in self.comparison.report.sources)
        yield readout.clock_line()

    def number(self, outcome: Outcome) -> int:
        """The number a definition goes by: its place in the table."""
        return self.comparison.outcomes.index(outcome) + 1

    def heads(self) -> tuple[str, ...]:
        """The heads of the table."""
        word, windows = self.wording.word, self.comparison.family.has_windows
        days = (word("days"),) if windows else ()
        return ("", word("definition"), *days, word("whose"), word("value"), word("n"), word("against_ours"))

    def row(self, outcome: Outcome) -> tuple[Cell, ...]:
        """A definition with what it gives."""
        wording, definition = self.wording, outcome.definition
        days: tuple[str, ...] = ()
        if self.comparison.family.has_windows:
            days = (NONE if definition.rolling else wording.period(outcome.result.period),)
        return (
            f"[{self.number(outcome)}]", defined.title(definition, wording), *days, defined.whose(definition, wording), Amount(outcome.value, outcome.unit, self._like),
            outcome.result.estimate.n, self._difference(outcome),
        )  # fmt: skip

    @cached_property
    def _like(self) -> float | None:
        """The value whose unit of time all take: the shortest that is not 0, in hours where others are longer."""
        values = [one.value for one in self.comparison.outcomes if one.unit is self.comparison.unit and one.value]
        if not values:
            return None
        return min(values) if max(values) < 2 * HOUR else max(min(values), HOUR)

    def _value(self, outcome: Outcome) -> str:
        return self.wording.value(outcome.value, outcome.unit, self._like)

    def _difference(self, outcome: Outcome) -> Cell:
        base = self.comparison.base
        if base is not None and outcome.definition is base.definition:
            return ""
        return Amount(outcome.difference, outcome.unit, self._like, is_change=True)

    def spread(self) -> Iterator[str]:
        """How far apart the definitions lie: all of them, without the naive ones, and between two tools."""
        word, comparison = self.wording.word, self.comparison
        yield word("ours_is", number=self.number(comparison.base)) if comparison.base else word("no_ours")
        widest, sober, tools = comparison.spread(), comparison.sober_spread, comparison.tool_spread
        if widest:
            yield self._spread_line("spread_line", widest)
        if widest and sober and sober != widest:
            yield self._spread_line("spread_sober", sober)
        if tools and tools.width:
            width = self.wording.change(tools.width, tools.high.unit, self._like).lstrip("+")
            yield word("spread_width", width=width)

    def _spread_line(self, key: str, spread: Spread) -> str:
        return self.wording.word(
            key, low=self._value(spread.low), high=self._value(spread.high), first=self.number(spread.low),
            last=self.number(spread.high),
        )  # fmt: skip

    def formulas(self) -> Iterator[str]:
        """Each definition under its number: its name, its formula, and where it is written down."""
        for outcome in self.comparison.outcomes:
            yield f"[{self.number(outcome)}] {definition_line(outcome.definition, self.wording)}"

    def notes(self) -> Iterator[str]:
        """The notes that belong with the figures, each note once, with its numbers unless it goes for all."""
        notes: dict[str, list[int]] = {}
        for outcome in self.comparison.outcomes:
            for note in outcome.result.notes:
                notes.setdefault(self.wording.render(note), []).append(self.number(outcome))
        for text, numbers in notes.items():
            whose = "".join(f" [{number}]" for number in numbers)
            yield text if len(numbers) == len(self.comparison.outcomes) else f"{text}{whose}"

    def unfed(self) -> Iterator[str]:
        """The definitions the files cannot feed, by what they lack."""
        lacking: dict[str, list[str]] = {}
        for one in self.comparison.unfed:
            lacking.setdefault("; ".join(map(self.wording.render, one.needs)), []).append(
                f"{one.definition.name} ({defined.whose(one.definition, self.wording)})"
            )
        for needs, names in lacking.items():
            yield self.wording.word("unavailable_line", columns=needs, kpis=listed(names))

    def findings(self) -> Iterator[str]:
        """What must be known of the data before any of it is trusted."""
        return (f"{severity}: {text}" for severity, text in Readout(self.comparison.report, self.wording).findings())


class RivalsDocument(Document):
    """One KPI under competing definitions."""

    def __init__(self, comparison: Comparison, wording: Wording) -> None:
        self.comparison, self.wording = comparison, wording

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.comparison.report

    def record(self) -> Record:
        """Every definition with what it gives, and how far they lie apart."""
        return records.document(self.comparison)

    def rows(self) -> Rows:
        """A row a definition."""
        return records.rows(self.comparison)

    def page(self) -> Page:
        """The figures side by side, how far apart they lie, and each formula."""
        readout, word = RivalsReadout(comparison=self.comparison, wording=self.wording), self.wording.word
        page = PageBuilder()
        page.title(readout.title)
        for line in readout.context():
            page.say(line, Tone.QUIET)
        heads = readout.heads()
        texts = len(heads) - 3
        columns = [
            text_column(head, is_right=place >= texts, folds=0 < place < texts) for place, head in enumerate(heads)
        ]
        page.table(columns, [readout.row(outcome) for outcome in self.comparison.outcomes])
        page.say(" ".join(readout.spread()))
        sections = {"formulas": readout.formulas(), "notes_title": readout.notes(), "unavailable": readout.unfed(),
                    "findings": readout.findings()}  # fmt: skip
        for key, lines in sections.items():
            if found := tuple(lines):
                page.title(word(key))
                for line in found:
                    page.say(line, indent=2)
        return page.page()


class FamilyDocument(Document):
    """The definitions of a family without data: whose each is, and how it is computed."""

    def __init__(self, family: Family, wording: Wording) -> None:
        self.family, self.wording = family, wording

    def record(self) -> Record:
        """Each with its formula and its source."""
        return records.listed(self.family)

    def page(self) -> Page:
        """Each in words, and how to compare them on files."""
        page = PageBuilder()
        page.title(f"{self.family.name}: {defined.about(self.family, self.wording)}")
        for definition in self.family.definitions:
            page.say(
                f"{defined.title(definition, self.wording)} ({defined.whose(definition, self.wording)})", Tone.STRONG
            )
            page.say(definition_line(definition, self.wording), indent=2)
        page.say(self.wording.word("define_list_hint"), Tone.QUIET)
        return page.page()


def definition_line(definition: Definition, wording: Wording) -> str:
    """A definition's name, its formula, and where it is written down."""
    source = f" ({wording.word('source')}: {defined.source(definition, wording)})" if definition.source else ""
    return f"{definition.name}: {defined.formula_of(definition, wording)}{source}"
