"""What a run that was killed left behind, removed by a later one: drafts next to an output, and the folder of copies.

Only what bears our name, belongs to the same user and has not been touched for a day.
"""

import os
import re
import shutil
import stat
import time
from pathlib import Path

from kpi_core.patterns import regex

DRAFT = ".kundpuls-"
"""How the name of an unfinished output begins; eight hexadecimal digits follow."""

AGE = 86_400
"""Seconds after which a leftover is no other run's work."""

_DRAFT = regex(re.escape(DRAFT) + r"[0-9a-f]{8}(\.\w+)?")


def sweep_drafts(folder: Path) -> None:
    """Removes the old drafts in a folder."""
    for path in _old(folder, _DRAFT, is_folder=False):
        path.unlink(missing_ok=True)


def sweep_copies() -> None:
    """Removes the old folders of temporary copies."""
    import tempfile

    from kpi_core.ingest.files.spool import PREFIX

    try:
        folder = Path(tempfile.gettempdir())
    except OSError:
        return
    for path in _old(folder, re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}"), is_folder=True):
        shutil.rmtree(path, ignore_errors=True)


def _old(folder: Path, name: re.Pattern[str], *, is_folder: bool) -> list[Path]:
    before, user = time.time() - AGE, getattr(os, "getuid", lambda: None)()
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not name.fullmatch(entry.name):
                    continue
                status = entry.stat(follow_symlinks=False)
                is_wanted = stat.S_ISDIR(status.st_mode) if is_folder else stat.S_ISREG(status.st_mode)
                if is_wanted and status.st_mtime < before and user in (None, status.st_uid):
                    found.append(Path(entry.path))
    except OSError:
        pass
    return found
