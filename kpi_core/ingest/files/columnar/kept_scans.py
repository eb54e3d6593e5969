"""Scans of kept exports, kept in turn: reading the cells is most of the time that a report takes.

A scan depends on the rows, on how each column is read and on what reads them. It is known by all of that together, so that one is
found only where it would come out the same; whatever is missing, or damaged, is scanned again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.files.columnar.plain_data import plain, restored
from kpi_core.ingest.files.raw_export import Scans

FORMAT = 1
"""The version of scans, which is raised where the same columns come out otherwise than before."""
_PROBES = ("", "1", "10/2", "1042", "kundpuls", "ärende 7", "x" * 40, "Zażółć gęślą jaźń " * 9)
"""Texts whose hashes show whether keys are hashed as they were: these differ between machines and versions of polars."""


Scan: TypeAlias = tuple[pl.DataFrame, dict[str, Mapping[Any, Any]]]
"""The rows of a scan, and what was counted in it."""


def once(
    scans: Scans | None, asked: Sequence[object], expressions: Iterable[pl.Expr | None], scan: Callable[[], Scan]
) -> Scan:
    """A scan, which is made where it is not kept.

    Args:
        scans: where those of the export are kept; None for nowhere.
        asked: what is read, of kinds that have a plain form.
        expressions: how.
        scan: makes it; what comes out depends on nothing but the rows and those two.
    """
    if scans is None:
        return scan()
    name = _name(scans, asked, expressions)
    found = _kept(scans, name)
    if found is None:
        found = scan()
        _keep(scans, name, *found)
    return found


def _name(scans: Scans, asked: Sequence[object], expressions: Iterable[pl.Expr | None]) -> str:
    """What a scan is called, in 64 hexadecimal digits: the same for two that come out the same."""
    digest = hashlib.sha256(json.dumps(plain([FORMAT, _machine(), scans.of, *asked])).encode())
    for each in expressions:
        written = b"" if each is None else each.meta.serialize()
        digest.update(len(written).to_bytes(8, "little") + written)
    return digest.hexdigest()


@cache
def _machine() -> list[object]:
    """What reads the cells: polars, and how it hashes here."""
    return [pl.__version__, pl.Series(_PROBES).hash(seed=7).to_list()]


def _kept(scans: Scans, name: str) -> Scan | None:
    """A scan that is kept; None where there is none, or it is damaged."""
    try:
        counts = restored(json.loads(_path(scans, name, "json").read_bytes()))
        return pl.read_ipc(_path(scans, name, "arrow")).rechunk(), dict(counts)
    except (OSError, ValueError, ExportError, pl.exceptions.PolarsError):
        return None


def _keep(scans: Scans, name: str, frame: pl.DataFrame, counts: Mapping[str, Any]) -> None:
    """Keeps a scan, where new ones are taken: whole or not at all. Where there is no room for it nothing is kept, for it can be made again."""
    if not scans.takes_new:
        return
    drafts = {ending: scans.folder / f"{name}.{os.urandom(4).hex()}.{ending}" for ending in ("arrow", "json")}
    try:
        frame.write_ipc(drafts["arrow"], compression="zstd")
        drafts["json"].write_text(json.dumps(plain(counts)), encoding="utf-8")
        for ending, draft in drafts.items():  # the rows first: without the counts there is no scan
            draft.replace(_path(scans, name, ending))
    except (OSError, pl.exceptions.PolarsError):
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _path(scans: Scans, name: str, ending: str) -> Path:
    return scans.folder / f"{name}.{ending}"
