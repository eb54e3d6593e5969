"""One answer, or one review, written as several rows: a row for each tag, topic or reason that it has.

Such rows agree in everything but that one column: in their time, in whose they are, and in all marks. They count once, with the words of the
column side by side in one cell. It is taken for a list whose rows have no number of their own and name somebody; of one that knows
the day alone, where nobody's rows of one day differ in a mark.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.tables.identity.same_rows import ANSWERS, TOUCHED, dated_by, hashed, without_rows
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES, Kind
from kpi_core.patterns import regex

CODE = "split-answers"
PART_OF_ONE = Message("row-of-one-answer")
"""Why a row does not count: it is another one of an answer that does."""
WRITTEN = ("answers", "reviews")
NOTICED = 0.05
"""The share of rows beyond the first of each answer from which a list is looked at, and taken for such."""
FEWEST = 3
"""Answers of several rows from which that is no chance; of days alone as many as these:"""
FEWEST_OF_DAYS = 10
ALIKE = 0.95
"""The share of somebody's several rows of one day that must agree in their marks."""
MOSTLY = 0.5
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
    """The file with one row for each of its answers, and the findings on it; None where each has one as it is."""
    table, used, at = read.mapping.table, read.used, dated_by(read)
    if table not in WRITTEN or at is None or at in read.months or TABLES[table].key in read.narrow.frame.columns:
        return None
    if "ticket_id" in used.columns and used["ticket_id"].null_count() < used.height / 2:
        return None  # an answer about a ticket counts once as it is
    marks = [name for name in used.columns if name.startswith("score:") or name == "rating"]
    alike = used.select(pl.struct(at, *marks).is_duplicated()).to_series()
    if used.height - used.select(pl.struct(at, *marks).n_unique()).item() <= NOTICED * used.height:
        return None
    sample = used if at in read.days or used.height <= LOOKED_AT else used.filter(alike).sort(at)
    columns = _varying(read, sample.head(LOOKED_AT), at, marks)
    if not columns:
        return None
    return _once(read, columns)


def _varying(read: FileRead, sample: pl.DataFrame, at: str, marks: Sequence[str]) -> list[int]:
    """The positions of the columns in which the rows of one answer differ; none where no rows are of one.

    More than one are so only together, as a tag and its number.
    """
    places = [place for place, header in enumerate(read.headers) if header and place < read.raw.width]
    cells = hashed(read, {f"c{place}": [place] for place in places}, sample[ROW])
    rows = sample.select(ROW, at, *marks).join(cells, on=ROW, how="inner")
    taken = {found.place for found in read.narrow.fields if found.kind is not Kind.TEXT}
    persons = [place for place in places if _names_somebody(read, place, rows, taken)]
    if not persons:
        return []
    keys = [at, *(f"c{place}" for place in persons)]
    if at in read.days and not _agree(rows, keys, marks):
        return []
    groups = rows.group_by([*keys, *marks]).agg(
        pl.len(), *(pl.col(f"c{place}").n_unique().alias(f"{place}") for place in places)
    )
    several = groups.filter(pl.col("len") > 1)
    if several.height < (FEWEST_OF_DAYS if at in read.days else FEWEST):
        return []
    differ = several.select((pl.col(f"{place}") > 1).mean() for place in places).row(0)
    varying = [place for place, share in zip(places, differ, strict=True) if share is not None and share > MOSTLY]
    if not varying or any(place in taken or place in persons for place in varying):
        return []
    return varying if _are_words(rows, varying) else []


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


def _once(read: FileRead, varying: Sequence[int]) -> tuple[FileRead, Finding] | None:
    """The file with one row of those that agree in all but some columns, in which that has the words of all."""
    rest = [place for place in range(min(len(read.headers), read.raw.width)) if place not in varying]
    cells = hashed(read, {_BASE: rest, _GROUP: varying})
    rows = read.used.join(cells, on=ROW, how="left", maintain_order="left")
    lost = rows.filter(~pl.col(_BASE).is_first_distinct())
    if lost.height <= NOTICED * rows.height:
        return None
    # An answer that has a word twice is two that look alike.
    if rows.select(pl.struct(_BASE, _GROUP).is_duplicated().mean()).item() > NOTICED:
        return None
    texts = [found.name for found in read.narrow.fields if found.place in varying and found.name in rows.columns]
    for name in texts:
        joined = pl.col(name).cast(pl.String).drop_nulls().unique(maintain_order=True).str.join(", ").over(_BASE)
        rows = rows.with_columns(pl.when(joined != "").then(joined).cast(rows.schema[name]).alias(name))
    one = without_rows(replace(read, used=rows.drop(_BASE, _GROUP)), lost[ROW], PART_OF_ONE)
    table, headers = read.mapping.table, [read.headers[place] for place in varying]
    message = Message(
        "split-reviews" if table == "reviews" else "split-answers",
        file=read.name, rows=rows.height, count=rows.height - lost.height, headers=headers,
    )  # fmt: skip
    kpis = TOUCHED.get(table, ANSWERS)
    return one, Finding(code=CODE, message=message, kpis=kpis, is_serious=True)
