"""A file that many tests ask about is read once: for tests of what is done with what was read."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from kpi_core.ingest.assembly import assembled
from kpi_core.ingest.exports import Dataset
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.read import Part, Scanned, scan_file
from kpi_core.model.findings import Finding

Scans = dict[object, tuple[Scanned | Part, ...]]
Tables = dict[object, tuple[Sequence[Scanned], Dataset]]


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
        folder = None if item.path.is_absolute() else Path.cwd()
        key = (item, folder, content, repr(choices), texts, is_alone)
        if key not in known:
            known[key] = scan_file(item, choices, texts, is_alone=is_alone)
        return known[key]

    return scan


def remembering_tables(known: Tables) -> Callable[..., Dataset]:
    """`assembled` that knows the tables it has made of the same scans, which it keeps: no other may have their identity."""

    def assemble(
        scans: Sequence[Scanned], choices: Choices, texts: frozenset[str], passed: Sequence[Finding]
    ) -> Dataset:
        if choices.mapping is not None:
            return assembled(scans, choices, texts, passed)
        key = (*map(id, scans), repr(choices), texts, repr(passed))
        if key not in known:
            known[key] = ([*scans], assembled(scans, choices, texts, passed))
        return known[key][1]

    return assemble
