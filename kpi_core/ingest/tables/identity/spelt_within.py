"""One row twice in one file, or in two sheets of a workbook: under its number written otherwise (`41000`, `#41000`, `41000.0`), or without one.

Two rows are one where their numbers are the same in one spelling, their times are the same, and so is all that does not change in time. Of numbers
with other letters before them, or a number behind them, or rows of which no time of day is known, every cell must be the same but the number. A message without a number is
the same as one of its case, second, author and words.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.cells.one_spelling import SCIENTIFIC, core, shape
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.identity.same_rows import hashed, steady_columns, without_rows
from kpi_core.ingest.tables.identity.spelt_numbers import CODE, LISTS, keyed
from kpi_core.messages.message import Message
from kpi_core.model.columns import filled
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES

LOOKED_THROUGH = 16 << 20
"""Bytes of a file up to which all its numbers are compared; of a larger one, where its first rows have two shapes."""
FEWEST = 3
"""Messages that stand twice, whole, from which that is reported."""
OF_MESSAGES = ("reply_time*", "first_reply*", "fcr_one_touch*", "agent_replies*", "handle_time*")
_NOTHING = r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]"
_PLAIN = r"^ *[1-9][0-9]* *$"
_AT, _TEXT, _CORE, _BEFORE, _SHAPE, _ALL, _LASTS = "_at", "_text", "_core", "_before", "_shape", "_all", "_lasts"


def once_within(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with rows that stand twice in them under one number, or once, and the findings on them."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        table = read.mapping.table
        if table not in (*LISTS, "messages"):
            continue
        key = TABLES[table].key
        found = next((each for each in read.narrow.fields if each.name == key and key in read.used.columns), None)
        if found is not None and not found.is_composed:
            pairs = _spelt_twice(read, found)
            if pairs is not None:
                done[place] = _in_one(read, pairs, key)
                findings.append(_finding(read, pairs))
        elif found is None and table == "messages":
            done[place], finding = _without_copies(read)
            findings += finding
    return done, findings


def _in_one(read: FileRead, pairs: pl.DataFrame, key: str) -> FileRead:
    """The file with the rows of pairs under one number; a number that is a power of ten names no row, so such a copy goes by itself."""
    is_cut = pl.col(_TEXT).str.to_lowercase().str.contains(SCIENTIFIC)
    cut = pairs.filter(is_cut)[ROW]
    return keyed(without_rows(read, cut) if len(cut) else read, pairs.filter(~is_cut), key)


def _finding(read: FileRead, pairs: pl.DataFrame) -> Finding:
    first = pairs.row(0, named=True)
    message = Message(
        "spelt-within", count=pairs.height, file=read.name, one=first[f"{_TEXT}_first"], other=first[_TEXT]
    )
    kpis = (
        OF_MESSAGES
        if read.mapping.table == "messages"
        else OF.get(read.mapping.table, ("csat*", "ces*", "nps*", "nki*", "answers_received", "response_rate*"))
    )
    return Finding(code=CODE, message=message, kpis=kpis, is_serious=True)


def _numbers(read: FileRead, place: int) -> pl.LazyFrame:
    """The rows of a file by number, each with its number as written, its digits, the letters before them and its shape."""
    text = pl.col(f"c{place}").str.replace_all(_NOTHING, "").str.strip_chars().str.to_lowercase()
    rows = read.raw.scan(skip=read.match.skip, row_index=ROW)
    numbered = rows.select(
        ROW,
        pl.col(f"c{place}").alias(_TEXT),
        core(text).alias(_CORE),
        text.str.replace_all(r"^([\p{L}]*).*?([-/_]\d{1,2})?$", "$1$2").alias(_BEFORE),
    )
    return numbered.with_columns(pl.col(_TEXT).str.replace_all(r"\d+", "0").alias(_SHAPE))


def _spelt_twice(read: FileRead, field: Field) -> pl.DataFrame | None:
    """The rows whose number is that of another row in another spelling, with its key; None where there is none."""
    at = next((name for name in TABLES[read.mapping.table].events if name in read.used.columns), None)
    if at is None or not _are_mixed(read, field.place):
        return None
    known = read.used.select(ROW, ID, pl.col(field.name).alias("_key"), pl.col(at).alias(_AT)).drop_nulls("_key")
    spellings = collect(read.raw, _numbers(read, field.place).drop_nulls(_CORE)).join(known, on=ROW)
    usual = spellings.group_by(_SHAPE).len("_usual")
    spellings = spellings.join(usual, on=_SHAPE).filter(
        pl.struct(_CORE, _AT).is_duplicated() & pl.col(_AT).is_not_null()
    )
    spellings = spellings.filter(pl.col("_key").n_unique().over(_CORE, _AT) > 1)
    if spellings.is_empty():
        return None
    others = [place for place in range(min(len(read.headers), read.raw.width)) if place != field.place]
    steady = [place for place in steady_columns(read) if place != field.place]
    spellings = spellings.join(hashed(read, {_ALL: others, _LASTS: steady}, spellings[ROW]), on=ROW)
    first = spellings.sort("_usual", ROW, descending=[True, False]).unique(
        [_CORE, _AT], keep="first", maintain_order=True
    )
    pairs = spellings.join(first, on=[_CORE, _AT], suffix="_first").filter(pl.col("_key") != pl.col("_key_first"))
    is_vague = at in read.days or at in read.months
    is_cut = pl.col(_TEXT).str.to_lowercase().str.contains(SCIENTIFIC)
    is_strange = is_cut | pl.col(f"{_TEXT}_first").str.to_lowercase().str.contains(SCIENTIFIC)
    is_strange |= pl.col(_BEFORE) != pl.col(f"{_BEFORE}_first")
    is_same = (
        pl.when(is_strange | is_vague)
        .then(pl.col(_ALL) == pl.col(f"{_ALL}_first"))
        .otherwise(pl.col(_LASTS) == pl.col(f"{_LASTS}_first"))
    )
    pairs = pairs.filter(is_same).sort(ROW)
    return None if pairs.is_empty() else pairs


def _are_mixed(read: FileRead, place: int) -> bool:
    """Whether the numbers of a file have several shapes: zeros, signs, letters, marks of thousands before or between digits."""
    whole = read.raw.small(skip=read.match.skip)
    if whole is not None:
        seen = whole[f"c{place}"].alias(_TEXT)
    elif read.raw.is_frame or read.raw.size <= LOOKED_THROUGH:
        seen = collect(read.raw, read.raw.scan(skip=read.match.skip).select(pl.col(f"c{place}").alias(_TEXT)))[_TEXT]
    else:
        seen = read.raw.sample(skip=read.match.skip, rows=10_000, place=place)[f"c{place}"]
    seen = filled(seen)
    if seen.str.contains(_PLAIN).all():  # mostly so, and quickly found
        return False
    return bool(seen.to_frame().select(shape(pl.col(seen.name)).n_unique() > 1).item())


def _without_copies(read: FileRead) -> tuple[FileRead, list[Finding]]:
    """A list of messages without numbers with each message once; doubt where no second and no words distinguish a copy from another message like it."""
    if read.raw.size > LOOKED_THROUGH or not {"ticket_id", "sent_at"} <= set(read.used.columns):
        return read, []
    whole = hashed(read, {_ALL: range(min(len(read.headers), read.raw.width))}, read.used[ROW])
    rows = whole.filter(~pl.col(_ALL).is_first_distinct())[ROW]
    if len(rows) < FEWEST:
        return read, []
    if _can_distinguish(read):
        message = Message("messages-twice", count=len(rows), file=read.name)
        return without_rows(read, rows), [Finding(code="repeated-keys", message=message, kpis=OF_MESSAGES)]
    message = Message("messages-perhaps-twice", count=len(rows), file=read.name)
    return read, [
        Finding(
            code="repeated-keys", message=message, kpis=OF_MESSAGES, is_serious=True, consequence=Consequence.NO_VERDICT
        )
    ]


def _can_distinguish(read: FileRead) -> bool:
    """Whether messages are distinguished by their second, or by what is written in them."""
    sample = read.raw.sample(skip=read.match.skip, rows=1000)
    return any(_has_seconds(cells) or _is_written(cells) for cells in _columns(read, sample))


def _columns(read: FileRead, sample: pl.DataFrame) -> Iterator[pl.Series]:
    for place in range(min(len(read.headers), read.raw.width)):
        if f"c{place}" in sample.columns and len(cells := sample[f"c{place}"].drop_nulls()):
            yield cells


def _has_seconds(cells: pl.Series) -> bool:
    return bool(cells.str.contains(r"\d:\d{2}:\d{2}").all())


def _is_written(cells: pl.Series) -> bool:
    """Whether most cells are sentences of their own."""
    sentences = int((cells.str.count_matches(r"\s") >= 3).sum())
    return 2 * sentences > len(cells) and 4 * cells.n_unique() > len(cells)
