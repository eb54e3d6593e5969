"""Canonical exports: files whose headers are the canonical columns themselves, so that a case shows its rows as they are."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from full_export import full_report_on

from kpi_core.model.report import Report
from kpi_core.model.tables import QUESTIONS, TABLES

SCALED = ("csat 1-2", "csat 1-3", "csat 1-4", "csat 1-5", "csat 1-7", "csat 1-10", "effort 1-5", "ease 1-2", "ease 1-7",
          "nps 1-10", "treatment 1-5", "competence 1-5")  # fmt: skip
"""Score columns that name their scale, as survey tools do. `effort` and `ease` are the CES asked either way."""

ASKS = {"effort": "ces", "ease": "ces"}
EMBEDDED_OFFER = {"csat": "Offered", "nps": "Offered"}
"""The word a help desk writes in its rating column for a customer who was asked and has not answered."""


def _asked(question: str) -> list[str]:
    scaled = [header for header in SCALED if ASKS.get(header.split()[0], header.split()[0]) == question]
    return [question, *scaled]


def canonical(table: str) -> dict[str, Any]:
    """A mapping in which every canonical column is its own header and every question has a column.

    What an answer's score columns say themselves has none.
    """
    answers: list[dict[str, Any]] = []
    for question in QUESTIONS if table in ("tickets", "answers") else ():
        offered = {"offered": [EMBEDDED_OFFER[question]]} if table == "tickets" and question in EMBEDDED_OFFER else {}
        answers.append({"question": question, "from": _asked(question), **offered})
    by_name = (
        {"is_offered", "question", "score", "scale_low", "scale_high", "direction"} if table == "answers" else set()
    )
    columns = {column.name: [column.name] for column in TABLES[table].columns if column.name not in by_name}
    return {"name": f"canonical-{table}", "label": f"Canonical {table}", "system": "cases", "table": table,
            "columns": columns, "answers": answers}  # fmt: skip


@pytest.fixture(scope="session")
def mappings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The mapping file of each table."""
    folder = tmp_path_factory.mktemp("mappings")
    paths = {table: folder / f"canonical-{table}.yaml" for table in TABLES}
    for table, path in paths.items():
        path.write_text(yaml.safe_dump(canonical(table), sort_keys=False), encoding="utf-8")
    return paths


@pytest.fixture(scope="session")
def full_report(tmp_path_factory: pytest.TempPathFactory, mappings: dict[str, Path]) -> Report:
    """Every KPI over a full export, in total."""
    return full_report_on(tmp_path_factory.mktemp("full"), mappings)


@pytest.fixture(scope="session")
def full_report_by_group(tmp_path_factory: pytest.TempPathFactory, mappings: dict[str, Path]) -> Report:
    """The same split by group."""
    return full_report_on(tmp_path_factory.mktemp("grouped"), mappings, ("group",))
