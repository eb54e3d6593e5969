"""Headers that a mapping of the user's own names and its file lacks, and what is used in their place."""

from collections.abc import Iterator, Mapping

from kpi_core.facts import Facts
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.quality.substitutions import stand_ins

MISSING_HEADER = "missing-header"


def lacking_headers(dataset: Dataset, facts: Mapping[str, Facts]) -> Iterator[Finding]:
    """One finding for each column of a mapping whose headers are not in the file."""
    for read in dataset.reads:
        table = facts.get(read.mapping.table)
        for column, headers in read.lacking.items():
            found = [] if table is None else stand_ins(table.frame.columns, column)
            text = Message("missing-header", headers=headers, column=column, file=read.name)
            if found:
                text = Message(
                    "missing-header-instead", headers=headers, column=column, file=read.name, instead=found, count=len(found)
                )  # fmt: skip
            yield Finding(code=MISSING_HEADER, message=text, is_serious=True)
