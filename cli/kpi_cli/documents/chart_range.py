"""How far a chart's scale reaches, the same on a screen, on a page and in a workbook.

A chart is there for its values. Limits of skewed times reach several times as far as any value, and drawn whole they
press the values into a strip at the bottom.
"""

from kpi_cli.documents.blocks import Chart, Layer, Mark
from kpi_core.model.kpi import Unit
from kpi_core.records import dataclass

MOST_BEYOND = 0.75
"""How far the limit of a time is drawn beyond the values, in parts of their own range: they take half of the picture or more."""


@dataclass(frozen=True)
class ChartRange:
    """The ends of a chart's scale, in the chart's unit.

    Attributes:
        limit: the farthest end of the limits, where it lies beyond `high`; else None.
    """

    low: float
    high: float
    limit: float | None = None

    def within(self, value: float) -> float:
        """The value, or the highest of the scale where it lies beyond."""
        return min(value, self.high)


def chart_range(chart: Chart) -> ChartRange:
    """What the scale of a chart over time spans: all values, rules and limits, but limits of times as far as leaves the values room.

    A chart that has none of them, as one whose values are all withheld, is drawn from 0 to 1.
    """
    values = [one for layer in chart.layers if layer.mark is not Mark.BAND for one in _ends(layer)]
    values += [rule.at for rule in chart.rules]
    limits = [one for layer in chart.layers if layer.mark is Mark.BAND for one in _ends(layer)]
    if not values + limits:
        return ChartRange(0.0, 1.0)
    low, high = min(values + limits), max(values + limits)
    farthest = max(values, default=high) + (max(values, default=0.0) - min(values, default=0.0)) * MOST_BEYOND
    if chart.unit is not Unit.SECONDS or high <= farthest or len(set(values)) < 2:
        return ChartRange(low, high)
    return ChartRange(low, farthest, limit=high)


def _ends(layer: Layer) -> list[float]:
    return [one for one in (*layer.values, *layer.low) if one is not None]
