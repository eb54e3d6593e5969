"""What missing data does to a KPI, by the kind of its measure: the rule a reader must know along with the formula."""

from kpi_core.model.measures import Combined, Count, Distinct
from kpi_core.model.service_levels import Judged
from kpi_core.model.stocks_and_survival import Kept, Measure, Stock, Survival

_RULES: tuple[tuple[type[Measure] | tuple[type[Measure], ...], str], ...] = (
    (Count, "missing_count"),
    (Survival, "missing_survival"),
    (Judged, "missing_judged"),
    ((Stock, Kept), "missing_stock"),
    (Distinct, "missing_keys"),
    (Combined, "missing_parts"),
)


def missing(measure: Measure) -> str:
    """The key of the words for what missing data does to it."""
    return next((key for kind, key in _RULES if isinstance(measure, kind)), "missing_left_out")
