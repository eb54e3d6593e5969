"""Why answers to a question are in no figure of it: each reason with how many there are of it."""

from collections.abc import Mapping
from dataclasses import field

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.states.sums import in_period
from kpi_core.ingest.questions.survey_questions import UNREAD_SCORE
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Mean, NetShare, Share
from kpi_core.model.periods import Period
from kpi_core.records import dataclass

UNREAD, SILENT = Message("cannot-be-read"), Message("offered-not-answered")
ELSEWHERE = {"nps": Message("nps-on-another-scale"), "ces": Message("ces-on-another-scale")}
OTHER_SCALE = Message("on-another-scale")


def is_of_answers(kpi: Kpi) -> bool:
    """Whether a KPI rests on the answers given to one question, and on nobody who only was asked."""
    if kpi.table != "answers" or kpi.asks is None or not isinstance(kpi.measure, Share | Mean | NetShare):
        return False
    return not any("was_asked" in fact.meta.root_names() for fact in kpi.measure.facts())


@dataclass(frozen=True, kw_only=True, eq=False)
class UnansweredReader:
    """Counts the answers that are in no figure, those of all groups of a period at once."""

    engine: Engine
    _counted: dict[tuple[str, Period, str], Mapping[tuple[str | None, str | None], tuple[int, int]]] = field(
        default_factory=dict
    )

    def of(self, kpi: Kpi, cell: Cell, left: int) -> dict[Message, int]:
        """The `left` rows of a cell that are in no figure, by reason."""
        key = (kpi.dated_by, cell.period, cell.dimension)
        if key not in self._counted:
            self._counted[key] = self._scoreless(*key)
        unread, silent = self._counted[key].get((kpi.asks, cell.group), (0, 0))
        elsewhere = ELSEWHERE.get(kpi.asks or "", OTHER_SCALE)
        found = {UNREAD: unread, SILENT: silent, elsewhere: left - unread - silent}
        return {reason: count for reason, count in found.items() if count > 0}

    def _scoreless(
        self, dated_by: str, period: Period, dimension: str
    ) -> Mapping[tuple[str | None, str | None], tuple[int, int]]:
        """By question and group the rows of a period without a score: those that cannot be read, and the others."""
        frame = self.engine.tables["answers"].frame
        is_split = dimension != TOTAL and dimension in frame.columns
        is_unread = (
            pl.col(UNREAD_SCORE).fill_null(value=False) if UNREAD_SCORE in frame.columns else pl.lit(value=False)
        )
        dated = frame.lazy().select(
            "question", "score", pl.col(dimension).alias("group") if is_split else pl.lit(None, pl.String).alias("group"),
            self.engine.day("answers", dated_by).alias("day"), is_unread.alias("unread"),
        )  # fmt: skip
        rows = in_period(dated, period).filter(pl.col("score").is_null())
        counts = rows.group_by("question", "group").agg(
            pl.col("unread").sum(), (~pl.col("unread")).sum().alias("silent")
        )
        collected = counts.with_columns(pl.col("question", "group").cast(pl.String)).collect()
        return {(question, group): (unread, silent) for question, group, unread, silent in collected.iter_rows()}
