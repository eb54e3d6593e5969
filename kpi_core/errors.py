"""What a user asked for that cannot be done, worded so that it can be mended.

A bad row is data: it is refused, counted and listed. A bad file, mapping, definition or configuration is
one of these errors. Anything else is a bug and keeps its traceback.
"""

from pathlib import Path
from typing import ClassVar


class KpiError(Exception):
    """A request that cannot be carried out.

    Args:
        message: what is wrong, with the offending word in backticks and no full stop.
        where: the place, `file` or `file:line`.
        hint: the way out, one sentence; several ways are separated by newlines.
    """

    WAY: ClassVar[str] = "look at the place named, and at the README"
    """The way out where an error names none of its own."""

    def __init__(self, message: str, *, where: str | Path | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = None if where is None else str(where)
        self.hint = hint

    @property
    def way_out(self) -> str | None:
        """The hint, else what helps with errors of this kind; None where the message holds the way itself."""
        return self.hint or (None if "did you mean" in self.message else self.WAY)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class ExportError(KpiError):
    """An export that cannot be read or recognised."""

    WAY = "`kundpuls inspect FILE` shows what a file holds, and how to go on"


class UnreadableError(ExportError):
    """An export without a table in it: empty, damaged, locked, of another kind, or without a date. One met in a folder is set aside."""


class OtherListError(UnreadableError):
    """A list of something that no KPI counts: set aside when read with other files, even where it is named itself."""


class MappingError(KpiError):
    """A mapping file that is not one, or that does not fit the export it is applied to."""

    WAY = "mend the mapping there; `kundpuls map FILE` drafts one to compare it with"


class DefinitionError(KpiError):
    """A KPI, condition, period or target that means nothing to the data at hand."""

    WAY = "mend the definition there; the README says under `KPIs of your own` what one may hold"


class ConfigError(KpiError):
    """A project file or setting that cannot be used."""

    WAY = "mend it there; the README says under `Configuration` what it may hold"


class StoreError(KpiError):
    """A store that cannot be opened, read or written."""

    WAY = "`kundpuls store status --store FOLDER` shows what a store holds"
