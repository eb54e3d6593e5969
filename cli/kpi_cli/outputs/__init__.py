"""One module an output; the module's name is its `--format`, and `write(report, target, wording)` its only duty.

Text outputs write to an open text stream, `xlsx` to a path. A module is imported when it is asked for.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO, cast

from kpi_cli.wording import Wording
from kpi_core.model.report import Report

if TYPE_CHECKING:
    from kpi_cli.documents.document import Document

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
