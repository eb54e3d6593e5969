"""What a user did that cannot be carried out, told so that it can be mended.

A bad row is data: it is refused, counted and listed. A bad file, mapping, definition or configuration is
one of these errors. Anything else is a bug and keeps its traceback.
"""

from pathlib import Path


class KpiError(Exception):
    """A request that cannot be carried out.

    Args:
        message: what is wrong, with the offending word in backticks and no full stop.
        where: the place, `file` or `file:line`.
        hint: the way out, one sentence; several ways are separated by newlines.
    """

    def __init__(self, message: str, *, where: str | Path | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = None if where is None else str(where)
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class ExportError(KpiError):
    """An export that cannot be read or recognised."""


class UnreadableError(ExportError):
    """An export without a table in it: empty, damaged, locked, or of another kind. One met in a folder is set aside."""


class MappingError(KpiError):
    """A mapping file that is not one, or that does not fit the export it is applied to."""


class DefinitionError(KpiError):
    """A KPI, condition, period or target that means nothing to the data at hand."""


class ConfigError(KpiError):
    """A project file or setting that cannot be used."""
