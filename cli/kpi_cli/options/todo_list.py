"""Where the list of what to do goes."""

from pathlib import Path
from typing import Annotated

from kpi_cli.boundary import UsageError
from kpi_cli.options import panels
from kpi_core.records import dataclass

ENDINGS = (".md", ".csv", ".xlsx", ".ics")
"""The endings of a list of what to do."""


@dataclass(frozen=True, kw_only=True)
class Todo:
    """Where the list of what to do goes.

    Raises:
        UsageError: a name says no format that it has.
    """

    todo: Annotated[
        tuple[Path, ...],
        panels.output("--todo", metavar="FILE", help="Write what to do about missed targets and signals to this file, .md, .csv, .xlsx or .ics "
                      "(calendar); what is new, still open or solved is kept next to it; repeat for more."),
    ] = ()  # fmt: skip

    def __post_init__(self) -> None:
        for path in self.todo:
            if path.suffix.lower() not in ENDINGS:
                raise UsageError(
                    f"`{path}` is no list of what to do", hint=f"end it in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
                )
