"""Real exports and published data sets, which are not part of the project: where they lie and how they are asked.

A test asks as a user does, through the command line, and reads the JSON that comes out.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kpi_cli.app import app
from kpi_cli.boundary import ExitCode

FOLDER = Path(os.environ.get("KUNDPULS_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The output of `report --format json`."""

    document: dict[str, Any]

    def __getitem__(self, kpi: str) -> dict[str, Any]:
        """The total of a KPI."""
        (found,) = [one for one in self.document["results"] if one["kpi"] == kpi and not one["group"]]
        return found

    def by(self, dimension: str, kpi: str) -> dict[str | None, dict[str, Any]]:
        """A KPI by the groups of a dimension."""
        results = [one for one in self.document["results"] if one["kpi"] == kpi and dimension in one["group"]]
        return {one["group"][dimension]: one for one in results}

    def source(self, table: str = "tickets") -> dict[str, Any]:
        """The account of the only file read as a table."""
        (found,) = [one for one in self.document["sources"] if one["table"] == table]
        return found

    @property
    def lacking(self) -> dict[str, list[str]]:
        """The KPIs that could not be computed, and what they need."""
        return {one["kpi"]: one["needs"] for one in self.document["unavailable"]}

    def findings(self, code: str) -> list[dict[str, Any]]:
        """The findings of a kind."""
        return [one for one in self.document["findings"] if one["code"] == code]


@pytest.fixture(scope="module")
def folder() -> Path:
    if not FOLDER.is_dir():
        pytest.skip(f"the real files are not here: {FOLDER} (KUNDPULS_REAL_DATA names another folder)")
    return FOLDER


@pytest.fixture(scope="module")
def report(folder: Path) -> Callable[..., Answer]:
    """Reports on a file of the folder with the flags given; everything in it unless a period is named."""

    def reports(name: str, *flags: str) -> Answer:
        period = () if "--period" in flags else ("--period", "all")
        line = ["report", str(folder / name), *period, *flags, "--format", "json"]
        result = CliRunner().invoke(app, line, prog_name="kundpuls")
        assert result.exit_code == ExitCode.DONE, result.stderr
        return Answer(document=json.loads(result.stdout))

    return reports


@pytest.fixture(scope="module")
def refusal(folder: Path) -> Callable[..., str]:
    """What stderr says of a file that cannot be read as it is."""

    def refuses(name: str, *flags: str) -> str:
        result = CliRunner().invoke(app, ["report", str(folder / name), *flags], prog_name="kundpuls")
        assert result.exit_code == ExitCode.UNREADABLE
        assert not result.stdout
        return result.stderr

    return refuses
