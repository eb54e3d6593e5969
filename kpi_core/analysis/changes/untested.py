"""Why a change has no test: what a reader is told beside the missing verdict."""

from kpi_core.analysis.changes.customer_changes import are_apart
from kpi_core.engine.plan import leaves
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Distinct, Kept, Quantile, Repeated, Stock, Survival
from kpi_core.stats.contrasts import FEWEST_DAYS, FEWEST_ROWS

FEW = f"not tested: it takes {FEWEST_DAYS} days of history, and {FEWEST_ROWS} rows on each side that differ from one another"
HEADS = "not tested: how many different ones there are varies by chance too, and no day tells by how much"
MOMENT = "not tested: what is there at one moment is no sample, and no day tells by how much it varies"
MONTHS = "not tested: amounts are known by the month, and no day tells by how much they vary"
TAIL = "not tested: only medians are, by all the values together"
CURVE = "not tested: no day tells of values that are still to come"
SHARED = "not tested: the two spans of customers have days in common"
FEW_CUSTOMERS = f"not tested: it takes {FEWEST_ROWS} customers on each side"
FEW_LOST = f"not tested: it takes {FEWEST_ROWS} customers who left in one of the periods"


def reason(kpi: Kpi, new: Estimate, old: Estimate, *, is_alone: bool, is_coarse: bool) -> str:
    """Why a KPI's change is not tested.

    Args:
        kpi: whose it is.
        new: what it is in the period.
        old: what it was.
        is_alone: whether no other KPI answers its question.
        is_coarse: whether an amount in it is known by the month alone.
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
    return HEADS if any(isinstance(leaf.measure, Distinct) for leaf in leaves(kpi)) else FEW
