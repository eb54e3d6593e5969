"""Proposed targets: by KPI what is mostly met, met every other time, and what takes a change, each with its chance."""

from kpi_cli.documents.blocks import Amount, Block, Cell, Column, Line, Notes, Page, Table, Tone
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import next_step
from kpi_cli.documents.records import report as records
from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.analysis.goals.suggest import CHANCES, Level, Suggestion, Suggestions, suggest
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages import records as messages
from kpi_core.messages.sentences import listed
from kpi_core.model.kpi import Better
from kpi_core.model.report import Report


class SuggestionsDocument(Document):
    """Targets that history speaks for."""

    def __init__(self, found: Suggestions, wording: Wording) -> None:
        self.found = found
        self.wording = wording.knowing([one.kpi for one in found.suggestions])

    @classmethod
    def of(cls, dataset: Dataset, request: Request, wording: Wording, *, is_chosen: bool) -> "SuggestionsDocument":
        """Those for a request."""
        return cls(suggest(dataset, request, is_chosen=is_chosen), wording)

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    def record(self) -> Record:
        """Every proposal, and why there is none for the others."""
        return {
            **records.heading(self.found.report),
            "suggestions": [self._suggestion(one) for one in self.found.suggestions],
            "without": [
                {"kpi": kpi.name, "reason": str(why), **messages.record(why)} for kpi, why in self.found.without
            ],
        }

    @staticmethod
    def _suggestion(one: Suggestion) -> Record:
        unit = one.kpi.unit
        return {
            "kpi": one.kpi.name, "unit": unit.value, "currency": one.kpi.currency, "better": one.kpi.better.value,
            "newest": records.number(one.newest, unit), "periods": one.periods, "has_moved": one.has_moved,
            "levels": [{"target": records.number(each.value, unit), "chance": round(each.chance, 4), "met": each.met} for each in one.levels],
        }  # fmt: skip

    def rows(self) -> Rows:
        """A row a proposal."""
        lines = [
            {"kpi": one["kpi"], "unit": one["unit"], "newest": one["newest"], "periods": one["periods"], **level}
            for one in self.record()["suggestions"]
            for level in one["levels"]
        ]
        return as_rows(lines)

    def page(self) -> Page:
        """For how many there are some, a row a KPI, and the lines to write into a project file."""
        word, found = self.wording.word, self.found.suggestions
        title = word("suggest_title")
        step = word(f"suggest_{self.found.query.grain.value}")
        if not found:
            lead = Line(word("suggest_none"), Tone.WARNING, "!")
            return Page(title=title, headline=(lead,), blocks=tuple(self._without()))
        lead = Line(word("suggest_answer", count=len(found), step=step))
        blocks: list[Block] = [self._table(), self._lines(), *self._without(), next_step(self.wording, "targets")]
        return Page(title=title, headline=(lead,), blocks=tuple(blocks))

    def _table(self) -> Table:
        word = self.wording.word
        columns = (
            Column(key="kpi", head=word("kpi"), folds=True),
            Column(key="newest", head=word("newest"), is_right=True),
            *(
                Column(key=f"at_{chance}", head=word(f"suggest_at_{round(100 * chance)}"), is_right=True, folds=True)
                for chance in CHANCES
            ),
            Column(key="periods", head=word("suggest_periods"), is_right=True, priority=1),
        )
        rows = tuple(
            (
                self.wording.short(one.kpi), Amount(one.newest, one.kpi.unit, scale_of(one.kpi, one.newest)),
                *(self._level(one, chance) for chance in CHANCES), one.periods,
            )
            for one in self.found.suggestions
        )  # fmt: skip
        return Table(key="suggestions", columns=columns, rows=rows, sheet=word("targets_sheet"))

    def _level(self, one: Suggestion, chance: float) -> Cell:
        """The proposal that belongs under a heading; nothing where none has about that chance."""
        level = one.at(chance)
        if level is None:
            return ""
        return f"{self._side(one)}\u00a0{self._value(one, level)} ({self.wording.percent(level.chance, 0)})"

    def _side(self, one: Suggestion) -> str:
        return "≥" if one.kpi.better is Better.HIGHER else "≤"

    def _value(self, one: Suggestion, level: Level) -> str:
        return self.wording.aim(level.value, one.kpi.unit, scale_of(one.kpi, level.value))

    def _lines(self) -> Notes:
        """What the notes of the proposals say."""
        word = self.wording.word
        lines = [word("suggest_how")]
        moved = [self.wording.short(one.kpi) for one in self.found.suggestions if one.has_moved]
        if moved:
            lines.append(word("suggest_moved", kpis=listed(moved)))
        return Notes(key="notes", title="", lines=tuple(Line(one, Tone.QUIET) for one in lines))

    def _without(self) -> list[Block]:
        lines = tuple(
            Line(
                self.wording.word("targets_why", kpi=self.wording.short(kpi), why=self.wording.render(why)), Tone.QUIET
            )
            for kpi, why in self.found.without
        )
        return [Notes(key="without", title="", lines=lines)] if lines else []
