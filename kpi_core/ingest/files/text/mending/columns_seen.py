"""What the cells of a column look like where the rows have as many fields as the header: by it a row that has more or fewer is read, or not."""

from collections import Counter
from collections.abc import Sequence

from kpi_core.patterns import regex
from kpi_core.records import dataclass

NUMBER, DATE, WORD = "number", "date", "word"
_NUMBER = regex(r"[^\w\s]{0,2}\s?[^\W\d_]{0,3}\s?[-+−]?\d[\d\s.,' \u202f]*\s?(?:%|[^\W\d_]{1,3}|[€$£])?\)?\s*$")
_DATE = regex(r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}:\d{2})(?!\d)")
_ZERO = regex(r"\s*0\d")
FEWEST = 3
"""Rows from which a column is known."""
SOME = 0.05
"""The share of its cells from which a column holds a kind of cell."""
CHOICES = 15
"""Up to how many different words are those of a list."""
MANY = 20
"""Rows from which a column without a cell is blank."""


def kind(cell: str) -> str:
    """Whether a cell is a date, a number or words; empty for none."""
    if not cell or cell.isspace():
        return ""
    return DATE if _DATE.match(cell) else NUMBER if _NUMBER.match(cell) else WORD


@dataclass(frozen=True, kw_only=True)
class Column:
    """The kinds that a column holds, the words where they are chosen from a list, and whether cells begin with a blank or a zero."""

    kinds: frozenset[str]
    words: frozenset[str] = frozenset()
    has_blanks: bool = False
    has_zeros: bool = False
    is_known: bool = True

    def holds(self, cell: str, *, in_kind: bool = False) -> bool:
        """Whether a cell is like those of the column; `in_kind` asks for no more than its kind."""
        own = kind(cell)
        if not own or not self.is_known:
            return True
        if own not in self.kinds:
            return False
        if in_kind:
            return True
        if own == WORD and self.words:
            return cell.strip() in self.words
        return (self.has_blanks or not cell[:1].isspace()) and (
            self.has_zeros or own != NUMBER or not _ZERO.match(cell)
        )

    @property
    def is_worded(self) -> bool:
        """Whether words are what it holds, so that a delimiter may be one of them."""
        return self.is_known and WORD in self.kinds

    @property
    def is_number(self) -> bool:
        """Whether numbers are all that it may hold."""
        return not self.is_known or self.kinds <= {NUMBER}


def columns_seen(rows: Sequence[Sequence[str]], width: int, *, are_few: bool = False) -> list[Column]:
    """Each column of rows that fit the header; where these `are_few`, they do not show which words it has, nor that it is blank."""
    return [_column([row[at] for row in rows if at < len(row)], are_few=are_few) for at in range(width)]


def _column(cells: Sequence[str], *, are_few: bool) -> Column:
    filled = [cell for cell in cells if cell and not cell.isspace()]
    if len(filled) < FEWEST:
        return Column(kinds=frozenset(map(kind, filled)), is_known=len(cells) >= MANY and not are_few)
    counts = Counter(map(kind, filled))
    kinds = frozenset(one for one, count in counts.items() if count >= SOME * len(filled))
    words = Counter(cell.strip() for cell in filled if kind(cell) == WORD)
    listed = (
        frozenset(words)
        if not are_few and len(words) <= CHOICES and 2 * len(words) <= sum(words.values())
        else frozenset()
    )
    return Column(
        kinds=kinds, words=listed, has_blanks=any(cell[:1].isspace() for cell in filled),
        has_zeros=any(_ZERO.match(cell) for cell in filled if kind(cell) == NUMBER),
    )  # fmt: skip
