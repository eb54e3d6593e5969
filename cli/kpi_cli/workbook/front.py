"""A workbook's first sheet: the answer in sentences, cards with small charts, what to do first; exactly one paper."""

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.styles import Border, Side
from openpyxl.utils import get_column_letter

from kpi_cli.documents.blocks import Amount, Card, Column, Front, Line, Table, Tone
from kpi_cli.workbook import charts
from kpi_cli.workbook.alt_text import described_small
from kpi_cli.workbook.cells import COLORS, content
from kpi_cli.workbook.chart_data import ChartData
from kpi_cli.workbook.looks import ASIDE, MUTED, RULE, Look
from kpi_cli.workbook.sheets import Book, Page
from kpi_core.model.kpi import Unit

COLUMNS, WIDTH = 24, 5.6
"""Narrow columns, so that four cards and long sentences share them."""
ACROSS, SPAN = 4, 6
"""Cards in a row, and the columns of each, its gap included."""
LETTERS = 128
"""Letters of a sentence in a row across the sheet."""
FIRST = Look(size=17, is_bold=True, is_ruled=False, wraps=True)
BODY = Look(size=11, is_ruled=False, wraps=True)
NAME = Look(color=MUTED, is_ruled=False)
VALUE = Look(size=20, is_bold=True, is_ruled=False)
VERDICT = Look(size=11, is_bold=True, is_ruled=False)
SMALL = Look(color=MUTED, is_ruled=False)


class FrontSheet:
    """The first sheet on its way into a workbook."""

    def __init__(self, book: Book, page: Page, data: ChartData) -> None:
        self.book, self.page, self.data, self.wording = book, page, data, book.wording

    def draw(self, title: str, front: Front, footer: str) -> None:
        """Fills the sheet."""
        page = self.page
        page.widths([WIDTH] * COLUMNS)
        page.title(title, front.subtitle)
        for number, line in enumerate(front.headline):
            self._sentence(line, FIRST if number == 0 else BODY)
        page.row += 1
        for start in range(0, len(front.cards), ACROSS):
            self._cards(front.cards[start : start + ACROSS])
        if front.actions:
            page.section(front.actions_title)
            for number, line in enumerate(front.actions, start=1):
                self._sentence(Line(line.text, line.tone, f"{number}"), BODY)
            page.row += 1
        for line in front.trust:
            self._sentence(line, BODY)
        if front.legend:
            self._across(1, front.legend, replace(ASIDE, wraps=True))
        page.print_setup(footer)
        page.sheet.page_setup.fitToHeight = 1
        page.sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{page.row}"
        page.sheet.print_options.horizontalCentered = True

    def _sentence(self, line: Line, look: Look) -> None:
        """A sign, and the words next to it."""
        if line.sign:
            colour = COLORS.get(line.tone, look.color)
            self.page.put(1, line.sign, replace(look, color=colour, is_bold=True, wraps=False))
        self._across(2, line.text, look)

    def _across(self, column: int, words: str, look: Look) -> None:
        """Words over the whole width, as high as they need."""
        page = self.page
        page.put(column, words, look)
        page.sheet.merge_cells(start_row=page.row, end_row=page.row, start_column=column, end_column=COLUMNS)
        lines = -(-len(words) * look.size // (LETTERS * 10)) or 1
        page.sheet.row_dimensions[page.row].height = lines * look.size * 1.35 + 3
        page.row += 1

    def _cards(self, cards: Sequence[Card]) -> None:
        """A row of cards: name, value, verdict, two lines, a small chart."""
        page, top = self.page, self.page.row
        for number, card in enumerate(cards):
            first = number * SPAN + 1
            tone = card.status.tone if card.status is not None else Tone.PLAIN
            self._edge(top, first, COLORS[tone] if tone in (Tone.GOOD, Tone.BAD) else RULE)
            lines = [*card.lines, Line(""), Line("")][:2]
            status = "" if card.status is None else f"{card.status.sign} {card.status.word}".strip()
            rows = [
                (card.label, NAME), (content(card.value, self.wording), VALUE),
                (status, replace(VERDICT, color=COLORS.get(tone, MUTED))),
                *((f"{line.sign} {line.text}".strip(), replace(SMALL, color=COLORS.get(line.tone, MUTED))) for line in lines),
            ]  # fmt: skip
            for step, (value, look) in enumerate(rows):
                page.row = top + step
                page.put(first, value, look).alignment = replace(look, is_right=False).alignment
                page.sheet.merge_cells(
                    start_row=page.row, end_row=page.row, start_column=first, end_column=first + SPAN - 2
                )
            self._trend(card, top + len(rows), first)
        for step, height in enumerate((15, 28, 17, 14.5, 14.5, 62, 8)):
            page.sheet.row_dimensions[top + step].height = height
        page.row = top + 7

    def _edge(self, row: int, first: int, colour: str) -> None:
        """The line above a card, in the colour of its verdict."""
        for column in range(first, first + SPAN - 1):
            self.page.sheet.cell(row, column).border = Border(top=Side(style="medium", color=colour))

    def _trend(self, card: Card, row: int, column: int) -> None:
        """A small chart of the card's trend."""
        if card.trend is None:
            return
        unit = card.value.unit if isinstance(card.value, Amount) else Unit.RATIO
        columns = (Column(key="place", head=""), Column(key="value", head=card.label, is_right=True))
        values = tuple((number, Amount(value, unit)) for number, value in enumerate(card.trend.values, start=1))
        stand = self.data.stand(Table(key=f"card {card.label}", title=card.label, columns=columns, rows=values))
        chart = charts.small_chart(stand.page.sheet, stand.column("value"), *stand.span)
        self.page.chart(chart, column, row, described_small(card.trend, card.label, unit, self.wording))
