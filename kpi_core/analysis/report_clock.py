"""The clock of a report: the zone its days are cut in, and the instant that it is as of."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Finding


def check_begun(tables: Mapping[str, pl.DataFrame], known: Mapping[str, pl.DataFrame], request: Request) -> None:
    """Refuses an as_of before anything in the files."""
    if any(not frame.is_empty() for frame in tables.values()) and all(frame.is_empty() for frame in known.values()):
        hint = "leave --as-of out to judge as of the newest event"
        raise DefinitionError(f"nothing in the files had happened by {request.as_of}", where="--as-of", hint=hint)


def unused_zone(request: Request, dataset: Dataset) -> list[Finding]:
    """The fault of a zone that nothing can be shown in."""
    if request.time_zone is None or dataset.zone is not None or not dataset.tables:
        return []
    text = Message("zone-unused", zone=request.time_zone)
    return [Finding(code="no-zone", message=text)]


def clock_of(dataset: Dataset, request: Request) -> Clock:
    """The clock of the report: the zone asked for, else the files' own; as of what was asked for, None if nothing was.

    Raises:
        DefinitionError: as_of has an offset, and the files name no zone.
    """
    clock = Clock(zone=(request.time_zone or dataset.zone) if dataset.zone else None, as_of=None)
    return clock if request.as_of is None else replace(clock, as_of=clock.moment(request.as_of))
