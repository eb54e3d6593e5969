"""Rows of an export that are no cases: by the format's own rules (footers, previews), by a mark of their own, or since they sum others.

They are counted under their reason and never refused: nothing is wrong with them.
"""

import polars as pl

from kpi_core.ingest.files import RawExport
from kpi_core.ingest.marked_rows import marked
from kpi_core.ingest.narrow import ROW, collect
from kpi_core.ingest.recognise import Match
from kpi_core.ingest.sheets import SHEET_ROWS
from kpi_core.ingest.specs import RowRule
from kpi_core.ingest.sum_rows import AGAIN, SUM, spellings, unlike_cases
from kpi_core.tables import TABLES

FOOTER = "footer"
BY_HAND = 4 << 20
"""Bytes of a text up to which all its rows are looked at for sums."""


def left_out(raw: RawExport, match: Match) -> dict[str, pl.Expr]:
    """By reason, which raw rows (`c0` …, `_row`) are no cases; a rule whose column the file lacks says nothing."""
    rules, footers = by_reason(match), _footers(raw, match)
    footer = {FOOTER: pl.any_horizontal(footers)} if footers else {}
    return {**footer, **_unlike_cases(raw, match), **rules, **marked(match)}


def by_reason(match: Match) -> dict[str, pl.Expr]:
    """By reason, which rows the mapping's rules leave out; footers aside."""
    return {rule.reason: found for rule in match.mapping.leave_out if (found := _fits(match, rule)) is not None}


def without(sample: pl.DataFrame, raw: RawExport, match: Match) -> pl.DataFrame:
    """A sample of the file's first rows without those that are no cases."""
    rules = [found for rule in match.mapping.leave_out if (found := _fits(match, rule)) is not None]
    rules += marked(match).values()
    if match.mapping.footer:
        rules.append(_is_footer(raw, match).cum_max())
    rules += [pl.lit(flags) for flags in unlike_cases(sample, match.headers).values()]
    return sample.filter(~pl.any_horizontal(rules).fill_null(value=False)) if rules else sample


def _unlike_cases(raw: RawExport, match: Match) -> dict[str, pl.Expr]:
    """Rows that sum others, and headers that stand again: looked for in every row of a file that people keep by hand.

    A larger file is written by a program; in it, and in one with a fault in a column that nothing asks for, they are known
    by their key, where its dates are missing.
    """
    rows = _whole(raw, match) if raw.is_frame or raw.size <= BY_HAND else None
    if rows is not None:
        flags = unlike_cases(rows.drop(ROW), match.headers)
        return {reason: pl.col(ROW).is_in(rows[ROW].filter(hits).to_list()) for reason, hits in flags.items()}
    table = TABLES[match.mapping.table]
    places = {name: match.index(spec.headers) for name, spec in match.mapping.columns.items()}
    key = places.get(table.key)
    dated = [place for name in table.events if (place := places.get(name)) is not None]
    if key is None or not dated:
        return {}
    cell = pl.col(f"c{key}")
    undated = pl.all_horizontal(pl.col(f"c{place}").is_null() for place in dated)
    return {AGAIN: cell == match.headers[key], SUM: cell.is_in(spellings()) & undated}


def _whole(raw: RawExport, match: Match) -> pl.DataFrame | None:
    """Every cell of a file; None where one cannot be split from the others."""
    try:
        return raw.scan(skip=match.skip, row_index=ROW).collect(engine="streaming")
    except pl.exceptions.PolarsError:
        return None


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


def _footers(raw: RawExport, match: Match) -> list[pl.Expr]:
    """Which rows are in a footer: all from the first of each sheet that opens one."""
    if not match.mapping.footer:
        return []
    opening = raw.scan(skip=match.skip, row_index=ROW).filter(_is_footer(raw, match)).select(pl.col(ROW).cast(pl.Int64))
    sheet = ((pl.col(ROW) - 1) // SHEET_ROWS + 1) * SHEET_ROWS if len(raw.parts) > 1 else pl.lit(1 << 32)
    rows = collect(raw, opening.group_by(end=sheet).agg(first=pl.col(ROW).min()))
    return [pl.col(ROW).is_between(first, end) for end, first in rows.select("end", "first").iter_rows()]
