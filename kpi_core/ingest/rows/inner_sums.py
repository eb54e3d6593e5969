"""Rows that add up those above them and say so in another column than their first: `2026-01;Summa;55509`, a line `Summa` of an order.

The word is no evidence: the numbers of the row must be the sums of those above, or the count of them, and all else that it says
must be what they say, or a day.
"""

import re
from collections.abc import Sequence

import polars as pl

from kpi_core.patterns import regex

HINT = r"(?i)\b(?:sub|del|slut|mellan|mellom|total|grand)?-?(?:sum|total|tot\.)|yhteensä|gesamt|summe|i alt|ialt|samlet|välisumma"
"""What a cell has that may be a word for a sum: cheaper to look for than all of the words."""
_FEWEST_ROWS = 3
_FEW = 1000
"""Rows up to which all cells are asked at once before each column is."""
_OF_A_CASE = 3
"""Cells before the word for a sum, a number of its own the first of them, from which a row is a case: its number, its day, its state."""


_NUMBER = regex(r"[-+−(]?[\d\s.,'’]*\d[\d\s.,'’)]*(?:\s?(?:%|[^\W\d_]{1,6}\.?|[€$£]))?")


def inner_sums(
    table: pl.DataFrame, names: Sequence[str], passed: pl.Series, words: Sequence[str], when: re.Pattern[str]
) -> set[int]:
    """The rows that are sums by one of some words in one of their later columns.

    Args:
        table: cells as text, null where they say nothing.
        names: its columns.
        passed: rows that count for nothing.
        words: patterns of a word for a sum.
        when: what begins a day or a month.
    """
    if table.height < _FEWEST_ROWS:
        return set()
    owners = _marked(table, names, passed, words)
    if not owners:
        return set()
    rows = table.select(names).rows()
    gone = passed.to_list()
    if len({row[0] for row, is_gone in zip(rows, gone, strict=True) if not is_gone}) == gone.count(False):
        owners = {at: own for at, own in owners.items() if sum(map(bool, rows[at][:own])) < _OF_A_CASE}
    by_word: dict[str, list[int]] = {}
    for at, own in owners.items():
        by_word.setdefault(re.sub(r"\d+", "", rows[at][own] or "").casefold(), []).append(at)
    proven, bound, above = set[int](), 0, list[int]()
    for at, own in sorted(owners.items()):
        block = [place for place in range(bound, at) if not gone[place]]
        above += block
        same = [place for place in block if rows[place][0] == rows[at][0]]
        if any(_is_sum(rows, at, own, places, when) for places in (block, same, above)):
            proven.add(at)
        bound = at + 1
    return {at for places in by_word.values() if 2 * len(proven & {*places}) > len(places) for at in places}


def _marked(table: pl.DataFrame, names: Sequence[str], passed: pl.Series, words: Sequence[str]) -> dict[int, int]:
    """By row the first of its later columns that has a word for a sum; columns that mostly have one have none."""
    owners: dict[int, int] = {}
    if table.height <= _FEW and not _any_hint(table, names[1:]):
        return owners
    hints = table.select((pl.col(name).str.contains(HINT) & ~passed).fill_null(value=False) for name in names[1:])
    has_hints = hints.select_seq(pl.all().any()).row(0) if hints.columns else ()
    for place, name in reversed(
        [(place + 1, names[place + 1]) for place, is_hinted in enumerate(has_hints) if is_hinted]
    ):
        hinted = hints[name].arg_true()
        if hinted.is_empty() or 2 * len(hinted) > table.height:
            continue
        cells = table[name].gather(hinted).to_frame("cell")
        is_word = pl.any_horizontal(pl.col("cell").str.contains(word) for word in words)
        owners |= dict.fromkeys(hinted.filter(cells.select(is_word).to_series()).to_list(), place)
    return owners


def _any_hint(table: pl.DataFrame, names: Sequence[str]) -> bool:
    """Whether a cell may have a word for a sum: all in one column, which takes a part of the time of asking each."""
    return bool(names) and bool(pl.concat([table[name].alias("cell") for name in names]).str.contains(HINT).any())


def _is_sum(
    rows: Sequence[tuple[str | None, ...]], at: int, own: int, block: Sequence[int], when: re.Pattern[str]
) -> bool:
    """Whether each number of a row is the sum of those in some rows, or says how many these are, and nothing else in it is its own."""
    if len(block) < 2:
        return False
    is_short = any(
        cell is None and None not in {rows[each][place] for each in block} for place, cell in enumerate(rows[at])
    )
    is_proven = False
    for place, cell in enumerate(rows[at]):
        above = [rows[each][place] for each in block]
        if place == own or cell is None or when.match(cell) or all(other == cell for other in above):
            continue
        are_numbers = any(other is not None and _NUMBER.fullmatch(other) for other in above)
        is_count = is_short and not are_numbers and number(cell) == len(block)
        if _NUMBER.fullmatch(cell) is None or not (is_count or _adds_up(cell, above)):
            return False
        is_proven = True
    return is_proven


def _adds_up(cell: str, above: Sequence[str | None]) -> bool:
    stated, values = number(cell), [number(other) for other in above]
    known = [value for value in values if value is not None]
    if not stated or len(known) < 2:
        return False
    near = 0.5 * 10 ** -decimals(cell) + 1e-9 * abs(stated)
    return bool(abs(stated - sum(known)) <= near)


def number(text: str | None) -> float | None:
    """The number that a cell spells with either mark; None where it spells none."""
    digits = re.sub(r"[^\d.,\-−]", "", text or "").replace("−", "-")
    if digits.count(",") and digits.count("."):
        digits = digits.replace("," if digits.rfind(",") < digits.rfind(".") else ".", "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+", digits) and digits.count(",") > 1:
        digits = digits.replace(",", "")
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return None


def decimals(text: str) -> int:
    """The decimals that a cell writes."""
    found = re.search(r"[.,](\d{1,2})\D*$", text)
    return len(found[1]) if found else 0
