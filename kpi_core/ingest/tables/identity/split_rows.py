"""One answer, review, ticket or customer written as several rows: a row for each tag, topic or reason that it has, or for nothing at all.

Such rows agree in everything but that one column: in their time, in whose they are, and in all marks, or in when a ticket was answered and resolved.
They count once, with the words of the column side by side in one cell. It is taken for a list whose rows have no number of their own and name
somebody. Where they name nobody, the rows of one minute must agree, as strangers do not; of a list that knows the day alone nobody's rows of one day
may differ in a mark.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.tables.duplicates import OF_TICKETS
from kpi_core.ingest.tables.identity.same_rows import ANSWERS, TOUCHED, dated_by, hashed, without_rows
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES, Kind
from kpi_core.patterns import regex

CODE = "split-answers"
PART_OF_ONE = {
    "answers": Message("row-of-one-answer"),
    "reviews": Message("row-of-one-review"),
    "tickets": Message("row-of-one-ticket"),
    "customers": Message("row-of-one-customer"),
}
"""Why a row does not count: it is another one of something that does."""
WRITTEN = ("answers", "reviews", "tickets", "customers")
NOTICED = 0.05
"""The share of rows beyond the first of each answer from which a list is looked at, and taken for such."""
FEWEST = 3
"""Answers of several rows from which that is no chance; of days alone as many as these:"""
FEWEST_OF_DAYS = 10
BEYOND_CHANCE = 3
"""How many times as many minutes must have several rows as have a next minute with rows, where nothing but the minute and the marks says whose they are."""
ALIKE = 0.95
"""The share of somebody's several rows of one day that must agree in their marks."""
MOSTLY = 0.5
CLOCKS = 30
"""Different times of day up to which a time says no more than the day."""
STEPS = (60, 30, 15, 10, 5)
"""The minutes that times are rounded to, the longest first."""
TELLING = 0.6
"""How likely the marks of two strangers may be the same, at the most, where that they are shows that they are none."""
SEEN, MANY = 2_000, 0.2
"""Rows of a list with numbers that show whether some agree in all else; and the share of such from which it has no value."""
LOOKED_AT = 20_000
"""How many rows show which column is written over several."""
_PERSON = regex(
    r"e-?mail|e-?post|sähköposti|customer|client|kund|asiakas|respond|reviewer|author|user|name\b|namn|navn|nimi|phone|telefon|puhelin|mobil"
)
_GROUP, _BASE = "_group", "_base"


def written_once(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with one row for each answer and review, and the findings on those that had several."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        if (found := _split(read)) is not None:
            done[place], finding = found
            findings.append(finding)
    return done, findings


def _split(read: FileRead) -> tuple[FileRead, Finding] | None:
    """The file with one row for each of its answers or tickets, and the finding on it; None where each has one as it is."""
    table, used = read.mapping.table, read.used
    at = "acquired_at" if table == "customers" and "acquired_at" in used.columns else dated_by(read)
    if table not in WRITTEN or at is None or at in read.months:
        return None
    is_numbered = TABLES[table].key in read.narrow.frame.columns
    if table != "tickets" and "ticket_id" in used.columns and used["ticket_id"].null_count() < used.height / 2:
        return None  # an answer about a ticket counts once as it is
    marks = _marks(used, table, at)
    if table not in ("answers", "reviews") and not marks:
        return None
    if is_numbered:
        return _under_numbers(read, at, marks)
    alike = used.select(pl.struct(at, *marks).is_duplicated()).to_series()
    if used.height - used.select(pl.struct(at, *marks).n_unique()).item() <= NOTICED * used.height:
        return None
    sample = used if at in read.days or used.height <= LOOKED_AT else used.filter(alike).sort(at)
    found = _varying(read, sample.head(LOOKED_AT), at, marks)
    if found is None:
        return None
    columns, _ = found
    if counted := [read.headers[place] for place in columns if _is_taken(read, place)]:
        return _in_doubt(read, counted) if table == "tickets" else None
    return _once(read, columns) if columns or table in ("tickets", "customers") else _perhaps_twice(read)


def _under_numbers(read: FileRead, at: str, marks: Sequence[str]) -> tuple[FileRead, Finding] | None:
    """The file as it is, and the finding on rows that have a number each and agree in all else, as those of one thing do that were numbered later."""
    used, key = read.used, TABLES[read.mapping.table].key
    head = used.head(SEEN)
    if (
        at in read.days
        or _has_few_clocks(head[at])
        or head.height - head.select(pl.struct(at, *marks).n_unique()).item() <= NOTICED * head.height
    ):
        return None  # mostly so, and quickly found: the rows of one thing lie together
    if used[key].n_unique() < used.height:
        return None
    sample = used.head(LOOKED_AT)
    place = next((found.place for found in read.narrow.fields if found.name == key), None)
    found = _varying(read, sample, at, marks, number=place)
    if found is None or found[1] <= NOTICED * sample.height:
        return None
    share, headers = found[1] / sample.height, [read.headers[each] for each in found[0]]
    message = Message("numbered-apart", file=read.name, share=share, what=called(read.mapping.table), headers=headers)
    if not headers:
        message = Message("numbered-copies", file=read.name, share=share, what=called(read.mapping.table))
    consequence = Consequence.NO_VALUE if share > MANY else Consequence.NO_VERDICT
    kpis = _counted(read.mapping.table)
    return read, Finding(code=CODE, message=message, kpis=kpis, is_serious=True, share=share, consequence=consequence)


def _counted(table: str) -> tuple[str, ...]:
    """The KPIs that count the rows of a table."""
    return {"tickets": OF_TICKETS, "customers": OF["customers"]}.get(table, TOUCHED.get(table, ANSWERS))


def _marks(used: pl.DataFrame, table: str, at: str) -> list[str]:
    """The columns that the rows of one answer, or of one ticket, agree in: its marks, or the instants after its opening."""
    scores = [name for name in used.columns if name.startswith("score:") or name == "rating"]
    later = [name for name in TABLES[table].events if name in used.columns and name != at]
    return scores if table in ("answers", "reviews") else [*later, *scores]


def _is_taken(read: FileRead, place: int) -> bool:
    """Whether a column is read for what it says, and not for words to split by."""
    return any(found.place == place and found.kind is not Kind.TEXT for found in read.narrow.fields)


def _varying(
    read: FileRead, sample: pl.DataFrame, at: str, marks: Sequence[str], number: int | None = None
) -> tuple[list[int], int] | None:
    """The positions of the columns in which the rows of one thing differ, none where they differ in nothing, and how many more rows than things there are.

    None where no rows are of one. More than one column are so only together, as a tag and its number. `number` is the place of the rows' own.
    """
    places = [
        place for place, header in enumerate(read.headers) if header and place < read.raw.width and place != number
    ]
    cells = hashed(read, {f"c{place}": [place] for place in places}, sample[ROW])
    rows = sample.select(ROW, at, *marks).join(cells, on=ROW, how="inner")
    taken = {found.place for found in read.narrow.fields if found.kind is not Kind.TEXT}
    persons = [place for place in places if _names_somebody(read, place, rows, taken)]
    keys = [at, *(f"c{place}" for place in persons)]
    if not persons and (at in read.days or not _are_of_one(rows, at, marks)):
        return None
    if at in read.days and not _agree(rows, keys, marks):
        return None
    if at in read.days and read.mapping.table == "tickets" and not _is_telling(rows, at, marks):
        return None
    groups = rows.group_by([*keys, *marks]).agg(
        pl.len(), *(pl.col(f"c{place}").n_unique().alias(f"{place}") for place in places)
    )
    several = groups.filter(pl.col("len") > 1)
    if several.height < (FEWEST_OF_DAYS if at in read.days else FEWEST):
        return None
    if read.mapping.table == "tickets" and not _are_distinct(several, marks):
        return None
    differ = several.select((pl.col(f"{place}") > 1).mean() for place in places).row(0)
    varying = [place for place, share in zip(places, differ, strict=True) if share is not None and share > MOSTLY]
    more = int((several["len"] - 1).sum())
    if not varying:
        return ([], more) if all(not share for share in differ) else None
    if any(place in persons for place in varying):
        return None
    return (varying, more) if _are_words(rows, [place for place in varying if place not in taken]) else None


def _are_distinct(several: pl.DataFrame, marks: Sequence[str]) -> bool:
    """Whether most tickets that have several rows say when something happened to them after their opening."""
    is_marked = pl.any_horizontal(pl.col(name).is_not_null() for name in marks)
    return bool(2 * several.filter(is_marked).height > several.height)


def _are_of_one(rows: pl.DataFrame, at: str, marks: Sequence[str]) -> bool:
    """Whether rows of one minute, whose they are nothing says, agree in their marks, as those of strangers do not, and lie together by no chance."""
    if _has_few_clocks(rows[at]) or not _agree(rows, [at], marks) or not _is_telling(rows, at, marks):
        return False
    minutes = rows.select(at=pl.col(at).dt.epoch("s") // 60).drop_nulls().group_by("at").len().sort("at")
    step = next((each for each in STEPS if not (minutes["at"] % each != 0).any()), 1)
    followed = int((minutes["at"].diff() == step).sum())
    return int((minutes["len"] > 1).sum()) > BEYOND_CHANCE * followed


def _has_few_clocks(times: pl.Series) -> bool:
    """Whether all times are on a few times of day, so that no minute shows what belongs together."""
    return times.dt.time().n_unique() <= CLOCKS


def _is_telling(rows: pl.DataFrame, at: str, marks: Sequence[str]) -> bool:
    """Whether two strangers would mostly differ in their marks, or in how long after its opening something happened to a ticket."""
    spans = [
        (pl.col(name) - pl.col(at)).alias(name) if rows.schema[name].is_temporal() else pl.col(name) for name in marks
    ]
    said = rows.unique([at, *marks]).select(said=pl.struct(spans))["said"].value_counts()["count"]
    return float(((said / said.sum()) ** 2).sum()) <= TELLING


def _names_somebody(read: FileRead, place: int, rows: pl.DataFrame, taken: set[int]) -> bool:
    """Whether a column says whose a row is, by its name, or by what it holds: hardly any cell twice but within an answer."""
    own = {found.place: found.name for found in read.narrow.fields}.get(place, "")
    if own in ("customer_id", "customer_email") or _PERSON.search(normal(read.headers[place])):
        return rows[f"c{place}"].n_unique() > 1
    return place not in taken and rows[f"c{place}"].n_unique() > MOSTLY * rows.height


def _agree(rows: pl.DataFrame, keys: Sequence[str], marks: Sequence[str]) -> bool:
    """Whether nobody's rows of one day differ in a mark, though marks differ; False where there are none."""
    if not marks:
        return False
    days = rows.group_by(keys).agg(pl.len(), marks=pl.struct(marks).n_unique()).filter(pl.col("len") > 1)
    if days.height < FEWEST_OF_DAYS or rows.select(pl.struct(marks).n_unique()).item() < FEWEST:
        return False
    return days.filter(pl.col("marks") == 1).height >= ALIKE * days.height


def _are_words(rows: pl.DataFrame, places: Sequence[int]) -> bool:
    """Whether columns hold words of which there are few, and no numbers of rows."""
    return all(rows[f"c{place}"].n_unique() <= MOSTLY * rows.height for place in places)


def _in_doubt(read: FileRead, headers: Sequence[str]) -> tuple[FileRead, Finding]:
    """The file as it is, and the finding on tickets whose several rows differ in what is counted."""
    message = Message("split-tickets-in-doubt", file=read.name, headers=headers)
    kpis = (*OF_TICKETS, "tickets_per_agent*", "cost_per_ticket*")
    return read, Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE)


def _perhaps_twice(read: FileRead) -> tuple[FileRead, Finding] | None:
    """The file as it is, and the finding on answers that are the same as another in every cell: two people may say the same at once."""
    copies = (
        read.used.height
        - hashed(read, {_BASE: range(min(len(read.headers), read.raw.width))}, read.used[ROW])[_BASE].n_unique()
    )
    if copies <= NOTICED * read.used.height:
        return None
    table = read.mapping.table
    message = Message("rows-perhaps-twice", file=read.name, count=copies, rows=read.used.height, what=called(table))
    kpis = TOUCHED.get(table, ANSWERS)
    return read, Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VERDICT)


def _once(read: FileRead, varying: Sequence[int]) -> tuple[FileRead, Finding] | None:
    """The file with one row of those that agree in all but some columns, in which that has the words of all."""
    rest = [place for place in range(min(len(read.headers), read.raw.width)) if place not in varying]
    cells = hashed(read, {_BASE: rest, _GROUP: varying})
    rows = read.used.join(cells, on=ROW, how="left", maintain_order="left")
    lost = rows.filter(~pl.col(_BASE).is_first_distinct())
    if lost.height <= NOTICED * rows.height:
        return None
    # An answer that has a word twice is two that look alike.
    if varying and rows.select(pl.struct(_BASE, _GROUP).is_duplicated().mean()).item() > NOTICED:
        return None
    texts = [found.name for found in read.narrow.fields if found.place in varying and found.name in rows.columns]
    for name in texts:
        joined = pl.col(name).cast(pl.String).drop_nulls().unique(maintain_order=True).str.join(", ").over(_BASE)
        rows = rows.with_columns(pl.when(joined != "").then(joined).cast(rows.schema[name]).alias(name))
    table = read.mapping.table
    one = without_rows(replace(read, used=rows.drop(_BASE, _GROUP)), lost[ROW], PART_OF_ONE[table])
    kpis = _counted(table)
    message = _message(read, rows.height, rows.height - lost.height, [read.headers[place] for place in varying])
    return one, Finding(code=CODE, message=message, kpis=kpis, is_serious=True)


def _message(read: FileRead, rows: int, count: int, headers: Sequence[str]) -> Message:
    """What is said of so many rows of so many things, which differ in some columns or in none."""
    table = read.mapping.table
    if not headers:
        return Message("rows-alike-in-all", file=read.name, rows=rows, count=count, what=called(table))
    if table == "tickets":
        return Message("split-tickets", file=read.name, rows=rows, count=count, headers=headers)
    if table == "customers":
        return Message("split-customers", file=read.name, rows=rows, count=count, headers=headers)
    if table == "reviews":
        return Message("split-reviews", file=read.name, rows=rows, count=count, headers=headers)
    return Message("split-answers", file=read.name, rows=rows, count=count, headers=headers)
