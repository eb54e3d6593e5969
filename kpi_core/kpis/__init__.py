"""The catalogue: one module a subject, each with its own `KPIS`, in the order a report shows them."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from kpi_core.errors import DefinitionError
from kpi_core.faults import suggestion
from kpi_core.kpi import Kpi
from kpi_core.kpis import quality, speed, survey, volume

CATALOGUE: tuple[Kpi, ...] = (*volume.KPIS, *speed.KPIS, *quality.KPIS, *survey.KPIS)
BY_NAME: dict[str, Kpi] = {kpi.name: kpi for kpi in CATALOGUE}


def select(patterns: Sequence[str]) -> tuple[Kpi, ...]:
    """The KPIs named, in catalogue order; names may be globs, none at all means every one.

    Raises:
        DefinitionError: a pattern names nothing.
    """
    for pattern in patterns:
        if not any(fnmatchcase(kpi.name, pattern) for kpi in CATALOGUE):
            raise DefinitionError(
                f"no KPI `{pattern}`{suggestion(pattern, BY_NAME)}", hint="`kundpuls kpis` lists them"
            )
    return tuple(
        kpi for kpi in CATALOGUE if not patterns or any(fnmatchcase(kpi.name, pattern) for pattern in patterns)
    )
