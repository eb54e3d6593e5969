"""What the names of files say among others in a folder or an archive; what a file is, its bytes say."""

from pathlib import Path

from kpi_core.patterns import regex

EXPORTS = (
    ".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx", ".xlsb", ".xlsm", ".ods", ".json", ".ndjson", ".jsonl", ".parquet", ".arrow",
    ".feather",
)  # fmt: skip
EXPORTS_END = f"Exports end in {', '.join(EXPORTS[:-1])} or {EXPORTS[-1]}"
LEFT_BY_PROGRAMS = (".", "~$", "__MACOSX")
"""How names begin that no export has."""
STORE = "kundpuls-store.json"
"""The file by which the folder of a store is known."""
STORE_LOCK = "write.lock"
"""The file that is held by whoever writes to a store."""
STORE_TABLE = regex(r"exports-(\d+)")
"""The names of the tables of exports in a store."""
_PACKED = (".gz", ".zst")
_ZIP = ".zip"
_OTHER_ARCHIVES = (".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".bz2", ".xz")


def may_hold_exports(name: str) -> bool:
    """Whether a file among others is an export, an archive, or packed in a way that must be reported as unread."""
    is_archive = name.lower().endswith(_ZIP) or is_other_archive(name)
    return (_is_export(name) or is_archive) and not name.startswith(LEFT_BY_PROGRAMS)


def is_other_archive(name: str) -> bool:
    """Whether it is an archive of a kind that is not read."""
    return name.lower().endswith(_OTHER_ARCHIVES)


def is_delta(path: Path) -> bool:
    """Whether a folder is a Delta table."""
    return (path / "_delta_log").is_dir()


def store_of(folder: Path) -> Path | None:
    """The store that a folder is, or that a Delta table is a part of; None for any other folder."""
    return next((one for one in (folder, folder.parent) if (one / STORE).is_file()), None)


def is_of_store(path: Path) -> bool:
    """Whether a file is one that a store is made of, whatever else people keep in its folder."""
    place = path.resolve()
    if (place.parent / STORE).is_file() and place.name in (STORE, STORE_LOCK):
        return True
    return any(STORE_TABLE.fullmatch(one.name) and (one.parent / STORE).is_file() for one in place.parents)


def way_back(rows: Path) -> str:
    """The ways out where rows that were kept in this file can no longer be read."""
    if store_of(rows.parent.parent) is None:
        return "make the state again with `kundpuls partial`"
    return "start again: a customer may have been forgotten meanwhile\nrestore the store from a copy"


def _is_export(name: str) -> bool:
    bare = name.lower()
    for ending in _PACKED:
        bare = bare.removesuffix(ending)
    return bare.endswith(EXPORTS)
