"""An answer as a picture of its own (SVG), for a slide or a page: its slide, or the first chart of an answer that has none.

Its colours stand in it, so that it looks the same wherever it is shown.
"""

from importlib.resources import files
from typing import TextIO

from kpi_cli import terminal
from kpi_cli.documents.blocks import Chart
from kpi_cli.documents.document import Document
from kpi_cli.html.charts import picture
from kpi_cli.html.slides import slide
from kpi_core.errors import KpiError


def write(document: Document, target: TextIO, color: terminal.Color) -> None:
    """Writes the picture.

    Raises:
        KpiError: the answer has no chart.
    """
    target.write(drawing(document))


def drawing(document: Document) -> str:
    """The picture.

    Raises:
        KpiError: the answer has no chart.
    """
    if (shown := document.slide()) is not None:
        return slide(shown, document.wording)
    story = document.story()
    charts = (block for part in story.parts for block in part.blocks if isinstance(block, Chart))
    style = files("kpi_cli.html").joinpath("picture.css").read_text("utf-8")
    drawn = next((found for chart in charts if (found := picture(chart, story.title, document.wording, style))), None)
    if drawn is None:
        raise KpiError("this answer has no chart", hint="`kundpuls trend KPI FILES` draws one")
    return drawn
