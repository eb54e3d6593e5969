"""Reports on small files, as the JSON has them."""

import json
from pathlib import Path
from typing import Any

from invoked import piped

Results = dict[str, dict[str, Any]]


def report_json(*arguments: object) -> dict[str, Any]:
    """The report on files; the command must end well."""
    ended = piped("report", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    document: dict[str, Any] = json.loads(ended.out)
    return document


def written(folder: Path, name: str, *lines: str) -> Path:
    """A CSV file with these lines."""
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def totals(document: dict[str, Any]) -> Results:
    """The results that are not split, by KPI."""
    return {one["kpi"]: one for one in document["results"] if not one["group"]}


def lacking(document: dict[str, Any]) -> dict[str, list[str]]:
    """What each KPI lacks that is not available."""
    return {one["kpi"]: one["needs"] for one in document["unavailable"]}


def findings(document: dict[str, Any], code: str) -> list[str]:
    """The texts of the findings of one code."""
    return [one["text"] for one in document["findings"] if one["code"] == code]
