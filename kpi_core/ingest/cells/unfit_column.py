"""The error of a column whose cells are not what it is read for; a spreadsheet goes on without the column, and says why."""

from kpi_core.errors import ExportError
from kpi_core.messages.message import Message


class UnfitColumn(ExportError):
    """A column that cannot be read; `reason` is why, in any language."""

    def __init__(self, message: Message, *, hint: str | None = None) -> None:
        super().__init__(str(message), hint=hint)
        self.reason = message
