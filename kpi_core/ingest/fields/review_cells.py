"""Ratings of reviews that are no bare numbers: `4/5`, `8 av 10`, `★★★★☆`, `4.5 stars`, `Terningkast 5`."""

import polars as pl

from kpi_core.ingest.cells.few import all_are
from kpi_core.ingest.cells.scores.label_order import STEP_WORDS
from kpi_core.ingest.cells.scores.score_cells import LEAD, are_stars, shapes
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.model.tables import Kind

RATING, HIGHEST = "rating", "scale_high"
_THROW = r"(?i)^(?:terningkast|terningekast|tärningskast)\s*:?\s*([1-6])$"
"""The throw of a die, on which Norwegian and Danish papers rate."""
_SIDES = 6.0


def is_drawn(seen: pl.Series) -> bool:
    """Whether a sample of cells has ratings that are no bare numbers."""
    if _are_bare(seen):
        return False
    frame = seen.cast(pl.String).alias("text").to_frame()
    return has_asterisks(seen) or bool(frame.select(_other(pl.col("text")).is_not_null().any()).item())


def has_asterisks(seen: pl.Series) -> bool:
    """Whether a sample of cells has stars that are written as asterisks."""
    if _are_bare(seen):
        return False
    frame = seen.cast(pl.String).alias("text").to_frame()
    return are_stars(frame.select(**shapes(pl.col("text"))))


def _are_bare(seen: pl.Series) -> bool:
    """Whether few cells are whole numbers and nothing else, as most ratings are: what is drawn is not looked for in them."""
    return bool(all_are(seen.cast(pl.String), str.isdecimal))


def rating(text: pl.Expr, seen: pl.Series) -> pl.Expr:
    """What a cell gives, as a number or however the sample `seen` shows it to be written; null for nothing that is known."""
    shape = shapes(text)
    drawn = [shape["asterisks"]] if has_asterisks(seen) else []
    return pl.coalesce(shape["bare"], _other(text), *drawn)


def highest(found: Field) -> Field:
    """The field of the highest step that the cells of a rating name, null where they name none."""
    text = pl.col(text_name(HIGHEST))
    shape = shapes(text)
    sides = pl.when(text.str.contains(_THROW)).then(pl.lit(_SIDES))
    return Field(name=HIGHEST, header=found.header, place=found.place, kind=Kind.NUMBER, text=found.text,
                 value=pl.coalesce(shape["whole"], shape["room"], sides))  # fmt: skip


def _other(text: pl.Expr) -> pl.Expr:
    shape = shapes(text)
    stepped = pl.when(shape["label"].is_in(list(STEP_WORDS))).then(shape["marked"])
    worded = pl.when(text.str.contains(LEAD)).then(shape["bare"])
    return pl.coalesce(
        shape["part"], shape["stars"], stepped, worded, text.str.extract(_THROW).cast(pl.Float64, strict=False)
    )
