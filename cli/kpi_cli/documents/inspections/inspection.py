"""An inspection in words: file by file what was understood, then what is wrong, then which KPIs can be had."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from kpi_cli.documents.document import Tone
from kpi_cli.documents.inspections.diagnosis import draw as draw_diagnosis
from kpi_cli.documents.inspections.inspection_kpis import able, unable
from kpi_cli.documents.inspections.inspection_troubles import TroublePage
from kpi_cli.documents.page import Page, text_column
from kpi_cli.documents.wording import NONE, Wording
from kpi_core.analysis.inspection import Container, InspectedFile, Inspection
from kpi_core.model.findings import Source
from kpi_core.quality.column_readings import ColumnReading, Extreme, QuestionReading, Word
from kpi_core.quality.defects import listed

WORDS_SHOWN = 6
HEADERS_SHOWN = 20
"""Headers that are not read and still named; JSON names all."""


DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
KINDS = {"csv": "CSV", "workbook": "workbook", "spreadsheetml": "SpreadsheetML (XML)", "json": "JSON"}


class InspectionPage:
    """Draws an inspection on a page."""

    def __init__(self, page: Page, wording: Wording) -> None:
        self.page = page
        self.wording = wording

    def draw(self, inspection: Inspection) -> None:
        """Everything, in the order a reader checks it."""
        for file in inspection.files:
            self.file(file)
        for diagnosis in inspection.diagnoses:
            draw_diagnosis(self.page, self.wording, diagnosis)
        if not inspection.files:
            return
        TroublePage(self.page, self.wording).draw(inspection)
        able(self.page, self.wording, inspection)
        unable(self.page, inspection)

    def file(self, file: InspectedFile) -> None:
        """One file: what it is, its rows, its columns, its questions, what is left."""
        page = self.page
        page.title(file.path)
        page.pairs(
            (
                ("Format", f"{file.label} ({file.mapping})"),
                ("Recognised by", file.reason),
                ("Read as", container(file.container)),
                ("Rows", "; ".join(self.rows(source) for source in file.sources)),
                ("Days", self.days(file)),
                ("Time zone", file.zone or "not known: times as written; --zone Europe/Stockholm names it"),
            )
        )
        told = {f"`{column.header}` read {part}" for column in file.columns for part in column.how.split("; ")}
        notes = dict.fromkeys(note for source in file.sources for note in source.notes if note not in told)
        for note in notes:
            page.say(self.wording.said(note), Tone.QUIET)
        self.columns(file.columns)
        self.questions(file.questions)
        self.leftovers(file)

    def rows(self, source: Source) -> str:
        """`tickets: 480 read, 475 used, 5 refused (unreadable Skapad 3)`; what the format itself leaves out apart."""
        count = self.wording.number
        refused = {reason: rows for reason, rows in source.rows_refused.items() if reason not in source.by_design}
        aside = {reason: rows for reason, rows in source.rows_refused.items() if reason in source.by_design}
        numbers = count(source.rows_read), count(source.rows_used), count(sum(refused.values()))
        told = "{}: {} read, {} used, {} refused".format(source.table, *numbers)
        told += f" ({listed_reasons(refused)})" if refused else ""
        return (
            f"{told}, {count(sum(aside.values()))} left out by the format ({listed_reasons(aside)})" if aside else told
        )

    def days(self, file: InspectedFile) -> str:
        """`1 Mar 2026 to 31 Mar 2026 (31 days)`; empty where nothing is dated."""
        if file.first is None or file.last is None:
            return ""
        count = self.wording.number((file.last - file.first).days + 1)
        ends = [self.wording.date(day) for day in dict.fromkeys((file.first, file.last))]
        return f"{' to '.join(ends)} ({count} day{'s' if len(ends) > 1 else ''})"

    def columns(self, columns: Sequence[ColumnReading]) -> None:
        """Header by header: the field it feeds, how many cells are filled, and what they hold."""
        heads = (
            text_column("Column", folds=True),
            text_column("Read as"),
            text_column("Filled", is_right=True),
            text_column("What it holds", folds=True),
        )
        self.page.table(
            heads, [(one.header, one.field, self.wording.number(one.filled), self.holds(one)) for one in columns]
        )

    def holds(self, column: ColumnReading) -> str:
        """The range, the words or the number of different values, and how they were read."""
        if column.filled == 0 and not column.words:
            return "nothing"
        parts = [self.words(column.words)] if column.words else []
        parts += [self.span(column)] if column.lowest is not None and column.highest is not None else []
        parts += [f"{self.wording.number(column.different)} different"] if column.different is not None else []
        return "; ".join([*parts, column.how] if column.how else parts)

    def span(self, column: ColumnReading) -> str:
        """The lowest to the highest, in the kind's own terms."""
        low, high = self.extreme(column.lowest, column.kind), self.extreme(column.highest, column.kind)
        return low if low == high else f"{low} to {high}"

    def extreme(self, value: Extreme | None, kind: str) -> str:
        """An instant, a duration or a number."""
        if isinstance(value, datetime):
            return self.wording.instant(value)
        if kind == "duration":
            return self.wording.duration(value or 0)
        return self.wording.number(value or 0, 0 if float(value or 0).is_integer() else 1)

    def words(self, words: Sequence[Word], unknown: str = "?") -> str:
        """`Resolved = solved (205), Open (5) and 2 more`; a word without a meaning is `unknown`."""
        told = []
        for word in words[:WORDS_SHOWN]:
            meaning = unknown if word.meaning is None else word.meaning
            same = word.text.casefold() == meaning.casefold()
            told.append(f"{word.text if same else f'{word.text} = {meaning}'} ({self.wording.number(word.count)})")
        more = len(words) - WORDS_SHOWN
        return ", ".join(told) + (f" and {more} more" if more > 0 else "")

    def questions(self, questions: Sequence[QuestionReading]) -> None:
        """Survey questions with their scale and direction."""
        if not questions:
            return
        heads = (text_column("Question"), text_column("Column", folds=True), text_column("Answers", is_right=True),
                 text_column("Scale"), text_column("Better is"), text_column("Words", folds=True))  # fmt: skip
        rows = [(one.question, one.header, self.wording.number(one.answers), scales(one), one.direction or "not told",
                 self.words([word for word in one.words if word.meaning != word.text], "no score")) for one in questions]  # fmt: skip
        kept = heads if any(row[-1] for row in rows) else heads[:-1]
        self.page.table(kept, [row[: len(kept)] for row in rows])

    def leftovers(self, file: InspectedFile) -> None:
        """What was not understood: headers, words and rows."""
        page = self.page
        more = len(file.ignored) - HEADERS_SHOWN
        headers = ", ".join(f"`{header}`" for header in file.ignored[:HEADERS_SHOWN])
        lines = [("Not read", f"{headers} and {more} more" if more > 0 else headers)]
        lines += [
            (f"Unknown {field}", listed(words, most=WORDS_SHOWN)) for field, words in file.unknown.items() if words
        ]
        if any(words for _, words in lines):
            page.pairs(lines)
        if not file.refused.is_empty():
            heads = (text_column("Refused row", is_right=True), text_column("Column", folds=True),
                     text_column("Cell as written", folds=True), text_column("Reason"))  # fmt: skip
            rows = file.refused.select("row", "column", "value", "reason").iter_rows()
            page.table(
                heads,
                [(self.wording.number(row), column or "", value or "", reason) for row, column, value, reason in rows],
            )


def container(held: Container) -> str:
    """`CSV, utf-8, semicolon`, with the sheet and the header's row where they are worth saying."""
    parts = [KINDS[held.kind]]
    parts += [held.encoding.replace("-sig", " with a byte order mark")] if held.encoding else []
    parts += [DELIMITERS.get(held.delimiter, f"`{held.delimiter}`")] if held.delimiter else []
    if held.sheet is not None:
        others = [name for name in held.sheets if name not in held.sheets_read]
        read = ", ".join(f"`{name}`" for name in held.sheets_read)
        parts.append(
            f"sheet{'s' * (len(held.sheets_read) > 1)} {read}"
            + (f", not {', '.join(f'`{name}`' for name in others)}" if others else "")
        )
    parts += [f"header in row {held.header_row}"] if held.header_row > 1 else []
    return ", ".join(parts)


def listed_reasons(reasons: Mapping[str, int]) -> str:
    """`unreadable Skapad 3, duplicate key 2`."""
    return ", ".join(f"{reason} {count:,}" for reason, count in reasons.items())


def scales(question: QuestionReading) -> str:
    """`1–5`; `yes/no` for two steps from 0 to 1."""
    told = ["yes/no" if ends == (0, 1) else f"{ends[0]:g}–{ends[1]:g}" for ends in question.scales]
    return ", ".join(told) or NONE
