"""Rows that a word in a column marks as none, where they are more than a few: noted with the figures that lack them."""

from collections.abc import Iterator, Sequence

from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding, Source
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.report import MARKED

CODE = "marked-rows"
MARKS = ("mark-test", "mark-spam", "mark-junk", "mark-duplicate", "mark-test-or-draft", "mark-deleted", "mark-preview")
"""Words that may be what a row is about; that an order was cancelled or failed is no such word."""
ANSWERS = ("csat*", "ces*", "nps*", "nki*", "answers_received", "response_rate*")


def left_out_rows(sources: Sequence[Source]) -> Iterator[Finding]:
    """The findings on the rows of each file that a word marks as tests, junk, copies or deleted."""
    for source in sources:
        for reason, count in source.rows_refused.items():
            if not isinstance(reason, Message) or reason.key != "marked-by" or count <= MARKED * source.rows_read:
                continue
            what = reason.values["what"]
            if isinstance(what, Message) and what.key in MARKS:
                share = count / source.rows_read
                message = Message("marked-rows", file=source.path, count=count, share=share, reason=reason)
                yield Finding(code=CODE, message=message, kpis=OF.get(source.table, ANSWERS))
