"""Charts as pictures in the page (SVG). What they look like is the style's: one picture serves light, dark and paper.

Each says aloud what it shows: its values by place, and its limits. Lines need not begin at 0, bars and times do.
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from kpi_cli.documents.blocks import Across, Chart, Mark, Series, Tone
from kpi_cli.documents.chart_table import main_layer
from kpi_cli.documents.wording import Wording
from kpi_cli.html.elements import element
from kpi_cli.html.over_time import PAGE, line, over_time
from kpi_cli.html.scales import CLASSES, LABEL_LETTER, LETTER, Scale, apart, formatter, known_values, shortened

WIDTH, HEIGHT = PAGE.width, PAGE.height
"""Units of a chart; on a page a unit is about a pixel."""
TITLE_LETTER = 7.6
"""Units of an average letter of a title."""
HEAD = 40.0
"""Units that a picture's title and scale take."""
ROW = 24.0
"""Units of a row of bars."""
LONGEST_NAME = 20
"""Letters of a name next to a bar."""


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
    match main_layer(chart).mark:
        case Mark.BAR:
            return _bars(chart, wording)
        case Mark.SPAN:
            return _spans(chart, wording)
        case _:
            scale, drawn, like = over_time(chart, wording)
            return scale, _picture(chart, drawn, wording, like, HEIGHT)


def sparkline(series: Series) -> Element:
    """Values over time drawn small, with what they usually are as a band; read aloud it is the table's other cells that count."""
    known = [value for value in series.values if value is not None]
    ends = [*known, *(one for one in (series.low, series.high) if one is not None)]
    x, y = Scale(0, max(len(series.values) - 1, 1), 3, 137), Scale(min(ends), max(ends), 31, 3)
    band = None
    if series.low is not None and series.high is not None:
        top, bottom = y.at(series.high), y.at(series.low)
        band = element("rect", class_="band", x=0, y=top, width=140, height=max(bottom - top, 0.5))
    last = max(place for place, value in enumerate(series.values) if value is not None)
    dot = element("circle", class_="dot ink", cx=x.at(last), cy=y.at(series.values[last] or 0.0), r=2.6)
    return element("svg", band, *line(series.values, x, y), dot, class_="spark", viewBox="0 0 140 34", aria_hidden="true")  # fmt: skip


# Points by two numbers


def _scattered(chart: Chart, across: Across, wording: Wording) -> tuple[str, Element]:
    """Points by two numbers, each with its name; what is left of the edge and above the rule is tinted."""
    layer = main_layer(chart)
    ends = [0.0, *known_values(chart)]
    say = formatter(chart, wording, max(ends, key=abs))
    x, y = Scale(0.0, 100.0, 8, WIDTH - 8), Scale(0.0, max(ends) * 1.12 or 1.0, HEIGHT - 24, 16)
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
    heights = apart([y.at(layer.values[place] or 0.0) for place in known], HEIGHT - 28)
    for place, height in zip(known, heights, strict=True):
        value, at = layer.values[place] or 0.0, x.at(across.values[place])
        named = CLASSES.get(tones[place], "")
        drawn.append(element("circle", class_=f"dot {named}".strip(), cx=at, cy=y.at(value), r=4.4 if named else 3.4))
        is_right = at > WIDTH / 2
        words = shortened(
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
    say, names = formatter(chart, wording, max(ends, key=abs)), _names(chart.places)
    left = max(map(len, names)) * LETTER + 12
    room = max(len(say(value)) for value in ends) * LETTER + 10
    x = Scale(min(0.0, *ends), max(0.0, *ends), left + (room if min(ends) < 0 else 0), WIDTH - room)
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
    ends = [*known_values(chart), *(one for one in layer.high if one is not None)]
    like = chart.like if chart.like is not None else max(ends, key=abs)
    say, names = formatter(chart, wording, like), _names(chart.places)
    left = max(map(len, names)) * LETTER + 14
    room = max(len(say(value)) for value in ends) * LETTER + 8
    x = Scale(min(ends), max(ends), left, WIDTH - room)
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


def _names(places: Iterable[str]) -> list[str]:
    return [shortened(place, LONGEST_NAME) for place in places]


def _picture(chart: Chart, drawn: Iterable[Element], wording: Wording, like: float, height: float) -> Element:
    """The picture with what it says aloud."""
    title = element("title", chart.title or main_layer(chart).name, id=f"{chart.key}-title")
    description = element("desc", spoken(chart, wording, like), id=f"{chart.key}-description")
    return element(
        "svg", title, description, *drawn, class_="chart", viewBox=f"0 0 {WIDTH:.0f} {height:.0f}", role="img",
        aria_labelledby=f"{chart.key}-title {chart.key}-description",
    )  # fmt: skip


def spoken(chart: Chart, wording: Wording, like: float) -> str:
    """A chart for those who do not see it: its values by place, then its rules."""
    layer, say = main_layer(chart), formatter(chart, wording, like)
    values = ", ".join(
        f"{place} {say(value)}" for place, value in zip(chart.places, layer.values, strict=True) if value is not None
    )
    rules = "; ".join(f"{rule.label} {say(rule.at)}" for rule in chart.rules if rule.label)
    return f"{layer.name}: {values.rstrip('.')}. {rules}".strip()
