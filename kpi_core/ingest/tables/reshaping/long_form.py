"""Surveys in the long form, one row a response and question: turned into one row a response, with a column for each question."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.cells import missing
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.tables.reshaping.pooling import PART
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

RESPONSE = "number of the response"
"""The header of the column that is added: the number, and behind it the day where one respondent answered on several."""
JOINED = Message("answers-joined")
BETWEEN = ", "
"""What stands between several answers to one question."""
_CASE, _GROUP, _ASKED, _WORDS, _DAY, _SPLIT = "_case", "_group", "_asked", "_words", "_day", "_split"
_CLOCK = r"[T\s]+\d{1,2}[:.]\d{2}.*$"


@dataclass(frozen=True, kw_only=True, eq=False)
class Pivoted:
    """One row a response: the first cell of each column, the last date, the number (`_case`), and the answer to each of the `questions`.

    The answers are in columns `_answer 0` and on. Rows that name no response are rows of their own. `split` are the responses that are
    distinguished from another of the same number by the day alone.
    """

    rows: pl.DataFrame
    questions: tuple[str, ...]
    split: int


def on_one_line(cell: pl.Expr) -> pl.Expr:
    """A question as it is compared: clean, its blanks and line breaks as one blank."""
    return missing.clean(cell).str.replace_all(r"\s+", " ")


def pivoted(
    rows: pl.DataFrame, *, response: str, constant: Sequence[str], question: str, answer: str, date: str | None
) -> Pivoted:
    """Rows of answers as rows of responses.

    A response is what has one number, and one cell in the columns `constant` (the survey, the case). Where it answers one question on several
    days, each day is a response of its own; where one question of it stands in several files, or sheets, each of them. What is then still
    answered twice is a list of choices: one cell.
    """
    day = pl.lit("") if date is None else missing.clean(pl.col(date)).str.replace(_CLOCK, "").fill_null("")
    own, *others = (missing.clean(pl.col(name)) for name in (response, *constant))
    number = pl.concat_str(own, *others, separator=" ", ignore_nulls=True)
    grouped_rows = rows.with_columns(
        pl.when(own.is_not_null()).then(number).alias(_CASE), day.alias(_DAY), on_one_line(pl.col(question)).alias(_ASKED),
        missing.clean(pl.col(answer)).alias(_WORDS),
    )  # fmt: skip
    nobody, grouped_rows = (
        grouped_rows.filter(pl.col(_CASE).is_null()),
        _grouped(grouped_rows.filter(pl.col(_CASE).is_not_null())),
    )
    cells = [pl.col(name).drop_nulls() for name in rows.columns if name not in (PART, ROW)]
    ends = [cell.last() if cell.meta.output_name() == date else cell.first() for cell in cells]
    whole = grouped_rows.group_by(_GROUP, maintain_order=True).agg(pl.col(PART, ROW, _CASE, _SPLIT).first(), *ends)
    questions = tuple(sorted(grouped_rows[_ASKED].drop_nulls().unique()))
    found = whole.join(_answers(grouped_rows, questions), on=_GROUP, how="left", maintain_order="left").drop(
        _GROUP, _SPLIT
    )
    return Pivoted(
        rows=pl.concat([found, nobody.select(*rows.columns, _CASE)], how="diagonal_relaxed").sort(PART, ROW),
        questions=questions, split=int(whole[_SPLIT].sum()),
    )  # fmt: skip


def _grouped(keyed: pl.DataFrame) -> pl.DataFrame:
    """Rows with the response that each is of, and whether that is decided by its day, which its number then names."""
    is_split = (pl.col(_DAY).n_unique().over(_CASE, _ASKED) > 1).any().over(_CASE)
    keyed = keyed.with_columns(is_split.alias(_SPLIT)).with_columns(
        pl.when(_SPLIT).then(pl.concat_str(_CASE, _DAY, separator=" ")).otherwise(_CASE).alias(_CASE)
    )
    unit = pl.col(PART).cast(pl.Int64) * SHEET_ROWS + pl.col(ROW).cast(pl.Int64) // SHEET_ROWS
    is_again = keyed.select((unit.n_unique().over(_CASE, _ASKED) > 1).any()).item()
    return keyed.with_columns(pl.concat_str(_CASE, *([unit] if is_again else []), separator="\x1f").alias(_GROUP))


def _answers(keyed: pl.DataFrame, questions: Sequence[str]) -> pl.DataFrame:
    """The answers of each response, in columns by the place of their question; repeats once."""
    given = keyed.drop_nulls([_ASKED, _WORDS]).unique([_GROUP, _ASKED, _WORDS], keep="first", maintain_order=True)
    joined = given.group_by(_GROUP, _ASKED, maintain_order=True).agg(pl.col(_WORDS).str.join(BETWEEN))
    names = {text: f"_answer {place}" for place, text in enumerate(questions)}
    wide = joined.with_columns(pl.col(_ASKED).replace_strict(names)).pivot(_ASKED, index=_GROUP, values=_WORDS)
    return wide.with_columns(pl.lit(None, pl.String).alias(name) for name in names.values() if name not in wide.columns)
