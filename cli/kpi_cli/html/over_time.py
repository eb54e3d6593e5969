"""Charts over time: places from left to right, limits as a band, rules across with their names, what happened as dotted lines.

On a page the scale is said in words; on a slide, which has room, it stands at the left with its unit.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from xml.etree.ElementTree import Element

from kpi_cli.documents.blocks import Chart, Layer, Mark, Moment, Rule, Tone
from kpi_cli.documents.chart_range import ChartRange, chart_range
from kpi_cli.documents.wording import Wording
from kpi_cli.html.elements import element
from kpi_cli.html.scales import (
    BOLD_LETTER,
    CLASSES,
    LABEL_LETTER,
    LEAST_APART,
    LETTER,
    Scale,
    apart,
    formatter,
    known_values,
    shortened,
)
from kpi_core.model.kpi import Unit
from kpi_core.records import dataclass

TICK_ROOM = 24.0
"""Units between values at the left of a chart, at least."""
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
TIMES = (
    *(MINUTE * n for n in (1, 2, 5, 10, 15, 30)), *(HOUR * n for n in (1, 2, 3, 6, 12)), *(DAY * n for n in (1, 2, 5, 10, 20, 50, 100, 200)),
)  # fmt: skip
"""Steps between times, in seconds, that a reader can count with."""


@dataclass(frozen=True)
class Room:
    """The units that a chart over time has.

    Attributes:
        has_axis: whether values are named at its left, and its limits at its right.
    """

    width: float
    height: float
    has_axis: bool = False


PAGE = Room(340.0, 190.0)
"""On a page, where a unit is about a pixel."""


@dataclass(frozen=True)
class _Lines:
    """What stands where: places from left to right, values from the bottom up, and the right end of the drawing."""

    x: Scale
    y: Scale
    right: float


def over_time(chart: Chart, wording: Wording, room: Room = PAGE) -> tuple[str, list[Element], float]:
    """The words about its scale, what is drawn, and the duration whose unit its values are said in; a line goes through what follows on one another."""
    reach = chart_range(chart)
    low, high = reach.low, reach.high
    starts_at_zero = chart.unit is Unit.SECONDS and low >= 0
    spare = (high - low or abs(high) or 1.0) * 0.06
    low, high = (0.0 if starts_at_zero else low - spare), high + spare
    like = chart.like if chart.like is not None else max(known_values(chart), key=abs)
    say = formatter(chart, wording, like)
    shown = [layer for layer in chart.layers if layer.mark is not Mark.BAND]
    labels = [(_last(layer), say(_last(layer)), "strong") for layer in shown[:1] if chart.is_over_time]
    labels += [(rule.at, f"{rule.label} {say(rule.at)}".strip(), "muted") for rule in chart.rules if rule.label]
    if room.has_axis:
        named_limits, rows = _limits(chart, reach, say), (room.height - 44) / LEAST_APART - len(chart.moments)
        # Where there is no room for all, the band and the scale say where they are.
        labels += named_limits if len(labels) + len(named_limits) <= rows else []
    letters = {"strong": BOLD_LETTER}
    widest = max((len(words) * letters.get(named, LABEL_LETTER) for _, words, named in labels), default=0)
    right = room.width - widest - 12
    ends = (0.0 if starts_at_zero else reach.low, reach.high)
    ticks = _round(*ends, chart.unit, min(int((room.height - 40) / TICK_ROOM), 7)) if room.has_axis else []
    named_ticks = _distinct([(one, tick(chart, wording, one, like, ticks)) for one in ticks])
    left = 8 + max((len(words) * LETTER + 6 for _, words in named_ticks), default=0)
    x = Scale(0, max(len(chart.places) - 1, 1), left, right)
    lanes = _lanes(chart.moments, x, room) if room.has_axis else [0] * len(chart.moments)
    top = 16 + LEAST_APART * max(lanes, default=0)
    lines = _Lines(x, Scale(low, high, room.height - 24, top), right)
    drawn: list[Element] = []
    for layer in chart.layers:
        if layer.mark is Mark.BAND:
            drawn += _band(layer, lines, reach)
    for value, words in named_ticks:
        at = lines.y.at(value)
        drawn.append(element("line", class_="grid", x1=left - 4, x2=right + 4, y1=at, y2=at))
        drawn.append(element("text", words, x=left - 8, y=at + 4, class_="muted tick", text_anchor="end"))
    drawn += _rules(chart.rules, lines, left)
    for moment, lane in zip(chart.moments, lanes, strict=True):
        drawn += _moment(x.at(moment.at), moment.label, lines, room, 10 + LEAST_APART * lane)
    for layer in shown:
        drawn += [*(_line(layer.values, lines) if chart.is_over_time else ()), *_dots(layer, lines)]
    heights = apart([lines.y.at(value) for value, _, _ in labels], room.height - 28)
    for (_, words, named), height in zip(labels, heights, strict=True):
        drawn.append(element("text", words, x=right + 10, y=height + 4, class_=named))
    drawn += _ticks(chart.places, x, room.height - 6)
    scale = "" if starts_at_zero or room.has_axis else wording.word("chart_scale", low=say(reach.low), high=say(reach.high))  # fmt: skip
    if reach.limit is not None:
        scale = wording.word("chart_limit_beyond", limit=say(reach.limit))
    return scale, drawn, like


def _rules(rules: Sequence[Rule], lines: _Lines, left: float) -> Iterator[Element]:
    for rule in rules:
        named, at = "mean" if rule.tone is Tone.QUIET else "target", lines.y.at(rule.at)
        yield element("line", class_=named, x1=left - 4, x2=lines.right + 4, y1=at, y2=at)


def _limits(chart: Chart, reach: ChartRange, say: Callable[[float | None], str]) -> list[tuple[float, str, str]]:
    """Both limits at the newest place, named; the upper one where it goes on beyond the picture is said apart."""
    found: list[tuple[float, str, str]] = []
    for layer in chart.layers:
        if layer.mark is Mark.BAND:
            ends = (layer.values[-1], layer.low[-1])
            found += [
                (end, f"{layer.name} {say(end)}", "muted") for end in ends if end is not None and end <= reach.high
            ]
    return found


def _last(layer: Layer) -> float:
    return next(value for value in reversed(layer.values) if value is not None)


def _round(low: float, high: float, unit: Unit, most: int) -> list[float]:
    """Round values between two, at most `most` of them where those are two or more."""
    span = high - low
    if span <= 0:
        return [low]
    size = 10.0 ** (math.floor(math.log10(span)) - 2)
    steps = TIMES if unit is Unit.SECONDS else [size * 10.0**power * n for power in range(4) for n in (1, 2, 5)]
    found: list[float] = []
    for step in steps:
        if unit is Unit.COUNT and step < 1:
            continue
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last <= first:
            break
        found = [step * n for n in range(first, last + 1)]
        if len(found) <= most:
            break
    return found if len(found) <= max(most, 4) else []


def tick(chart: Chart, wording: Wording, value: float, like: float, ticks: Sequence[float]) -> str:
    """A value at the left, with as many digits as tell it from its neighbours."""
    apart_by = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    match chart.unit:
        case Unit.SHARE if not chart.is_of_changes:
            return wording.percent(value, 0 if apart_by >= 0.01 - 1e-9 else 1)
        case Unit.SCORE | Unit.RATIO | Unit.MONEY if not chart.is_of_changes:
            return wording.number(value, max(0, math.ceil(-math.log10(apart_by) - 1e-9)))
        case _:
            return formatter(chart, wording, like)(value)


def _distinct(named: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Those whose words no other has: two lines of one name would say that a value lies at two heights."""
    words = [one for _, one in named]
    return [(value, one) for value, one in named if words.count(one) == 1]


def _band(layer: Layer, lines: _Lines, reach: ChartRange) -> Iterator[Element]:
    """Both limits as an area, up to the edge of the picture where the upper one goes on beyond it."""
    x, y = lines.x, lines.y
    for run in _runs([one if low is not None else None for one, low in zip(layer.values, layer.low, strict=True)]):
        above = [f"{x.at(place):.1f},{y.at(reach.within(layer.values[place] or 0.0)):.1f}" for place in run]
        below = [f"{x.at(place):.1f},{y.at(layer.low[place] or 0.0):.1f}" for place in reversed(run)]
        yield element("polygon", class_="band", points=" ".join((*above, *below)))


def _line(values: Sequence[float | None], lines: _Lines) -> Iterator[Element]:
    return line(values, lines.x, lines.y)


def line(values: Sequence[float | None], x: Scale, y: Scale) -> Iterator[Element]:
    """A line through the values, broken where one is missing."""
    for run in _runs(values):
        if len(run) > 1:
            points = " ".join(f"{x.at(place):.1f},{y.at(values[place] or 0.0):.1f}" for place in run)
            yield element("polyline", class_="ln", points=points)


def _dots(layer: Layer, lines: _Lines) -> Iterator[Element]:
    tones = layer.tones or (Tone.PLAIN,) * len(layer.values)
    last = max((place for place, value in enumerate(layer.values) if value is not None), default=-1)
    for place, (value, tone) in enumerate(zip(layer.values, tones, strict=True)):
        if value is not None:
            named = CLASSES.get(tone, "ink" if place == last else "")
            radius = 4.4 if tone in CLASSES else 3.4 if place == last else 2.4
            yield element("circle", class_=f"dot {named}".strip(), cx=lines.x.at(place), cy=lines.y.at(value), r=radius)


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


def _lanes(moments: Sequence[Moment], x: Scale, room: Room) -> list[int]:
    """The row that the name of each moment stands in, the first that has room for it, so that no name is crossed by another's line."""
    taken: list[list[tuple[float, float]]] = []
    lanes = [0] * len(moments)
    spans = []
    for place, moment in enumerate(moments):
        at, size = x.at(moment.at), len(moment.label) * LABEL_LETTER
        is_left = _is_left(at, size, x.end, room)
        spans.append(
            (is_left, -at if is_left else at, place, (max(at - size, 0.0), at) if is_left else (at, at + size))
        )
    for _, _, place, (begin, end) in sorted(spans):
        free = (lane for lane, row in enumerate(taken) if all(end < one or begin > other for one, other in row))
        lanes[place] = next(free, len(taken))
        taken += [[]] if lanes[place] == len(taken) else []
        taken[lanes[place]].append((begin, end))
    return lanes


def _is_left(at: float, size: float, right: float, room: Room) -> bool:
    """Whether the name of a moment stands left of its line: on a page by its half, on a slide where it has no room at the right but at the left."""
    if not room.has_axis:
        return at > right / 2
    return at + size > room.width and at > room.width - at


def _moment(at: float, label: str, lines: _Lines, room: Room, height: float) -> Iterator[Element]:
    letter = LABEL_LETTER if room.has_axis else LETTER
    is_left = _is_left(at, len(label) * letter, lines.right, room)
    yield element("line", class_="event", x1=at, x2=at, y1=height + 4, y2=room.height - 22)
    label_shown = shortened(label, int((at if is_left else room.width - at) / letter) - (0 if room.has_axis else 1))
    yield element("text", label_shown, x=at, y=height, class_="muted", text_anchor="end" if is_left else "start")


def _ticks(places: Sequence[str], x: Scale, height: float) -> Iterator[Element]:
    """As many names of places as fit side by side without touching, from the last on."""
    last, free = len(places) - 1, math.inf
    for place in range(last, -1, -1):
        width, at = len(places[place]) * LETTER, x.at(place)
        left = at - width if place == last else at if place == 0 else at - width / 2
        if left + width <= free and (left >= 0 or place == 0):
            anchor = "end" if place == last else "start" if place == 0 else "middle"
            yield element("text", places[place], x=at, y=height, class_="muted tick", text_anchor=anchor)
            free = left - LETTER
