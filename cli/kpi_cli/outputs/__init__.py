"""One module an output; the module's name is its `--format`, and `write(report, target, wording)` its only duty.

Text outputs write to an open text stream, `xlsx` to a path. A module is imported when it is asked for.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO, cast

from kpi_cli import __version__
from kpi_cli.documents.wording import Wording
from kpi_core.model.report import Report

if TYPE_CHECKING:
    from kpi_cli.documents.document import Document
    from kpi_cli.documents.page import Page

NAMES = ("table", "json", "ndjson", "csv", "md", "xlsx")
PAGES = frozenset({"table", "md"})
"""The outputs that draw a document."""
BINARY = frozenset({"xlsx"})
"""The outputs that are written to a path."""

_EXTENSIONS = {
    ".txt": "table",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".md": "md",
    ".markdown": "md",
    ".xlsx": "xlsx",
}


ENDINGS = tuple(_EXTENSIONS)
"""The endings of a file that say its format."""


class Writer(Protocol):
    """What every output module offers."""

    def __call__(self, report: Report, target: TextIO | Path, wording: Wording) -> None:
        """Writes the report."""


def by_extension(extension: str) -> str | None:
    """The output a file name's ending asks for (`.xlsx` → `xlsx`); None where it is no output's."""
    return _EXTENSIONS.get(extension.lower())


def page(name: str, document: "Document", target: TextIO, wording: Wording, color: str = "auto") -> None:
    """Draws the document in the output called `name`, one of `PAGES`; colour is the terminal's alone."""
    draw = import_module(f"kpi_cli.outputs.{name}").write
    if name == "table":
        draw(document, target, wording, color=color)
    else:
        draw(document, target, wording)


def writer(name: str) -> Writer:
    """The `write` of the output called `name`, one of `NAMES`."""
    return cast("Writer", import_module(f"kpi_cli.outputs.{name}").write)


def deliver(
    form: str,
    color: str,
    draw: Callable[["Page"], None],
    record: Callable[[], Mapping[str, Any]],
    output: Path | None = None,
    wording: Wording | None = None,
) -> None:
    """Writes an answer as `json` or in an output that draws documents, to stdout or to a file.

    Args:
        draw: puts the answer on a page.
        record: gives its stable form.
        wording: the language of the page; English where none is given.
    """
    from kpi_cli import writing
    from kpi_cli.documents.page import Page
    from kpi_cli.outputs.json import SCHEMA_VERSION, dumped

    with writing.atomic_text(output) as stream:
        if form == "json":
            heading = {"schema_version": SCHEMA_VERSION, "tool": {"name": "kundpuls", "version": __version__}}
            stream.write(dumped({**heading, **record()}, stream, indent=2) + "\n")
            return
        made = Page()
        draw(made)
        page(form, made.document(), stream, wording or Wording(), color)
