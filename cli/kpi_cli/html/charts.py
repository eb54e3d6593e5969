"""Charts as pictures in the page (SVG). What they look like is the style's: one picture serves light, dark and paper.

Each says aloud what it shows: its values by place, and its limits. Lines need not begin at 0, bars and times do.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element, tostring

from kpi_cli.documents.blocks import Across, Amount, Chart, Layer, Mark, Series, Tone
from kpi_cli.documents.chart_range import ChartRange, chart_range
from kpi_cli.documents.chart_table import main_layer
from kpi_cli.documents.wording import Wording
from kpi_cli.html.elements import element
from kpi_cli.layout import text
from kpi_core.model.kpi import Unit
from kpi_core.records import dataclass

WIDTH, HEIGHT = 340.0, 190.0
"""Units of a chart over time; on a page a unit is about a pixel."""
LETTER = 6.2
"""Units of an average letter."""
LABEL_LETTER = 7.3
"""Units of an average letter of a label, in the widest of the fonts that a page may be shown in: a label that is cut tells nothing."""
BOLD_LETTER = 8.0
"""And of a bold one."""
TITLE_LETTER = 7.6
"""Units of an average letter of a title."""
HEAD = 40.0
"""Units that a picture's title and scale take."""
LEAST_APART = 13.0
"""Units between labels above one another."""
ROW = 24.0
"""Units of a row of bars."""
LONGEST_NAME = 20
"""Letters of a name next to a bar."""
CLASSES = {Tone.GOOD: "better", Tone.BAD: "worse", Tone.STRONG: "ink", Tone.WARNING: "ink"}


@dataclass(frozen=True)
class _Scale:
    """From values to units, which may run downwards."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        span = self.high - self.low
        return self.start + (self.end - self.start) * ((value - self.low) / span if span else 0.5)


def figure(chart: Chart, wording: Wording) -> Element | None:
    """The chart with its title and scale; None for one without a value."""
    found = _drawn(chart, wording)
    if found is None:
        return None
    scale, drawing = found
    caption = element("figcaption", chart.title, element("span", scale) if scale else None)
    notes = [element("p", one.text, class_="small muted") for one in chart.notes]
    return element("figure", caption if chart.title or scale else None, drawing, *notes)


def picture(chart: Chart, title: str, wording: Wording, style: str) -> str | None:
    """The chart as a picture that stands alone, under `title` where it has none of its own; None for one without a value."""
    found = _drawn(chart, wording)
    if found is None:
        return None
    scale, drawing = found
    _, _, width, height = (float(one) for one in drawing.get("viewBox", "").split())
    heads = [element("text", chart.title or title, x=0, y=12, class_="title")]
    heads += [element("text", scale, x=0, y=28, class_="muted")] if scale else []
    across = max(width, len(chart.title or title) * TITLE_LETTER)
    drawing.set("viewBox", f"-12 -12 {across + 24:.0f} {height + HEAD + 24:.0f}")
    drawing.set("width", f"{across + 24:.0f}")
    drawing.set("height", f"{height + HEAD + 24:.0f}")
    drawing.set("xmlns", "http://www.w3.org/2000/svg")
    shapes = list(drawing)[2:]  # behind its title and what it says aloud
    for shape in shapes:
        drawing.remove(shape)
    ground = element("rect", class_="ground", x=-12, y=-12, width=across + 24, height=height + HEAD + 24)
    drawing.extend(
        (element("style", style), ground, *heads, element("g", *shapes, transform=f"translate(0 {HEAD:.0f})"))
    )
    return tostring(drawing, encoding="unicode") + "\n"


def _drawn(chart: Chart, wording: Wording) -> tuple[str, Element] | None:
    """The words about its scale, and the chart; None for one without a value."""
    if not any(value is not None for layer in chart.layers for value in layer.values):
        return None
    if chart.across is not None:
        return _scattered(chart, chart.across, wording)
    draw = {Mark.BAR: _bars, Mark.SPAN: _spans}.get(main_layer(chart).mark, _over_time)
    return draw(chart, wording)


def sparkline(series: Series) -> Element:
    """Values over time drawn small, with what they usually are as a band; read aloud it is the table's other cells that count."""
    known = [value for value in series.values if value is not None]
    ends = [*known, *(one for one in (series.low, series.high) if one is not None)]
    x, y = _Scale(0, max(len(series.values) - 1, 1), 3, 137), _Scale(min(ends), max(ends), 31, 3)
    band = None
    if series.low is not None and series.high is not None:
        top, bottom = y.at(series.high), y.at(series.low)
        band = element("rect", class_="band", x=0, y=top, width=140, height=max(bottom - top, 0.5))
    last = max(place for place, value in enumerate(series.values) if value is not None)
    dot = element("circle", class_="dot ink", cx=x.at(last), cy=y.at(series.values[last] or 0.0), r=2.6)
    return element("svg", band, *_line(series.values, x, y), dot, class_="spark", viewBox="0 0 140 34", aria_hidden="true")  # fmt: skip


# Over time


def _over_time(chart: Chart, wording: Wording) -> tuple[str, Element]:
    """Places from left to right: limits as a band, rules across with their names at the right, what happened as a dotted line; a line through what follows on one another."""
    known, reach = list(_known(chart)), chart_range(chart)
    low, high = reach.low, reach.high
    starts_at_zero = chart.unit is Unit.SECONDS and low >= 0
    room = (high - low or abs(high) or 1.0) * 0.06
    low, high = (0.0 if starts_at_zero else low - room), high + room
    like = chart.like if chart.like is not None else max(known, key=abs)
    say = _formatter(chart, wording, like)
    shown = [layer for layer in chart.layers if layer.mark is not Mark.BAND]
    labels = [(_last(layer), say(_last(layer)), "strong") for layer in shown[:1] if chart.is_over_time]
    labels += [(rule.at, f"{rule.label} {say(rule.at)}".strip(), "muted") for rule in chart.rules if rule.label]
    letters = {"strong": BOLD_LETTER}
    widest = max((len(words) * letters.get(named, LABEL_LETTER) for _, words, named in labels), default=0)
    right = WIDTH - widest - 12
    x, y = _Scale(0, max(len(chart.places) - 1, 1), 8, right), _Scale(low, high, HEIGHT - 24, 16)
    drawn: list[Element] = []
    for layer in chart.layers:
        if layer.mark is Mark.BAND:
            drawn += _band(layer, x, y, reach)
    for rule in chart.rules:
        named = "mean" if rule.tone is Tone.QUIET else "target"
        drawn.append(element("line", class_=named, x1=4, x2=right + 4, y1=y.at(rule.at), y2=y.at(rule.at)))
    for moment in chart.moments:
        drawn += _moment(x.at(moment.at), moment.label, right)
    for layer in shown:
        drawn += [*(_line(layer.values, x, y) if chart.is_over_time else ()), *_dots(layer, x, y)]
    for (_, words, named), height in zip(labels, _apart([y.at(value) for value, _, _ in labels]), strict=True):
        drawn.append(element("text", words, x=right + 10, y=height + 4, class_=named))
    drawn += _ticks(chart.places, x, HEIGHT - 6)
    scale = "" if starts_at_zero else wording.word("chart_scale", low=say(reach.low), high=say(reach.high))
    if reach.limit is not None:
        scale = wording.word("chart_limit_beyond", limit=say(reach.limit))
    return scale, _picture(chart, drawn, wording, like, HEIGHT)


def _last(layer: Layer) -> float:
    return next(value for value in reversed(layer.values) if value is not None)


def _apart(heights: Sequence[float]) -> list[float]:
    """The same heights, pushed down until no two labels touch, and up again where they would leave the picture."""
    order = sorted(range(len(heights)), key=lambda one: heights[one])
    placed = list(heights)
    for before, one in pairwise(order):
        placed[one] = max(placed[one], placed[before] + LEAST_APART)
    over = max(placed[order[-1]] - (HEIGHT - 28), 0.0) if order else 0.0
    return [height - over for height in placed]


def _band(layer: Layer, x: _Scale, y: _Scale, reach: ChartRange) -> Iterator[Element]:
    """Both limits as an area, up to the edge of the picture where the upper one goes on beyond it."""
    for run in _runs([one if low is not None else None for one, low in zip(layer.values, layer.low, strict=True)]):
        above = [f"{x.at(place):.1f},{y.at(reach.within(layer.values[place] or 0.0)):.1f}" for place in run]
        below = [f"{x.at(place):.1f},{y.at(layer.low[place] or 0.0):.1f}" for place in reversed(run)]
        yield element("polygon", class_="band", points=" ".join((*above, *below)))


def _line(values: Sequence[float | None], x: _Scale, y: _Scale) -> Iterator[Element]:
    """A line through the values, broken where one is missing."""
    for run in _runs(values):
        if len(run) > 1:
            points = " ".join(f"{x.at(place):.1f},{y.at(values[place] or 0.0):.1f}" for place in run)
            yield element("polyline", class_="ln", points=points)


def _dots(layer: Layer, x: _Scale, y: _Scale) -> Iterator[Element]:
    tones = layer.tones or (Tone.PLAIN,) * len(layer.values)
    last = max((place for place, value in enumerate(layer.values) if value is not None), default=-1)
    for place, (value, tone) in enumerate(zip(layer.values, tones, strict=True)):
        if value is not None:
            named = CLASSES.get(tone, "ink" if place == last else "")
            radius = 4.4 if tone in CLASSES else 3.4 if place == last else 2.4
            yield element("circle", class_=f"dot {named}".strip(), cx=x.at(place), cy=y.at(value), r=radius)


def _runs(values: Sequence[float | None]) -> Iterator[list[int]]:
    run: list[int] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _moment(at: float, label: str, right: float) -> Iterator[Element]:
    is_late = at > right / 2
    yield element("line", class_="event", x1=at, x2=at, y1=14, y2=HEIGHT - 22)
    label_shown = _shortened(label, int((at if is_late else WIDTH - at) / LETTER) - 1)
    yield element("text", label_shown, x=at, y=10, class_="muted", text_anchor="end" if is_late else "start")


def _ticks(places: Sequence[str], x: _Scale, height: float) -> Iterator[Element]:
    """As many names of places as fit side by side without touching, from the last on."""
    last, free = len(places) - 1, math.inf
    for place in range(last, -1, -1):
        width, at = len(places[place]) * LETTER, x.at(place)
        left = at - width if place == last else at if place == 0 else at - width / 2
        if left + width <= free and (left >= 0 or place == 0):
            anchor = "end" if place == last else "start" if place == 0 else "middle"
            yield element("text", places[place], x=at, y=height, class_="muted tick", text_anchor=anchor)
            free = left - LETTER


# Points by two numbers


def _scattered(chart: Chart, across: Across, wording: Wording) -> tuple[str, Element]:
    """Points by two numbers, each with its name; what is left of the edge and above the rule is tinted."""
    layer = main_layer(chart)
    ends = [0.0, *_known(chart)]
    say = _formatter(chart, wording, max(ends, key=abs))
    x, y = _Scale(0.0, 100.0, 8, WIDTH - 8), _Scale(0.0, max(ends) * 1.12 or 1.0, HEIGHT - 24, 16)
    edge, floor = x.at(across.edge), y.at(max((rule.at for rule in chart.rules), default=0.0))
    drawn = [
        element("rect", class_="band", x=x.start, y=y.end, width=edge - x.start, height=floor - y.end),
        element("line", class_="mean", x1=x.start, x2=x.end, y1=y.start, y2=y.start),
    ]
    for rule in chart.rules:
        drawn.append(element("line", class_="target", x1=x.start, x2=x.end, y1=y.at(rule.at), y2=y.at(rule.at)))
        words = f"{rule.label} {say(rule.at)}".strip()
        drawn.append(element("text", words, x=x.end, y=y.at(rule.at) - 4, class_="muted", text_anchor="end"))
    tones = layer.tones or (Tone.PLAIN,) * len(layer.values)
    known = [place for place, value in enumerate(layer.values) if value is not None]
    heights = _apart([y.at(layer.values[place] or 0.0) for place in known])
    for place, height in zip(known, heights, strict=True):
        value, at = layer.values[place] or 0.0, x.at(across.values[place])
        named = CLASSES.get(tones[place], "")
        drawn.append(element("circle", class_=f"dot {named}".strip(), cx=at, cy=y.at(value), r=4.4 if named else 3.4))
        is_right = at > WIDTH / 2
        words = _shortened(
            f"{chart.places[place]} {say(value)}", int((at if is_right else WIDTH - at) / LABEL_LETTER) - 2
        )
        side = -8 if is_right else 8
        drawn.append(element("text", words, x=at + side, y=height + 4, text_anchor="end" if is_right else "start"))
    drawn += [
        element("text", "0", x=x.start, y=HEIGHT - 6, class_="muted tick"),
        element("text", f"{across.edge:.0f}", x=edge, y=HEIGHT - 6, class_="muted tick", text_anchor="middle"),
        element("text", "100", x=x.end, y=HEIGHT - 6, class_="muted tick", text_anchor="end"),
    ]
    return f"→ {across.name}; ↑ {layer.name}", _picture(chart, drawn, wording, max(ends, key=abs), HEIGHT)


# A row a place


def _bars(chart: Chart, wording: Wording) -> tuple[str, Element]:
    """A bar a place, from 0 or from where it begins."""
    layer = main_layer(chart)
    lows = layer.low or (0.0,) * len(layer.values)
    ends = [one for one in (*layer.values, *lows) if one is not None]
    say, names = _formatter(chart, wording, max(ends, key=abs)), _names(chart.places)
    left = max(map(len, names)) * LETTER + 12
    room = max(len(say(value)) for value in ends) * LETTER + 10
    x = _Scale(min(0.0, *ends), max(0.0, *ends), left + (room if min(ends) < 0 else 0), WIDTH - room)
    tones = layer.tones or (Tone.PLAIN,) * len(layer.values)
    drawn = [element("line", class_="mean", x1=x.at(0), x2=x.at(0), y1=2, y2=ROW * len(names) + 2)]
    for row, (name, value, low, tone) in enumerate(zip(names, layer.values, lows, tones, strict=True)):
        middle = ROW * row + ROW / 2
        drawn.append(element("text", name, x=0, y=middle + 4))
        if value is not None:
            start, end = sorted((x.at(low or 0.0), x.at(value)))
            named = f"bar {CLASSES.get(tone, '')}".strip()
            drawn.append(element("rect", class_=named, x=start, y=middle - 7, width=max(end - start, 1.0), height=14))
            at, anchor = (start - 4, "end") if value < (low or 0.0) else (end + 4, "start")
            drawn.append(element("text", say(value - (low or 0.0) if layer.low else value), x=at, y=middle + 4, class_="strong", text_anchor=anchor))  # fmt: skip
    return "", _picture(chart, drawn, wording, max(ends, key=abs), ROW * len(names) + 4)


def _spans(chart: Chart, wording: Wording) -> tuple[str, Element]:
    """A value with its interval a place, and what it is compared with as a line through all of them."""
    layer = main_layer(chart)
    ends = [*_known(chart), *(one for one in layer.high if one is not None)]
    like = chart.like if chart.like is not None else max(ends, key=abs)
    say, names = _formatter(chart, wording, like), _names(chart.places)
    left = max(map(len, names)) * LETTER + 14
    room = max(len(say(value)) for value in ends) * LETTER + 8
    x = _Scale(min(ends), max(ends), left, WIDTH - room)
    height = ROW * len(names)
    drawn = [
        element("line", class_="mean" if not rule.label else "target", x1=x.at(rule.at), x2=x.at(rule.at), y1=2, y2=height)
        for rule in chart.rules
    ]  # fmt: skip
    tones = layer.tones or (Tone.PLAIN,) * len(layer.values)
    for row, name in enumerate(names):
        value, tone, middle = layer.values[row], tones[row], ROW * row + ROW / 2
        low, high = (side[row] if side else None for side in (layer.low, layer.high))
        drawn.append(element("text", name, x=0, y=middle + 4))
        if low is not None and high is not None:
            drawn.append(element("line", class_="ln", x1=x.at(low), x2=x.at(high), y1=middle, y2=middle))
        if value is not None:
            named = f"dot {CLASSES.get(tone, 'ink')}"
            drawn.append(element("circle", class_=named, cx=x.at(value), cy=middle, r=4))
            drawn.append(element("text", say(value), x=WIDTH, y=middle + 4, text_anchor="end"))
    scale = wording.word("chart_scale", low=say(min(ends)), high=say(max(ends)))
    return scale, _picture(chart, drawn, wording, like, height + 4)


# What all have in common


def _known(chart: Chart) -> Iterator[float]:
    for layer in chart.layers:
        yield from (value for value in (*layer.values, *layer.low) if value is not None)
    yield from (rule.at for rule in chart.rules)


def _formatter(chart: Chart, wording: Wording, like: float) -> Callable[[float | None], str]:
    """How the page says the chart's values."""

    def formatted(value: float | None) -> str:
        return text(Amount(value, chart.unit, like, is_change=chart.is_of_changes), wording)

    return formatted


def _names(places: Iterable[str]) -> list[str]:
    return [_shortened(place, LONGEST_NAME) for place in places]


def _shortened(words: str, letters: int) -> str:
    return words if len(words) <= letters else f"{words[: max(letters - 1, 1)].rstrip()}…"


def _picture(chart: Chart, drawn: Iterable[Element], wording: Wording, like: float, height: float) -> Element:
    """The picture with what it says aloud."""
    layer, say = main_layer(chart), _formatter(chart, wording, like)
    values = ", ".join(
        f"{place} {say(value)}" for place, value in zip(chart.places, layer.values, strict=True) if value is not None
    )
    rules = "; ".join(f"{rule.label} {say(rule.at)}" for rule in chart.rules if rule.label)
    title = element("title", chart.title or layer.name, id=f"{chart.key}-title")
    description = element("desc", f"{layer.name}: {values.rstrip('.')}. {rules}".strip(), id=f"{chart.key}-description")
    return element(
        "svg", title, description, *drawn, class_="chart", viewBox=f"0 0 {WIDTH:.0f} {height:.0f}", role="img",
        aria_labelledby=f"{chart.key}-title {chart.key}-description",
    )  # fmt: skip
