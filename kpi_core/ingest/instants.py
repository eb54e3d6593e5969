"""A file's times on one line: each column in the zone that its cells, its header, the user or the format names."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.dates.offset_zones import common
from kpi_core.ingest.cells.dates.zones import check_zone, to_utc
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import NarrowScan
from kpi_core.ingest.file_read import Choices, wall_clocks
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_zones import called
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import WAITED, Kind
from kpi_core.records import dataclass

UTC = "UTC"
_WINTER, _SUMMER = datetime(2025, 1, 15, 12), datetime(2025, 7, 15, 12)


@dataclass(frozen=True, kw_only=True, eq=False)
class Placed:
    """Rows with their instants in UTC, the findings on it, and the zone they are shown in.

    `zone` None: nothing names a zone, and the instants are wall clocks still. `own` are the zones that headers name, by column.
    """

    used: pl.DataFrame
    zone: str | None
    own: Mapping[str, str]
    notes: tuple[Message, ...] = ()


def default_zone(match: Match, choices: Choices) -> str | None:
    """The zone of times that name none: as the user says, else the format."""
    return choices.cells.zone or match.zone or match.mapping.zone


def check_zones(scan: NarrowScan, match: Match, choices: Choices) -> None:
    """Refuses a file in which some columns name their time zone, others do not, and nothing says which is theirs.

    Days without a time of day pass: no hour of theirs can be wrong.

    Raises:
        ExportError: with a column of each kind.
    """
    if default_zone(match, choices) is not None:
        return
    written = [found for found in scan.fields if found.kind is Kind.INSTANT and scan.frame[found.name].count()]
    zoned = [found for found in written if found.is_utc or found.zone]
    bare = [found for found in written if found not in zoned]
    if zoned and (timed := next((found for found in bare if _has_clock(scan.frame[found.name])), None)):
        raise ExportError(
            f"`{zoned[0].header}` names its time zone and `{timed.header}` does not: nothing says how far they are apart",
            where=scan.raw.name,
            hint=f"name the zone of `{timed.header}` with --zone, such as --zone Europe/Stockholm or --zone UTC; "
            "times that name their own keep it",
        )


def _has_clock(instants: pl.Series) -> bool:
    """Whether one of them is neither the beginning of a day nor, of what falls due on one, its end."""
    edges = (instants, instants + timedelta(milliseconds=1))
    started, ended = (edge.dt.truncate("1d") != edge for edge in edges)
    return bool((started & ended).any())


def placed(used: pl.DataFrame, fields: Sequence[Field], raw: RawExport, zone: str | None) -> Placed:
    """The rows of a file with their instants in UTC; `zone` is that of times that name none."""
    walls = wall_clocks(fields, raw)
    own = {found.name: found.zone for found in fields if found.zone and found.name in walls}
    if raw.waits is not None and raw.waits.zone is not None:
        own |= {name: raw.waits.zone for name in WAITED if name in walls}
    instants = [found for found in fields if found.kind is Kind.INSTANT]
    if zone is None and not own and not any(found.is_utc for found in instants):
        return Placed(used=used, zone=None, own=own)
    by_offset = common(found.zones for found in instants)
    elsewhere = _common(own, by_offset or UTC)
    notes = [
        Message("zone-of-header", header=found.header, zone=called(own[found.name]))
        for found in instants
        if found.name in own
    ]
    days = [found for found in instants if found.name in walls and found.name not in own and used[found.name].count()]
    if zone is None and days:
        headers = [found.header for found in days]
        notes.append(Message("days-without-zone", headers=headers, count=len(headers), zone=elsewhere))
    by_zone: dict[str, list[str]] = {}
    for name in walls:
        by_zone.setdefault(own.get(name) or zone or elsewhere, []).append(name)
    gaps = overlaps = 0
    for each, names in by_zone.items():
        used, gap, overlap = to_utc(used, names, check_zone(each))
        gaps, overlaps = gaps + gap, overlaps + overlap
    notes += [Message("times-in-the-gap", count=gaps)] if gaps else []
    notes += [Message("times-shown-twice", count=overlaps)] if overlaps else []
    if zone is None and by_offset == elsewhere != UTC:
        headers = [found.header for found in instants if found.zones]
        notes.append(Message("zone-of-offsets", headers=headers, zone=called(elsewhere)))
    return Placed(used=used, zone=zone or elsewhere, own=own, notes=tuple(notes))


def _common(own: Mapping[str, str], otherwise: str) -> str:
    """The one place whose clocks all headers name; else that which offsets show, or UTC."""
    places = {zone for zone in own.values() if not zone.startswith("Etc/")}
    return places.pop() if len(places) == 1 else otherwise


def contradicted(name: str, fields: Sequence[Field], match: Match, choices: Choices) -> list[Finding]:
    """The finding on headers that name another zone than --zone or the mapping does: they go before it."""
    asked = choices.cells.zone or match.mapping.zone
    if asked is None:
        return []
    other_zones = [found for found in fields if found.zone and not found.is_utc and not _is_same(found.zone, asked)]
    if not other_zones:
        return []
    listed = [Message("header-in-zone", header=found.header, zone=called(found.zone or UTC)) for found in other_zones]
    is_option = choices.cells.zone is not None
    message = Message(
        "zones-of-headers-not-option" if is_option else "zones-of-headers-not-mapping",
        file=name, headers=listed, zone=asked,
    )  # fmt: skip
    return [Finding(code="zone-in-header", message=message)]


def _is_same(one: str, other: str) -> bool:
    """Whether two zones show the same clocks, in winter and in summer."""
    return all(ZoneInfo(one).utcoffset(at) == ZoneInfo(other).utcoffset(at) for at in (_WINTER, _SUMMER))
