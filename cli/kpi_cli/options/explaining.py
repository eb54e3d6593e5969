"""What is asked of a change: why it came about, and what growth is made of."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kpi_cli.options.question import (
    ByOption,
    Certainty,
    CompareOption,
    Hours,
    Population,
    Selected,
    TargetsOption,
    Timed,
    check_baseline,
    check_period,
)
from kpi_cli.options.targets import goals
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.analysis.request import Request
    from kpi_core.model.kpi import Kpi


@dataclass(frozen=True, kw_only=True)
class Explaining(Hours, Certainty, Population):
    """Which change is explained, by which dimensions, against what."""

    by: ByOption = ()
    compare: CompareOption = "previous"
    target: TargetsOption = ()

    def asked(self, kpi: str, known: "tuple[Kpi, ...]") -> "Request":
        """The same for the core, of one KPI.

        Raises:
            UsageError: a KPI, period or target means nothing.
        """
        check_baseline(self.compare)
        request = self.request(known, kpi=(kpi,), by=self.by)
        return replace(request, compare=self.compare, targets=goals(self.target, known))


@dataclass(frozen=True, kw_only=True)
class Valuing(Timed, Selected):
    """Of which period revenue is split, against what."""

    compare: CompareOption = "previous"

    def asked(self) -> "Request":
        """The same for the core.

        Raises:
            UsageError: a period means nothing.
        """
        check_baseline(self.compare)
        check_period(self.period)
        from kpi_core.analysis.request import Request
        from kpi_core.kpis import BY_NAME

        return Request(
            kpis=(BY_NAME["revenue"],), period=self.period, where=self.where, compare=self.compare, as_of=self.as_of, time_zone=self.tz,
        )  # fmt: skip
