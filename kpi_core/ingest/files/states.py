"""States: files of kept exports, for the figures of many files to be made where the files are, and merged elsewhere.

A state is a zip whose members are stored as they are: `kundpuls-state.json` first, then the rows of each export (`rows/0.parquet`) and the scans
that were made of them (`scans/….arrow`, `.json`). It holds data and nothing that is run.
"""

import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.files.limits import Limits
from kpi_core.ingest.files.spool import copying, new_folder
from kpi_core.messages.message import Message
from kpi_core.messages.packed import packed, unpacked
from kpi_core.patterns import regex
from kpi_core.records import dataclass

FORMAT = 1
"""The version of states, which is raised where an older one would be read wrongly."""
SUFFIX = ".state"
OF_STORE = f"exports{SUFFIX}"
"""What the state is called that stands next to the tables of a store."""
MADE_BY = "kundpuls"
"""The key in the own words of a table by which it is known as one of those."""
_NAME = "kundpuls-state.json"
_START = (b"PK\x03\x04", _NAME.encode())
_MEMBER = regex(r"rows/\d{1,6}\.parquet|scans/[0-9a-f]{64}\.(?:arrow|json)")
_THEN = (1980, 1, 1, 0, 0, 0)
"""When all members say they were written: the same files give the same state."""
_AGAIN = "make it again with `kundpuls partial`"


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """An export in a state: what it is called, whether that name was given itself, what is known of it, and the file with its rows.

    `place` is that among the exports of a store, which are read in the order they were taken in; None where names are their order.
    """

    name: str
    is_named: bool
    meta: Mapping[str, Any]
    rows: Path
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class State:
    """Exports that were kept, a folder of scans of them and what was asked of these, and what was passed over or set aside next to the exports."""

    files: Sequence[KeptFile]
    scans: Path
    asked: Mapping[str, Any]
    passed_over: Sequence[Message] = ()
    set_aside: Sequence[UnreadableError] = ()


def is_state(path: Path) -> bool:
    """Whether a file begins as a state does, whatever it is called."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(30 + len(_NAME))
    return start.startswith(_START[0]) and start[30:] == _START[1]


def is_table_of_store(path: Path) -> bool:
    """Whether a file is a table of a store whose exports stand next to it as a state, which says all that the table does, and more."""
    if path.suffix != ".parquet" or not is_state(path.with_name(OF_STORE)):
        return False
    import polars as pl

    try:
        return MADE_BY in pl.read_parquet_metadata(path)
    except (OSError, pl.exceptions.PolarsError):
        return False


def write_state(state: State, path: Path) -> None:
    """Writes a state to a file."""
    said = {
        "format": FORMAT,
        "asked": state.asked,
        "files": [
            {
                "name": one.name,
                "is_named": one.is_named,
                "meta": one.meta,
                **({} if one.place is None else {"place": one.place}),
            }
            for one in state.files
        ],
        "passed_over": [packed(one) for one in state.passed_over],
        "set_aside": [{"message": one.message, "where": one.where, "hint": one.hint} for one in state.set_aside],
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(zipfile.ZipInfo(_NAME, _THEN), json.dumps(said, ensure_ascii=False, sort_keys=True))
        for place, one in enumerate(state.files):
            _add(archive, f"rows/{place}.parquet", one.rows)
        for scan in sorted(state.scans.iterdir()):
            _add(archive, f"scans/{scan.name}", scan)


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    with path.open("rb") as source, archive.open(zipfile.ZipInfo(name, _THEN), "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, 1 << 20)


def read_state(path: Path, name: str, limits: Limits) -> State:
    """The state in a file that begins as one, its members copied to temporary files.

    Raises:
        ExportError: it is torn or damaged, another version has written it, or it holds more than is bound.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            first, *members = archive.infolist()
            limits.check_unpacked([first, *members], name)
            said = json.loads(archive.read(first))
            if said["format"] != FORMAT:
                raise ExportError("is a state of another version of kundpuls", where=name, hint=_AGAIN)
            folder = new_folder()
            (folder / "rows").mkdir()
            (folder / "scans").mkdir()
            for member in members:
                _take_out(archive, member, folder)
        return _state(said, folder)
    except (
        zipfile.BadZipFile,
        EOFError,
        LookupError,
        TypeError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise ExportError("is a state, but damaged or not whole", where=name, hint=_AGAIN) from error


def _take_out(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    """Copies a member into a folder, under its own name there; a copy that is not what was written is found out by its checksum."""
    if _MEMBER.fullmatch(member.filename) is None or member.compress_type != zipfile.ZIP_STORED:
        raise ValueError(member.filename)
    with archive.open(member) as source, copying("") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    Path(copy.name).rename(folder / member.filename)


def _state(said: Mapping[str, Any], folder: Path) -> State:
    """What a state says of itself, with its members in a folder."""
    files = [
        KeptFile(name=str(one["name"]), is_named=bool(one["is_named"]), meta=dict(one["meta"]), rows=folder / "rows" / f"{place}.parquet", place=one.get("place"))
        for place, one in enumerate(said["files"])
    ]  # fmt: skip
    if not all(one.rows.is_file() for one in files):
        raise ValueError("rows")
    return State(
        files=files, scans=folder / "scans", asked=dict(said["asked"]), passed_over=[unpacked(one) for one in said["passed_over"]],
        set_aside=[UnreadableError(one["message"], where=one["where"], hint=one["hint"]) for one in said["set_aside"]],
    )  # fmt: skip
