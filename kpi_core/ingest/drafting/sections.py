"""The sections of a draft: its head, what holds for all cells, the columns, the questions, and what is left."""

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from kpi_core.ingest.drafting.by_cells import OPENINGS
from kpi_core.ingest.drafting.candidates import REPEATED, Candidate, known_but_empty
from kpi_core.ingest.drafting.column_lines import column_lines, question_lines
from kpi_core.ingest.drafting.date_columns import DateColumns, SeenDates
from kpi_core.ingest.drafting.evidence import SeenColumn, SeenFile
from kpi_core.ingest.drafting.matching import Reading
from kpi_core.ingest.drafting.yaml_lines import Line, remark, rendered, scalar
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.outlines import outlines
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.headers.vocabulary import folded, vocabulary
from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Message
from kpi_core.model.tables import QUESTIONS, Kind
from kpi_core.records import dataclass

_FEWEST_HEADERS = 3
_MOST_HEADERS = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Sections:
    """A draft section by section, and what to report to whoever asked for it.

    `source` is the name of the file, `covered` is what the known format `base` reads, with the place of its column, `open_ones` what it might read as well;
    `saved_as` is the file that it is written to, if any.
    """

    source: str
    file: SeenFile
    reading: Reading
    dates: DateColumns
    choices: Choices
    base: Mapping | None
    covered: dict[str, int]
    open_ones: tuple[Candidate, ...] = ()
    saved_as: str | None = None

    @property
    def name(self) -> str:
        """The mapping's name, from the file's."""
        stem = Path(self.source).stem.casefold()
        slug = re.sub(r"[^a-z0-9]+", "-", folded(stem)).strip("-") or "draft"
        return f"{slug}-draft" if slug in {outline.path.stem for outline in outlines()} else slug

    def text(self, lang: str = "en") -> str:
        """The YAML, its comments in a language."""
        sections = (self._head(), self._columns(), self._questions(), self._rest())
        return "".join(rendered(list(section), lang) for section in sections)

    def notes(self) -> Iterator[Message]:
        """What is not plain from the draft, or keeps it from being reported on as it stands."""
        if self.file.known is not None:
            known = self.file.known.mapping.name
            yield Message("draft-from-known" if self.base else "file-known-already", mapping=known)
        if self._doubtful():
            yield Message("draft-day-or-month")
        for candidate in self.reading.found:
            if candidate.fit.lacks:
                is_unit = candidate.fit.lacks == "unit"
                yield Message("draft-lacks-unit" if is_unit else "draft-lacks-decimal", header=candidate.column.header)
        if self.reading.table.name == "answers" and not self._asked():
            yield Message("draft-without-question")

    def _head(self) -> Iterator[Line]:
        own, rows = shlex.quote(remark(Path(self.source).name)), self.file.rows
        yield Line(comment=Message("draft-of-rows" if self.file.is_whole else "draft-of-first-rows", count=rows))
        yield Line(
            comment=f"kundpuls report {own} --mapping {shlex.quote(remark(self.saved_as or f'{self.name}.yaml'))}{_flags(self.choices)}"
        )
        yield Line(text=f"name: {self.name}")
        yield Line(text=f"label: {scalar(Path(self.source).stem)}")
        system = self.choices.source or (self.base.system if self.base else self.name)
        yield Line(text=f"system: {scalar(system)}")
        yield Line(
            text=f"table: {self.reading.table.name}",
            comment=Defined("tables", self.reading.table.name, self.reading.table.row),
        )
        if self.base:
            yield Line(text=f"extends: {self.base.name}", comment=Message("draft-all-stands"))
        else:
            yield Line(text="recognised_by:")
            yield Line(text=f"all: {scalar(self._telling())}", indent=2)
            yield from self._layout()
        yield from self._cells()

    def _layout(self) -> Iterator[Line]:
        """Where the rows stand, as a known format says, and whether they may be events instead of cases."""
        layout = ("header_rows", "header_labels", "records")
        known = (
            self.file.known.mapping.model_dump(include=set(layout), exclude_defaults=True) if self.file.known else {}
        )
        for name in layout:
            if name in known:
                yield Line(text=f"{name}: {scalar(known[name])}")
        key = next((one.column for one in self.reading.found if one.name == self.reading.table.key), None)
        if key is not None and key.different < (1 - REPEATED) * key.filled:
            dated = [one.column.header for one in self.reading.found if one.column.place in self.dates.found]
            events = {"case": key.header, **({"order": dated[-1]} if dated else {})}
            yield Line(comment=Message("draft-events", events=scalar(events)))

    def _cells(self) -> Iterator[Line]:
        """What holds for all cells: zone, order of dates, decimal sign, words for nothing."""
        cells = self.choices.cells
        dates = self._dates()
        if cells.zone:
            yield Line(text=f"zone: {scalar(cells.zone)}")
        elif any(not seen.is_zoned for seen in dates):
            are_some = any(seen.is_zoned for seen in dates)
            yield Line(comment=Message("draft-zone-of-some" if are_some else "draft-zone"))
        if self.dates.order and any(seen.is_turnable for seen in dates):
            yield Line(text=f"date_order: {self.dates.order}", comment=self.dates.proof or "")
        elif self._doubtful():
            yield Line(comment=Message("draft-date-order"))
        if cells.decimal:
            yield Line(text=f'decimal: "{cells.decimal}"')
        if cells.null_values:
            yield Line(text=f"missing: {scalar([*(self.base.missing if self.base else ()), *cells.null_values])}")

    def _dates(self) -> list[SeenDates]:
        """The columns that instants are read from."""
        places = self.covered | {one.name: one.column.place for one in self.reading.found if not one.is_question}
        kinds = {column.name: column.kind for column in self.reading.table.columns}
        return [self.dates.found[place] for name, place in places.items()
                if kinds.get(name) is Kind.INSTANT and place in self.dates.found]  # fmt: skip

    def _doubtful(self) -> bool:
        return any(seen.is_doubtful for seen in self._dates())

    def _telling(self) -> Sequence[str]:
        """Three to six headers: the key's and those of what only such a file has first."""
        table, telling = self.reading.table, vocabulary().telling.get(self.reading.table.name, ())

        def rank(candidate: Candidate) -> tuple[bool, bool]:
            return candidate.name != table.key, candidate.name not in telling and not candidate.is_question

        headers = list(dict.fromkeys(candidate.column.header for candidate in sorted(self.reading.found, key=rank)))
        others = [column.header for column in self.file.columns if column.header not in headers]
        top = {normal(cell) for cell in self.file.top}
        usable = [header for header in (*headers, *others) if "|" not in header and normal(header) in top]
        return usable[: min(_MOST_HEADERS, max(_FEWEST_HEADERS, len(headers)))]

    def _columns(self) -> Iterator[Line]:
        lines = [*self._inherited(), *column_lines(self.reading, self.choices.cells.date_formats, self.file.rows)]
        lines += self._missing()
        if lines:
            yield Line(text="columns:") if any(line.text for line in lines) else Line(comment="columns:")
        yield from lines

    def _inherited(self) -> Iterator[Line]:
        """What the known format reads, as comments."""
        headers = {column.place: column.header for column in self.file.columns}
        for name, place in self.covered.items():
            if self.base and place in headers:
                yield Line(
                    comment=Message("draft-as-known", field=name, header=scalar(headers[place]), known=self.base.name),
                    indent=2,
                )

    def _missing(self) -> Iterator[Line]:
        """What a report would want and the file does not show: the instant of the opening, and columns not filled."""
        names = {*self.covered, *(one.name for one in self.reading.found)}
        opening = OPENINGS.get(self.reading.table.name, "")
        if opening and opening not in names and "month" not in names:
            left = [remark(column.header) for column in self._left() if column.place in self.dates.found]
            found = (
                Message("draft-undated-dates", field=opening, count=len(left), headers=left)
                if left
                else Message("draft-undated", field=opening)
            )
            yield Line(comment=found, indent=2)
        for one in self.open_ones:
            known = self.base.name if self.base else ""
            note = Message(
                "draft-not-known", field=one.name, header=scalar(one.column.header), known=known, shown=one.fit.shown
            )
            yield Line(comment=note, indent=2)
        for name, column in known_but_empty(self.file, self.reading.table):
            if name not in names:
                yield Line(comment=Message("draft-empty-column", field=name, header=scalar(column.header)), indent=2)

    def _asked(self) -> bool:
        is_long = self.base is not None and self.base.long_form is not None
        return (
            is_long or any(one.is_question for one in self.reading.found) or not set(QUESTIONS).isdisjoint(self.covered)
        )

    def _questions(self) -> Iterator[Line]:
        lines = list(question_lines(self.reading, self.file.rows))
        if lines:
            yield Line(text="answers:")
        yield from lines

    def _rest(self) -> Iterator[Line]:
        """The headers that nothing is read from."""
        left = self._left()
        if left:
            yield Line(comment=Message("draft-not-read"))
        for column in left:
            yield Line(comment=Message("draft-column", header=remark(column.header), seen=self._seen(column)))

    def _left(self) -> list[SeenColumn]:
        used = {c.column.place for c in self.reading.found} | {c.time.place for c in self.reading.found if c.time}
        return [column for column in self.file.columns if column.place not in used | set(self.covered.values())]

    def _seen(self, column: SeenColumn) -> Message:
        if not column.filled:
            return Message("draft-empty")
        if column.place in self.dates.found:
            return Message("column-holds-dates", span=self.dates.found[column.place].span)
        return column.variety


def _flags(choices: Choices) -> str:
    """The options without which a report would not read the file as the draft did."""
    options = choices.options
    delimiter = "tab" if options.delimiter == "\t" else options.delimiter
    flags = {"--sheet": options.sheet, "--encoding": options.encoding, "--delimiter": delimiter,
            "--skip-lines": options.skip_lines or None}  # fmt: skip
    return "".join(f" {flag} {shlex.quote(remark(str(value)))}" for flag, value in flags.items() if value is not None)
