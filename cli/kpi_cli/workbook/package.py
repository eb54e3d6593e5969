"""Saving a workbook so that the same report gives the same bytes.

A saved workbook carries the clock three times over: when it was made, when it was changed, and in every member
of the archive. All three are set, the first two to the report's own instant.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

_EPOCH = (1980, 1, 1, 0, 0, 0)


class _TimelessArchive(ZipFile):
    """An archive whose members all bear the format's first day."""

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(ZipInfo(name, _EPOCH), data, compress_type=ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(str(arcname), Path(filename).read_bytes())


def save(workbook: Workbook, target: Path, generated_at: datetime) -> None:
    """Writes the workbook, made and changed at `generated_at` (UTC where it has no zone)."""
    made = generated_at if generated_at.tzinfo is None else generated_at.astimezone(UTC).replace(tzinfo=None)
    workbook.properties.created = workbook.properties.modified = made.replace(microsecond=0)
    workbook.properties.creator = "kundpuls"
    with _TimelessArchive(target, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(workbook, archive).save()
