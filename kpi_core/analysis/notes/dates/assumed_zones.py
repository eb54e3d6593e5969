"""The findings on files that name no time zone while others do: their hours are a guess."""

from collections.abc import Iterator, Sequence

from kpi_core.engine.plan import leaves
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi

ASSUMED_ZONE = "assumed-zone"
TO_A_REPLY = ("first_reply*", "reply_time*", "requester_wait*", "automated_first_reply*")
"""Times that messages say the end of, and tickets or other messages the beginning."""
NAMED = 3
"""Files named in one finding."""


def assumed_zones(reads: Sequence[FileRead], kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """One finding for files alike, with the KPIs whose rows they have; serious where the guess moves times of day."""
    alike: dict[tuple[str, tuple[str, ...], bool], list[str]] = {}
    for read in reads:
        if read.assumed_zone is not None:
            has_hours = any(name in read.used.columns and name not in read.days for name in read.walls)
            alike.setdefault((read.assumed_zone, _touched(read, kpis) if has_hours else (), has_hours), []).append(
                read.name
            )
    for (zone, names, has_hours), files in alike.items():
        others = [Message("other-files", count=len(files) - NAMED)] if len(files) > NAMED else []
        text = Message("assumed-zone", files=[*files[:NAMED], *others], count=len(files), zone=zone)
        yield Finding(code=ASSUMED_ZONE, message=text, kpis=names, is_serious=has_hours)


def _touched(read: FileRead, kpis: Sequence[Kpi]) -> tuple[str, ...]:
    tables = {read.mapping.table, *(["answers"] if read.questions else [])}
    names = [kpi.name for kpi in kpis if tables & {leaf.table or kpi.table for leaf in leaves(kpi)}]
    return (*names, *(TO_A_REPLY if "messages" in tables else ()))
