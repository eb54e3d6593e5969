"""Instants far beyond all others, as a mistyped year makes them: named by file and row, they set no clock.

Those years ahead, and that of one row which lies among the others in another year, are no instants at all. Openings years before all
others are reported with the times that begin with them: an old ticket may be one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Given, Message
from kpi_core.messages.nouns import called
from kpi_core.model.columns import filled
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

FAR_AHEAD = timedelta(days=31)
YEARS_AHEAD = timedelta(days=2 * 365)
FEW = 0.05
"""The share of a table's rows that may be strays years ahead of all others; one of them may always be."""
APART, LEAPS, ENOUGH = timedelta(days=90), 5, 10
"""How far one row is ahead whose year may be mistyped, how many times the widest gap of the others, and how many these are."""
NAMED = 3
ENDINGS = ("first_replied_at", "first_resolved_at", "resolved_at")
"""What times are taken to, from the opening on."""
MOVED = 0.1
"""How much of a mean of such times old tickets move at the least, where that is serious."""
OF_OPENINGS = (
    *(
        "resolution_time*",
        "first_resolution_time*",
        "first_reply_time*",
        "backlog_age*",
        "requester_wait*",
        "resolution_rate_cohort",
    ),
    *("first_reply_within*", "resolved_within*", "sla_*"),
)
"""The KPIs of how long it took since a ticket was opened."""


@dataclass(frozen=True, kw_only=True)
class Strays:
    """The newest instant of a table that is no stray, how many lie beyond, and whether these cannot be at all."""

    newest: datetime
    count: int
    is_mistyped: bool


def strays(frame: pl.DataFrame, events: Sequence[str]) -> Strays | None:
    """The strays of a table: few and years after the rest, of one row in another year, or one in a thousand and 31 days after."""
    top = newest_of(frame, events)
    if top is None:
        return None
    if (newest := _before_years(frame, events, top) or _before_a_year(frame, events, top)) is not None:
        return Strays(newest=newest, count=sum(_after(frame, events, newest)), is_mistyped=True)
    if sum(_after(frame, events, top - FAR_AHEAD)) > sum(frame[name].count() for name in events) / 1000:
        return None
    instants = pl.concat([filled(frame[name]) for name in events])
    usual = instants.quantile(0.999, "lower")
    if not isinstance(usual, datetime) or top <= usual + FAR_AHEAD:
        return None
    newest = instants.filter(instants <= usual + FAR_AHEAD).max()
    count = int((instants > usual + FAR_AHEAD).sum())
    return Strays(newest=newest, count=count, is_mistyped=False) if isinstance(newest, datetime) else None


def newest_of(frame: pl.DataFrame, events: Sequence[str]) -> datetime | None:
    """The newest instant of any kind; None where nothing is dated."""
    tops = (frame[name].max() for name in events)
    return max((top for top in tops if isinstance(top, datetime)), default=None)


def _after(frame: pl.DataFrame, events: Sequence[str], at: datetime) -> list[int]:
    """How many instants of each kind lie after one."""
    return [int((frame[name] > at).sum()) for name in events]


def _before_years(frame: pl.DataFrame, events: Sequence[str], top: datetime) -> datetime | None:
    """The newest instant before a gap of years that the instants of few rows lie beyond; None without such a gap."""
    few = max(1, FEW * frame.height)
    if max(_after(frame, events, top - YEARS_AHEAD)) > few:
        return None
    rows = frame.select(pl.any_horizontal(pl.col(name) > top - YEARS_AHEAD for name in events).sum()).item()
    instants = pl.concat([filled(frame[name]) for name in events])
    before, beyond = instants.filter(instants <= top - YEARS_AHEAD), instants.filter(instants > top - YEARS_AHEAD)
    if len(before) < 2 or rows > few:
        return None
    newest, first = before.max(), beyond.min()
    if not isinstance(newest, datetime) or not isinstance(first, datetime):
        return None
    return newest if first > newest + YEARS_AHEAD else None


def _before_a_year(frame: pl.DataFrame, events: Sequence[str], top: datetime) -> datetime | None:
    """The newest instant but those of one row that is far ahead, and that lies among the others and in order years before."""
    if max(_after(frame, events, top - APART)) > 1:
        return None
    latest = frame.select(pl.max_horizontal(events)).to_series()
    if latest.count() <= ENOUGH or (latest > top - APART).sum() > 1:
        return None
    order: list[datetime] = latest.drop_nulls().sort().to_list()
    newest, widest = order[-2], max(later - at for at, later in pairwise(order[:-1]))
    if top - newest < LEAPS * widest:
        return None
    row: dict[str, datetime | None] = frame.filter(latest == top).select(events).row(0, named=True)
    beyond = [at for at in row.values() if at is not None and at > newest + FAR_AHEAD]
    opened = row.get("created_at")
    begun = (
        opened
        if opened is not None and opened not in beyond
        else frame.select(pl.min_horizontal(pl.col(events).min())).item()
    )
    return (
        newest if all(at is not None and begun <= at for at in (_years_before(one, newest) for one in beyond)) else None
    )


def _years_before(at: datetime, newest: datetime) -> datetime | None:
    """The same day of the last year in which it is not after the newest; None for a leap day."""
    for year in range(at.year - 1, newest.year - 1, -1):
        try:
            if (moved := at.replace(year=year)) <= newest:
                return moved
        except ValueError:
            return None
    return None


def without_strays(
    tables: Mapping[str, pl.DataFrame], reads: Sequence[FileRead]
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """The tables with the instants that cannot be taken as missing, and the findings on them."""
    sound, findings = dict(tables), []
    for name, frame in tables.items():
        events = events_of(name, frame)
        found = strays(frame, events) if events and not frame.is_empty() else None
        if found is not None and found.is_mistyped:
            sound[name] = frame.with_columns(pl.when(pl.col(one) <= found.newest).then(one) for one in events)
            findings.append(finding(name, found, reads))
    if "tickets" in sound:
        findings += _behind(sound["tickets"], reads)
    return sound, findings


def _behind(tickets: pl.DataFrame, reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The finding on few tickets that were opened years before all others: their times may be those of a mistyped year."""
    if "created_at" not in tickets.columns or tickets.height < ENOUGH:
        return
    opened = tickets["created_at"].drop_nulls()
    first = opened.min()
    if not isinstance(first, datetime):
        return
    others = opened.filter(opened > first + YEARS_AHEAD)
    begin, count = others.min(), len(opened) - len(others)
    if not isinstance(begin, datetime) or count > max(1, FEW * len(opened)):
        return
    last = opened.filter(opened <= first + YEARS_AHEAD).max()
    if not isinstance(last, datetime) or begin <= last + YEARS_AHEAD:
        return
    where = [
        place
        for read in reads
        if read.mapping.table == "tickets"
        for place in _written(read, ["created_at"], lambda name: pl.col(name) < begin)
    ]
    text = Message("far-behind", count=count, places=_shown(where, count))
    yield Finding(code="far-behind", message=text, kpis=OF_OPENINGS, is_serious=_moves_a_mean(tickets, begin))


def _moves_a_mean(tickets: pl.DataFrame, begin: datetime) -> bool:
    """Whether the tickets opened before an instant move a mean of times since the opening: old ones that are open move none."""
    for name in ENDINGS:
        if name not in tickets.columns:
            continue
        age = (pl.col(name) - pl.col("created_at")).dt.total_seconds()
        means = tickets.select(every=age.mean(), others=age.filter(pl.col("created_at") >= begin).mean()).row(0)
        if means[0] is not None and (means[1] is None or abs(means[0] - means[1]) > MOVED * abs(means[1])):
            return True
    return False


def _shown(where: Sequence[Message], count: int) -> Given:
    """The first of some places in brackets, and how many there are beyond: as many as are counted, though not all of them were looked up."""
    return Message("in-brackets", what=first_of(where, NAMED, of=count)) if where else ""


def events_of(table: str, frame: pl.DataFrame) -> list[str]:
    """The columns of a table's frame that say when something happened."""
    return [column for column in TABLES[table].events if column in frame.columns]


def finding(table: str, found: Strays, reads: Sequence[FileRead]) -> Finding:
    """That there are strays in a table, with the first of them as its files write them."""
    where = [place for read in reads if read.mapping.table == table for place in _places(read, found)]
    text = Message(
        "far-ahead-missing" if found.is_mistyped else "far-ahead-unused",
        count=found.count, table=called(table), places=_shown(where, found.count),
    )  # fmt: skip
    return Finding(code="far-ahead", message=text, is_serious=True)


def _places(read: FileRead, found: Strays) -> Iterator[Message]:
    """Where a file's strays stand: file, row, header and the cell as written."""
    return _written(read, events_of(read.mapping.table, read.used), lambda name: pl.col(name) > found.newest)


def _written(read: FileRead, names: Sequence[str], fits: Callable[[str], pl.Expr]) -> Iterator[Message]:
    """Where instants of some columns that fit stand: file, row, header and the cell as written."""
    fields = [field for field in read.narrow.fields if field.name in names and field.name in read.used.columns]
    marks = {field.name: fits(field.name).fill_null(value=False).alias(f"_fits {field.name}") for field in fields}
    hits = read.used.with_columns(marks.values())
    hits = hits.filter(pl.any_horizontal(pl.lit(value=False), *(f"_fits {name}" for name in marks)))
    if hits.is_empty():
        return
    texts = read.narrow.texts(row_index=ROW)
    rows = hits.head(NAMED + 1)[ROW].implode()
    cells = collect(read.raw, texts.filter(pl.col(ROW).is_in(rows)).select(ROW, *(field.text_name for field in fields)))
    cells_of_hits = hits.select(ROW, *(f"_fits {field.name}" for field in fields)).join(cells, on=ROW).sort(ROW)
    for row in cells_of_hits.iter_rows(named=True):
        for field in fields:
            if row[f"_fits {field.name}"]:
                yield Message(
                    "cell-at", file=read.name, row=str(row[ROW]), header=field.header, cell=row[field.text_name] or ""
                )
