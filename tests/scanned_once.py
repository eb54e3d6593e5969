"""A file that many tests of a module ask about is scanned once: for tests of what is done with what was read."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.read import Part, Scanned, scan_file

Scans = dict[object, tuple[Scanned | Part, ...]]


def remembering(known: Scans) -> Callable[..., tuple[Scanned | Part, ...]]:
    """`scan_file` that knows the files it has scanned, by their bytes and all that is asked of them.

    What a mapping by name says may change from one test to the next: those are scanned each time.
    """

    def scan(
        item: Input, choices: Choices, texts: frozenset[str], *, is_alone: bool = True
    ) -> tuple[Scanned | Part, ...]:
        if choices.mapping is not None:
            return scan_file(item, choices, texts, is_alone=is_alone)
        content = sha256(item.path.read_bytes()).digest()
        key = (item, Path.cwd(), content, repr(choices), texts, is_alone)
        if key not in known:
            known[key] = scan_file(item, choices, texts, is_alone=is_alone)
        return known[key]

    return scan
