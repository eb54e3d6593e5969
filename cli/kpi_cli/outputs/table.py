"""Any document for a terminal, a pipe or a mail: lines as wide as there is room, never anything of the data acted upon.

Colour only repeats what a sign or a word says.
"""

from collections.abc import Sequence
from typing import TextIO

from kpi_cli import terminal
from kpi_cli.documents.blocks import Tone
from kpi_cli.documents.document import Document
from kpi_cli.layout import Layout, Spans

STYLES = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.GOOD: "bold blue",
    Tone.BAD: "bold yellow",
    Tone.WARNING: "reverse",
    Tone.QUIET: "dim",
}
"""Blue and yellow, which readers with red-green colour blindness can distinguish."""


def write(document: Document, target: TextIO, color: terminal.Color) -> None:
    """Writes the document's page."""
    from rich.text import Text

    console = terminal.console(target, color)
    console.width = terminal.NATURAL
    with console.capture() as written:
        for spans in Layout(target, document.wording).lines(document.page()):
            console.print(Text.assemble(*((words, STYLES[tone]) for words, tone in _trimmed(spans))), soft_wrap=True)
    target.write(written.get())


def _trimmed(spans: Spans) -> Sequence[tuple[str, Tone]]:
    """Without blanks at the end."""
    kept = list(spans)
    while kept and not kept[-1][0].strip():
        kept.pop()
    if kept:
        kept[-1] = (kept[-1][0].rstrip(), kept[-1][1])
    return kept
