"""Commands are asked about files that others were asked about before: how a file is read is tested in `cases` and `core`."""

import pytest


@pytest.fixture(autouse=True)
def _scanned_once(scanned_once: None) -> None:
    """Every file is scanned once; a test that looks at the scan itself empties `scans`."""
