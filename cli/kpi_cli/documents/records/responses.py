"""Who answered a survey, for programs: every segment of every dimension looked at, with what it does to CSAT."""

from typing import Any

from kpi_core.model.report import Query, Spread
from kpi_core.stats.intervals import wilson
from kpi_core.stats.segments import Segment

Record = dict[str, Any]


def responses(one: Spread, query: Query) -> Record:
    """Who answered, segment by segment of one dimension, and CSAT weighted to those asked."""
    return {
        "by": one.dimension,
        "of": one.asked.value,
        "uneven": one.is_uneven,
        "p": one.p,
        "shift": one.shift,
        "csat": _weighted(one),
        "segments": [_segment(each, query.confidence) for each in one.segments],
    }


def _weighted(one: Spread) -> Record | None:
    if one.weighted is None or one.raw is None:
        return None
    found = one.weighted
    return {"value": one.raw.value, "weighted": found.value, "low": found.low, "high": found.high, "n": found.n, "biased": one.is_biased}  # fmt: skip


def _segment(one: Segment, confidence: float) -> Record:
    low, high = wilson(one.answered, one.asked, confidence)
    return {
        "value": one.name,
        "asked": one.asked,
        "answered": one.answered,
        "rate": one.answered / one.asked,
        "low": low,
        "high": high,
    }
