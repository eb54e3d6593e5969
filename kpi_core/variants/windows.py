"""The last seven days: which days these are is a definition too, and moves a weekly figure by a weekend."""

from dataclasses import replace
from datetime import timedelta

import polars as pl

from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Count, Mean, Measure, NetShare, Quantile, Share, Sum
from kpi_core.model.periods import Period, parse_period
from kpi_core.variants.definition import Definition, Window

WEEK = timedelta(days=7)
USUAL = "tickets_created"
"""The KPI whose windows are compared where none is named."""

_SWITCH = "Zendesk, differences in results between Insights and Explore: Explore ends yesterday, Insights today"


def windows(kpi: Kpi) -> tuple[Definition, ...]:
    """A KPI over the last seven days, as many times as that can be read."""

    def window(name: str, title: str, *whose: str, formula: str, source: str = "", days: Window | None = None,
               rolling: timedelta | None = None) -> Definition:  # fmt: skip
        windowed = replace(kpi, formula=formula)
        return Definition(
            name=name, title=title, whose=whose, kpi=windowed, source=source, window=days, rolling=rolling
        )

    return (
        window("last_complete_week", "the last complete ISO week", "ours", formula="Monday to Sunday of the newest week that has ended",
               days=lambda last: parse_period("last-complete-week", last)),
        window("last_7_complete_days", "7 complete days, ending the day before", "zendesk-explore", source=_SWITCH,
               formula="the 7 days before the data's last day, which is left out", days=_back(7, 0)),
        window("last_7_days_with_today", "7 days, the last one as far as it goes", "zendesk", source=_SWITCH,
               formula="the data's last day, complete or not, and the 6 before it", days=_back(6, 1)),
        window("last_168_hours", "168 hours back from the last instant", "trade",
               formula="the 168 hours before the data's last instant: two partial days at its ends", rolling=WEEK),
        window("last_8_days", "since 7 days ago, which is 8 days", "naive",
               formula="every day from 7 days before the data's last day, that day included: 8 days", days=_back(7, 1)),
    )  # fmt: skip


def _back(before: int, after: int) -> Window:
    return lambda last: Period(last - timedelta(days=before), last + timedelta(days=after))


def within(measure: Measure, rows: pl.Expr) -> Measure | None:
    """The measure over some rows only; None for one that is not about rows that stand for themselves."""
    match measure:
        case Count() | Sum():
            return measure.only(rows)
        case Share() | NetShare():
            return replace(measure, among=measure.among & rows)
        case Mean() | Quantile():
            return replace(measure, of=pl.when(rows).then(measure.of))
    return None
