"""Rows of one key in several files put together: what the row that counts does not say, another file may.

A help desk that writes one file a measure spreads a case over several, and two lists of the same cases may have other columns.
Files of one format with the same columns say the same thing at two times: there the newer row counts alone.
"""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.questions.survey_questions import is_of_question
from kpi_core.ingest.tables.duplicates import ID, is_counted, ranked
from kpi_core.model.columns import DAYS, MONTHS, RECORDS, UNREAD
from kpi_core.model.tables import Table
from kpi_core.records import dataclass

RATED = "_file:"
"""Before the name of a question: the working column of the file that a row's rating is from."""
_SCORE, _OWN, _LOST = "score:", "_own", "_lost"
_FLAGS = ("_dates_", RECORDS)
"""How the columns begin that say what a row's own file records."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Completed:
    """The rows that count, those that truly lost, and those that went into one that counts."""

    winners: pl.DataFrame
    losers: pl.DataFrame
    joined: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """The format of a file and the columns that it has."""

    format: str
    columns: frozenset[str]

    def adds_to(self, other: "_Layout") -> bool:
        """Whether rows of such a file may say what one of another does not."""
        return self.format != other.format or not self.columns <= other.columns


def completed(winners: pl.DataFrame, losers: pl.DataFrame, reads: Sequence[FileRead], table: Table) -> Completed:
    """Winners with their empty cells filled from rows of the same key in other files, newest first.

    Of a file of the winner's own format only those columns count that its file lacks, and a row that says another thing in those that
    both have is lost all the same. A rating is of the newest row that has one; `_file:<question>` says of which file.
    """
    layouts = [_layout(read) for read in reads]
    own = losers.join(winners.select(ID, pl.col("_file").alias(_OWN)), on=ID, how="left", maintain_order="left")
    pairs = own.select("_file", _OWN).unique(maintain_order=True).rows()
    adding = [pair for pair in pairs if layouts[pair[0]].adds_to(layouts[pair[1]])]
    if not adding:
        return Completed(winners=winners, losers=losers, joined=losers.clear())
    parts = pl.concat(
        _addable(own.filter(_file=file, **{_OWN: of}), winners, layouts[file], layouts[of], table)
        for file, of in adding
    )
    shared = winners[ID].is_in(parts[ID].implode())
    best = ranked(parts, table, ID).select(winners.columns)
    whole = _marked(pl.concat([winners.filter(shared), best]))
    filled = whole.group_by(ID, maintain_order=True).agg(_newest(whole)).select(whole.columns)
    is_joined = parts.filter(~pl.col(_LOST)).select("_file", "_row")
    return Completed(
        winners=pl.concat([_marked(winners.filter(~shared)), filled]),
        losers=losers.join(is_joined, on=["_file", "_row"], how="anti", maintain_order="left"),
        joined=losers.join(is_joined, on=["_file", "_row"], how="semi", maintain_order="left"),
    )


def _layout(read: FileRead) -> _Layout:
    columns = frozenset(_base(name) for name in read.used.columns if not name.startswith("_"))
    return _Layout(format=read.mapping.name, columns=columns)


def _base(name: str) -> str:
    """The column of the files that a working column is of."""
    if is_of_question(name):
        return _SCORE + name.partition(":")[2]
    return name.removeprefix(UNREAD).removeprefix(DAYS).removeprefix(MONTHS)


def _addable(rows: pl.DataFrame, winners: pl.DataFrame, file: _Layout, own: _Layout, table: Table) -> pl.DataFrame:
    """Rows of one file with no more than they may add to those of another that count, and whether they are lost for it (`_lost`)."""
    if file.format != own.format:
        return rows.with_columns(pl.lit(value=False).alias(_LOST))
    both = [name for name in rows.columns if is_counted(name, table) and name in file.columns & own.columns]
    joined = rows.select(ID, *both).join(
        winners.select(ID, *both), on=ID, how="left", suffix=" best", maintain_order="left"
    )
    differs = [pl.col(name).ne_missing(pl.col(f"{name} best")) for name in both]
    lost = joined.with_columns(pl.any_horizontal(pl.lit(value=False), *differs).alias(_LOST))[_LOST]
    kept = {ID, "_file", "_row", _OWN}
    taken = [
        name for name in rows.columns if name not in kept and not name.startswith(_FLAGS) and _base(name) in own.columns
    ]
    return rows.with_columns(pl.lit(None, rows.schema[name]).alias(name) for name in taken).with_columns(lost)


def _marked(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the file of each rating next to it."""
    names = (name.removeprefix(_SCORE) for name in rows.columns if name.startswith(_SCORE))
    return rows.with_columns(pl.col("_file").alias(RATED + name) for name in names)


def _newest(rows: pl.DataFrame) -> list[pl.Expr]:
    """Of rows of one key, best first, the first cell that each column has; what belongs to one rating is of one row."""
    return [_first(rows, name).alias(name) for name in rows.columns if name != ID]


def _first(rows: pl.DataFrame, name: str) -> pl.Expr:
    cell = pl.col(name)
    if name.startswith(_FLAGS):
        return cell.any()
    if name.startswith((DAYS, MONTHS)) and (of := _base(name)) in rows.columns:
        return cell.filter(pl.col(of).is_not_null()).first().fill_null(value=False)
    if not is_of_question(name):
        return cell.drop_nulls().first()
    question = name.partition(":")[2]
    is_rated = pl.col(_SCORE + question).is_not_null() | pl.col(f"bad:{question}").fill_null(value=False)
    of_first = cell.first()
    if (offered := f"offered:{question}") in rows.columns:
        is_offered = pl.col(offered).fill_null(value=False)
        of_first = pl.when(is_offered.any()).then(cell.filter(is_offered).first()).otherwise(of_first)
    return pl.when(is_rated.any()).then(cell.filter(is_rated).first()).otherwise(of_first)
