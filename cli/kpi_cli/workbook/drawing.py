"""A document's sheets in a workbook: tables to filter, notes across the sheet, native charts at the cells that hold their values."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from openpyxl.chart import BarChart, LineChart, ScatterChart
from openpyxl.utils import get_column_letter

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
    Pairs,
    Place,
    Rule,
    Series,
    Sheet,
    Table,
    Tone,
)
from kpi_cli.documents.chart_range import chart_range
from kpi_cli.documents.chart_table import as_table, main_layer
from kpi_cli.documents.wording import Wording
from kpi_cli.layout import text
from kpi_cli.workbook import charts, paper
from kpi_cli.workbook.alt_text import described
from kpi_cli.workbook.cells import content, look, toned
from kpi_cli.workbook.chart_data import ChartData, Stand
from kpi_cli.workbook.check import CheckSheet
from kpi_cli.workbook.front import FrontSheet
from kpi_cli.workbook.looks import BAD, GOOD, MUTED, STRONG, TEXT, Number
from kpi_cli.workbook.sheets import Book, Head
from kpi_core.errors import KpiError
from kpi_core.model.kpi import Unit

MOST_ROWS = 1_000_000
"""The rows a sheet has room for below what stands above them."""
WIDEST, NARROWEST = 60.0, 9.0
"""Characters of a column that takes its width from its cells, of which the first hundreds are looked at."""
LOOKED_AT = 300
NEAR_END = 0.8
"""Beyond which Excel's own scale would have steps that no share and no NPS reaches."""
POINTS = {Tone.GOOD: GOOD, Tone.BAD: BAD}
"""The colours of points that say something."""
LINES_ACROSS, BARS_ACROSS = 3, 2
SIDE_GAP, BELOW_GAP = 0.6, 0.3
"""Centimetres between charts."""


class Drawing:
    """One sheet of a document on its way into a workbook."""

    def __init__(self, book: Book, sheet: Sheet, data: ChartData) -> None:
        self.book, self.sheet, self.wording, self.data = book, sheet, book.wording, data
        self.charts = [block for block in sheet.blocks if isinstance(block, Chart)]
        self.blocks = [_written(block, self.wording) for block in sheet.blocks if not self._stands(block)]
        self.tables = [block for block in self.blocks if isinstance(block, Table)]
        self.stands: dict[str, Stand] = {}

    def draw(self) -> None:
        """Adds the sheet: what stands above, the blocks, and the charts.

        Raises:
            KpiError: a table has more rows than a sheet holds.
        """
        for table in self.tables:
            if len(table.rows) > MOST_ROWS:
                hint = "leave rows out with --only or --limit, or write them as .csv"
                raise KpiError(f"{len(table.rows):,} rows are more than a sheet holds", hint=hint)
        self.page = self.book.page(self.sheet.name)
        footer = self.sheet.footer or self.sheet.title
        if self.sheet.front is not None:
            FrontSheet(self.book, self.page, self.data).draw(self.sheet.title, self.sheet.front, footer)
            return
        if self.sheet.check is not None:
            CheckSheet(self.page).draw(self.sheet, self.sheet.check)
            return
        self.page.title(self.sheet.title, self.sheet.lead, self.sheet.asides)
        self.width = self._set_widths()
        top, is_list = self.page.row - 1, len(self.tables) == 1 and self.blocks[0] is self.tables[0]
        start = self.page.row
        for number, block in enumerate(self.blocks):
            self.page.row += bool(number)
            start = self.page.row
            self.block(block)
            if is_list and block is self.tables[0]:
                # Every sheet of paper says what a row is; charts stand under no heads.
                is_repeated = not (self.charts and paper.is_on_one(self.page))
                self.page.freeze(self.stands[block.key].head, self.tables[0].names, is_repeated=is_repeated)
                self.page.sheet.print_title_cols = "A:A" if self.tables[0].names else None
        if not is_list:
            self.page.freeze(top, is_filtered=False, is_repeated=False)
        self.page.print_setup(footer)
        self.page.sheet.page_setup.fitToWidth = paper.across(self.width)
        self._lay_on_paper(start)
        is_right = [main_layer(chart).mark is Mark.BAR and not self.sheet.is_charted for chart in self.charts]
        self._below([chart for chart, right in zip(self.charts, is_right, strict=True) if not right])
        self._side_by_side([chart for chart, right in zip(self.charts, is_right, strict=True) if right])

    def _lay_on_paper(self, start: int) -> None:
        """Prints no more than is worth a paper; the last block begins in row `start`."""
        if self.sheet.paper is not None:
            paper.limit(self.page, self.width, self.sheet.paper)
        elif self.blocks and isinstance(self.blocks[-1], Table) and self.blocks[-1].is_tail:
            paper.limit_tail(self.page, self.width, start)
            self.page.filter(self.stands[self.blocks[-1].key].head, len(self.blocks[-1].columns))
        elif not self.charts:
            paper.fit(self.page, self.width)

    # Blocks

    def _stands(self, block: Block) -> bool:
        """Whether it is a chart whose values stand elsewhere than under the other blocks."""
        return isinstance(block, Chart) and (
            block.stand is not None or block.across is not None or self.sheet.is_charted
        )

    def _set_widths(self) -> int:
        """Sets the widths of the sheet's columns, the widest table's; how many there are."""
        wanted = [[_width(table, place, self.wording) for place in range(len(table.columns))] for table in self.tables]
        across = max((len(widths) for widths in wanted), default=0)
        widths = [max(one[place] for one in wanted if place < len(one)) for place in range(across)] or [30.0, 90.0]
        self.page.widths(widths)
        self.widths = widths
        return len(widths)

    def block(self, block: Block) -> None:
        """Adds a block under what is there."""
        match block:
            case Table():
                self._table(block)
            case Notes():
                self._heading(block.title)
                self._lines(block.lines)
            case Pairs():
                self._heading(block.title)
                for name, words, command in block.pairs:
                    self.page.put(1, name, STRONG)
                    self._wide(2, f"{words} ({command})" if words and command else words or command)

    def _heading(self, title: str) -> None:
        if title:
            self.page.section(title)

    def _table(self, table: Table) -> None:
        self._heading(table.title)
        heads = [Head(text=column.head, is_right=column.is_right) for column in table.columns]
        head = self.page.head(heads)
        columns = {one.key: place for place, one in enumerate(table.columns, start=1)}
        self.stands[table.key] = Stand(self.page, columns, head, len(table.rows))
        for row in table.rows:
            self.page.fill(
                [content(cell, self.wording) for cell in row],
                [look(cell, column) for cell, column in zip(row, table.columns, strict=True)],
            )
        for one in table.named:
            cell = f"${get_column_letter(columns[one.column])}${head + 1 + one.row}"
            self.book.define(one.name, self.page.sheet, cell)
        self._lines(table.notes)

    def _lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if line.sign:
                self.page.put(1, line.sign, replace(toned(line.tone), wraps=True))
            self._wide(2 if line.sign else 1, f"{' ' * line.indent}{line.text}")

    def _wide(self, column: int, words: str) -> None:
        """Text across the sheet, as high as it needs."""
        page, end = self.page, max(self.width, column)
        page.put(column, words, TEXT)
        if end > column:
            page.sheet.merge_cells(start_row=page.row, end_row=page.row, start_column=column, end_column=end)
        room = sum(self.widths[column - 1 :]) or NARROWEST
        page.sheet.row_dimensions[page.row].height = 13.0 * (1 + len(words) // int(room)) + 3
        page.row += 1

    # Charts

    def _native(self, chart: Chart) -> LineChart | BarChart | ScatterChart:
        """The chart at the cells that hold its values."""
        place = chart.stand or Place(chart.key, "place", "0", 0, len(chart.places) - 1)
        stand = self.stands.get(place.table) or self.data.stand(_with_reach(as_table(chart), main_layer(chart)))
        rows = stand.head + 1 + place.first, stand.head + 1 + place.last
        value, names = stand.columns[place.values], stand.columns[place.labels]
        layer = main_layer(chart)
        if chart.across is not None:
            return charts.scatter_chart(
                stand.page.sheet, chart.title, (stand.column("across"), stand.column("0")), names, rows,
                titles=(chart.across.name, layer.name), colors=[POINTS.get(tone, MUTED) for tone in layer.tones],
                levels=[self.data.stand(_level(chart, rule)).span for rule in chart.rules],
            )  # fmt: skip
        if layer.mark in (Mark.BAR, Mark.SPAN):
            drawn = charts.bar_chart(stand.page.sheet, chart.title, value, names, *rows)
            if "below" in stand.columns:
                columns = (value, stand.column("below"), stand.column("above"))
                charts.with_intervals(drawn, stand.page.sheet, columns, *rows)
            return drawn
        more = () if chart.stand else range(value + 1, len(stand.columns) + 1)
        floor, top = (self._in_cells(chart, end) for end in _ends(chart))
        return charts.line_chart(
            stand.page.sheet, chart.title, value, names, *rows, more=more, is_over_time=chart.is_over_time, floor=floor, top=top
        )  # fmt: skip

    def _in_cells(self, chart: Chart, value: float | None) -> float | None:
        """A value of the chart as a cell holds it: times in days, NPS in points."""
        if value is None:
            return None
        cell = content(Amount(value, chart.unit, is_change=chart.is_of_changes), self.wording)
        return cell.value if isinstance(cell, Number) else None

    def _below(self, found: Sequence[Chart]) -> None:
        """Three across under everything else."""
        places = [self.page.column_beyond(1, (charts.WIDTH + BELOW_GAP) * number) for number in range(LINES_ACROSS)]
        for number, chart in enumerate(found):
            down, across = divmod(number, LINES_ACROSS)
            row = self.page.row_beyond(self.page.row + 1, (charts.HEIGHT + BELOW_GAP) * down)
            self.page.chart(self._native(chart), places[across], row, described(chart, self.wording))

    def _side_by_side(self, found: Sequence[Chart]) -> None:
        """Two across next to the table on the screen, on a page of their own on paper."""
        if not found:
            return
        page, left = self.page, self.width + 2
        head = next(iter(self.stands.values())).head
        row, low = head, 0.0
        places = [page.column_beyond(left, (charts.BAR_WIDTH + SIDE_GAP) * number) for number in range(BARS_ACROSS + 1)]
        for number, chart in enumerate(found):
            drawn = self._native(chart)
            across = number % BARS_ACROSS
            if number and not across:
                row, low = page.row_beyond(row, low + SIDE_GAP), 0.0
            page.chart(drawn, places[across], row, described(chart, self.wording))
            low = max(low, drawn.height)
        table = f"A1:{get_column_letter(self.width)}{page.row - 1}"
        area = f"{get_column_letter(left)}{head}:{get_column_letter(places[-1])}{page.row_beyond(row, low)}"
        page.sheet.print_area = f"{table},{area}"


def _ends(chart: Chart) -> tuple[float | None, float | None]:
    """The ends of a scale that Excel is not to choose: where a limit goes on beyond the picture, and where shares and NPS cannot go beyond."""
    reach = chart_range(chart)
    if chart.unit not in (Unit.SHARE, Unit.POINTS) or chart.is_of_changes:
        return None, None if reach.limit is None else reach.high
    return -1.0 if reach.low < -NEAR_END else None, 1.0 if NEAR_END < reach.high <= 1.0 else None


def _level(chart: Chart, rule: Rule) -> Table:
    """The two ends of a line across points."""
    columns = (Column(key="across", head=""), Column(key="value", head=rule.label, is_right=True))
    return Table(
        key=f"{chart.key} {rule.label}",
        columns=columns,
        rows=tuple((at, Amount(rule.at, chart.unit)) for at in (0, 100)),
    )


def _with_reach(table: Table, layer: Layer) -> Table:
    """The table of a chart of intervals with how far each reaches below and above its value, which is what Excel draws."""
    if layer.mark is not Mark.SPAN:
        return table
    columns = (
        *table.columns,
        *(Column(key=key, head=head, is_right=True) for key, head in (("below", "−"), ("above", "+"))),
    )
    reach = [
        (low is not None and value is not None and value - low, high is not None and value is not None and high - value)
        for value, low, high in zip(layer.values, layer.low, layer.high, strict=True)
    ]
    rows = tuple(
        (*row, *(replace(row[1], value=end or 0.0) if isinstance(row[1], Amount) else None for end in ends))
        for row, ends in zip(table.rows, reach, strict=True)
    )
    return replace(table, columns=columns, rows=rows)


def _written(block: Block, wording: Wording) -> Block:
    """The block as a sheet writes it: a chart as the table it is drawn from, an interval as its two ends."""
    if isinstance(block, Chart):
        block = as_table(block)
    return _with_ends(block, wording) if isinstance(block, Table) else block


def _with_ends(table: Table, wording: Wording) -> Table:
    """The table with two columns for each of intervals, and without those of small drawings, which no cell holds."""
    columns: list[Column] = []
    cells: list[list[Cell]] = [[] for _ in table.rows]
    for place, column in enumerate(table.columns):
        values = [row[place] for row in table.rows]
        if any(isinstance(cell, Series) for cell in values):
            continue
        if not any(isinstance(cell, Interval) for cell in values):
            parts = [(column, values)]
        else:
            parts = [
                (replace(column, key=f"{column.key}_{end}", head=f"{column.head}, {wording.word(end).lower()}"), [_end(cell, end) for cell in values])
                for end in ("low", "high")
            ]  # fmt: skip
        for one, filled in parts:
            columns.append(one)
            for row, cell in zip(cells, filled, strict=True):
                row.append(cell)
    return replace(table, columns=tuple(columns), rows=tuple(map(tuple, cells)))


def _end(cell: Cell, end: str) -> Cell:
    if not isinstance(cell, Interval):
        return None
    return Amount(cell.low if end == "low" else cell.high, cell.unit, cell.like, is_change=cell.is_change)


def _width(table: Table, place: int, wording: Wording) -> float:
    """How wide a column wants to be: as it says, else as its cells are."""
    column = table.columns[place]
    if column.width is not None:
        return column.width
    words = [column.head, *(text(row[place], wording) for row in table.rows[:LOOKED_AT])]
    return min(max(NARROWEST, *(len(word) + 3.0 for word in words)), WIDEST)
