"""Everything an export's own columns say, compared with what its timestamps give."""

from collections.abc import Mapping

import polars as pl

from kpi_core.analysis.reconcile.candidate_hours import calendar_text
from kpi_core.analysis.reconcile.implied_targets import Promise, promises
from kpi_core.analysis.reconcile.measured import ENDS, Agreement, measured
from kpi_core.analysis.reconcile.misfits import listed, unfitting
from kpi_core.analysis.reconcile.search import Inference, infer
from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import Dataset
from kpi_core.records import dataclass

WANTED = frozenset({"priority"})
"""The text columns that are read in addition to times and truths."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reconciliation:
    """What fits and what does not.

    `inference` is None where no business-hours column has its instants. `calendar` is the hours as a calendar file, None where
    nothing explains the columns. `misfits` has the columns of `misfits.MISFITS`, `reasons` how many there are for which reason.
    """

    zone: str | None
    agreements: tuple[Agreement, ...]
    inference: Inference | None
    calendar: str | None
    promises: tuple[Promise, ...]
    misfits: pl.DataFrame
    reasons: Mapping[str, int]


def reconcile(dataset: Dataset) -> Reconciliation:
    """Recomputes an export's durations and promises, and infers the hours its business columns were counted in.

    Raises:
        ExportError: no file has a duration together with its two instants, nor a promise that could be judged.
    """
    times, agreements = measured(dataset)
    promised, dissent = promises(dataset)
    if not agreements and not promised:
        lacks = ", ".join(f"{name} with {' or '.join(ends)}" for name, ends in ENDS.items())
        raise ExportError("nothing to reconcile: no duration column comes with its instants", hint=f"it takes {lacks}")
    dated = times.filter(pl.col("is_business") & pl.col("until").is_not_null())
    found = infer(dated, dataset.zone)
    hours = found.best.hours if found is not None and found.is_found else None
    misfits = listed(dataset, unfitting(times, hours, dataset.zone), dissent)
    counts = misfits.group_by("reason").len().sort("len", "reason", descending=[True, False])
    text = None
    if found is not None and hours is not None:
        text = calendar_text(hours, dataset.zone, found.best.explained, found.compared)
    return Reconciliation(
        zone=dataset.zone, agreements=agreements, inference=found, calendar=text, promises=promised, misfits=misfits,
        reasons=dict(counts.iter_rows()),
    )  # fmt: skip
