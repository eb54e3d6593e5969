"""Remarks in brackets behind dates: who resolved a ticket, or that somebody called back (`2026-07-04 13:44 (Anna)`)."""

import polars as pl

from kpi_core.ingest.cells.dates.date_shapes import in_english, shape_of
from kpi_core.ingest.cells.few import any_holds
from kpi_core.patterns import regex

_REMARK = r"(\d|\d\s?[ap]m)\s*\(([^()]*[\p{L}][^()]*)\)$"
_ZONE = regex(
    r"(?i)(?:utc|gmt|z|[ew]es?t|ces?t|ees?t|bst|ist|msk|[ecmp][sd]t|a[ecw][sd]t|nz[sd]t|jst|kst|sgt|hkt|pkt|brt|art|cat|eat|wat|sast)(?:[+-]\d.*)?"
    r"|\w+/\w+|.*\b(?:time|tid)"
)
"""What stands in brackets behind a date and is its time zone."""


def remarked(seen: pl.Series) -> str:
    """A date of a sample with a remark behind it, where what stands in brackets there is no part of dates; empty for none."""
    if not any_holds(seen, "("):  # mostly so, and quickly found
        return ""
    has_remark = seen.str.contains(_REMARK)
    if not has_remark.any():
        return ""
    cells = seen.filter(has_remark).unique(maintain_order=True)
    english = cells.to_frame("cell").select(in_english(pl.col("cell")))["cell"]
    if any(shape_of(cell) for each in (cells, english) for cell in each):
        return ""
    remark = cells.str.extract(_REMARK, 2).str.strip_chars()
    return "" if any(_ZONE.fullmatch(word) for word in remark) else str(cells[0])


def without_remark(text: pl.Expr) -> pl.Expr:
    """The cells without such remarks."""
    return text.str.replace(_REMARK, "$1")
