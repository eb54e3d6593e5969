"""Files handed over as they were kept: for tests that nothing else is said of these than of the files."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from kpi_core.ingest.files.columnar.kept import keep, kept
from kpi_core.ingest.files.inputs import Found, Input, Kept, look_for
from kpi_core.ingest.files.limits import DEFAULT, Limits
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import RawExport

_number = count()


def kept_in(folder: Path, item: Input) -> Input:
    """A file as it is kept in a folder; what is known of it has been JSON."""
    rows = folder / f"kept-{next(_number)}.parquet"
    meta = json.loads(json.dumps(keep(open_export(item), rows)))
    return replace(item, path=rows, kept=Kept(meta=meta, rows=(rows,)))


def kept_again(folder: Path, export: RawExport) -> RawExport:
    """An export, kept and opened."""
    rows = folder / f"kept-{next(_number)}.parquet"
    return kept(json.loads(json.dumps(keep(export, rows))), rows)


def all_kept_in(folder: Path) -> Callable[[Sequence[str], Limits], Found]:
    """`look_for` that keeps every file that it finds."""

    def look(arguments: Sequence[str], limits: Limits = DEFAULT) -> Found:
        found = look_for(arguments, limits)
        return replace(found, files=tuple(kept_in(folder, item) for item in found.files))

    return look
