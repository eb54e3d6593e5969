"""One module an output: its name is its `--format`, and `write(document, target, color)` its only duty.

Whatever the answer, an output is given a `Document` and asks it for the form that it needs: the page, the record, the rows
or the sheets. A module is imported when it is asked for; nothing is imported for the names.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO, cast

from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_cli.documents.document import Document
    from kpi_cli.terminal import Color


@dataclass(frozen=True, kw_only=True)
class Output:
    """What is known of an output before its module is imported.

    Attributes:
        endings: the endings of files that ask for it, its own first.
        is_binary: whether it is written to a path, so that it cannot go to stdout.
        has_rows: whether it writes a document's rows, of which a report has a long form.
        has_room: whether it shows a document's whole story, with what lies behind its figures.
    """

    endings: tuple[str, ...]
    is_binary: bool = False
    has_rows: bool = False
    has_room: bool = False


OUTPUTS = {
    "table": Output(endings=(".txt",)),
    "text": Output(endings=(".text",)),
    "json": Output(endings=(".json",)),
    "ndjson": Output(endings=(".ndjson", ".jsonl")),
    "csv": Output(endings=(".csv",), has_rows=True),
    "md": Output(endings=(".md", ".markdown")),
    "html": Output(endings=(".html", ".htm"), has_room=True),
    "svg": Output(endings=(".svg",), has_room=True),
    "png": Output(endings=(".png",), is_binary=True, has_room=True),
    "pdf": Output(endings=(".pdf",), is_binary=True, has_room=True),
    "xlsx": Output(endings=(".xlsx",), is_binary=True, has_room=True),
}
"""Every output by its name, which is its module's: the one place where formats are listed."""


class Writer(Protocol):
    """What every output module offers."""

    def __call__(self, document: "Document", target: TextIO | Path, color: "Color") -> None:
        """Writes the document to an open text stream, a binary one to a path; colour is the terminal's alone."""


def names() -> tuple[str, ...]:
    """The names that `--format` takes."""
    return tuple(OUTPUTS)


def endings() -> Iterator[str]:
    """The endings of a file that say its format."""
    return (ending for output in OUTPUTS.values() for ending in output.endings)


def by_extension(extension: str) -> str | None:
    """The output a file name's ending asks for (`.xlsx` → `xlsx`); None where it is no output's."""
    return next((name for name, output in OUTPUTS.items() if extension.lower() in output.endings), None)


def writer(name: str) -> Writer:
    """The `write` of the output called `name`."""
    return cast("Writer", import_module(f"kpi_cli.outputs.{name}").write)


def deliver(document: "Document", name: str, target: Path | None, color: "Color" = "auto") -> None:
    """Writes the document in the output called `name`: to the file `target`, which appears whole or not at all, or to stdout."""
    from kpi_cli import writing

    if OUTPUTS[name].is_binary and target is not None:
        with writing.atomic_path(target) as draft:
            writer(name)(document, draft, color)
        return
    with writing.atomic_text(target) as stream:
        writer(name)(document, stream, color)
