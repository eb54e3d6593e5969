"""Rows of an export that are no cases: by the format's own rules (footers, previews), by a mark of their own, or since they sum others.

They are counted under their reason and never refused: nothing is wrong with them.
"""

from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, NarrowScan, collect, gathered
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.formats.built_in_texts import as_message
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import RowRule
from kpi_core.ingest.rows.footers import FOOTER, LAST
from kpi_core.ingest.rows.headings import FEWEST, HEADING, finding, headings, lone
from kpi_core.ingest.rows.marked_rows import marked
from kpi_core.ingest.rows.note_rows import notes
from kpi_core.ingest.rows.sum_rows import AGAIN, SUM, spellings, unlike_cases
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES, Kind

SHOWN = 200
"""Rows at the end of a large file next to which a line below it is looked at."""
BY_HAND = 4 << 20
"""Bytes of a text up to which all its rows are looked at for sums."""


def left_out(raw: RawExport, match: Match) -> tuple[dict[Text, pl.Expr], list[Finding]]:
    """By reason, which raw rows (`c0` …, `_row`) are no cases, and the findings on them.

    A rule whose column the file lacks says nothing.
    """
    rules, (found, findings) = by_reason(match), _unlike_cases(raw, match)
    below = [*_footers(raw, match), *([found.pop(FOOTER)] if FOOTER in found else [])]
    footer = {FOOTER: pl.any_horizontal(below)} if below else {}
    gone: dict[Text, pl.Expr] = dict(footer.items())
    gone.update(found.items())
    gone.update(rules)
    gone.update({**marked(match), **notes(match, raw)}.items())
    return gone, findings


def by_reason(match: Match) -> dict[Text, pl.Expr]:
    """By reason, which rows the mapping's rules leave out; footers aside."""
    return {
        as_message(rule.reason): found for rule in match.mapping.leave_out if (found := _fits(match, rule)) is not None
    }


def without(sample: pl.DataFrame, raw: RawExport, match: Match) -> pl.DataFrame:
    """A sample of the file's first rows without those that are no cases."""
    rules = [found for rule in match.mapping.leave_out if (found := _fits(match, rule)) is not None]
    rules += [*marked(match).values(), *notes(match, raw).values()]
    if match.mapping.footer:
        rules.append(_is_footer(raw, match).cum_max())
    rules += [pl.lit(flags) for flags in _with_headings(sample, match, unlike_cases(sample, match.headers)).values()]
    return sample.filter(~pl.any_horizontal(rules).fill_null(value=False)) if rules else sample


def _unlike_cases(raw: RawExport, match: Match) -> tuple[dict[Message, pl.Expr], list[Finding]]:
    """Rows that sum others, and headers that stand again: looked for in every row of a file that people keep by hand.

    A larger file is written by a program; in it, and in one with a fault in a column that nothing asks for, they are known
    by their key, where its dates are missing.
    """
    rows = _whole(raw, match) if raw.is_frame or raw.size <= BY_HAND else None
    if rows is not None:
        cells = rows.clone()
        cells.drop_in_place(ROW)
        flags = unlike_cases(cells, match.headers, _ends(rows, raw))
        flags = _with_headings(rows, match, flags)
        found = {reason: pl.col(ROW).is_in(rows[ROW].filter(hits).to_list()) for reason, hits in flags.items()}
        return found, [finding(raw.name, rows, flags[HEADING])] if HEADING in flags else []
    table = TABLES[match.mapping.table]
    places = {name: match.index(spec.headers) for name, spec in match.mapping.columns.items()}
    key = places.get(table.key)
    dated = [place for name in table.events if (place := places.get(name)) is not None]
    if key is None or not dated:
        return {}, []
    cell = pl.col(f"c{key}")
    undated = pl.all_horizontal(pl.col(f"c{place}").is_null() for place in dated)
    return {AGAIN: cell == match.headers[key], SUM: cell.is_in(spellings()) & undated}, []


def _with_headings(rows: pl.DataFrame, match: Match, flags: dict[Message, pl.Series]) -> dict[Message, pl.Series]:
    """The same rows by reason, and those that are headings or notes by their key (see `headings`).

    A response that says nothing but when it came is no heading: what it is, its survey says.
    """
    spec = match.mapping.columns.get(TABLES[match.mapping.table].key)
    place = None if spec is None or spec.join else match.index(spec.headers)
    is_survey, is_odd = match.mapping.table == "answers", place is not None and f"c{place}" not in rows.columns
    if rows.height <= FEWEST or is_survey or is_odd or (place is None and match.mapping.table != "tickets"):
        return flags
    passed = pl.Series([False]).new_from_index(0, rows.height)
    for hits in flags.values():
        passed |= hits
    found = lone(rows, passed) if place is None else headings(rows, place, passed)
    return flags if found is None else {**flags, HEADING: found}


def without_footer(scan: NarrowScan, match: Match) -> NarrowScan:
    """A large file as read without the lines below its table, which are looked for where its last rows have no time."""
    instants = [field.name for field in scan.fields if field.kind is Kind.INSTANT]
    if scan.raw.is_frame or scan.raw.size <= BY_HAND or not instants:
        return scan
    undated = scan.frame.tail(LAST).filter(pl.all_horizontal(pl.col(name).is_null() for name in instants))
    if undated.is_empty():
        return scan
    from_row = scan.frame[ROW].tail(SHOWN)[0]
    lazy = scan.raw.scan(skip=match.skip, row_index=ROW)
    rows = collect(scan.raw, lazy.filter(pl.col(ROW) >= from_row))
    below = unlike_cases(rows.drop(ROW), match.headers).get(FOOTER)
    if below is None:
        return scan
    lines = rows[ROW].filter(below)
    left: dict[Text, int] = {FOOTER: scan.left_out.get(FOOTER, 0) + len(lines)}
    return replace(
        scan, frame=scan.frame.filter(~pl.col(ROW).is_in(lines.implode())), left_out={**scan.left_out, **left}
    )


def _ends(rows: pl.DataFrame, raw: RawExport) -> list[int]:
    """The places behind the last row of each sheet."""
    if len(raw.parts) < 2:
        return []
    sheet = (rows[ROW].cast(pl.Int64) - 1) // SHEET_ROWS
    return [at + 1 for at in (sheet != sheet.shift(-1)).fill_null(value=True).arg_true()]


def _whole(raw: RawExport, match: Match) -> pl.DataFrame | None:
    """Every cell of a file; None where one cannot be split from the others."""
    if (rows := raw.small(skip=match.skip, row_index=ROW)) is not None:
        return rows
    try:
        return gathered(raw, raw.scan(skip=match.skip, row_index=ROW))
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
    cells = [pl.col(f"c{place}").str.strip_chars().replace("", None) for place in range(raw.width)]
    opens = "|".join(f"(?:{pattern})" for pattern in match.mapping.footer)
    return pl.coalesce(cells).str.contains(opens).fill_null(value=False)


def _footers(raw: RawExport, match: Match) -> list[pl.Expr]:
    """Which rows are in a footer: all from the first of each sheet that opens one."""
    if not match.mapping.footer:
        return []
    # Looked at before it is filtered: a condition on thousands of columns takes an optimiser minutes.
    seen = collect(
        raw, raw.scan(skip=match.skip, row_index=ROW).select(pl.col(ROW).cast(pl.Int64), opens=_is_footer(raw, match))
    )
    opening = seen.filter("opens")
    sheet = ((pl.col(ROW) - 1) // SHEET_ROWS + 1) * SHEET_ROWS if len(raw.parts) > 1 else pl.lit(1 << 32)
    rows = opening.group_by(end=sheet).agg(first=pl.col(ROW).min())
    return [pl.col(ROW).is_between(first, end) for end, first in rows.select("end", "first").iter_rows()]
