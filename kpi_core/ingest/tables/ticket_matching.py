"""Which ticket a survey response is about: by the number it names, else by the customer's e-mail address.

An address names a customer, not a case. A response without a number is therefore taken for the last ticket that its
customer opened before answering, and only if that is not long ago.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from kpi_core.ingest.file_read import ADDRESS, FileRead
from kpi_core.ingest.tables.linking import linked
from kpi_core.messages.message import Message
from kpi_core.model.columns import INSTEAD
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass

LATEST = timedelta(days=60)
"""How long after a ticket was opened an answer may still be about it."""
FEW = 0.5
"""The share of responses without a ticket from which it is serious."""


@dataclass(frozen=True, kw_only=True)
class MatchCount:
    """How many responses of separate surveys there are, and how many found their ticket, by what."""

    responses: int = 0
    by_number: int = 0
    by_address: int = 0

    def __add__(self, other: "MatchCount") -> "MatchCount":
        return MatchCount(responses=self.responses + other.responses, by_number=self.by_number + other.by_number,
                          by_address=self.by_address + other.by_address)  # fmt: skip


def with_addresses(reads: Sequence[FileRead]) -> list[FileRead]:
    """The files with their customers' addresses read too, where some response names no ticket and both sides have them."""
    tickets = [read for read in reads if read.mapping.table == "tickets" and read.address is not None]
    surveys = [
        read for read in reads if read.mapping.table == "answers" and read.address is not None and _lacks_numbers(read)
    ]
    if not tickets or not surveys:
        return list(reads)
    return [_with_address(read) if read in tickets or read in surveys else read for read in reads]


def _lacks_numbers(read: FileRead) -> bool:
    return "ticket_id" not in read.used.columns or read.used["ticket_id"].null_count() > 0


def _with_address(read: FileRead) -> FileRead:
    return replace(read, used=read.used.join(read.addresses(), on="_row", how="left", maintain_order="left"))


def matched(responses: pl.DataFrame, tickets: pl.DataFrame | None) -> tuple[pl.DataFrame, MatchCount]:
    """Responses with the ticket each is about and what only that ticket knows; and how many found theirs."""
    count = MatchCount(responses=responses.height)
    if tickets is None:
        return responses.drop(ADDRESS, strict=False), count
    named = responses["ticket_id"].is_not_null() if "ticket_id" in responses.columns else _nobody(responses)
    if ADDRESS in responses.columns and ADDRESS in tickets.columns:
        responses = _by_address(responses, tickets)
    responses = responses.drop(ADDRESS, strict=False)
    if "ticket_id" not in responses.columns:
        return responses, count
    known, found = linked(responses, tickets.drop(ADDRESS, strict=False))
    if (found & ~named).any():
        known = known.with_columns((found & ~named).alias(f"{INSTEAD}ticket_id:customer_email"))
    return known, replace(count, by_number=int((found & named).sum()), by_address=int((found & ~named).sum()))


def _nobody(responses: pl.DataFrame) -> pl.Series:
    return pl.Series([False]).new_from_index(0, responses.height)


def _by_address(responses: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Responses without a number given that of the last ticket their customer had opened before answering."""
    if not {"answered_at"} <= set(responses.columns) or "created_at" not in tickets.columns:
        return responses
    if "ticket_id" not in responses.columns:
        responses = responses.with_columns(ticket_id=pl.lit(None, pl.UInt64))
    opened = tickets.select(ADDRESS, "created_at", _found="_number").drop_nulls().sort("created_at")
    asked = responses.with_row_index("_at").filter(pl.col("ticket_id").is_null()).select("_at", ADDRESS, "answered_at")
    found = asked.drop_nulls().sort("answered_at").join_asof(
        opened, left_on="answered_at", right_on="created_at", by=ADDRESS, strategy="backward", tolerance=LATEST,
        check_sortedness=False,
    )  # fmt: skip
    joined = responses.with_row_index("_at").join(
        found.select("_at", "_found"), on="_at", how="left", maintain_order="left"
    )
    return joined.with_columns(pl.coalesce("ticket_id", "_found").alias("ticket_id")).drop("_at", "_found")


def match_finding(count: MatchCount) -> Finding | None:
    """What share of the responses of separate surveys found their ticket; None where there are none."""
    if count.responses == 0:
        return None
    found = count.by_number + count.by_address
    share = found / count.responses
    ways = [
        *([Message("matched-by-number", count=count.by_number)] if count.by_number else []),
        *([Message("matched-by-address", count=count.by_address)] if count.by_address else []),
    ]
    message = Message("responses-matched", found=found, count=count.responses)
    if ways:
        message = Message("responses-matched-by", found=found, count=count.responses, ways=ways)
    if found < count.responses:
        message = Message("said-together", parts=[message, Message("other-responses-count")])
    return Finding(code="match-rate", message=message, share=share, is_serious=share < FEW)
