"""An inspection in words: file by file what was understood, then what is wrong, then which KPIs can be had."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

from kpi_cli.documents import defined
from kpi_cli.documents.blocks import Page, Tone
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.inspections.diagnosis import draw as draw_diagnosis
from kpi_cli.documents.inspections.inspection_kpis import able, unable
from kpi_cli.documents.inspections.inspection_troubles import TroublePage
from kpi_cli.documents.page import PageBuilder, text_column
from kpi_cli.documents.records import inspection as records
from kpi_cli.documents.wording import NONE, Wording
from kpi_core.analysis.inspection import Container, InspectedFile, Inspection
from kpi_core.messages import nouns
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import Source, why_refused
from kpi_core.quality.column_readings import ColumnReading, Extreme, QuestionReading, Word
from kpi_core.quality.defects import listed

WORDS_SHOWN = 6
HEADERS_SHOWN = 20
"""Headers that are not read and still named; JSON names all."""


DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
KINDS = {
    "csv": "CSV",
    "spreadsheetml": "SpreadsheetML (XML)",
    "json": "JSON",
    "parquet": "Parquet",
    "arrow": "Arrow",
    "delta": "Delta",
}


class InspectionDocument(Document):
    """What was recognised in files, what is wrong with them, and which KPIs they can feed."""

    def __init__(self, inspection: Inspection, wording: Wording) -> None:
        self.inspection, self.wording = inspection, wording

    def record(self) -> Record:
        """The whole inspection."""
        return records.document(self.inspection)

    def rows(self) -> Rows:
        """A row a header of each file: the field that it feeds, if any, and what it holds."""
        return as_rows(records.headers(self.inspection))

    def page(self) -> Page:
        """Everything, in the order a reader checks it."""
        page = PageBuilder()
        InspectionPage(page, self.wording).draw(self.inspection)
        return page.page()


class InspectionPage:
    """Draws an inspection on a page."""

    def __init__(self, page: PageBuilder, wording: Wording) -> None:
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
        unable(self.page, self.wording, inspection)

    def file(self, file: InspectedFile) -> None:
        """One file: what it is, its rows, its columns, its questions, what is left."""
        page, word = self.page, self.wording.word
        page.title(file.path)
        page.pairs(
            (
                (word("mapping"), f"{defined.format_label(file.mapping, file.label, self.wording)} ({file.mapping})"),
                (word("recognised_by"), self.wording.render(file.reason)),
                (word("read_as"), container(file.container, self.wording)),
                (word("rows"), "; ".join(self.rows(source) for source in file.sources)),
                (word("days"), self.days(file)),
                (word("time_zone"), file.zone or word("zone_not_known")),
            )
        )
        readings = {
            Message("column-read", header=column.header, how=how) for column in file.columns for how in column.how
        }
        notes = dict.fromkeys(note for source in file.sources for note in source.notes if note not in readings)
        for note in notes:
            page.say(self.wording.render(note), Tone.QUIET)
        self.columns(file.columns, PurePath(file.path).name)
        self.questions(file.questions)
        self.leftovers(file)

    def rows(self, source: Source) -> str:
        """`tickets: 480 read, 475 used, 5 refused (unreadable Skapad 3)`; what the format itself leaves out apart."""
        wording = self.wording
        refused = {reason: rows for reason, rows in source.rows_refused.items() if reason not in source.by_design}
        aside = {reason: rows for reason, rows in source.rows_refused.items() if reason in source.by_design}
        counts = wording.word(
            "rows_of_table",
            table=wording.render(nouns.called(source.table)),
            read=source.rows_read,
            used=source.rows_used,
            refused=sum(refused.values()),
        )
        counts += f" ({listed_reasons(refused, wording)})" if refused else ""
        if not aside:
            return counts
        left_out = wording.word("aside_line", count=sum(aside.values()))
        return f"{counts}, {left_out} ({listed_reasons(aside, wording)})"

    def days(self, file: InspectedFile) -> str:
        """`1 Mar 2026 to 31 Mar 2026 (31 days)`; empty where nothing is dated."""
        if file.first is None or file.last is None:
            return ""
        ends = f" {self.wording.word('to')} ".join(map(self.wording.date, dict.fromkeys((file.first, file.last))))
        return f"{ends} ({self.wording.word('day_count', count=(file.last - file.first).days + 1)})"

    def columns(self, columns: Sequence[ColumnReading], sheet: str) -> None:
        """Header by header: the field it feeds, how many cells are filled, and what they hold."""
        word = self.wording.word
        heads = (
            text_column(word("column"), folds=True),
            text_column(word("read_as")),
            text_column(word("filled"), is_right=True),
            text_column(word("holds"), folds=True),
        )
        self.page.table(heads, [(one.header, one.field, one.filled, self.holds(one)) for one in columns], sheet=sheet)

    def holds(self, column: ColumnReading) -> str:
        """The range, the words or the number of different values, and how they were read."""
        if column.filled == 0 and not column.words:
            return self.wording.word("nothing")
        parts = [self.words(column.words)] if column.words else []
        parts += [self.span(column)] if column.lowest is not None and column.highest is not None else []
        parts += [self.wording.word("different_count", count=column.different)] if column.different is not None else []
        return "; ".join([*parts, *map(self.wording.render, column.how)])

    def span(self, column: ColumnReading) -> str:
        """The lowest to the highest, in the kind's own terms."""
        low, high = self.extreme(column.lowest, column.kind), self.extreme(column.highest, column.kind)
        return low if low == high else f"{low} {self.wording.word('to')} {high}"

    def extreme(self, value: Extreme | None, kind: str) -> str:
        """An instant, a duration or a number."""
        if isinstance(value, datetime):
            return self.wording.instant(value)
        if kind == "duration":
            return self.wording.duration(value or 0)
        return self.wording.number(value or 0, 0 if float(value or 0).is_integer() else 1)

    def words(self, words: Sequence[Word], unknown: str = "?") -> str:
        """`Resolved = solved (205), Open (5) and 2 more`; a word without a meaning is `unknown`."""
        parts = []
        for word in words[:WORDS_SHOWN]:
            meaning = unknown if word.meaning is None else word.meaning
            same = word.text.casefold() == meaning.casefold()
            parts.append(f"{word.text if same else f'{word.text} = {meaning}'} ({self.wording.number(word.count)})")
        return shortened(parts, len(words), self.wording)

    def questions(self, questions: Sequence[QuestionReading]) -> None:
        """Survey questions with their scale and direction."""
        if not questions:
            return
        wording, named = self.wording, self.wording.word
        heads = (text_column(named("question")), text_column(named("column"), folds=True), text_column(named("answers"), is_right=True),
                 text_column(named("scale")), text_column(named("better_is")), text_column(named("answer_words"), folds=True))  # fmt: skip
        rows = [(one.question, one.header, one.answers, scales(one, wording), named(one.direction or "not_told"),
                 self.words([word for word in one.words if word.meaning != word.text], named("no_score"))) for one in questions]  # fmt: skip
        kept = heads if any(row[-1] for row in rows) else heads[:-1]
        self.page.table(kept, [row[: len(kept)] for row in rows], sheet=named("question"))

    def leftovers(self, file: InspectedFile) -> None:
        """What was not understood: headers, words and rows."""
        page, word = self.page, self.wording.word
        headers = [f"`{header}`" for header in file.ignored[:HEADERS_SHOWN]]
        lines = [(word("not_read"), shortened(headers, len(file.ignored), self.wording))]
        lines += [
            (word("unknown_words", field=field), self.wording.render(listed(words, most=WORDS_SHOWN)))
            for field, words in file.unknown.items()
            if words
        ]
        if any(words for _, words in lines):
            page.pairs(lines)
        if not file.refused.is_empty():
            heads = (text_column(word("refused_row"), is_right=True), text_column(word("column"), folds=True),
                     text_column(word("cell"), folds=True), text_column(word("reason")))  # fmt: skip
            rows, why = file.refused.select("row", "column", "value", "reason").iter_rows(), why_refused(file.sources)
            page.table(
                heads,
                [
                    (row, column or "", value or "", self.wording.render(why.get(reason, reason)))
                    for row, column, value, reason in rows
                ],
                sheet=word("refused_title"),
            )


def shortened(parts: Sequence[str], of: int, wording: Wording) -> str:
    """Some entries of a list, and how many there are more."""
    more = of - len(parts)
    return ", ".join(parts) + (f" {wording.word('and_more', count=more)}" if more > 0 else "")


def container(of: Container, wording: Wording) -> str:
    """`CSV, utf-8, semicolon`, with the sheet and the header's row where they are worth saying."""
    word = wording.word
    parts = [KINDS.get(of.kind) or word(f"kind_{of.kind}")]
    if of.encoding:
        plain = of.encoding.removesuffix("-sig")
        parts.append(plain if plain == of.encoding else word("with_mark", encoding=plain))
    if of.delimiter:
        named = DELIMITERS.get(of.delimiter)
        parts.append(word(f"delimiter_{named}") if named else f"`{of.delimiter}`")
    if of.sheet is not None:
        others = [name for name in of.sheets if name not in of.sheets_read]
        parts.append(word("sheets_read", count=len(of.sheets_read), names=of.sheets_read))
        parts += [word("sheets_not_read", names=tuple(others))] if others else []
    parts += [word("header_in_row", row=of.header_row)] if of.header_row > 1 else []
    return ", ".join(parts)


def listed_reasons(reasons: Mapping[Text, int], wording: Wording) -> str:
    """`unreadable Skapad 3, duplicate key 2`."""
    return ", ".join(f"{wording.render(reason)} {wording.number(count)}" for reason, count in reasons.items())


def scales(question: QuestionReading, wording: Wording) -> str:
    """`1–5`; `yes/no` for two steps from 0 to 1."""
    scales_found = [
        f"{wording.word('yes')}/{wording.word('no')}" if ends == (0, 1) else f"{ends[0]:g}–{ends[1]:g}"
        for ends in question.scales
    ]
    return ", ".join(scales_found) or NONE
