"""What the suite leaves in the folder of temporary files, and finds there of other runs."""

import errno
import os
from pathlib import Path

import pytest
from _pytest.pathlib import cleanup_numbered_dir


def test_a_run_ends_well_where_another_is_still_removing_an_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # At its end a run removes what runs before it left. Two that end at once may take the same folder: one writes its lock into
    # what the other has emptied, which then cannot be removed. As an error that warning ended the run without its summary.
    for number in range(5):
        (tmp_path / f"pytest-{number}" / "left").mkdir(parents=True)

    def is_not_empty(path: object, *_: object, **__: object) -> None:
        raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(path))

    with monkeypatch.context() as patched:
        patched.setattr("os.rmdir", is_not_empty)
        cleanup_numbered_dir(tmp_path, "pytest-", keep=3, consider_lock_dead_if_created_before=0.0)
    assert not (tmp_path / "pytest-0").exists()
