"""Customers who stay, leave and come back: shares of those there were, compared by themselves and not by days."""

import math
from collections.abc import Mapping

from kpi_core.analysis.changes.scaled_changes import ScaledChange, within, worth
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Gone
from kpi_core.stats.contrasts import FEWEST_ROWS, Judgement, factor_less_one


def of_repeated(kpi: Kpi, new: Estimate, old: Estimate, confidence: float) -> ScaledChange | None:
    """The share of customers who came back, where the two windows have no day in common."""
    if new.value is None or old.value is None or not are_apart(new.parts, old.parts) or min(new.n, old.n) < FEWEST_ROWS:
        return None
    share = (new.parts["k"] + old.parts["k"] + 1) / (new.n + old.n + 2)
    error = math.sqrt(share * (1 - share) * (1 / new.n + 1 / old.n))
    tested = Judgement(
        difference=new.value - old.value, error=error, freedom=math.inf, is_log=False, rows=2 / (1 / new.n + 1 / old.n)
    )
    small = within(tested, confidence, lambda bound: abs(bound) <= worth(kpi, old.value or 0.0))
    return ScaledChange(tested=tested, unit=lambda bound: bound, is_small=small)


def are_apart(new: Mapping[str, float], old: Mapping[str, float]) -> bool:
    """Whether two windows have no day in common; `all` has every day."""
    edges = [side.get(edge) for side in (new, old) for edge in ("from", "to")]
    return None not in edges and (new["from"] >= old["to"] or old["from"] >= new["to"])


def of_kept(
    kpi: Kpi, new: Estimate, old: Estimate, days: tuple[float, float], confidence: float
) -> ScaledChange | None:
    """Customers lost for each there was and day: their rate, as a factor."""
    is_gone = isinstance(kpi.measure, Gone)
    if min(days) < 1 or new.n < 1 or old.n < 1:
        return None
    gone = [(side.parts["k"] if is_gone else side.n - side.parts["k"]) for side in (new, old)]
    heads = [new.n, old.n]
    if max(gone) < FEWEST_ROWS:
        return None
    half = 0.0 if min(gone) else 0.5
    rates = [(one + half) / (n * length) for one, n, length in zip(gone, heads, days, strict=True)]
    error = math.sqrt(math.fsum(1 / (one + half) for one in gone))
    tested = Judgement(
        difference=math.log(rates[0] / rates[1]),
        error=error,
        freedom=math.inf,
        is_log=True,
        rows=2 / (1 / heads[0] + 1 / heads[1]),
    )
    usual = rates[1] * days[0]
    sign = 1 if is_gone else -1
    small = within(
        tested, confidence, lambda bound: abs(usual * factor_less_one(bound)) <= worth(kpi, old.value or 0.0)
    )
    return ScaledChange(tested=tested, unit=lambda bound: sign * usual * factor_less_one(bound), is_small=small)
