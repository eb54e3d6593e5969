"""Small ticket exports, written down row by row and inspected."""

from collections.abc import Sequence
from pathlib import Path

from kpi_core.analysis.inspection import COLUMNS, Inspection, inspect
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.quality.defects import Defect

HEADER = "Ticket ID,Created,First reply,Resolved,Status"
UNASKED = Choices()


def inspected(
    folder: Path, files: dict[str, Sequence[str]], header: str = HEADER, choices: Choices = UNASKED
) -> Inspection:
    """What is found in files of these rows, each under the same header."""
    for name, rows in files.items():
        (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return inspect(read_exports([str(folder / name) for name in files], choices, COLUMNS))


def only(found: Inspection, code: str) -> Defect:
    """The one defect with that code."""
    (defect,) = [one for one in found.defects if one.code == code]
    return defect


def codes(found: Inspection) -> list[str]:
    """The codes of all defects."""
    return [one.code for one in found.defects]


def cost(defect: Defect) -> tuple[str, float | None, float | None]:
    """What a defect costs: the KPI, as it is and as it would be."""
    assert defect.cost is not None
    return defect.cost.kpi.name, defect.cost.value, defect.cost.otherwise
