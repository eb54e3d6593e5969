"""What is asked of targets: which, what is proposed, where the list of what to do goes, and what ends with an exit code."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, completion, panels
from kpi_cli.options.question import Certainty, Following, Weights
from kpi_cli.options.targets import goals
from kpi_cli.options.todo_list import Todo
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.analysis.request import Request
    from kpi_core.model.kpi import Kpi


@dataclass(frozen=True, kw_only=True)
class Targeting(Following, Weights, Certainty):
    """Which targets are looked at, on which rows."""

    kpi: Annotated[
        tuple[str, ...],
        panels.common(metavar="NAME", autocompletion=completion.kpi, help="Only this KPI's targets; repeat for more; * and ? are wildcards."),
    ] = ()  # fmt: skip

    def asked(self, known: "tuple[Kpi, ...]", *, suggests: bool) -> "Request":
        """The same for the core: the KPIs that have targets; of proposals the usual ones, or those asked for.

        Raises:
            UsageError: a KPI, period or target means nothing.
        """
        request = self.request(known, kpi=self.kpi)
        aims = goals(self.target, known)
        chosen = {one.name for one in request.kpis} if self.kpi else set(aims)
        if not suggests and not chosen & set(aims):
            hint = "write `targets:` into kundpuls.yaml, pass --target csat=85%, or let --suggest propose some"
            raise UsageError("there is no target to look at", hint=hint)
        kpis = request.kpis if suggests else tuple(one for one in known if one.name in aims and one.name in chosen)
        return replace(request, kpis=kpis, targets={} if suggests else aims)


@dataclass(frozen=True, kw_only=True)
class Judging(Todo):
    """What is made of the targets apart from where they stand."""

    suggest: Annotated[
        bool,
        panels.common("--suggest", metavar="", help="Propose targets from history, each with the chance of meeting it as things are."),
    ] = False  # fmt: skip
    fail_on: Annotated[
        tuple[str, ...],
        panels.judging(metavar="GATE", parser=arguments.one_of("gate", lambda: ("target",)), autocompletion=completion.offer(lambda: ("target",)),
                       help="Exit with 5 on target: when one is missed, or off its pace."),
    ] = ()  # fmt: skip
