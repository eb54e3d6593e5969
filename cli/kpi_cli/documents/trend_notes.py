"""What is not known of KPIs over time, in sentences that a page and a picture share."""

from collections.abc import Iterator, Sequence

from kpi_cli.documents.wording import Wording
from kpi_core.analysis.trend import Trend, Trends

NAMED = 3
"""Periods that a sentence names."""


def not_known(found: Trends, drawn: Sequence[Trend], wording: Wording) -> Iterator[str]:
    """The periods that drawn KPIs are without, the KPIs that have none, and what the files lack."""
    word = wording.word
    for one in drawn:
        if one.left_out:
            listed = ", ".join(wording.period(period, short=True) for period in one.left_out[:NAMED])
            rest = f" {word('and_more', count=len(one.left_out) - NAMED)}" if len(one.left_out) > NAMED else ""
            yield word("trend_left_out", kpi=wording.short(one.kpi), periods=listed + rest)
    for kpi, why in found.without.items():
        yield f"{wording.label(kpi)}: {wording.render(why)}"
    for missing in found.report.unavailable:
        yield word(
            "unavailable_line",
            columns=", ".join(map(wording.render, missing.needs)),
            kpis=wording.label(missing.kpi.name),
        )
