"""The list of what to do, written to files, with what is kept next to each: what was there before.

What is kept is written to a name of its own first, which at the same time keeps other runs out, and takes the place of the old once
the list is there whole. A run that fails leaves both as they were, and the same run again says the same.
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_core.errors import KpiError
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_cli.documents.wording import Wording
    from kpi_cli.options.project import Project
    from kpi_core.analysis.goals.actions import Answered
    from kpi_core.analysis.goals.ledger import Ledger
    from kpi_core.analysis.request import Request
    from kpi_core.ingest.file_read import Choices
    from kpi_core.model.kpi import Kpi

PATIENCE, PAUSE = 10.0, 0.05
"""Seconds that a run waits for another to be done with a list, and between two looks."""
STALE = 60.0
"""Seconds after which a list that is being written was left so by a run that was killed: writing takes no second."""


def watched(known: "Sequence[Kpi]", config: "Project | None") -> "tuple[Kpi, ...]":
    """The KPIs that a list looks at whether they have a target or not: those that a report opens with."""
    from kpi_core.kpis.headlines import ORDER

    names = config.headlines if config is not None and config.headlines else ORDER
    return tuple(one for one in known if one.name in names)


def found(
    files: list[str], request: "Request", choices: "Choices", config: "Project | None",
    known: "Sequence[Kpi]" = (), *, is_quiet: bool,
) -> "Answered":  # fmt: skip
    """Reads the files and judges the targets of a request, and the verdicts and signals of those KPIs among `known` that a list watches.

    Raises:
        DefinitionError: it has none.
    """
    from kpi_cli.progress import read
    from kpi_core.analysis.goals import standings
    from kpi_core.analysis.goals.actions import answered

    standings.asked_for(request)
    watching = watched(known, config)
    texts = standings.texts(request, (*watching, *known))
    dataset = read(files, choices, texts, is_quiet=is_quiet)
    return answered(dataset, request, config.actions if config else {}, watching, known)


def write(found: "Answered", paths: Sequence[Path], wording: "Wording") -> None:
    """Writes the list to each of the files, and keeps next to it what was there.

    A list of newer data stays as it is; one that is gone is written again as the newest run left it.
    """
    from kpi_cli import outputs, writing
    from kpi_cli.documents.todo import TodoDocument
    from kpi_core.analysis.goals.ledger import is_older, merged, stamp_of

    stamp = stamp_of(found.targets.query)
    for path in paths:
        with _kept(path) as keeping:
            if is_older(keeping.ledger, stamp) and path.exists():
                continue
            ledger, entries = merged(keeping.ledger, found.judged, stamp)
            document = TodoDocument(
                found.targets, entries, stamp, wording, newest=ledger.stamp, unseen=found.judged.unseen
            )
            if path.suffix.lower() == ".ics":
                with writing.atomic_path(path) as draft:
                    draft.write_bytes(document.calendar().encode())
            else:
                name = outputs.by_extension(path.suffix)
                assert name is not None
                outputs.deliver(document, name, path)
            keeping.ledger = ledger


def state_path(path: Path) -> Path:
    """Where it is kept what was on a list."""
    return path.with_name(f"{path.name}.state.json")


@dataclass()
class _Keeping:
    ledger: "Ledger"


@contextmanager
def _kept(path: Path) -> Iterator[_Keeping]:
    """What was on a list, for a block that no other run is in; what the block leaves is kept when it ends well."""
    from kpi_core.analysis.goals.ledger import record

    target = state_path(path).resolve()
    new = target.with_name(f"{target.name}.new")
    handle = _opened_alone(new)
    own = os.fstat(handle)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            keeping = _Keeping(_read(target))
            before = keeping.ledger
            yield keeping
            json.dump(record(keeping.ledger), stream, ensure_ascii=False, indent=1)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        if not _is_own(new, own):
            raise KpiError("another run has taken this list over", where=new, hint="run it again")
        if keeping.ledger != before or not target.exists():
            new.replace(target)
    finally:
        if _is_own(new, own):
            with suppress(OSError):
                new.unlink(missing_ok=True)


def _is_own(new: Path, own: os.stat_result) -> bool:
    """Whether a file is still the one that this run opened: gone where it has taken its place, another's where that took over."""
    try:
        return os.path.samestat(new.stat(), own)
    except OSError:
        return False


def _opened_alone(new: Path) -> int:
    """Opens a file that must not be there yet; waits while another run has it, and takes over from one that was killed."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        except FileExistsError:
            with suppress(FileNotFoundError):
                if time.time() - new.stat().st_mtime > STALE:
                    new.unlink(missing_ok=True)
                    continue
        except OSError as fault:
            raise KpiError(
                f"cannot be written: {fault.strerror}", where=new, hint="name a folder that may be written to"
            ) from None
        if time.monotonic() > until:
            raise KpiError(
                "another run is writing this list", where=new, hint="run it again; if there is none, delete this file"
            )
        time.sleep(PAUSE)


def _read(target: Path) -> "Ledger":
    from kpi_core.analysis.goals.ledger import Ledger, restored

    try:
        text = target.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Ledger()
    except (OSError, UnicodeDecodeError) as fault:
        raise KpiError(f"cannot be read: {fault}", where=target, hint="delete it to begin the list anew") from None
    try:
        return restored(json.loads(text))
    except ValueError as fault:
        raise KpiError(
            f"is not what a list keeps: {fault}", where=target, hint="delete it to begin the list anew"
        ) from None
