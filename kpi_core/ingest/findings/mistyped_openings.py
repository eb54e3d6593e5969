"""Days on which rows came that were typed in a wrong year: periods of years to come, and tickets older than the desk.

Several rows of a file, for `quality/coverage/stray_dates` looks for single ones. They are recognised by the list itself, which stands in the order
of its days but for them; by their own ends, which lie before them; or by the calendar, on which their day has not come yet.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.findings.mistyped_ends import APART, places_of, turned_back
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.columns import UNREAD
from kpi_core.model.findings import Finding
from kpi_core.model.report import made_now
from kpi_core.model.tables import TABLES

CODE = "far-ahead"
TABLES_OF = ("tickets", "orders", "answers", "reviews", "leads", "customers", "messages")
SEVERAL, TWO, MOST, MOSTLY = 3, 2, 0.25, 0.8
"""Rows that are no chance by their order, and beyond all others, the share of a file's that may be mistyped, and the share of those that must show it."""
HALF_A_YEAR, YEAR = timedelta(days=180), 365.2425
BACK = ("-1y", "-2y")
AROUND = 11
"""Rows of a list whose middle gives the day of one."""
ROOM = timedelta(days=10)
"""How far a row may stand from the middle of those around it, at the least."""
LARGE, STRETCHES, STRETCH, SURELY = 50_000, 20, 500, 1.5
"""Rows of a list that is looked at in stretches first, how many and how long, and how far beyond the limit these are when the whole is so too."""
ALIKE = 0.4
"""The share of mistyped rows around one from which they are a list of another year sorted into this one."""
ENDS = ("first_replied_at", "resolved_at", "closed_at", "converted_at", "lost_at")
OF_CUSTOMERS = ("retention_rate", "churn_*", "net_customer_change", "customer_growth", "contact_rate")
"""The KPIs of customers who came on a day; those of the other tables say themselves which rows they lack."""
_AT, _IS = "at", "is"
NAMED = 3


def without_mistyped_openings(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with such days as unread, and the findings on them."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        name = next(iter(TABLES[read.mapping.table].events), "")
        if read.mapping.table not in TABLES_OF or name not in read.used.columns:
            continue
        rows = _mistyped(read.used, name)
        if rows is not None:
            done[place] = _without(read, name, rows)
            findings.append(_finding(read, name, rows))
    return done, findings


def _mistyped(used: pl.DataFrame, name: str) -> pl.Series | None:
    """The numbers of the rows whose day is mistyped; None where none is."""
    first, last = used[name].min(), used[name].max()
    if not isinstance(first, datetime) or not isinstance(last, datetime) or last - first < HALF_A_YEAR:
        return None  # mostly so
    ways: Sequence[tuple[Callable[[], pl.Series | None], int]] = (
        (lambda: _out_of_order(used, name), SEVERAL),
        (lambda: _beyond(used, name, last), TWO),
        (lambda: _a_year_early(used, name), SEVERAL),
    )
    for look, fewest in ways:
        found = look()
        if found is not None and fewest <= len(found) <= MOST * used[name].count():
            return found
    return None


def _out_of_order(used: pl.DataFrame, name: str) -> pl.Series | None:
    """The rows that stand years away from those around them, and among them in another year; None where the list is in no order of its days."""
    rows = used.select(ROW, pl.col(name).alias(_AT)).drop_nulls(_AT)
    leaps = int((rows[_AT].diff().abs() > HALF_A_YEAR).sum())
    if not SEVERAL <= leaps <= 2 * MOST * rows.height:
        return None
    if rows.height > LARGE and _room(_aged(_stretches(rows))) > SURELY * HALF_A_YEAR.days / 2:
        return None
    aged = _aged(rows)
    left = (pl.col("off") - pl.col("years") * YEAR).abs()
    near, room = _near(aged), _room(aged)
    if 2 * room > HALF_A_YEAR.days or (near <= room).sum() < (1 - MOST) * rows.height:
        return None
    marked = aged.with_columns(((pl.col("years") != 0) & (left <= room)).alias(_IS))
    around = marked[_IS].cast(pl.Float64).rolling_mean(AROUND, center=True, min_samples=AROUND // 2)
    is_alone = around.filter(marked[_IS]) <= ALIKE
    if not len(is_alone) or is_alone.sum() < MOSTLY * len(is_alone):
        return None
    return marked.filter(_IS)[ROW]


def _stretches(rows: pl.DataFrame) -> pl.DataFrame:
    """Some rows of a long list, in stretches from its beginning to its end: enough to see that it is in no order of its days."""
    apart = rows.height // STRETCHES
    return pl.concat([rows.slice(place * apart, STRETCH) for place in range(STRETCHES)])


def _aged(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with how many days (`off`) and whole years (`years`) each stands away from the middle of those around it."""
    seconds = pl.col(_AT).dt.epoch("s")
    middle = seconds.cast(pl.Float64).rolling_median(AROUND, center=True, min_samples=AROUND // 2)
    off = (seconds - middle) / timedelta(days=1).total_seconds()
    return rows.with_columns(off=off).with_columns(years=(pl.col("off") / YEAR).round())


def _near(aged: pl.DataFrame) -> pl.Series:
    """How many days the rows of the year around them stand away from it."""
    return aged.filter(pl.col("years") == 0)["off"].abs()


def _room(aged: pl.DataFrame) -> float:
    """The days that a row may stand away, by how far most do."""
    usual = _near(aged).quantile(0.95, "higher")
    return max(ROOM.days, 2 * float(usual or 0))


def _beyond(used: pl.DataFrame, name: str, last: datetime) -> pl.Series | None:
    """The rows half a year or more after all others, whose ends lie before them or whose day has not come yet; None where there is no such gap."""
    newest = used[name] > last - HALF_A_YEAR
    if int(newest.sum()) > MOST * used.height:
        return None  # mostly so
    days = used[name].drop_nulls().dt.date().unique().sort()
    wide = (days.diff() > HALF_A_YEAR).arg_true()
    if not len(wide):
        return None
    first = datetime.combine(days[int(wide[-1])], time())
    strays = used.filter(pl.col(name) >= first)
    today = made_now().astimezone(UTC).replace(tzinfo=None)
    if first > today + timedelta(days=YEAR):
        return strays[ROW]
    ends = [each for each in ENDS if each in used.columns]
    if not ends:
        return None
    end = pl.max_horizontal(ends)
    counted = strays.select(known=end.is_not_null().sum(), early=(end < pl.col(name)).sum()).row(0)
    return strays[ROW] if counted[1] >= max(SEVERAL, MOSTLY * counted[0]) else None


def _a_year_early(used: pl.DataFrame, name: str) -> pl.Series | None:
    """The tickets that were replied to and resolved a year or two later than all others, and as soon as those if they were opened that much later."""
    ends = [each for each in ENDS[:2] if each in used.columns and used[each].count()] if name == "created_at" else []
    found = [turned_back(used, each, BACK) for each in ends]
    late = [is_late for is_late in found if is_late is not None]
    if not late or len(late) < len(ends):
        return None
    every, some = late[0] & late[-1], late[0] | late[-1]
    newest, last = used[ends[-1]].filter(every).max(), used[name].max()
    if (
        int(every.sum()) < MOSTLY * int(some.sum())
        or not isinstance(newest, datetime)
        or not isinstance(last, datetime)
    ):
        return None
    if newest > last + APART:
        return None  # the ends are mistyped
    return used[ROW].filter(every)


def _without(read: FileRead, name: str, rows: pl.Series) -> FileRead:
    """The file with some days as unreadable cells."""
    is_typed, mark = pl.col(ROW).is_in(rows.implode()), UNREAD + name
    marked = (pl.col(mark).fill_null(value=False) | is_typed) if mark in read.used.columns else is_typed
    used = read.used.with_columns(pl.when(~is_typed).then(name).alias(name), marked.alias(mark))
    return replace(read, used=used)


def _finding(read: FileRead, name: str, rows: pl.Series) -> Finding:
    """That some rows of a file came in a mistyped year, with the first of them as written."""
    header, places = places_of(read, name, rows)
    message = Message(
        "mistyped-openings", count=len(rows), header=header, table=called(read.mapping.table),
        places=first_of(places, NAMED, of=len(rows)),
    )  # fmt: skip
    kpis = OF_CUSTOMERS if read.mapping.table == "customers" else ()
    return Finding(code=CODE, message=message, kpis=kpis, is_serious=True)
