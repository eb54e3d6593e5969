"""A page put together paragraph by paragraph, for answers that are mostly words."""

from collections.abc import Iterable, Sequence

from kpi_cli.documents.blocks import Block, Cell, Column, Line, Notes, Page, Pairs, Table, Tone
from kpi_cli.documents.wording import Wording


class PageBuilder:
    """Blocks on their way to a page. A title stands above the block that comes after it, the first above them all."""

    def __init__(self) -> None:
        self._title = ""
        self._heading = ""
        self._blocks: list[Block] = []
        self._lines: list[Line] = []

    def say(self, words: str, tone: Tone = Tone.PLAIN, *, indent: int = 0) -> None:
        """A paragraph."""
        self._lines.append(Line(words, tone, indent=indent))

    def title(self, words: str) -> None:
        """A heading."""
        if not self._title:
            self._title = words
            return
        self._end_lines()
        self._end_heading()
        self._heading = words

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Names and what they stand for; pairs without the second are left out."""
        self._end_lines()
        if filled := tuple((name, words, "") for name, words in pairs if words):
            self._blocks.append(Pairs(key="pairs", pairs=filled, title=self._taken()))

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, section: str | None = None, sheet: str = ""
    ) -> None:
        """Rows under their heads; nothing where there are none."""
        self._end_lines()
        if rows:
            table = Table(
                key="table", columns=tuple(columns), rows=tuple(tuple(row) for row in rows), title=self._taken(),
                section=section, sheet=sheet,
            )  # fmt: skip
            self._blocks.append(table)

    def page(self) -> Page:
        """What has been put together."""
        self._end_lines()
        self._end_heading()
        return Page(title=self._title, blocks=tuple(self._blocks))

    def _taken(self) -> str:
        heading, self._heading = self._heading, ""
        return heading

    def _end_lines(self) -> None:
        if self._lines:
            self._blocks.append(Notes(key="lines", title=self._taken(), lines=tuple(self._lines)))
            self._lines = []

    def _end_heading(self) -> None:
        """A heading that nothing came under stands alone."""
        if heading := self._taken():
            self._blocks.append(Notes(key="lines", title=heading, lines=()))


def next_step(wording: Wording, command: str, more: str = "") -> Pairs:
    """The last line of a page: the command that goes on, with the word for files where theirs stand."""
    line = f"kundpuls {command} {wording.files()} {more}".rstrip()
    return Pairs(key="next", pairs=((wording.word("foot_next"), "", line),))


def text_column(head: str, *, is_right: bool = False, folds: bool = False, priority: int = 0) -> Column:
    """A column under a head; without a `priority` it is always shown."""
    return Column(key=head, head=head, is_right=is_right, folds=folds, priority=priority)
