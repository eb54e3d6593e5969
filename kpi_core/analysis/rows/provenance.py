"""Where rows stand: each row of a table with its file and row number, and the keys as the files write them.

Keys are hashes in the frames; their text is fetched by a second look at just the rows that are shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.rows.role import PLACE, as_cell
from kpi_core.ingest.all_refusals import all_refused
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import JOINED, FileRead
from kpi_core.ingest.tables.cases import OPENING
from kpi_core.messages.message import Given, Message
from kpi_core.messages.packed import packed
from kpi_core.model.findings import why_refused
from kpi_core.model.tables import TABLES, Kind

READ = "_read"
"""The place of a row's file among the dataset's."""

SPOT = {READ: pl.UInt16(), ROW: pl.UInt32()}
ANOTHER_COUNTS = Message("row-another-answer-counts")


def numbered(dataset: Dataset) -> Dataset:
    """The dataset with each row of a table known by its number in it."""
    return replace(dataset, tables={name: frame.with_row_index(PLACE) for name, frame in dataset.tables.items()})


def places(dataset: Dataset, table: str) -> pl.DataFrame:
    """The file and row that each row of a numbered table comes from: `_n`, `_read`, `_row`.

    A row that several files each hold a part of stands where the one that won does, a ticket made of messages where the
    first of them does.
    """
    frame, key = dataset.tables[table], TABLES[table].key
    if OPENING in frame.columns:
        return frame.select(PLACE, _id=OPENING).join(_keyed(dataset, "messages"), on="_id").select(PLACE, *SPOT)
    if table != "answers":
        rows = frame.select(PLACE, "_file", _id=key)
        return rows.join(_candidates(dataset, table), on=["_file", "_id"], how="left").select(PLACE, *SPOT)
    tickets = _keyed(dataset, "tickets")
    rows = frame.select(PLACE, "_embedded", _id=key)
    own = rows.filter(~pl.col("_embedded")).join(_candidates(dataset, table), on="_id", how="left")
    rated = rows.filter("_embedded").join(tickets, on="_id", how="left")
    return pl.concat([own.select(PLACE, *SPOT), rated.select(PLACE, *SPOT)])


def ticket_places(dataset: Dataset, answers: pl.DataFrame) -> pl.DataFrame:
    """The file and row of the ticket that each answer is about; none where it is not among the files."""
    if "ticket_id" not in answers.columns:
        return pl.DataFrame(schema={PLACE: pl.UInt32(), **SPOT})
    return answers.select(PLACE, _id="ticket_id").join(_keyed(dataset, "tickets"), on="_id").select(PLACE, *SPOT)


def not_in_table(dataset: Dataset, table: str, questions: frozenset[str]) -> pl.DataFrame:
    """The rows of the files that are none of the table, and why: `_read`, `_row`, `reason`.

    Refused ones, those joined to another file's row, and answers of which another one counts. Rows that a format's own
    rules leave out are not listed.
    """
    parts = [pl.DataFrame(schema={**SPOT, "reason": pl.String()}), _refused(dataset, table), _joined(dataset, table)]
    if table == "answers":
        parts += _outdone(dataset, questions)
    return pl.concat(parts)


def written(dataset: Dataset, spots: pl.DataFrame, names: Sequence[str], table: str = "") -> pl.DataFrame:
    """The keys at some spots as their files write them: `_read`, `_row` and a column for each of `names`.

    `id` stands for the key of `table` where a file has it, else of the file's own table.
    """
    found = [pl.DataFrame(schema={**SPOT, **dict.fromkeys(names, pl.String())})]
    for place in spots[READ].drop_nulls().unique().sort():
        rows = spots.filter(pl.col(READ) == place)[ROW].unique()
        found.append(
            _texts(dataset.reads[place], rows, names, table).select(pl.lit(place, pl.UInt16).alias(READ), ROW, *names)
        )
    return pl.concat(found)


def _texts(read: FileRead, rows: pl.Series, names: Sequence[str], table: str) -> pl.DataFrame:
    fields = {found.name: found.text_name for found in read.narrow.fields if found.kind is Kind.KEY}
    asked = TABLES[table].key if table in TABLES else ""
    fields["id"] = fields.get(asked) or fields.get(TABLES[read.mapping.table].key, "")
    cells = [pl.col(text).alias(name) if (text := fields.get(name)) else pl.lit(None, pl.String).alias(name) for name in names]  # fmt: skip
    look = read.narrow.texts(row_index=ROW)
    return collect(read.raw, look.filter(pl.col(ROW).is_in(rows.implode())).select(ROW, *cells))


def _of_table(dataset: Dataset, table: str) -> Iterator[tuple[int, int, FileRead]]:
    """The files of a table: the place among them, as the table's rows know it, and among all."""
    own = [place for place, read in enumerate(dataset.reads) if read.mapping.table == table]
    return ((among, place, dataset.reads[place]) for among, place in enumerate(own))


def _candidates(dataset: Dataset, table: str) -> pl.DataFrame:
    """The rows of a table's files that lost against no other: `_file`, `_id`, `_read`, `_row`."""
    parts = [pl.DataFrame(schema={"_file": pl.UInt16(), "_id": pl.UInt64(), **SPOT})]
    for among, place, read in _of_table(dataset, table):
        lost = dataset.repeated.filter(file=read.name, table=table)["row"]
        rows = read.used.select(
            pl.lit(among, pl.UInt16).alias("_file"), "_id", pl.lit(place, pl.UInt16).alias(READ), ROW
        )
        parts.append(rows if lost.is_empty() else rows.filter(~pl.col(ROW).is_in(lost.implode())))
    return pl.concat(parts)


def _keyed(dataset: Dataset, table: str) -> pl.DataFrame:
    """The file and row of each key of a table: `_id`, `_read`, `_row`."""
    if table not in dataset.tables:
        return pl.DataFrame(schema={"_id": pl.UInt64(), **SPOT})
    keys = dataset.tables[table].select(PLACE, _id=TABLES[table].key)
    return keys.join(places(dataset, table), on=PLACE).select("_id", *SPOT)


def _refused(dataset: Dataset, table: str) -> pl.DataFrame:
    """The refused rows, each once with all that is wrong with it."""
    wrong = pl.struct("reason", "column")
    parts = [pl.DataFrame(schema={"file": pl.String(), ROW: pl.UInt32(), "reason": pl.String()})]
    used = {read.name: read.used[ROW] for read in dataset.reads if read.mapping.table == table}
    why = why_refused(dataset.sources)
    for lines in all_refused(dataset):
        own = lines.filter(pl.col("table") == table)
        if table == "answers" and own.height and own["file"][0] in used:  # an unreadable answer refuses no row
            own = own.filter(~pl.col("row").cast(pl.UInt32).is_in(used[own["file"][0]].implode()))
        each = own.select("file", pl.col("row").cast(pl.UInt32).alias(ROW), wrong=wrong)
        rows = each.group_by("file", ROW, maintain_order=True).agg("wrong")
        cells = [packed(_wrong(faults, why)) for faults in rows["wrong"].to_list()]
        parts.append(rows.select("file", ROW, reason=pl.Series(cells, dtype=pl.String)))
    files = pl.DataFrame({"file": [read.name for read in dataset.reads]}).with_row_index(READ).unique("file")
    placed = pl.concat(parts).join(files, on="file").with_columns(pl.col(READ).cast(pl.UInt16))
    return placed.select(*SPOT, "reason")


def _wrong(faults: Sequence[Mapping[str, str | None]], why: Mapping[str, Message]) -> Message:
    """All that is wrong with a row: a reason and, of a cell, its header."""
    reasons: list[Given] = []
    for fault in faults:
        reason, column = why.get(fault["reason"] or "", fault["reason"] or ""), fault["column"]
        reasons.append(Message("row-refused-cell", reason=reason, column=column) if column else reason)
    return Message("row-refused", reasons=reasons)


def _joined(dataset: Dataset, table: str) -> pl.DataFrame:
    """Rows that went into another file's row of their key."""
    if table == "answers" or table not in dataset.tables or OPENING in dataset.tables[table].columns:
        return pl.DataFrame(schema={**SPOT, "reason": pl.String()})
    won = dataset.tables[table].select("_file", _id=TABLES[table].key)
    rest = _candidates(dataset, table).join(won, on=["_file", "_id"], how="anti")
    return rest.select(*SPOT, reason=as_cell(JOINED))


def _outdone(dataset: Dataset, questions: frozenset[str]) -> Iterator[pl.DataFrame]:
    """Answers given in a file that are none of the table: a ticket's question counts once."""
    answers = dataset.tables["answers"]
    for place, read in enumerate(dataset.reads):
        lost = dataset.repeated.filter(file=read.name, table=read.mapping.table)["row"]
        for question in (asked for asked in read.questions if asked.name in questions):
            counted = answers.filter(pl.col("question") == question.name)["response_id"]
            given = read.used.filter(pl.col(question.column).is_not_null() & ~pl.col(ROW).is_in(lost.implode()))
            rest = given.filter(~pl.col("_id").is_in(counted.implode()))
            yield rest.select(pl.lit(place, pl.UInt16).alias(READ), ROW, reason=as_cell(ANOTHER_COUNTS))
