"""Headers that a mapping of the user's own names and its file lacks, and what is used in their place."""

from collections.abc import Iterator, Mapping

from kpi_core.facts import Facts
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.findings import Finding
from kpi_core.quality.substitutions import stand_ins

MISSING_HEADER = "missing-header"


def lacking_headers(dataset: Dataset, facts: Mapping[str, Facts]) -> Iterator[Finding]:
    """One finding for each column of a mapping whose headers are not in the file."""
    for read in dataset.reads:
        table = facts.get(read.mapping.table)
        for column, headers in read.lacking.items():
            named = " or ".join(f"`{header}`" for header in headers)
            found = [] if table is None else stand_ins(table.frame.columns, column)
            instead = f"; {' and '.join(found)} {'stands' if len(found) == 1 else 'stand'} in" if found else ""
            text = f"{named} of the mapping ({column}) is not in {read.name}{instead}"
            yield Finding(code=MISSING_HEADER, message=text, is_serious=True)
