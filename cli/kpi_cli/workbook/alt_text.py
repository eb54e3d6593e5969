"""What a chart shows in a sentence or two, for those who cannot see it."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import Amount, Chart, Mark, Series, Tone
from kpi_cli.documents.chart_table import main_layer
from kpi_cli.documents.wording import Wording
from kpi_cli.layout import text
from kpi_core.messages.sentences import listed
from kpi_core.model.kpi import Unit

MOST = 12
"""Values that are listed one by one."""
OUTSIDE = (Tone.GOOD, Tone.BAD, Tone.STRONG)
"""Tones of points that say something."""


def described(chart: Chart, wording: Wording) -> str:
    """Over time where it begins and ends, how far it goes and what lies outside of its limits; else the values; empty without any."""
    if not any(value is not None for value in main_layer(chart).values):
        return ""
    return " ".join(_sentences(chart, wording))


def described_small(series: Series, label: str, unit: Unit, wording: Wording) -> str:
    """A small drawing of values over time without their periods."""
    known = [value for value in series.values if value is not None]
    first, last = (text(Amount(value, unit, known[-1]), wording) for value in (known[0], known[-1]))
    return wording.word("alt_small", name=label, count=len(series.values), first=first, last=last)


def _sentences(chart: Chart, wording: Wording) -> Iterator[str]:
    layer = main_layer(chart)
    known = [(place, value) for place, value in zip(chart.places, layer.values, strict=True) if value is not None]
    like = chart.like if chart.like is not None else max((value for _, value in known), key=abs)

    def formatted(value: float) -> str:
        return text(Amount(value, chart.unit, like, is_change=chart.is_of_changes), wording)

    name = chart.title or layer.name
    if chart.is_over_time and layer.mark in (Mark.LINE, Mark.POINT) and len(known) > 1:
        ends = {"low": min(known, key=lambda one: one[1]), "high": max(known, key=lambda one: one[1])}
        values = {"first": formatted(known[0][1]), "last": formatted(known[-1][1])}
        values |= {end: formatted(value) for end, (_, value) in ends.items()}
        values |= {f"{end}_place": place for end, (place, _) in ends.items()}
        yield wording.word("alt_over_time", name=name, since=known[0][0], until=known[-1][0], **values)
        tones = layer.tones or (Tone.PLAIN,) * len(layer.values)
        if beyond := [place for place, tone in zip(chart.places, tones, strict=True) if tone in OUTSIDE]:
            yield wording.word("alt_outside", places=listed(beyond[-MOST:]))
    else:
        rest = len(known) - MOST
        more = f", {wording.word('and_more', count=rest)}" if rest > 0 else ""
        yield f"{name}: {', '.join(f'{place} {formatted(value)}' for place, value in known[:MOST])}{more}."
    if chart.across is not None:
        marks = zip(chart.places, chart.across.values, strict=True)
        yield f"{chart.across.name}: {', '.join(f'{place} {wording.number(mark, 0)}' for place, mark in marks)}."
    for rule in chart.rules:
        if rule.label:
            yield f"{rule.label[:1].upper()}{rule.label[1:]}: {formatted(rule.at)}."
