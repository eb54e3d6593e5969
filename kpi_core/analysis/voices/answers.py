"""The answers that a figure is a mean of, with what was written next to them: how well each one went, whose it is, when it came."""

from enum import StrEnum

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.errors import DefinitionError
from kpi_core.ingest.fields.comments import NAME
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Mean, NetShare, Share
from kpi_core.model.periods import Period
from kpi_core.records import dataclass

TABLES = frozenset({"answers", "reviews"})
VALUE, BAND, DAY, WHO, TEXT = "_value", "_band", "_day", "_who", "_text"
KEYS = ("customer_id", "customer_email")


class Band(StrEnum):
    """How well an answer went, the worst first: of NPS detractors, passives and promoters, else dissatisfied, in between and satisfied."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True, eq=False)
class Given:
    """The answers of a period that the figure is made of, a row each, the newest first.

    `frame` has the figure's value of each (`_value`: 1 or 0 of a share, +1, 0 or −1 of NPS, a score), its `_band`, its `_day` (null for
    none), who gave it (`_who`, a number for each person; of those that are unknown each is one), `_text` (null for none), and the dimensions asked for.
    """

    frame: pl.DataFrame
    has_comments: bool


def check(kpi: Kpi) -> None:
    """Refuses a KPI that no answers are rated for.

    Raises:
        DefinitionError: it is none of a survey's or of reviews.
    """
    if kpi.table in TABLES and isinstance(kpi.measure, Share | NetShare | Mean):
        return
    hint = "csat, nps, ces, treatment, competence, review_rating and their variants are"
    raise DefinitionError(f"`{kpi.name}` is no score that customers give, so none of their words go with it", hint=hint)


def given(kpi: Kpi, engine: Engine, period: Period, dimensions: tuple[str, ...] = ()) -> Given:
    """The answers to one KPI in a period.

    Raises:
        DefinitionError: the answers do not have one of the dimensions.
    """
    facts = engine.tables[kpi.table]
    if lacking := [name for name in dimensions if name not in facts.frame.columns]:
        raise DefinitionError(f"the {kpi.table} that `{kpi.name}` is made of have no `{lacking[0]}`", where="--by")
    (value,) = kpi.measure.facts()
    frame = facts.frame.with_row_index("_row")
    keys = [pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash()) for name in KEYS if name in frame.columns]
    who = pl.coalesce(*keys, pl.col("_row").cast(pl.UInt64)) if keys else pl.col("_row").cast(pl.UInt64)
    text = pl.col(NAME).cast(pl.String).str.strip_chars() if NAME in frame.columns else pl.lit(None, pl.String)
    at = pl.col(kpi.dated_by) if kpi.dated_by in frame.columns else pl.lit(None, pl.Datetime("ms"))
    found = frame.select(
        value.cast(pl.Float64).alias(VALUE), _band(kpi).alias(BAND), who.alias(WHO),
        pl.when(text != "").then(text).alias(TEXT), at.alias("_at"), engine.day(kpi.table, kpi.dated_by).alias(DAY),
        *(pl.col(name).cast(pl.String) for name in dimensions),
    )  # fmt: skip
    if period.start is not None and period.end is not None:
        found = found.filter(pl.col(DAY).is_between(period.start, period.end, closed="left"))
    found = found.drop_nulls(VALUE).sort("_at", descending=True, nulls_last=True, maintain_order=True)
    return Given(frame=found.drop("_at"), has_comments=NAME in frame.columns)


def _band(kpi: Kpi) -> pl.Expr:
    """How well an answer went: by the cuts of NPS, else by its place in the scale, the top as CSAT counts it and all below the middle low."""
    if isinstance(kpi.measure, NetShare):
        (value,) = kpi.measure.facts()
        is_high, is_low = value > 0, value < 0
    elif kpi.table == "reviews":
        is_high, is_low = pl.col("rating_of_5") >= 4, pl.col("rating_of_5") < 3
    elif kpi.asks == "nps":
        is_high, is_low = pl.col("score") >= 9, pl.col("score") <= 6
    else:
        low, high = pl.col("scale_low"), pl.col("scale_high")
        place = (pl.col("score") - low) / (high - low)
        top = high - pl.when(high - low + 1 >= 4).then(1).otherwise(0)
        is_turned = (pl.col("direction") == "lower").fill_null(value=False)
        is_high = pl.when(is_turned).then(pl.col("score") <= low + (high - top)).otherwise(pl.col("score") >= top)
        is_low = pl.when(is_turned).then(place > 0.5).otherwise(place < 0.5)
    return (
        pl.when(is_high)
        .then(pl.lit(Band.HIGH.value))
        .when(is_low)
        .then(pl.lit(Band.LOW.value))
        .otherwise(pl.lit(Band.MIDDLE.value))
    )
