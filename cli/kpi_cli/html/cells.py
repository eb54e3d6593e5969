"""Cells and lines as elements. A value carries what it is for programs (`data value`), so that a page can be read back."""

from xml.etree.ElementTree import Element

from kpi_cli.documents.blocks import Amount, Cell, Line, Series, Status, Tone
from kpi_cli.documents.records.report import number
from kpi_cli.documents.wording import Wording
from kpi_cli.html.charts import sparkline
from kpi_cli.html.elements import element
from kpi_cli.layout import text, tone

CLASSES = {
    Tone.PLAIN: None,
    Tone.STRONG: "strong",
    Tone.GOOD: "better",
    Tone.BAD: "worse",
    Tone.WARNING: "warn",
    Tone.QUIET: "muted",
}
"""A tone's class: colour repeats what a sign or a word says."""


def cell(value: Cell, wording: Wording, own: Tone = Tone.PLAIN) -> Element | str:
    """A cell; plain text where it has no tone and is no number. `own` is the tone of its column."""
    match value:
        case Series():
            return sparkline(value) if sum(one is not None for one in value.values) > 1 else ""
        case Status():
            return status(value)
        case Amount() if value.value is not None:
            mark = "" if value.status is None else f" {value.status.sign}"
            words = text(value, wording).removesuffix(mark)
            sign = None if value.status is None else element("span", mark, class_=CLASSES[value.status.tone])
            return element("data", words, sign, value=str(number(value.value, value.unit)), class_=CLASSES[value.tone])
        case _:
            named = CLASSES[tone(value) if tone(value) is not Tone.PLAIN else own]
            words = text(value, wording)
            return element("span", words, class_=named) if named and words else words


def status(value: Status) -> Element:
    """A sign that is skipped when read aloud, and the word that says the same."""
    sign = element("span", value.sign + (" " if value.word else ""), aria_hidden="true" if value.word else None)
    return element("span", sign, value.word, class_=CLASSES[value.tone])


def line(value: Line) -> tuple[Element | None, Element]:
    """A sentence, with its sign apart from it."""
    sign = element("span", value.sign, class_=CLASSES[value.tone], aria_hidden="true") if value.sign else None
    quiet = CLASSES[value.tone] if value.tone in (Tone.QUIET, Tone.WARNING) else None
    return sign, element("span", value.text, class_=quiet)
