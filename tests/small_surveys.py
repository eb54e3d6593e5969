"""Surveys of one question and a few answers, and what a report says of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from invoked import piped


def report(*arguments: object, kpi: str = "*", period: str = "all", compare: str = "none") -> dict[str, Any]:
    """The JSON report, which must come about."""
    ended = piped("report", *arguments, "--period", period, "--compare", compare, "--kpi", kpi, "--format", "json", "--quiet")  # fmt: skip
    assert ended.code == 0, ended.err
    document: dict[str, Any] = json.loads(ended.out)
    return document


def values(document: dict[str, Any]) -> dict[str, tuple[float | None, int]]:
    """The value and n of each KPI."""
    return {one["kpi"]: (one["value"], one["n"]) for one in document["results"]}


def texts_of(document: dict[str, Any], code: str) -> list[str]:
    """The findings of a code."""
    return [one["text"] for one in document["findings"] if one["code"] == code]


def survey(folder: Path, header: str, answers: Sequence[object], name: str = "survey.csv") -> Path:
    """A survey of one question, an answer a day."""
    lines = [f"{place};2026-03-{1 + place % 28:02d};{answer}" for place, answer in enumerate(answers)]
    (folder / name).write_text("\n".join([f"Response ID;Answered at;{header}", *lines, ""]), encoding="utf-8")
    return folder / name
