"""An answer as a picture made of pixels (PNG), for slides that take no SVG: the same drawing, in letters that come with what draws it."""

from pathlib import Path
from xml.etree.ElementTree import fromstring

from kpi_cli import terminal
from kpi_cli.documents.blocks import Slide
from kpi_cli.documents.document import Document
from kpi_cli.outputs.svg import drawing
from kpi_core.errors import KpiError


def write(document: Document, target: Path, color: terminal.Color) -> None:
    """Draws the picture to a path, as wide as the answer's slide asks for.

    Raises:
        KpiError: the answer has no chart, or what draws it is not installed.
    """
    drawn = drawing(document)
    found = document.slide()
    width = Slide.width if found is None else found.width
    target.write_bytes(pixels(drawn, width))


def pixels(drawn: str, width: int) -> bytes:
    """A drawing of ours (SVG) as PNG, so many pixels across.

    Raises:
        KpiError: what draws it is not installed.
    """
    try:
        from vl_convert import svg_to_png
    except ImportError:
        hint = "pip install 'kundpuls[png]', or write the same picture as -o chart.svg"
        raise KpiError("a PNG needs vl-convert-python, which is not installed", hint=hint) from None
    return svg_to_png(drawn, scale=width / float(fromstring(drawn).attrib["width"]))
