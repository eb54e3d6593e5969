"""The catalogue: one module a subject, each with its own `KPIS`, in the order a report shows them."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from kpi_core.config.validation import suggestion
from kpi_core.errors import DefinitionError
from kpi_core.kpis import business, quality, speed, survey, volume
from kpi_core.model.kpi import Kpi

CATALOGUE: tuple[Kpi, ...] = (*volume.KPIS, *speed.KPIS, *quality.KPIS, *survey.KPIS, *business.KPIS)
BY_NAME: dict[str, Kpi] = {kpi.name: kpi for kpi in CATALOGUE}


def select(patterns: Sequence[str], catalogue: Sequence[Kpi] = CATALOGUE) -> tuple[Kpi, ...]:
    """The KPIs named, in catalogue order; names may be globs, several divided by commas, none at all means every one.

    Raises:
        DefinitionError: a pattern names nothing.
    """
    names = [kpi.name for kpi in catalogue]
    patterns = [part.strip() for pattern in patterns for part in pattern.split(",")]
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise DefinitionError(f"no KPI `{pattern}`{suggestion(pattern, names)}", hint="`kundpuls kpis` lists them")
    return tuple(
        kpi for kpi in catalogue if not patterns or any(fnmatchcase(kpi.name, pattern) for pattern in patterns)
    )
