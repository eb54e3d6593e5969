"""Exports to a dataset: every file recognised, read once, stitched by key, and every row accounted for."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kpi_core.errors import ExportError, KpiError, MappingError, OtherListError, UnreadableError
from kpi_core.ingest.cells.dates.date_order import OrderInDoubt
from kpi_core.ingest.date_order_of_others import as_its_sister
from kpi_core.ingest.exports import Dataset
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import Found, Input, look_for, nothing_left
from kpi_core.ingest.formats.mapping import find_mappings
from kpi_core.ingest.read import Part, Scanned, read_together, scan_file
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.threads import import_at_leisure, pool

__all__ = ["Dataset", "read_exports"]

BYTES_A_ROW = 64
"""Of a short row: what a file's size says of how many it has."""


def read_exports(
    arguments: Sequence[str], choices: Choices, texts: frozenset[str], progress: Callable[[str], None] = lambda _: None,
    unread: dict[Input, KpiError] | None = None,
) -> Dataset:  # fmt: skip
    """Reads every file named, after the exports that are stored.

    Args:
        arguments: paths, folders, globs, archives, `-`.
        choices: what the user settles about reading.
        texts: the text columns wanted in addition to the typed ones: canonical names or headers of the files.
        progress: called with the name of each file before it is read.
        unread: where given, takes the files that cannot be read, each with the reason, instead of an error being raised.

    Raises:
        ExportError: a file cannot be read or recognised, or a wanted column is in none of them.
        MappingError: a mapping named is none, or does not fit its file.
    """
    import_at_leisure("kpi_core.ingest.assembly")
    find_mappings(choices.mappings)  # a fault in one is reported before any file is read
    meant = meant_by(arguments, choices, texts)
    aside = list(meant.set_aside)
    scans = _scanned(meant.files, choices, texts, progress, unread, aside)
    if not scans and not unread:
        raise nothing_left(aside)
    passed = [Finding(code="passed-over", message=message) for message in meant.passed_over] + list(map(_left, aside))
    from kpi_core.ingest.assembly import assembled

    while True:
        try:
            return assembled(scans, choices, texts, passed)
        except (ExportError, MappingError) as error:
            if unread is None or not scans:
                raise
            at_fault = [file for file in scans if file.item.name == error.where] or scans
            unread |= {file.item: error for file in at_fault}
            scans = [file for file in scans if file not in at_fault]


def meant_by(arguments: Sequence[str], choices: Choices, texts: frozenset[str] | None = None) -> Found:
    """What is read: the exports that are stored, then the files that are named and hold something else; these may be none.

    With `texts`, the text columns that are wanted, a cluster that is asked for has read the files then.

    Raises:
        ExportError: nothing is there, or it may not be read.
    """
    stored = choices.stored
    if not arguments and stored:
        return Found(stored)
    if choices.engine is None or texts is None:
        found = look_for(arguments, choices.options.limits)
    else:
        from kpi_core.ingest.parallel.on_spark import on_spark

        found = on_spark(choices.engine, arguments, replace(choices, stored=(), engine=None), texts)
    if not stored:
        return found
    known = {item.kept.original: item.name for item in stored if item.kept is not None}
    sizes = {size for size, _ in known}
    others, again = list[Input](), list[Message]()
    for item in found.files:
        same = known.get((item.size, item.checksum())) if item.size in sizes else None
        if same is None:
            others.append(item)
        else:
            again.append(Message("passed-stored", file=item.name, other=same))
    return replace(found, files=(*stored, *others), passed_over=(*found.passed_over, *again))


def _left(error: UnreadableError) -> Finding:
    """The finding on a file among others that holds nothing that can be read."""
    file, why = error.where or "", error.message
    message = Message("set-aside", file=file, why=why)
    if error.hint is not None:
        message = Message("set-aside-with-way", file=file, why=why, way=error.hint.splitlines()[0])
    return Finding(code="set-aside", message=message, is_serious=True)


def _scanned(
    items: Sequence[Input],
    choices: Choices,
    texts: frozenset[str],
    progress: Callable[[str], None],
    unread: dict[Input, KpiError] | None,
    aside: list[UnreadableError],
) -> list[Scanned]:
    """Every file scanned, in order; those that cannot be go to `unread`, where given, else those not named to `aside`."""
    left: dict[Input, UnreadableError] = {}
    doubtful: dict[Input, OrderInDoubt] = {}

    def read(item: Input) -> tuple[Scanned | Part, ...]:
        progress(item.name)
        try:
            return _understood(item, choices, texts, is_alone=len(items) == 1)
        except (ExportError, MappingError) as error:
            if isinstance(error, OrderInDoubt) and len(items) > 1:
                doubtful[item] = error
            elif unread is not None:
                unread[item] = error
            elif isinstance(error, UnreadableError) and (not item.is_named or _may_be_left(error, items)):
                left[item] = error
            else:
                raise
            return ()

    # Two at a time, the largest first: while one is scanned, which uses every core, the next is looked at.
    order = sorted(range(len(items)), key=lambda place: -items[place].size)
    with pool(2, sum(item.size for item in items) // BYTES_A_ROW) as readers:
        done = dict(zip(order, readers.map(read, (items[place] for place in order)), strict=True))
    known = [each for found in done.values() for each in found]
    for item, error in doubtful.items():
        try:
            done[items.index(item)] = as_its_sister(
                error,
                known,
                choices,
                lambda settled, item=item: scan_file(item, settled, texts, is_alone=False),  # type: ignore[misc]
            )
        except (ExportError, MappingError) as fault:
            if unread is None:
                raise
            unread[item] = fault
    aside += [left[item] for item in items if item in left]
    return _together([each for place in range(len(items)) for each in done[place]], choices, texts, unread)


def _understood(item: Input, choices: Choices, texts: frozenset[str], *, is_alone: bool) -> tuple[Scanned | Part, ...]:
    """One file scanned, and what it asks understood while others are still scanned."""
    with item.unchanged():
        found = scan_file(item, choices, texts, is_alone=is_alone)
    from kpi_core.ingest.question_meaning import settle_ahead

    for each in found:
        if isinstance(each, Scanned):
            settle_ahead(each)
    return found


def _may_be_left(error: UnreadableError, items: Sequence[Input]) -> bool:
    """Whether a file that was named is none the less left aside, among others."""
    return isinstance(error, OtherListError) and len(items) > 1


def _together(
    found: Sequence[Scanned | Part], choices: Choices, texts: frozenset[str], unread: dict[Input, KpiError] | None
) -> list[Scanned]:
    """The files scanned; a log in several of them that cannot be read goes with all its files to `unread`, where given."""
    try:
        return read_together(found, choices, texts)
    except (ExportError, MappingError) as error:
        if unread is None:
            raise
        unread |= {each.item: error for each in found if isinstance(each, Part)}
        return [each for each in found if isinstance(each, Scanned)]
