"""A help desk's own columns against its own timestamps, and the opening hours that explain them.

`reconcile` does it all; its parts are the times (`measured`), the hours tried (`candidate_hours`), the search for
them (`coarse_hours`, then `search`), the targets (`implied_targets`) and what does not fit (`misfits`).
"""

from kpi_core.analysis.reconcile.candidate_hours import Hours, calendar_of, calendar_text
from kpi_core.analysis.reconcile.reconciliation import WANTED, Reconciliation, reconcile

__all__ = ["WANTED", "Hours", "Reconciliation", "calendar_of", "calendar_text", "reconcile"]
