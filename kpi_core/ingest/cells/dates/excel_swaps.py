"""Dates that a spreadsheet has turned: it took `03/10/2026` for 10 March as it opened the file, and left `14/10/2026` as text, since there is no month 14.

Such a column has dates of which no day is past the 12th, and texts of which each has one.
"""

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE = "turned-by-a-spreadsheet"
REAL = r"^\d{4}-\d{2}-(\d{2})(?:[T ]|$)"
TEXT = r"^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}"
FEWEST = 2
"""Dates, and texts, of which chance could make anything."""
LAST = 12
BY_CHANCE = 0.01
EARLY = 12 / 30.4
"""The share of all days that are not past the 12th."""


def turned_by_a_spreadsheet(file: str, header: str, cells: pl.Series) -> list[Finding]:
    """The finding on a column of a workbook in which day and month of the dates are turned, and of the texts are not."""
    own = cells.drop_nulls().to_frame("cell")
    days = own.select(pl.col("cell").str.extract(REAL).cast(pl.Int32))["cell"].drop_nulls()
    parts = own.select(
        pl.col("cell").str.extract(TEXT, 1).cast(pl.Int32).alias("one"),
        pl.col("cell").str.extract(TEXT, 2).cast(pl.Int32).alias("two"),
    ).drop_nulls()
    if min(len(days), parts.height) < FEWEST or len(days) + parts.height < own.height:
        return []
    if int(days.max()) > LAST or not parts.select((pl.max_horizontal("one", "two") > LAST).all()).item():  # type: ignore[arg-type]
        return []
    if EARLY ** len(days) * (1 - EARLY) ** parts.height > BY_CHANCE:
        return []
    message = Message("turned-by-a-spreadsheet", file=file, header=header)
    return [Finding(code=CODE, message=message, kpis=("*",), is_serious=True, consequence=Consequence.NO_VALUE)]
