"""Text in another encoding, or with line ends of its own, copied to UTF-8 piece by piece: the scan reads nothing else."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from kpi_core.ingest.files.spool import copying
from kpi_core.ingest.files.text.dialect import SAMPLE_BYTES, Dialect, undecodable


def transcoded(path: Path, name: str, dialect: Dialect) -> Path:
    """A temporary copy of a text in UTF-8 with line feeds; it goes away with the process.

    Raises:
        ExportError: bytes that are no text in the dialect's encoding, with their line.
    """
    with copying(".csv") as copy:
        for text in _texts(path, name, dialect):
            copy.write(text.encode("utf-8"))
    return Path(copy.name)


def _texts(path: Path, name: str, dialect: Dialect) -> Iterator[str]:
    """The file decoded piece by piece, lone carriage returns as line feeds where the dialect has them."""
    decoder = codecs.getincrementaldecoder(dialect.encoding)("strict")
    lines, rest, left = 1, "", dialect.length
    with path.open("rb") as file:
        while True:
            piece = file.read(SAMPLE_BYTES if left is None else min(left, SAMPLE_BYTES))
            left = None if left is None else left - len(piece)
            try:
                text = rest + decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(dialect.encoding, "replace")
                raise undecodable(name, lines + before.count("\n"), dialect.encoding) from error
            except UnicodeError as error:  # UTF-16 without its mark
                raise undecodable(name, lines, dialect.encoding) from error
            if dialect.is_rewritten:
                end = (text.rfind("\n") + 1 or len(text.rstrip("\r \t"))) if piece else len(text)
                rest = text[end:]
                text = dialect.rewritten(text[:end])
            lines += text.count("\n")
            yield text
            if not piece:
                return
