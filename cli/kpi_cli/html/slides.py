"""A slide: charts side by side under the finding, drawn so that it is read from the back of a room.

A unit is a point of a slide that is 13⅓ inches wide. Its colours stand in it, so that it looks the same wherever it is shown.
"""

import textwrap
from collections.abc import Iterator
from importlib.resources import files
from math import ceil
from xml.etree.ElementTree import Element, tostring

from kpi_cli.documents.blocks import Line, Panel, Slide, Tone
from kpi_cli.documents.wording import Wording
from kpi_cli.html.charts import spoken
from kpi_cli.html.elements import element
from kpi_cli.html.over_time import Room, over_time
from kpi_core.records import dataclass

WIDTH, HEIGHT, MARGIN, GAP = 960.0, 540.0, 32.0, 32.0
"""Units of a slide, of what is free around it, and of what is free between its charts."""
COLUMNS = {1: 1, 2: 2, 3: 2, 4: 2, 5: 3, 6: 3}
"""Charts side by side, by how many there are."""
LARGER = {1: 1.4, 2: 1.2, 3: 1.0, 4: 1.0, 5: 1.0, 6: 1.0}
"""How much larger a chart is drawn than on a page, by how many there are."""
TONES = {Tone.GOOD: "better", Tone.BAD: "worse", Tone.WARNING: "warn", Tone.QUIET: "muted"}
LEADING = 1.3
"""Units from a line to the next, for each of its letters' height."""


@dataclass(frozen=True)
class _Type:
    """Letters: the class they have in the style, their height in units, and the width of an average one for its height in the widest of the fonts."""

    name: str
    size: float
    width: float


HEADLINE, SUBTITLE = _Type("headline", 22.0, 0.64), _Type("subtitle", 14.0, 0.58)
HEAD, LEAD, FOOT = _Type("head", 14.0, 0.64), _Type("lead", 12.0, 0.58), _Type("foot", 10.5, 0.58)


@dataclass(frozen=True)
class _Box:
    """A place on the slide, in its units."""

    left: float
    top: float
    width: float
    height: float


def slide(found: Slide, wording: Wording) -> str:
    """The slide as a picture that stands alone (SVG)."""
    width = WIDTH - 2 * MARGIN
    headline, top = _written(found.title, HEADLINE, _Box(MARGIN, MARGIN - 10, width, 0))
    subtitle, top = _written(Line(found.subtitle), SUBTITLE, _Box(MARGIN, top + 4, width, 0))
    lines = sum(len(_wrapped(line, FOOT, width)) for line in found.foot)
    bottom = HEIGHT - MARGIN / 2 - lines * FOOT.size * LEADING
    foot, at = [], bottom
    for line in found.foot:
        drawn, at = _written(line, FOOT, _Box(MARGIN, at, width, 0))
        foot += drawn
    boxes = _boxes(len(found.panels), _Box(MARGIN, top + 12, width, bottom - top - 20))
    is_alone = len(found.panels) == 1
    panels, words = [], []
    for panel, box in zip(found.panels, boxes, strict=True):
        shapes, like = _panel(panel, box, wording, LARGER[len(found.panels)], is_alone=is_alone)
        panels += shapes
        words.append(spoken(panel.chart, wording, like))
    root = element(
        "svg", element("title", found.title.text, id="slide-title"), element("desc", " ".join(words), id="slide-description"),
        element("style", _style(is_dark=found.is_dark)), element("rect", class_="ground", x=0, y=0, width=WIDTH, height=HEIGHT),
        *headline, *subtitle, *panels, *foot, viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}", width=f"{WIDTH:.0f}", height=f"{HEIGHT:.0f}",
        role="img", aria_labelledby="slide-title slide-description",
    )  # fmt: skip
    root.set("xmlns", "http://www.w3.org/2000/svg")
    return tostring(root, encoding="unicode") + "\n"


def _style(*, is_dark: bool) -> str:
    names = ["picture.css", "slide.css", *(["slide_dark.css"] if is_dark else [])]
    return "".join(files("kpi_cli.html").joinpath(name).read_text("utf-8") for name in names)


def _boxes(count: int, whole: _Box) -> Iterator[_Box]:
    """Where each chart stands, row by row."""
    columns = COLUMNS[count]
    rows = ceil(count / columns)
    width, height = (whole.width - GAP * (columns - 1)) / columns, (whole.height - GAP / 2 * (rows - 1)) / rows
    for place in range(count):
        row, column = divmod(place, columns)
        yield _Box(whole.left + column * (width + GAP), whole.top + row * (height + GAP / 2), width, height)


def _panel(panel: Panel, box: _Box, wording: Wording, larger: float, *, is_alone: bool) -> tuple[list[Element], float]:
    """A chart with its name and what it shows, which a chart alone has above it; and the duration whose unit its values are said in."""
    drawn: list[Element] = []
    top = box.top
    if not is_alone:
        drawn, top = _written(Line(" · ".join(filter(None, (panel.chart.title, panel.unit)))), HEAD, box)
    scale, _, like = over_time(panel.chart, wording, Room(box.width, box.height, has_axis=True))
    scaled = " · ".join(filter(None, (panel.unit if is_alone else "", scale)))
    for line in (panel.lead, Line(scaled, Tone.QUIET) if scaled else None):
        if line is not None:
            more, top = _written(line, LEAD, _Box(box.left, top + 1, box.width, 0))
            drawn += more
    room = Room(box.width / larger, (box.top + box.height - top) / larger, has_axis=True)
    _, shapes, _ = over_time(panel.chart, wording, room)
    return [*drawn, element("g", *shapes, transform=f"translate({box.left:.1f} {top:.1f}) scale({larger})")], like


def _written(line: Line, kind: _Type, box: _Box) -> tuple[list[Element], float]:
    """A sentence from the top of a box on, over as many lines as it takes, and where the last ends."""
    named = f"{kind.name} {TONES.get(line.tone, '')}".strip()
    rows = _wrapped(line, kind, box.width)
    step = kind.size * LEADING
    drawn = [
        element("text", words, x=box.left, y=box.top + row * step + kind.size * 0.95, class_=named)
        for row, words in enumerate(rows)
    ]
    return drawn, box.top + len(rows) * step


def _wrapped(line: Line, kind: _Type, width: float) -> list[str]:
    """The lines of a sentence, broken where a space lets them, and nowhere in a figure with its unit."""
    words = f"{line.sign} {line.text}".strip()
    room = max(int(width / (kind.size * kind.width)), 1)
    # `textwrap` breaks at ASCII's blanks alone, so that `72 %` stays together.
    return textwrap.wrap(words, room, break_on_hyphens=False) or [""]
