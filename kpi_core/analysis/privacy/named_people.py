"""What is noted with figures of single agents: that they are of people, and where their purpose is stated."""

from collections.abc import Iterator, Sequence

from kpi_core.analysis.privacy.small_groups import AGENTS, called
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.findings import NAMED_PEOPLE, Finding


def named_people(dataset: Dataset, by: Sequence[str]) -> Iterator[Finding]:
    """One finding for each dimension whose groups are agents by their names, whatever the file calls its column."""
    names = called(dataset, AGENTS)
    for dimension in by:
        if dimension.casefold() in names:
            yield Finding(code=NAMED_PEOPLE, message=Message("named-people"), by=dimension)
