"""The report's results as rows, one each: the record's values under the record's paths (`baseline.value`)."""

from collections.abc import Iterator
from typing import Any

from kpi_cli.documents.document import Rows
from kpi_cli.documents.phrases import substituted
from kpi_cli.documents.records.report import Record, result
from kpi_core.model.report import KpiResult, Query, Report

_BEFORE = ("kpi", "definition", "period.start", "period.end", "by")
_AFTER = (
    *("value", "unit", "currency", "n", "numerator", "denominator", "low", "high"),
    *("beyond", "naive.value", "naive.n", "naive.difference", "naive.unfinished", "naive.opened_before"),
    *("judged.met", "judged.breached", "judged.pending", "final", "final_at"),
    *(f"newest_final.{name}" for name in ("period.start", "period.end", "value", "n", "low", "high")),
    *("baseline.value", "baseline.n", "baseline.low", "baseline.high"),
    *(
        "change",
        "change_low",
        "change_high",
        "change_calendar",
        "change_detectable",
        "rows_needed",
        "verdict",
        "target.value",
        "target.status",
        "suppressed",
    ),
    *(
        "trust.share",
        "trust.unread",
        "trust.of",
        "trust.refused",
        "trust.read",
        "trust.marked",
        "trust.reasons",
        "substitutions",
        "notes",
    ),
)
_PARTED = ("naive", "judged", "newest_final", "baseline", "target", "trust")
"""What has columns of its own for its parts."""


def columns(report: Report) -> tuple[str, ...]:
    """The header: a `group.<dimension>` column for each dimension of the report, the rest always the same.

    `by` names the dimensions a row is split by (empty for totals), so that an empty `group.` cell under it is
    a group without a name, and any other is not that dimension's row.
    """
    dimensions = dict.fromkeys(name for result in report.results for name in result.group)
    return (*_BEFORE, *(f"group.{name}" for name in dimensions), *_AFTER)


def rows(report: Report) -> Rows:
    """The header, and a row a result."""
    names = columns(report)
    return Rows(names, (_row(one, report.query, names) for one in report.results))


def _row(one: KpiResult, query: Query, names: tuple[str, ...]) -> list[Any]:
    record = result(one, query)
    record.pop("trend", None)
    record["by"] = "+".join(record["group"])
    record["notes"] = "; ".join(record["notes"])
    record["suppressed"] = one.suppressed
    if record["trust"]:
        record["trust"]["reasons"] = "; ".join(f"{count} {what}" for what, count in record["trust"]["reasons"].items())
    record["substitutions"] = "" if one.suppressed else "; ".join(map(substituted, one.substitutions))
    found = dict(_flat(record))
    return [found.get(name) for name in names]


def _flat(record: Record, path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{key}.")
        elif f"{path}{key}" not in _PARTED:
            yield f"{path}{key}", value
