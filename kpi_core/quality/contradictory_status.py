"""What a status and a date contradict each other in: open tickets that have a time of resolution, customers who are there and have left.

The one may have been reopened and the other have come back, or a word is taken for another state than it means.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kpi_core.facts import Facts
from kpi_core.facts.business.customers import STILL_THERE
from kpi_core.ingest.fields.narrow_scan import ROW, collect, steps
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.columns import OPEN_AGAIN
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import MARKED, WITHHELD

CODE = "open-again"
STILL = "still-there"
OF_CUSTOMERS = ("retention_rate", "churn_*", "net_customer_change", "customer_growth", "contact_rate")
SEVERAL = 3
"""Such tickets from which they are no few that customers came back with."""
NAMED = 3
REOPENED = r"(?i)re-?open|åter-?öppn|gjen-?åpn|gen-?åbn|uudelleen"
TOUCHED = (
    "backlog*", "net_flow*", "tickets_resolved", "resolution_rate*", "resolution_time*", "successful_resolution_rate*",
    "complaint_resolution_rate*", "resolved_within*", "sla_resolution_rate*", "fcr_*",
)  # fmt: skip


def open_again(tickets: Facts | None, reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The finding on tickets that are open by their status and resolved by their date, and what follows where they are many.

    They are many by their share both of the open tickets and of those with a time of resolution: a list of open tickets alone has
    none of the others. What says itself that it was reopened is no contradiction.
    """
    if tickets is None or OPEN_AGAIN not in tickets.frame.columns:
        return
    count, still, resolved = tickets.frame.select(
        pl.col(OPEN_AGAIN).sum(), (~pl.col("is_resolved")).sum().alias("open"), (pl.col("is_resolved") & pl.col("resolved_at").is_not_null()).sum().alias("resolved"),
    ).row(0)  # fmt: skip
    words: Counter[str | None] = Counter()
    dated = resolved + count
    if count >= SEVERAL and count > MARKED * max(dated, still):
        words = _words([read for read in reads if read.mapping.table == "tickets"])
        count -= words[None]
    if count <= 0:
        return
    share = count / max(dated, still)
    if count < SEVERAL or share <= MARKED:
        few = Message("open-again-few", count=count, dated=dated)
        yield Finding(code=CODE, message=few, kpis=TOUCHED, share=share)
        return
    listed = _listed(words)
    many = Message("open-again-many", count=count, dated=dated)
    yield Finding(
        code=CODE, message=Message("open-again-words", count=count, dated=dated, words=listed) if listed else many,
        kpis=TOUCHED, is_serious=True, share=share, consequence=Consequence.NO_VALUE if share > WITHHELD else Consequence.NO_VERDICT,
    )  # fmt: skip


def still_there(customers: Facts | None) -> Iterator[Finding]:
    """The finding on customers who have left by their date and are there by their status, and what follows where they are many."""
    if customers is None or STILL_THERE not in customers.frame.columns:
        return
    count, left = customers.frame.select(pl.col(STILL_THERE).sum(), pl.col("is_lost").sum().alias("left")).row(0)
    dated = count + left
    text = Message("still-there", count=count, dated=dated)
    if count < SEVERAL or count <= MARKED * dated:
        yield Finding(code=STILL, message=text, kpis=OF_CUSTOMERS)
        return
    yield Finding(
        code=STILL, message=text, kpis=OF_CUSTOMERS, is_serious=True,
        consequence=Consequence.NO_VALUE if count > WITHHELD * dated else Consequence.NO_VERDICT,
    )  # fmt: skip


def _words(reads: Sequence[FileRead]) -> Counter[str | None]:
    """The words of such tickets in the files with their counts; under None those that say that it was reopened."""
    counts: Counter[str | None] = Counter()
    for read in reads:
        status = next((found for found in read.narrow.fields if found.name == "status"), None)
        ends = [name for name in ("resolved_at", "closed_at") if name in read.used.columns]
        if status is None or not ends:
            continue
        is_open = pl.col("status").is_not_null() & ~pl.col("status").is_in(["solved", "closed"])
        came_back = (
            (pl.col("reopens") > 0).fill_null(value=False) if "reopens" in read.used.columns else pl.lit(value=False)
        )
        rows = read.used.filter(is_open & pl.coalesce(ends).is_not_null() & ~came_back)[ROW]
        if rows.is_empty():
            continue
        scan = steps(read.raw.scan(skip=read.match.skip, row_index=ROW), read.narrow.cleaned, [status])
        word = pl.when(~pl.col(status.text_name).str.contains(REOPENED)).then(status.text_name).alias("word")
        own = scan.filter(pl.col(ROW).is_in(rows.implode())).group_by(word).len()
        counts.update(dict(collect(read.raw, own).iter_rows()))
    return counts


def _listed(words: Mapping[str | None, int]) -> Message | None:
    """`` `Besvarad` 40, `Väntar` 3 and 2 more``, the commonest first; None where none is known."""
    ordered = sorted(
        ((of, word) for word, of in words.items() if word is not None), key=lambda pair: (-pair[0], pair[1])
    )
    return first_of([Message("word-count", word=word, count=of) for of, word in ordered], NAMED) if ordered else None
