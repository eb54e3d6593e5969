"""An export against its own timestamps, for programs. Times are seconds."""

from dataclasses import asdict
from typing import Any

from kpi_core.analysis.reconcile import Hours, Reconciliation
from kpi_core.analysis.reconcile.search import Inference

Record = dict[str, Any]


def document(found: Reconciliation) -> Record:
    """All there is, with its keys in their fixed order."""
    return {
        "time_zone": found.zone,
        "durations": [asdict(one) for one in found.agreements],
        "opening_hours": None if found.inference is None else _inference(found.inference),
        "calendar": found.calendar,
        "promises": [asdict(one) for one in found.promises],
        "reasons": dict(found.reasons),
        "misfits": list(found.misfits.iter_rows(named=True)),
    }


def _inference(found: Inference) -> Record:
    second = found.second
    return {
        "is_found": found.is_found,
        "best": {**_hours(found.best.hours), "explained": found.best.explained},
        "compared": found.compared,
        "tickets": found.tickets,
        "share": found.share,
        "tied": [_hours(hours) for hours in found.tied],
        "second": None if second is None else {**_hours(second.hours), "explained": second.explained},
        "deciding": found.deciding,
        "sampled": found.sampled,
    }


def _hours(hours: Hours) -> Record:
    """Opening and closing in minutes after midnight, by the desk's clock."""
    return {"words": hours.words, "opens": hours.start * 30, "closes": hours.end * 30, "days": hours.days,
            "shift_hours": hours.shift, "zone": hours.zone, "holidays": hours.holidays}  # fmt: skip
