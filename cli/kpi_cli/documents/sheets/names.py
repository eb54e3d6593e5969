"""What cells of a workbook are called, so that a reader's own formulas can refer to them."""

from kpi_core.model.kpi import Kpi
from kpi_core.patterns import regex

_OTHER = regex(r"[^A-Za-z0-9_]+")
_OF_A_CELL = regex(r"[A-Za-z]{1,3}\d{1,7}|[Rr]\d*(?:[Cc]\d*)?|[Cc]\d*")
"""Names that a spreadsheet takes for a cell: `KPI1`, `R2C3`, `R`."""


def called(kpi: Kpi) -> str:
    """The name of a KPI's value: its own, with its currency where it has one."""
    return legal(kpi.name if kpi.currency is None else f"{kpi.name}_{kpi.currency.lower()}")


def legal(name: str) -> str:
    """A name that spreadsheets take: letters, figures and underscores, not what a cell is called."""
    plain = _OTHER.sub("_", name) or "_"
    if plain[0].isdigit():
        plain = f"_{plain}"
    return f"{plain}_" if _OF_A_CELL.fullmatch(plain) else plain
