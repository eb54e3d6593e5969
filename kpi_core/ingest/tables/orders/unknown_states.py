"""States of orders in unknown words: such an order may be none, so that whoever placed it may be no customer either."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.messages.message import Message
from kpi_core.model.columns import UNREAD
from kpi_core.model.findings import Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.patterns import regex

CODE = "unknown-order-states"
STATE = "order_state"
"""What is unread of an order whose state is written in an unknown word."""
SHOWN = 5
SERIOUS = 0.05
"""The share of orders in unknown states from which that is serious."""
OF_ORDER = regex(r"^(?:order ?)?(?:status|state)$|^orderstatus$|^ordrestatus$|^tila$|^tilauksen tila$")
"""Headers of the state of an order itself, which a refund alone or a payment does not give."""


def with_unknown_states(
    used: pl.DataFrame, fields: Sequence[Field], raw: RawExport, match: Match, name: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """Orders with a mark where their state is in unknown words, and the findings on these."""
    marked = f"{UNREAD}is_refunded"
    found = next((each for each in fields if each.name == "is_refunded" and OF_ORDER.search(normal(each.header))), None)
    if found is None or found.is_composed or marked not in used.columns:
        return used, []
    rows = used.filter(pl.col(marked).fill_null(value=False) & pl.col("is_refunded").is_null())[ROW]
    if rows.is_empty():
        return used, []
    numbered = raw.scan(skip=match.skip, row_index=ROW)
    cells = numbered.filter(pl.col(ROW).is_in(rows.implode())).select(word=pl.col(f"c{found.place}").str.strip_chars())
    counts = collect(raw, cells)["word"].value_counts().sort("count", "word", descending=[True, False]).head(SHOWN)
    words = [Message("word-times", word=word, count=count) for word, count in counts.iter_rows()]
    message = Message(
        "unknown-order-states", count=len(rows), all=used.height, file=name, header=found.header, words=words
    )
    is_unknown = pl.col(ROW).is_in(rows.implode()).alias(UNREAD + STATE)
    is_serious = len(rows) > SERIOUS * used.height
    return used.with_columns(is_unknown), [
        Finding(code=CODE, message=message, kpis=OF["orders"], is_serious=is_serious)
    ]
