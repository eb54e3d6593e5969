"""Numbers of tickets that many answers name and that are none: `0`, or one for all of them, as a form fills it in by itself."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.file_read import MANY, FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import MARKED

CODE = "match-rate"
FEWEST, TIMES = 10, 5
"""Answers that name one ticket, and how many times as many they are as those that name the next, from which it is a number for none."""
NOUGHT = pl.Series(["0"]).hash(seed=7).item()
"""The key of a database's 0, which is no number of a ticket."""
NAME = "ticket_id"
LOST = 0.25
"""The share of answers about no known ticket from which it is unknown which tickets were answered."""


def without_one_ticket(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The surveys whose answers name no ticket where the number is none, and the findings on it."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        if NAME not in read.used.columns or read.mapping.invitations:
            continue
        numbers = read.used[NAME]
        none = [number for number in (_nought(numbers), _one(numbers)) if number is not None]
        if not none:
            continue
        is_none = numbers.is_in(pl.Series(none, dtype=numbers.dtype).implode()).fill_null(value=False)
        done[place] = replace(read, used=read.used.with_columns(pl.when(~is_none).then(NAME).alias(NAME)))
        header = next((field.header for field in read.narrow.fields if field.name == NAME), NAME)
        count, of = int(is_none.sum()), len(numbers)
        message = Message("answers-of-one-ticket", file=read.name, header=header, count=count, of=of)
        findings.append(
            Finding(
                code=CODE, message=message, kpis=("response_rate*",), is_serious=count > MARKED * of,
                consequence=_consequence(count / of),
            )
        )  # fmt: skip
    return done, findings


def _consequence(share: float) -> Consequence:
    """What follows for the share of tickets that are answered, where some answers name none."""
    if share > LOST:
        return Consequence.NO_VALUE
    return Consequence.NO_VERDICT if share > MARKED else Consequence.NOTED


def _nought(numbers: pl.Series) -> int | None:
    return int(NOUGHT) if (numbers == NOUGHT).any() else None


def _one(numbers: pl.Series) -> int | None:
    """The number that many times as many answers name as any other; None where there is none."""
    known = numbers.drop_nulls().head(MANY)
    if len(known) < FEWEST:
        return None
    counts = known.value_counts(sort=True).head(2)
    second = int(counts["count"][1]) if counts.height > 1 else 0
    most = int(counts["count"][0])
    return int(counts[NAME][0]) if most >= max(FEWEST, TIMES * second) else None
