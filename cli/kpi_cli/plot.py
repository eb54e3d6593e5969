"""A chart in letters, as wide as there is room: lines and limits over periods, or a bar a group.

What differs is shown by a letter, colour only repeats it: a value outside of its limits is a cross or a tick, not a dot.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from rich.cells import cell_len

from kpi_cli.documents.blocks import Chart, Layer, Mark, Tone
from kpi_cli.documents.chart_range import chart_range
from kpi_cli.documents.chart_table import main_layer
from kpi_cli.documents.wording import NONE, Wording
from kpi_core.model.kpi import Unit
from kpi_core.records import dataclass

WIDEST = 120
"""Characters beyond which a chart grows no wider, however wide the page."""
HEIGHT = 9
"""Lines of a chart over periods."""
MOST_SLOT, LEAST_SLOT = 8, 2
"""Characters a period is given."""
LONGEST_BAR, SHORTEST_BAR, LONGEST_SPAN = 48, 10, 64
LONGEST_NAME = 28

Spans: TypeAlias = tuple[tuple[str, Tone], ...]

POINTS = {Tone.GOOD: "✓", Tone.BAD: "✗", Tone.WARNING: "!"}
POINT, EDGE, RULE, BAR, ACROSS, AXIS, THROUGH = "●", "·", "╌", "█", "│", "┤", "┊"
ABOVE = "↑"
PLAIN = str.maketrans(
    {
        "●": "o",
        "·": ".",
        "╌": "-",
        "┊": ":",
        "├": "|",
        "█": "#",
        "│": "|",
        "┤": "|",
        "✓": "+",
        "✗": "x",
        "╵": "'",
        "─": "-",
        "↑": "^",
    }
)
"""The same for a stream that has no signs but those of ASCII."""


def plotted(chart: Chart, wording: Wording, room: int, *, is_plain: bool = False) -> Iterator[Spans]:
    """The lines of the chart without its title; none of a chart without a value."""
    if not any(value is not None for layer in chart.layers for value in layer.values):
        return
    draw = {Mark.BAR: _bars, Mark.SPAN: _spans}.get(main_layer(chart).mark, _lines)
    for spans in draw(chart, wording, min(room, WIDEST)):
        yield tuple((words.translate(PLAIN) if is_plain else words, tone) for words, tone in spans)


@dataclass(frozen=True)
class _Scale:
    """From values to steps of a length, ends included."""

    low: float
    high: float
    steps: int

    def at(self, value: float) -> int:
        return round((value - self.low) / (self.high - self.low) * (self.steps - 1)) if self.high > self.low else 0


def _known(chart: Chart, layers: Iterable[Layer]) -> list[float]:
    values = (value for layer in layers for value in (*layer.values, *layer.low))
    return [*(value for value in values if value is not None), *(rule.at for rule in chart.rules)]


def _formatter(chart: Chart, wording: Wording) -> Callable[[float, Unit, float], str]:
    """What says a value of the chart: differences with their sign, of shares in points."""
    return wording.change if chart.is_of_changes else wording.value


def _lines(chart: Chart, wording: Wording, room: int) -> Iterator[Spans]:
    """Places from left to right; limits as two dotted edges, rules across with their names at the right."""
    known, reach = _known(chart, chart.layers), chart_range(chart)
    scale = _Scale(reach.low, reach.high, HEIGHT)
    like = chart.like if chart.like is not None else max(known, key=abs)
    labels = _edge_labels(chart, scale, wording, like)
    steps = [scale.low + (scale.high - scale.low) * step / (HEIGHT - 1) for step in range(HEIGHT)]
    say = _formatter(chart, wording)
    marks = {step: say(steps[step], chart.unit, like) for step in (0, HEIGHT // 2, HEIGHT - 1)}
    left = max(map(cell_len, marks.values())) + 2
    width = room - left - max(map(cell_len, labels.values()), default=0) - 2
    slot = max(LEAST_SLOT, min(MOST_SLOT, width // len(chart.places)))
    first = max(len(chart.places) - max(width // slot, 1), 0)
    grid = _grid(chart, scale, slot, first)
    for step in reversed(range(HEIGHT)):
        head = f"{marks.get(step, '').rjust(left - 2)} {AXIS}"
        side = f" {labels[step]}" if step in labels else ""
        yield (head, Tone.QUIET), *grid[step], (side, Tone.QUIET)
    yield ((" " * left + _ticks(chart.places[first:], slot, is_cut=first > 0), Tone.QUIET),)
    for moment in chart.moments:
        if moment.at >= first:
            column = left + (moment.at - first) * slot
            after = f"{THROUGH} {moment.label}" if column + cell_len(moment.label) + 2 <= room else ""
            before = f"{moment.label} {THROUGH}"
            yield (
                (" " * column + after if after else " " * max(column - cell_len(before) + 1, 0) + before, Tone.QUIET),
            )


def _grid(chart: Chart, scale: _Scale, slot: int, first: int) -> list[list[tuple[str, Tone]]]:
    """The cells of each line from below, those drawn last on top."""
    places = range(first, len(chart.places))
    rows = [[(" ", Tone.PLAIN)] * (slot * len(places)) for _ in range(HEIGHT)]
    for rule in chart.rules:
        rows[scale.at(rule.at)] = [(RULE, Tone.QUIET)] * (slot * len(places))
    for column in (moment.at - first for moment in chart.moments if moment.at >= first):
        for row in rows:
            row[column * slot] = (THROUGH, Tone.QUIET)
    for layer in sorted(chart.layers, key=lambda one: one.mark is not Mark.BAND):
        for column, place in enumerate(places):
            _mark(rows, layer, place, scale, slot, column * slot)
    return rows


def _mark(rows: list[list[tuple[str, Tone]]], layer: Layer, place: int, scale: _Scale, slot: int, start: int) -> None:
    """A layer's value at one place: the edges of a band that lie in the picture, or a point in its tone."""
    value = layer.values[place]
    if layer.mark is Mark.BAND:
        for edge in (layer.low[place] if layer.low else None, value):
            if edge is not None and edge <= scale.high:
                rows[scale.at(edge)][start : start + slot] = [(EDGE, Tone.QUIET)] * slot
    elif value is not None:
        tone = layer.tones[place] if layer.tones else Tone.PLAIN
        rows[scale.at(value)][start + slot // 2] = (POINTS.get(tone, POINT), tone)


def _edge_labels(chart: Chart, scale: _Scale, wording: Wording, like: float) -> Mapping[int, str]:
    """The names of rules and limits with their values, at the height that they stand at; an arrow at those beyond the picture."""
    found: dict[int, list[str]] = {}
    say = _formatter(chart, wording)
    for rule in chart.rules:
        found.setdefault(scale.at(rule.at), []).append(f"{rule.label} {say(rule.at, chart.unit, like)}")
    for layer in chart.layers:
        edges = (layer.values, layer.low) if layer.mark is Mark.BAND else ()
        for edge in edges:
            last = next((value for value in reversed(edge) if value is not None), None)
            if last is not None:
                beyond = f" {ABOVE}" if last > scale.high else ""
                label = f"{layer.name} {say(last, chart.unit, like)}{beyond}"
                found.setdefault(scale.at(min(last, scale.high)), []).append(label)
    return {step: ", ".join(labels) for step, labels in found.items()}


def _ticks(places: Sequence[str], slot: int, *, is_cut: bool) -> str:
    """The names of the places that there is room for, each beginning under its own; `…` where earlier ones are left out."""
    line = ""
    for number, place in enumerate(places):
        start = number * slot + max(slot // 2 - cell_len(place) // 2, 0)
        name = f"… {place}" if is_cut and not number else place
        if start >= cell_len(line) + bool(line) and start + cell_len(name) <= len(places) * slot + cell_len(name) // 2:
            line += " " * (start - cell_len(line)) + name
    return line


def _bars(chart: Chart, wording: Wording, room: int) -> Iterator[Spans]:
    """A line a place: its name, its bar and its value; rules go through all of them and are named below."""
    [*bars] = [layer for layer in chart.layers if layer.mark is Mark.BAR]
    known = [0.0, *_known(chart, bars)]
    like = chart.like if chart.like is not None else max(known, key=abs)
    say = _formatter(chart, wording)
    shown = {
        (layer.name, place): NONE if value is None else say(value, chart.unit, like)
        for layer in bars
        for place, value in enumerate(layer.values)
    }
    left = min(max(map(cell_len, chart.places)), LONGEST_NAME) + 1
    right = max(map(cell_len, shown.values())) + 1
    length = max(SHORTEST_BAR, min(LONGEST_BAR, room - left - right - 1))
    scale = _Scale(min(known), max(known), length)
    across = {scale.at(rule.at) for rule in chart.rules}
    for place, name in enumerate(chart.places):
        for number, layer in enumerate(bars):
            value, low = layer.values[place], layer.low[place] if layer.low else 0.0
            ends = sorted((scale.at(low or 0.0), scale.at(value))) if value is not None else (1, 0)
            tone = layer.tones[place] if layer.tones else Tone.PLAIN
            drawn = "".join(
                BAR if ends[0] <= step <= ends[1] and value != low else ACROSS if step in across else " "
                for step in range(length)
            )
            head = _cut(name, left - 1) if number == 0 else ""
            yield (head.ljust(left), Tone.PLAIN), (drawn, tone), (shown[layer.name, place].rjust(right), Tone.PLAIN)
    if chart.rules:
        named = ", ".join(f"{rule.label} {say(rule.at, chart.unit, like)}" for rule in chart.rules)
        yield ((f"{' ' * left}{ACROSS} {named}", Tone.QUIET),)


def _spans(chart: Chart, wording: Wording, room: int) -> Iterator[Spans]:
    """A line a place: its value between the ends of its interval, with rules through all of them, and a scale above."""
    layer = main_layer(chart)
    known = [one for one in (*layer.values, *layer.low, *layer.high) if one is not None] + [
        rule.at for rule in chart.rules
    ]
    like = chart.like if chart.like is not None else max(known, key=abs)
    left = min(max(map(cell_len, chart.places)), LONGEST_NAME) + 1
    length = max(SHORTEST_BAR, min(LONGEST_SPAN, room - left - 1))
    scale = _Scale(min(known), max(known), length)
    say = _formatter(chart, wording)
    low, high = (say(end, chart.unit, like) for end in (scale.low, scale.high))
    yield ((" " * left + low + " " * max(length - cell_len(low) - cell_len(high), 1) + high, Tone.QUIET),)
    across = {scale.at(rule.at) for rule in chart.rules}
    for place, name in enumerate(chart.places):
        value, ends = layer.values[place], (layer.low[place], layer.high[place])
        cells = [ACROSS if step in across else " " for step in range(length)]
        if value is not None and ends[0] is not None and ends[1] is not None:
            first, last = scale.at(ends[0]), scale.at(ends[1])
            cells[first : last + 1] = ["─"] * (last - first + 1)
            cells[first], cells[last], cells[scale.at(value)] = "├", "┤", POINT
        tone = layer.tones[place] if layer.tones else Tone.PLAIN
        yield (_cut(name, left - 1).ljust(left), Tone.PLAIN), ("".join(cells), tone)


def _cut(name: str, width: int) -> str:
    """A name of a group with its end left out where it is longer than there is room for."""
    return name if cell_len(name) <= width else f"{name[: width - 2]}.."
