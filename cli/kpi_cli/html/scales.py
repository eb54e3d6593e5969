"""What drawings have in common: from values to units, how many units letters take, and how values are said."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from kpi_cli.documents.blocks import Amount, Chart, Tone
from kpi_cli.documents.wording import Wording
from kpi_cli.layout import text
from kpi_core.records import dataclass

LETTER = 6.2
"""Units of an average letter."""
LABEL_LETTER = 7.3
"""Units of an average letter of a label, in the widest of the fonts that a page may be shown in: a label that is cut tells nothing."""
BOLD_LETTER = 8.0
"""And of a bold one."""
LEAST_APART = 13.0
"""Units between labels above one another."""
CLASSES = {Tone.GOOD: "better", Tone.BAD: "worse", Tone.STRONG: "ink", Tone.WARNING: "ink"}


@dataclass(frozen=True)
class Scale:
    """From values to units, which may run downwards."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The unit that a value stands at; the middle where all values are one."""
        span = self.high - self.low
        return self.start + (self.end - self.start) * ((value - self.low) / span if span else 0.5)


def known_values(chart: Chart) -> Iterator[float]:
    """Every value, low end and rule of a chart."""
    for layer in chart.layers:
        yield from (value for value in (*layer.values, *layer.low) if value is not None)
    yield from (rule.at for rule in chart.rules)


def formatter(chart: Chart, wording: Wording, like: float) -> Callable[[float | None], str]:
    """How the page says the chart's values."""

    def formatted(value: float | None) -> str:
        return text(Amount(value, chart.unit, like, is_change=chart.is_of_changes), wording)

    return formatted


def shortened(words: str, letters: int) -> str:
    """The words, cut to so many letters with an ellipsis."""
    return words if len(words) <= letters else f"{words[: max(letters - 1, 1)].rstrip()}…"


def apart(heights: Sequence[float], lowest: float) -> list[float]:
    """The same heights, pushed down until no two labels touch, and up again where they would go below `lowest`."""
    order = sorted(range(len(heights)), key=lambda one: heights[one])
    placed = list(heights)
    for before, one in pairwise(order):
        placed[one] = max(placed[one], placed[before] + LEAST_APART)
    over = max(placed[order[-1]] - lowest, 0.0) if order else 0.0
    return [height - over for height in placed]
