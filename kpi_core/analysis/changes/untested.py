"""Why a change has no test: what a reader is told beside the missing verdict."""

from kpi_core.analysis.changes.customer_changes import are_apart
from kpi_core.engine.plan import leaves
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Distinct, Index, Kept, Mean, NetShare, Quantile, Repeated, Stock, Survival
from kpi_core.stats.contrasts import FEWEST_DAYS, FEWEST_ROWS

FEW = Message("not-tested-few", days=FEWEST_DAYS, rows=FEWEST_ROWS)
HEADS = Message("not-tested-heads")
MOMENT = Message("not-tested-moment")
MONTHS = Message("not-tested-months")
TAIL = Message("not-tested-tail")
CURVE = Message("not-tested-curve")
SHARED = Message("not-tested-shared")
ALIKE = Message("not-tested-alike")
FEW_CUSTOMERS = Message("not-tested-few-customers", rows=FEWEST_ROWS)
FEW_LOST = Message("not-tested-few-lost", rows=FEWEST_ROWS)


def reason(
    kpi: Kpi, new: Estimate, old: Estimate, *, is_alone: bool, is_coarse: bool, is_long: bool = False
) -> Message:
    """Why a KPI's change is not tested.

    Args:
        kpi: whose it is.
        new: what it is in the period.
        old: what it was.
        is_alone: whether no other KPI answers its question.
        is_coarse: whether an amount in it is known by the month alone.
        is_long: whether there is history enough to tell how its days vary.
    """
    match kpi.measure:
        case Repeated():
            return FEW_CUSTOMERS if are_apart(new, old) else SHARED
        case Kept():
            return FEW_LOST
        case Stock():
            return MOMENT
        case Survival() if is_alone:
            return CURVE
        case Quantile() if is_alone and kpi.measure.at != 0.5:
            return TAIL
    if is_coarse:
        return MONTHS
    if is_long and isinstance(kpi.measure, Mean | Index | NetShare | Quantile | Survival) and _are_alike(new, old):
        return ALIKE
    return HEADS if any(isinstance(leaf.measure, Distinct) for leaf in leaves(kpi)) else FEW


def _are_alike(new: Estimate, old: Estimate) -> bool:
    """Whether enough rows on each side came to the same value, so that it can only be that none of them differ."""
    return new.value == old.value and min(new.n, old.n) >= FEWEST_ROWS
