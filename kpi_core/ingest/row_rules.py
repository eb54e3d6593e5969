"""Rows of an export that are no cases by the format's own rules: footers, previews, continuation rows.

They are counted under the mapping's reason and never refused: nothing is wrong with them.
"""

import polars as pl

from kpi_core.ingest.files import RawExport
from kpi_core.ingest.narrow import ROW, collect
from kpi_core.ingest.recognise import Match
from kpi_core.ingest.specs import RowRule

FOOTER = "footer"


def left_out(raw: RawExport, match: Match) -> dict[str, pl.Expr]:
    """By reason, which raw rows (`c0` …, `_row`) are no cases; a rule whose column the file lacks says nothing."""
    rules = by_reason(match)
    first = _first_footer_row(raw, match)
    return rules if first is None else {FOOTER: pl.col(ROW) >= first, **rules}


def by_reason(match: Match) -> dict[str, pl.Expr]:
    """By reason, which rows the mapping's rules leave out; footers aside."""
    return {rule.reason: found for rule in match.mapping.leave_out if (found := _fits(match, rule)) is not None}


def without(sample: pl.DataFrame, raw: RawExport, match: Match) -> pl.DataFrame:
    """A sample of the file's first rows without those that are no cases."""
    rules = [found for rule in match.mapping.leave_out if (found := _fits(match, rule)) is not None]
    if match.mapping.footer:
        rules.append(_is_footer(raw, match).cum_max())
    return sample.filter(~pl.any_horizontal(rules).fill_null(value=False)) if rules else sample


def _fits(match: Match, rule: RowRule) -> pl.Expr | None:
    place = match.index(rule.headers)
    if place is None:
        return None
    cell = pl.col(f"c{place}").str.strip_chars()
    if rule.empty:
        return cell.fill_null("") == ""
    if rule.pattern is not None:
        return cell.str.contains(rule.pattern)
    return cell.str.to_lowercase().is_in([word.lower() for word in rule.values])


def _is_footer(raw: RawExport, match: Match) -> pl.Expr:
    """Whether the first filled cell of a row is one that opens the footer."""
    cells = [pl.col(f"c{place}").str.strip_chars() for place in range(raw.width)]
    first = pl.coalesce(pl.when(cell != "").then(cell) for cell in cells)
    return pl.any_horizontal(first.str.contains(pattern) for pattern in match.mapping.footer).fill_null(value=False)


def _first_footer_row(raw: RawExport, match: Match) -> int | None:
    if not match.mapping.footer:
        return None
    rows = raw.scan(skip=match.skip, row_index=ROW).filter(_is_footer(raw, match)).select(pl.col(ROW).min())
    found = collect(raw, rows)[ROW]
    return None if found.is_empty() or found[0] is None else int(found[0])
