"""`inspect` on every real export and every small case: a diagnosis, or an error only where there is no table at all."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kpi_cli.app import app

FOLDER = Path(os.environ.get("KUNDPULS_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
PLACES = (FOLDER / "exports", FOLDER.parent / "cases")
TEXTS = (".md", ".yaml", ".yml")
FILES = sorted(path for place in PLACES for path in place.rglob("*") if path.is_file() and path.suffix not in TEXTS)
BEYOND_BOUNDS = ("far-cell", "rows-csat-int-float")
"""Files that are refused whatever is in them: for their size, or for bytes that are no text in any encoding at hand."""


@pytest.mark.skipif(not FILES, reason="the real files are not here")
@pytest.mark.parametrize("path", FILES or [None], ids=lambda path: path and f"{path.parent.name}/{path.name}")
def test_every_file_is_diagnosed(path: Path) -> None:
    result = CliRunner().invoke(app, ["inspect", str(path), "--quiet"], prog_name="kundpuls")
    if any(name in path.name for name in BEYOND_BOUNDS):
        assert result.exit_code == 3
        return
    assert result.exit_code == 0, result.stderr
    assert path.name in result.stdout
