"""Numbers that a spreadsheet has cut off: it keeps fifteen digits of a number and writes the long ones as `1.03006E+13`.

What was many has one number then. A column that names somebody or something by it names nobody and nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells.few import all_are
from kpi_core.ingest.cells.numbers import EXPONENT, other_than_numbers
from kpi_core.ingest.fields.field import Field
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF

CUT_OFF = "cut-off-numbers"
ROUNDED = r"^[1-9]\d{14}0+$|^[1-9]\d{15,16}00+$"
"""Digits beyond the fifteenth, or those that a fraction holds, that a spreadsheet has made zeros."""
LONG = r"^[1-9]\d{15,}$"
KEPT = 15
"""The digits that a spreadsheet keeps of a number."""
BY_CHANCE = 0.05
"""How likely as many ids may end in zeros without being called cut off."""
TOLERATED = 0.05
"""The share of a column's cells from which no figure stands that follows what it names."""
NAMES = ("ticket_id", "customer_id", "agent")
"""The columns that name a row of another list, or who did it."""
REFUSED = frozenset({("messages", "ticket_id")})
"""Those without which a row is of nothing."""
FOLLOWING = {
    ("tickets", "customer_id"): ("fcr_no_repeat*", "channels_per_case", "contact_rate*"),
    ("orders", "customer_id"): ("repurchase_rate*", "active_customers", "orders_per_customer", "contact_rate*"),
    ("answers", "ticket_id"): ("response_rate_of_resolved", "confirmed_of_resolved"),
    ("messages", "ticket_id"): ("reply_time*", "first_reply*", "fcr_one_touch*", "automated_first_reply_rate", "answer_rate"),
    ("tickets", "agent"): ("tickets_per_agent",),
}  # fmt: skip
"""By table and column the KPIs that follow what the column names."""


def are_rounded(seen: pl.Series) -> bool:
    """Whether more of the long numbers of a sample end in zeros from the sixteenth digit on than chance makes."""
    if all_are(seen, lambda cell: len(cell) <= KEPT):  # mostly so
        return False
    is_long = seen.str.contains(LONG)
    if not is_long.any():
        return False
    different = seen.filter(is_long).unique()
    rounded = different.str.slice(KEPT).str.contains("^0+$").sum()
    expected = sum(10.0 ** (KEPT - digits) for digits in different.str.len_chars())
    return bool(rounded) and by_chance(int(rounded), expected) < BY_CHANCE


def by_chance(found: int, expected: float) -> float:
    """An upper bound (Chernoff) on the chance of at least `found` where so many are expected by a Poisson law."""
    if found <= expected:
        return 1.0
    return math.exp(found - expected - found * math.log(found / expected))


def are_cut_off(seen: pl.Series) -> bool:
    """Whether so many numbers of a sample are cut off that a column names nobody."""
    share = seen.str.contains(EXPONENT).mean()
    return are_rounded(seen) or (isinstance(share, float) and share > TOLERATED)


def are_addresses(seen: pl.Series) -> bool:
    """Whether nearly all cells of a sample are e-mail addresses."""
    share = seen.str.contains(r"^[^@]+@[^@\s]+\.\w+>?$").mean()
    return isinstance(share, float) and share >= 1 - TOLERATED


def by_address(header: str, other: str, table: str, file: str) -> Finding:
    """The finding on customers that are known by their addresses, since a spreadsheet has cut off their numbers."""
    kpis = FOLLOWING.get((table, "customer_id"), OF.get(table, ()))
    message = Message("cut-off-by-address", header=header, other=other, file=file)
    return Finding(code=CUT_OFF, message=message, kpis=kpis, is_serious=True)


def without_cut(found: Field, seen: pl.Series, table: str, key: str) -> Field:
    """The field without the cells that are cut off; as it is where it is the table's own number, or names nothing."""
    if found.name not in NAMES or found.name == key or found.is_composed:
        return found
    text = pl.col(found.text_name)
    cut = other_than_numbers(text).str.contains(EXPONENT).fill_null(value=False)
    if are_rounded(seen):
        cut = cut | (text.str.contains(LONG) & text.str.slice(KEPT).str.contains("^0+$"))
    unreadable = cut if (table, found.name) in REFUSED else found.unreadable
    return replace(found, value=pl.when(~cut).then(found.value), cut=cut, unreadable=unreadable)


def of_cut(
    fields: Sequence[Field], cut: Mapping[str, int], filled: Mapping[str, int], table: str, file: str
) -> list[Finding]:
    """The findings on the columns with numbers that are cut off.

    Args:
        fields: those of a file.
        cut: by field how many cells are cut off.
        filled: by field how many cells say something, those included.
        table: what the file is of.
        file: its name.
    """
    findings = []
    for found in fields:
        if not (count := cut.get(found.name)):
            continue
        share = count / filled[found.name]
        kpis = FOLLOWING.get((table, found.name), ())
        is_weighty = bool(kpis) and share > TOLERATED
        message = Message("cut-off-names", count=count, cells=filled[found.name], file=file, header=found.header)
        findings.append(
            Finding(code=CUT_OFF, message=message, kpis=kpis, is_serious=True,
                    consequence=Consequence.NO_VALUE if is_weighty else Consequence.NOTED)
        )  # fmt: skip
    return findings
