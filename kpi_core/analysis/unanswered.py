"""Why answers to a question are in no figure of it: each reason with how many there are of it."""

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.ingest.answers import UNREAD_SCORE
from kpi_core.kpi import Kpi
from kpi_core.measures import Mean, NetShare, Share

UNREAD, SILENT = "cannot be read", "offered and not answered"
ELSEWHERE = {"nps": "on another scale than 0–10", "ces": "on another scale or direction than most"}
OTHER_SCALE = "on another scale than most"


def is_of_answers(kpi: Kpi) -> bool:
    """Whether a KPI rests on the answers given to one question, and on nobody who only was asked."""
    if kpi.table != "answers" or kpi.asks is None or not isinstance(kpi.measure, Share | Mean | NetShare):
        return False
    return not any("was_asked" in fact.meta.root_names() for fact in kpi.measure.facts())


def unanswered(kpi: Kpi, frame: pl.DataFrame, days: pl.Series, cell: Cell, left: int) -> dict[str, int]:
    """The `left` rows of a cell that are in no figure, by reason."""
    bad = pl.col(UNREAD_SCORE).fill_null(value=False) if UNREAD_SCORE in frame.columns else pl.lit(value=False)
    rows = frame.lazy().select(
        bad.alias("bad"), pl.col("score").is_null().alias("none"), days.alias("day"),
        (pl.col("question").cast(pl.String) == kpi.asks).alias("own"),
        (pl.lit(None, pl.String) if cell.dimension == TOTAL or cell.dimension not in frame.columns else pl.col(cell.dimension).cast(pl.String)).alias("group"),
    )  # fmt: skip
    rows = rows.filter("own", pl.col("none"))
    if cell.dimension != TOTAL:
        rows = rows.filter(pl.col("group").eq_missing(pl.lit(cell.group, pl.String)))
    if cell.period.start is not None and cell.period.end is not None:
        rows = rows.filter(pl.col("day").is_between(cell.period.start, cell.period.end, closed="left"))
    unread, silent = rows.select(pl.col("bad").sum(), (~pl.col("bad")).sum().alias("silent")).collect().row(0)
    elsewhere = ELSEWHERE.get(kpi.asks or "", OTHER_SCALE)
    found = {UNREAD: unread, SILENT: silent, elsewhere: left - unread - silent}
    return {reason: count for reason, count in found.items() if count > 0}
