"""What one machine does of a report that several make together: it keeps exports, and scans them, in one state."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from kpi_core.errors import KpiError, UnreadableError
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.columnar.kept import keep
from kpi_core.ingest.files.inputs import Input, Kept, look_for, nothing_left
from kpi_core.ingest.files.opening import check_used, open_export
from kpi_core.ingest.files.raw_export import Kind
from kpi_core.ingest.files.spool import new_folder
from kpi_core.ingest.files.states import KeptFile, State
from kpi_core.ingest.formats.mapping import find_mappings
from kpi_core.ingest.read import scan_file


def partial(
    arguments: Sequence[str], choices: Choices, texts: frozenset[str], progress: Callable[[str], None] = lambda _: None
) -> State:
    """The exports that `arguments` mean as a state: each as it was written, with a scan of it that a merge takes where it asks the same.

    A file that is not understood by itself is kept all the same, for others may show how it is meant; the merge says what is wrong with it then.

    Args:
        arguments: paths, folders, globs, archives, `-`, states.
        choices: what the user settles about reading. How a file is cut into rows is kept; the rest is asked again when states are merged.
        texts: the text columns that the scans hold.
        progress: called with the name of each file before it is read.

    Raises:
        ExportError: a file cannot be read, or an option about cutting files means nothing to any.
        MappingError: a mapping named is none.
    """
    find_mappings(choices.mappings)
    meant = look_for(arguments, choices.options.limits)
    folder, aside = new_folder(), list(meant.set_aside)
    (scans := folder / "scans").mkdir()
    files, kinds = list[KeptFile](), set[Kind]()
    for item in meant.files:
        progress(item.name)
        try:
            with item.unchanged():
                raw = open_export(item, choices.options)
                meta = keep(raw, rows := folder / f"{len(files)}.parquet")
        except UnreadableError as error:
            if item.is_named:
                raise
            aside.append(error)
        else:
            files.append(KeptFile(name=item.name, is_named=item.is_named, meta=meta, rows=rows))
            kinds.add(raw.kind)
    if not files:
        raise nothing_left(aside)
    check_used(kinds, choices.options)
    for one in files:
        kept = Kept(meta=one.meta, rows=(one.rows,), scans=scans, takes_new=True)
        with suppress(KpiError):
            scan_file(Input(one.rows, one.name, one.is_named, kept), choices, texts, is_alone=False)
    passed = [message for message in meant.passed_over if message.key != "holds-the-same"]
    return State(files=files, scans=scans, asked=_asked(choices, texts), passed_over=passed, set_aside=aside)


def _asked(choices: Choices, texts: frozenset[str]) -> dict[str, object]:
    """How the scans of a state were made, for whoever wonders why a merge makes them again."""
    cells = choices.cells
    return {
        "mappings": choices.mappings, "columns": dict(choices.columns), "decimal": cells.decimal, "date_order": cells.date_order,
        "date_formats": cells.date_formats, "null_values": cells.null_values, "zone": cells.zone, "texts": sorted(texts),
    }  # fmt: skip
