"""An inspection as JSON: stable keys, values never localised."""

from datetime import datetime
from typing import Any

from kpi_cli.documents.records.report import source
from kpi_core.analysis.diagnosis import Diagnosis
from kpi_core.analysis.inspection import InspectedFile, Inspection
from kpi_core.messages import records
from kpi_core.quality.column_readings import ColumnReading, Extreme, QuestionReading, Word
from kpi_core.quality.defects import Cost, Defect
from kpi_core.quality.missing_days import Hole
from kpi_core.quality.overlaps import Overlap

Record = dict[str, Any]


def document(inspection: Inspection) -> Record:
    """The whole inspection with its keys in their fixed order."""
    return {
        "files": [_file(one) for one in inspection.files],
        "not_read": [_diagnosis(one) for one in inspection.diagnoses],
        "overlaps": [_overlap(one) for one in inspection.overlaps],
        "defects": [_defect(one) for one in inspection.defects],
        "holes": [_hole(one) for one in inspection.holes],
        "findings": [
            {
                "code": one.code,
                "text": one.text,
                **records.record(one.message),
                "kpis": list(one.kpis),
                "serious": one.is_serious,
            }
            for one in inspection.findings
        ],
        "kpis": [{"kpi": kpi.name, "n": n} for kpi, n in inspection.able],
        "unavailable": [{"kpi": one.kpi.name, "needs": [*map(str, one.needs)]} for one in inspection.unable],
    }


def headers(inspection: Inspection) -> list[Record]:
    """Every header of every file, those that are not read last, without a field."""
    found: list[Record] = []
    for file in inspection.files:
        found += [{"file": file.path, **_column(one)} for one in file.columns]
        found += [{"file": file.path, "header": header} for header in file.ignored]
    return found


def _file(file: InspectedFile) -> Record:
    container = file.container
    return {
        "path": file.path,
        "mapping": file.mapping,
        "label": file.label,
        "recognised_by": str(file.reason),
        "kind": container.kind,
        "encoding": container.encoding,
        "delimiter": container.delimiter,
        "sheet": container.sheet,
        "sheets": list(container.sheets),
        "sheets_read": list(container.sheets_read),
        "header_row": container.header_row,
        "time_zone": file.zone,
        "first": file.first.isoformat() if file.first else None,
        "last": file.last.isoformat() if file.last else None,
        "sources": [source(one) for one in file.sources],
        "columns": [_column(one) for one in file.columns],
        "questions": [_question(one) for one in file.questions],
        "ignored": list(file.ignored),
        "unknown_words": {field: dict(words) for field, words in file.unknown.items()},
        "refused": file.refused.select("row", "table", "column", "value", "reason").to_dicts(),
    }


def _diagnosis(diagnosis: Diagnosis) -> Record:
    return {
        "path": diagnosis.path,
        "reason": diagnosis.reason,
        "may_be": diagnosis.table,
        "rows": diagnosis.rows,
        "header_row": diagnosis.header_row,
        "columns": [
            {
                "header": one.header,
                "may_be": one.may_be or None,
                "sure": one.is_sure,
                "filled": one.filled,
                "holds": str(one.holds),
            }
            for one in diagnosis.columns
        ],
        "ways": [*map(str, diagnosis.ways)],
    }


def _column(column: ColumnReading) -> Record:
    return {
        "header": column.header,
        "field": column.field,
        "kind": column.kind,
        "filled": column.filled,
        "how": "; ".join(map(str, column.how)) or None,
        "lowest": _extreme(column.lowest),
        "highest": _extreme(column.highest),
        "different": column.different,
        "words": [_word(word) for word in column.words],
    }


def _question(question: QuestionReading) -> Record:
    return {
        "question": question.question,
        "header": question.header,
        "answers": question.answers,
        "scales": [list(ends) for ends in question.scales],
        "direction": question.direction,
        "words": [_word(word) for word in question.words],
    }


def _word(word: Word) -> Record:
    return {"text": word.text, "meaning": word.meaning, "count": word.count}


def _extreme(value: Extreme | None) -> str | float | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _defect(defect: Defect) -> Record:
    return {
        "code": defect.code,
        "text": defect.text,
        **records.record(defect.message),
        "count": defect.count,
        "file": defect.file,
        "cost": _cost(defect.cost),
    }


def _cost(cost: Cost | None) -> Record | None:
    if cost is None:
        return None
    outside = cost.kpi.unit.outside
    return {
        "kpi": cost.kpi.name,
        "unit": cost.kpi.unit.value,
        "value": outside(cost.value),
        "otherwise": outside(cost.otherwise),
        "if": str(cost.if_so),
    }


def _overlap(overlap: Overlap) -> Record:
    return {
        "table": overlap.table,
        "files": list(overlap.files),
        "first": overlap.first.isoformat() if overlap.first else None,
        "last": overlap.last.isoformat() if overlap.last else None,
        "days": overlap.days,
        "shared": overlap.shared,
        "changed": overlap.changed,
        "columns": dict(overlap.columns),
        "cost": _cost(overlap.cost),
    }


def _hole(hole: Hole) -> Record:
    return {
        "table": hole.table,
        "first": hole.first.isoformat(),
        "last": hole.last.isoformat(),
        "days": hole.days,
        "usual": hole.usual,
        "cost": _cost(hole.cost),
    }
