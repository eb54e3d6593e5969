"""What became of a call: a column that is called a status, or a result, and says of each row whether somebody answered."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.cells.few import different
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers.header_rows import normal

STATUS, ANSWERED = CALL_COLUMNS = ("status", "is_answered")
HEADERS = (
    "Resultat", "Utfall", "Utfald", "Tulos", "Result", "Outcome", "Call result", "Call outcome", "Call status", "Samtalsresultat", "Samtalsstatus",
    "Samtaleresultat", "Samtalestatus", "Disposition", "Call disposition", "Samtalsutfall", "Samtaleutfall",
)  # fmt: skip
"""Headers that say it, in addition to those of a status."""
OF_OTHERS_TOO = {"accepted", "connected", "declined", "failed", "handled", "kopplat", "lost", "misslyckat", "rejected"}
"""Words that requests and other cases become, too: alone they speak of no call."""


def are_outcomes(cells: pl.Series, answered: ColumnSpec) -> bool:
    """Whether cells are words of calls that were answered and of those that were not, and no others; one of them of calls alone."""
    words = {word.lower(): meaning for word, meaning in answered.values.items()}
    seen = {word.lower() for word in different(cells)}
    return bool(seen - OF_OTHERS_TOO) and seen <= words.keys() and any(words[word] == "false" for word in seen)


def column_of_calls(name: str, spec: ColumnSpec, headers: Sequence[str], *, is_named: bool) -> ColumnSpec:
    """A column of a status without the headers of what became of calls, or that of whether they were answered with the first of them.

    Args:
        name: `status` or `is_answered`.
        spec: how it is read.
        headers: the headers of columns that hold nothing but such words.
        is_named: whether the file has a header of its own for it.
    """
    if name == STATUS:
        other = {normal(header) for header in headers}
        return spec.model_copy(update={"headers": tuple(one for one in spec.headers if normal(one) not in other)})
    return spec if is_named or not headers else spec.model_copy(update={"headers": (headers[0],)})
