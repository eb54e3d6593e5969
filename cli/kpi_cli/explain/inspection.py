"""An inspection in words: file by file what was understood, then what is wrong, then which KPIs can be had."""

from collections.abc import Sequence
from datetime import datetime

from kpi_cli.explain.definitions import families
from kpi_cli.explain.page import Column, Page
from kpi_cli.wording import NONE, Wording
from kpi_core.analysis.defects import Cost, Defect, listed
from kpi_core.analysis.inspection import Container, Hole, InspectedFile, Inspection
from kpi_core.analysis.readings import ColumnReading, Extreme, QuestionReading, Word
from kpi_core.kpi import Kpi
from kpi_core.report import Source, Unavailable
from kpi_core.tables import TABLES

WORDS_SHOWN = 6
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
KINDS = {"csv": "CSV", "workbook": "workbook", "spreadsheetml": "SpreadsheetML (XML)"}


class InspectionPage:
    """Draws an inspection on a page."""

    def __init__(self, page: Page, wording: Wording) -> None:
        self.page = page
        self.wording = wording

    def draw(self, inspection: Inspection) -> None:
        """Everything, in the order a reader checks it."""
        for file in inspection.files:
            self.file(file)
        self.troubles(inspection)
        self.able(inspection)
        self.unable(inspection)

    def file(self, file: InspectedFile) -> None:
        """One file: what it is, its rows, its columns, its questions, what is left."""
        page = self.page
        page.title(file.path)
        page.pairs(
            (
                ("Format", f"{file.label} ({file.mapping})"),
                ("Told by", file.reason),
                ("Read as", container(file.container)),
                ("Rows", "; ".join(self.rows(source) for source in file.sources)),
                ("Time zone", file.zone or "not known: times as written; --zone Europe/Stockholm names it"),
            )
        )
        notes = dict.fromkeys(note for source in file.sources for note in source.notes)
        for note in notes:
            page.say(note, "dim")
        page.gap()
        self.columns(file.columns)
        self.questions(file.questions)
        self.leftovers(file)

    def rows(self, source: Source) -> str:
        """`tickets: 480 read, 475 used, 5 refused (unreadable Skapad 3)`."""
        count, refused = self.wording.number, listed_reasons(source)
        numbers = count(source.rows_read), count(source.rows_used), count(sum(source.rows_refused.values()))
        told = "{}: {} read, {} used, {} refused".format(source.table, *numbers)
        return f"{told} ({refused})" if refused else told

    def columns(self, columns: Sequence[ColumnReading]) -> None:
        """Header by header: the field it feeds, how many cells are filled, and what they hold."""
        heads = (Column(head="Column", folds=True), Column(head="Read as"), Column(head="Filled", is_right=True),
                 Column(head="What it holds", folds=True))  # fmt: skip
        rows = [(one.header, one.field, self.wording.number(one.filled), self.holds(one)) for one in columns]
        self.page.table(heads, rows)

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
        self.page.gap()
        heads = (Column(head="Question"), Column(head="Column", folds=True), Column(head="Answers", is_right=True),
                 Column(head="Scale"), Column(head="Better is"), Column(head="Words", folds=True))  # fmt: skip
        rows = [(one.question, one.header, self.wording.number(one.answers), scales(one), one.direction or "not told",
                 self.words([word for word in one.words if word.meaning != word.text], "no score")) for one in questions]  # fmt: skip
        kept = heads if any(row[-1] for row in rows) else heads[:-1]
        self.page.table(kept, [row[: len(kept)] for row in rows])

    def leftovers(self, file: InspectedFile) -> None:
        """What was not understood: headers, words and rows."""
        page = self.page
        lines = [("Not read", ", ".join(f"`{header}`" for header in file.ignored))]
        lines += [
            (f"Unknown {field}", listed(words, most=WORDS_SHOWN)) for field, words in file.unknown.items() if words
        ]
        if any(words for _, words in lines):
            page.gap()
            page.pairs(lines)
        if not file.refused.is_empty():
            page.gap()
            heads = (Column(head="Refused row", is_right=True), Column(head="Column", folds=True),
                     Column(head="Cell as written", folds=True), Column(head="Reason"))  # fmt: skip
            rows = file.refused.select("row", "column", "value", "reason").iter_rows()
            page.table(
                heads,
                [(self.wording.number(row), column or "", value or "", reason) for row, column, value, reason in rows],
            )

    def troubles(self, inspection: Inspection) -> None:
        """Defects with their costs, holes, and findings on the data as a whole."""
        page = self.page
        if not (inspection.defects or inspection.holes or inspection.findings):
            page.title("Nothing was found to be wrong")
            return
        page.title("What is wrong, and what it costs over everything in the files")
        for defect in inspection.defects:
            self.defect(defect)
        for hole in inspection.holes:
            page.say(self.hole(hole), indent=2, hang=2)
        for finding in sorted(inspection.findings, key=lambda one: not one.is_serious):
            page.say(f"{'warning: ' if finding.is_serious else ''}{finding.text}", indent=2, hang=2)

    def defect(self, defect: Defect) -> None:
        """One defect, under it what it costs."""
        where = f"{defect.file}: " if defect.file else ""
        self.page.say(f"{where}{defect.text}", indent=2, hang=2)
        if defect.cost:
            self.page.say(self.cost(defect.cost), "cyan", indent=4, hang=2)

    def cost(self, cost: Cost) -> str:
        """`First reply time (median): 2.6 h, with them as zeros 2.5 h`."""
        unit, wording = cost.kpi.unit, self.wording
        values = (NONE if one is None else wording.value(one, unit) for one in (cost.value, cost.otherwise))
        value, otherwise = values
        same = " (no difference)" if value == otherwise else ""
        return f"{wording.label(cost.kpi.name)}: {value}, {cost.if_so} {otherwise}{same}"

    def hole(self, hole: Hole) -> str:
        """`no tickets on 6 Apr 2026, a weekday that always has some`."""
        first, last = self.wording.date(hole.first), self.wording.date(hole.last)
        when = f"on {first}" if hole.first == hole.last else f"from {first} to {last} ({hole.days} days)"
        return f"no {hole.table} {when}, where there are nearly always some: a holiday, or a hole in the export"

    def able(self, inspection: Inspection) -> None:
        """The KPIs with rows behind them, by subject."""
        counts = {kpi.name: n for kpi, n in inspection.able}
        able = [kpi for kpi, n in inspection.able if n]
        if not able:
            return
        self.page.title("KPIs that the files can feed, with the rows behind each")
        subjects = dict.fromkeys(kpi.subject for kpi in able)
        self.page.pairs(
            (self.wording.name(subject), self.names([kpi for kpi in able if kpi.subject == subject], counts))
            for subject in subjects
        )

    def unable(self, inspection: Inspection) -> None:
        """The others, gathered under what they lack."""
        lacking: dict[str, list[Kpi]] = {}
        for one in inspection.unable:
            lacking.setdefault(lack(one), []).append(one.kpi)
        for kpi, n in inspection.able:
            if not n:
                lacking.setdefault("a row that counts", []).append(kpi)
        if not lacking:
            return
        self.page.title("KPIs that they cannot, by what is lacking")
        for needs, kpis in lacking.items():
            whole = f"all {len(kpis)} KPIs of {needs}" if needs in TABLES else self.names(kpis, {})
            self.page.say(f"{needs}: {whole}", hang=2)

    def names(self, kpis: Sequence[Kpi], counts: dict[str, int]) -> str:
        """`csat 244, csat_mean 214`; the mean and p90 of a time beside its median."""
        told = []
        for entry in families(kpis):
            n = counts.get(entry.kpi.name)
            told.append(f"{entry.kpi.name}{entry.forms_text}{f' {self.wording.number(n)}' if n is not None else ''}")
        return ", ".join(told)


def lack(one: Unavailable) -> str:
    """What a KPI lacks; answers to a question are asked for without the table they lie in."""
    asked = any(need.startswith("answers to ") for need in one.needs)
    return "; ".join(need for need in one.needs if not (asked and need == "answers"))


def container(held: Container) -> str:
    """`CSV, utf-8, semicolon`, with the sheet and the header's row where they are worth saying."""
    parts = [KINDS[held.kind]]
    parts += [held.encoding.replace("-sig", " with a byte order mark")] if held.encoding else []
    parts += [DELIMITERS.get(held.delimiter, f"`{held.delimiter}`")] if held.delimiter else []
    if held.sheet is not None:
        others = [name for name in held.sheets if name != held.sheet]
        parts.append(f"sheet `{held.sheet}`" + (f", not {', '.join(f'`{name}`' for name in others)}" if others else ""))
    parts += [f"header in row {held.header_row}"] if held.header_row > 1 else []
    return ", ".join(parts)


def listed_reasons(source: Source) -> str:
    """`unreadable Skapad 3, duplicate key 2`."""
    return ", ".join(f"{reason} {count:,}" for reason, count in source.rows_refused.items())


def scales(question: QuestionReading) -> str:
    """`1–5`; `yes/no` for two steps from 0 to 1."""
    told = ["yes/no" if ends == (0, 1) else f"{ends[0]:g}–{ends[1]:g}" for ends in question.scales]
    return ", ".join(told) or NONE
