"""What is done about the project file, and where what is written of it goes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from kpi_cli.boundary import UsageError
from kpi_cli.options import panels
from kpi_cli.options.delivery import Draft
from kpi_cli.options.project import NAME
from kpi_cli.options.reading import Formats, ZoneOption
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Configuring(Draft, Formats):
    """Where a project file or the message about it goes."""

    force: Annotated[
        bool, panels.output("--force", metavar="", help="Overwrite a project file that is there already.")
    ] = False
    zone: ZoneOption = None

    @property
    def place(self) -> Path:
        """The project file that is written: the one named, else the one of this folder."""
        return self.output or Path(NAME)

    def check(self, action: str, files: Sequence[str]) -> None:
        """Refuses what an action does not take, and a project file that would be lost.

        Raises:
            UsageError: it is one of these.
        """
        if action != "init":
            if files:
                raise UsageError(f"`config {action}` takes no files", hint="`kundpuls config init FILES` writes a project file for them")  # fmt: skip
            return
        if not files:
            raise UsageError("a project file is written for exports, and none is named", hint="kundpuls config init exports/")  # fmt: skip
        is_there = self.place.is_file() and self.place.stat().st_size
        if str(self.place) != "-" and is_there and not self.force:
            raise UsageError(f"`{self.place}` is there already", hint="name another file with -o, or overwrite it with --force")  # fmt: skip
