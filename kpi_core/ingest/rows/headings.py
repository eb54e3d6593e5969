"""Lines among the cases of a list that are none: a heading (`Vecka 40`, a day), a note below it, whatever date they have.

No word marks them: in a list whose keys have one shape, a row is none whose key is words or a day and that leaves blank most of
what cases fill. A row with an odd key that is otherwise full, or whose key is a number of another kind, stays one.
"""

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding

HEADING = Message("heading-or-note")
FILLED = 0.8
"""The share of cases that fill a column which a case is expected to fill."""
ALIKE = 0.9
"""The share of cases whose keys have one shape in a list of such."""
FEWEST = 2
"""Columns that cases fill apart from their key, and cases, where a row can be unlike them."""
WIDE = 3
"""Columns apart from the key from which one filled cell alone, without a key, is no case."""
SHOWN = 3
_SHAPE = pl.col("key").str.replace_all(r"\d+", "9")
_NUMBER, _DATED = (
    r"^\s*\S*\d\S*\s*$",
    r"(?i)^\s*(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}/\d{1,2}\s*$|(?:v|w|kw|uke|uge|vecka|week)\.?\d{1,2}\s*$)",
)
"""What may be a number of another kind, as `TEL-7`; and what looks like one and is a day or a week."""
_LETTERS = r"\p{L}+"


def headings(rows: pl.DataFrame, place: int, passed: pl.Series) -> pl.Series | None:
    """Which rows of a table of text (`c0` …) are headings of cases or notes; None where none is.

    Args:
        rows: its cells.
        place: the column of the key.
        passed: rows that are no cases for other reasons.
    """
    key = f"c{place}"
    others = [name for name in rows.columns if name not in (ROW, key)]
    if len(others) < FEWEST:
        return None
    shape = rows.select(key=pl.col(key).str.strip_chars().replace("", None)).select(shape=_SHAPE)["shape"]
    counted = _count(rows, shape, key)
    if shape.n_unique() < 2:
        return counted
    filled = rows.select((pl.col(name).str.strip_chars() != "").fill_null(value=False) for name in others)
    table = filled.with_columns(shape=shape, passed=passed, all=pl.sum_horizontal(others))
    cases = table.filter(~pl.col("passed") & (pl.col("shape") == _commonest(table)))
    usual = [name for name, share in cases.select(others).mean().row(0, named=True).items() if (share or 0) >= FILLED]
    if len(usual) < FEWEST:
        return counted
    table = table.with_columns(is_thin=2 * pl.sum_horizontal(usual) <= len(usual))
    full = table.filter(~pl.col("passed") & ~pl.col("is_thin"))
    is_number = rows.select(
        (pl.col(key).str.contains(_NUMBER) & ~pl.col(key).str.contains(_DATED)).fill_null(value=False)
    )
    found = ~passed & table["is_thin"] & _is_strange(table["shape"], full["shape"]) & ~is_number.to_series()
    if len(usual) >= WIDE and full["shape"].null_count() <= (1 - ALIKE) * full.height:
        found |= ~passed & table["shape"].is_null() & (table["all"] == 1)
    found = found if counted is None else found | (counted & ~passed)
    return found if found.any() else None


def _count(rows: pl.DataFrame, shape: pl.Series, key: str) -> pl.Series | None:
    """The last row, where it says in the place of a number how many there are, and nothing else; None where it does not."""
    count = int(shape.count())
    if count <= FEWEST:
        return None
    last = next(at for at in range(len(shape) - 1, -1, -1) if shape[at] is not None)
    row = rows.row(last, named=True)
    is_bare = all(not (cell or "").strip() for name, cell in row.items() if name not in (ROW, key))
    if not is_bare or row[key].strip() != str(count - 1):
        return None
    return pl.Series([False]).new_from_index(0, rows.height).scatter(last, values=True)


def lone(rows: pl.DataFrame, passed: pl.Series) -> pl.Series | None:
    """Which rows of a list without a number fill one cell alone, where cases fill several; None where none does."""
    names = [name for name in rows.columns if name != ROW]
    filled = rows.select((pl.col(name).str.strip_chars() != "").fill_null(value=False) for name in names)
    count = filled.select(pl.sum_horizontal(pl.col(name).cast(pl.Int32) for name in names)).to_series()
    found = (count == 1) & ~passed
    if not found.any():
        return None
    cases = filled.filter((count > 1) & ~passed)
    usual = [share for share in cases.mean().row(0) if (share or 0) >= FILLED]
    return found if cases.height >= FEWEST and len(usual) > WIDE else None


def _commonest(table: pl.DataFrame) -> str | None:
    """The shape of the keys whose rows fill the most cells: headings may be more than cases, and fill next to none."""
    counts = table.filter(pl.col("shape").is_not_null()).group_by("shape").agg(pl.col("all").sum())
    return None if counts.is_empty() else str(counts.sort("all", "shape", descending=[True, False])["shape"][0])


def _is_strange(shape: pl.Series, cases: pl.Series) -> pl.Series:
    """Whether a key is unlike those of cases, letter by letter or else by where letters stand; False where these have no one shape."""
    for each in (pl.Series.to_frame, _by_letters):
        own, known = each(shape).to_series(), each(cases.drop_nulls()).to_series()
        if len(known) >= FEWEST and _most(known) >= ALIKE * len(known):
            return (~own.is_in(known.unique().implode())).fill_null(value=False)
    return pl.Series([False]).new_from_index(0, len(shape))


def _most(shapes: pl.Series) -> int:
    """How many cases have the commonest shape."""
    return int(shapes.value_counts().select(pl.col("count").max()).item())


def _by_letters(shape: pl.Series) -> pl.DataFrame:
    return shape.to_frame().select(pl.all().str.replace_all(_LETTERS, "a"))


def finding(file: str, rows: pl.DataFrame, flags: pl.Series) -> Finding:
    """What was left out as headings or notes, in its own words."""
    lines = rows.filter(flags).select(pl.coalesce(pl.all().exclude(ROW).str.strip_chars().replace("", None)))
    words = lines.to_series().unique(maintain_order=True).drop_nulls().to_list()
    listed = first_of([f"`{word}`" for word in words], SHOWN)
    return Finding(code="headings", message=Message("headings", file=file, count=int(flags.sum()), words=listed))
