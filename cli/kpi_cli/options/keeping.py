"""What a state of exports is to hold, and where it goes."""

from pathlib import Path
from typing import Annotated

from kpi_cli.boundary import UsageError
from kpi_cli.options import panels
from kpi_cli.options.delivery import InForce, Quiet
from kpi_cli.options.question import ByOption, Own, WhereOption
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Keeping(Own):
    """What will be asked of a state, so that it holds the columns which that takes."""

    by: ByOption = ()
    where: WhereOption = None

    def texts(self) -> frozenset[str]:
        """The text columns that a report with these options reads."""
        from kpi_core.analysis.request import Request

        kpis = tuple(one for one in self.catalogue() if one.is_default)
        return Request(kpis=kpis, by=tuple(dict.fromkeys(self.by)), where=self.where).texts()


@dataclass(frozen=True, kw_only=True)
class StateFile(Quiet, InForce):
    """Where a state goes."""

    output: Annotated[
        Path | None,
        panels.common("--output", "-o", metavar="FILE", show_default=False, help="Write the state to this file."),
    ] = None  # fmt: skip

    @property
    def path(self) -> Path:
        """The file.

        Raises:
            UsageError: none is named.
        """
        if self.output is None or str(self.output) == "-":
            raise UsageError("a state is written to a file, and none is named", hint="name one: -o tickets.state")
        return self.output
