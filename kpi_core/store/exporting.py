"""The tables of a store as Parquet files, for other tools: DuckDB, Power BI, a notebook; and its exports as a state, for `kundpuls report`.

Keys are written as the exports have them. Answers stand one response to a row, in a column a question whose header has its
scale, and ratings inside tickets stand in the tickets: so they are read back as what they were.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from kpi_core.errors import StoreError
from kpi_core.ingest import dataset
from kpi_core.ingest.file_read import Choices, FileRead
from kpi_core.ingest.files.endings import store_of
from kpi_core.ingest.files.spool import new_folder
from kpi_core.ingest.files.states import MADE_BY, OF_STORE, KeptFile, State, is_state, write_state
from kpi_core.ingest.finishing import salt_of
from kpi_core.model.tables import TABLES, Kind
from kpi_core.records import dataclass

_ID, _TEXT, _OF, _SOURCE = "_id", "_text", "_of", "_source"
_WRITTEN = {_ID: pl.UInt64(), _TEXT: pl.String(), _OF: pl.String(), _SOURCE: pl.String()}
"""A key: its hash, how it is written, of which column where that is one source's own, and the source."""
_OF_QUESTIONS = ("question", "score", "scale_low", "scale_high", "direction")
"""What the header of a question says, or its cells."""
_OF_TWO = {
    "resolved": ("Was your issue resolved?", ("no", "yes")),
    "first_contact": ("Was your issue resolved at first contact?", ("no", "yes")),
    "csat": ("csat", ("bad", "good")),
}
"""Header and words of questions with two answers: as numbers they would be read as marks on a longer scale."""


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A table that was written: its name, its file and its rows."""

    table: str
    path: Path
    rows: int


def export(folder: Path, choices: Choices) -> tuple[Exported, ...]:
    """Writes each table of the stored exports as `<table>.parquet`; of rows with one key the one that counts.

    What was only known of several exports one after another, as that a ticket was opened again between them, is in none of them, nor what is
    known of files and not of rows: their zones, who was asked, how ratings were found. So `exports.state` has the exports themselves next to
    the tables, by which a report on the folder is the one on the store.

    Raises:
        StoreError: a file of that name is none that was written here.
        KpiError: the exports cannot be read.
    """
    names = frozenset(name for table in TABLES.values() for name in table.names)
    if (
        store := next((one for one in (folder.absolute(), *folder.absolute().parents) if store_of(one) == one), None)
    ) is not None:
        hint = "name another folder: what is in the store itself is to be forgotten with a customer"
        raise StoreError(f"is in the store {store.name}", where=folder, hint=hint)
    found = dataset.read_exports([], choices, names)
    folder.mkdir(parents=True, exist_ok=True)
    filled = _tables(found.tables, _written_keys(found.reads))
    places = {name: folder / f"{name}.parquet" for name in filled}
    for place in (*places.values(), folder / OF_STORE):
        _check(place)
    for name, frame in filled.items():
        draft = folder / f".{name}.{os.getpid()}"
        try:
            frame.write_parquet(draft, metadata={MADE_BY: "store"})
            draft.replace(places[name])
        finally:
            draft.unlink(missing_ok=True)
    _keep_exports(folder / OF_STORE, choices)
    return tuple(Exported(table=name, path=places[name], rows=frame.height) for name, frame in filled.items())


def _keep_exports(target: Path, choices: Choices) -> None:
    """Writes the exports of the store as a state, in the order in which they are read."""
    draft, scans = target.with_name(f".{target.name}.{os.getpid()}"), new_folder()
    files = [
        KeptFile(name=item.name, is_named=item.is_named, meta=item.kept.meta, rows=item.kept.rows[0], place=place)
        for place, item in enumerate(choices.stored)
        if item.kept is not None
    ]
    try:
        write_state(State(files=files, scans=scans, asked={}), draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _tables(tables: Mapping[str, pl.DataFrame], keys: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The tables that have rows, with keys as text and the answers by response; those inside tickets in the tickets."""
    filled = {name: frame for name, frame in tables.items() if frame.height}
    if "answers" in filled:
        answers = filled.pop("answers")
        inside = pl.col("_embedded") if "tickets" in filled and "_embedded" in answers.columns else pl.lit(value=False)
        own, rated = answers.filter(~inside), answers.filter(inside)
        if own.height:
            filled["answers"] = _by_response(own, "response_id")
        if rated.height:
            given = _by_response(rated, "ticket_id")
            scores = given.select("ticket_id", *(name for name in given.columns if name not in answers.columns))
            filled["tickets"] = filled["tickets"].join(scores, on="ticket_id", how="left", maintain_order="left")
    return {name: _with_texts(frame, keys) for name, frame in filled.items()}


def _by_response(answers: pl.DataFrame, key: str) -> pl.DataFrame:
    """Answers with a row for each response, or ticket, and a column for each question on each of its scales."""
    scales = ["question", "scale_low", "scale_high"]
    known = answers.select(scales).drop_nulls().unique(maintain_order=True)
    columns = [
        _of_question(question, low, high)
        for question, low, high in known.with_columns(pl.col("question").cast(pl.String)).iter_rows()
    ]
    others = [pl.col(name).drop_nulls().first() for name in answers.columns if name not in (key, *_OF_QUESTIONS)]
    return answers.group_by(key, maintain_order=True).agg(*others, *columns)


def _of_question(question: str, low: float, high: float) -> pl.Expr:
    """The answers to a question on one of its scales, under a header that names it; a yes or no, or a mark of two, in words."""
    is_asked = (pl.col("question") == question) & (pl.col("scale_low") == low) & (pl.col("scale_high") == high)
    given = pl.col("score").filter(is_asked).drop_nulls().first()
    header, words = _OF_TWO.get(question, ("", ())) if (low, high) == (0, 1) else ("", ())
    if not words:
        return given.alias(f"{question} ({low:g}–{high:g})")
    return pl.when(given == 1).then(pl.lit(words[1])).when(given == 0).then(pl.lit(words[0])).alias(header)


def _written_keys(reads: Sequence[FileRead]) -> pl.DataFrame:
    """What the hashes of keys stand for: `_id` and `_text`; a number that several sources have is written with its source."""
    whole = pl.concat([pl.DataFrame(schema=_WRITTEN), *map(_keys_of, reads)]).unique(maintain_order=True)
    is_shared = pl.col(_OF).is_not_null() & (pl.col(_ID).n_unique().over(_OF, _TEXT) > 1)
    text = pl.when(is_shared).then(pl.format("{} {}", _SOURCE, _TEXT)).otherwise(_TEXT).alias(_TEXT)
    return whole.with_columns(text).unique(_ID, keep="first", maintain_order=True)


def _keys_of(read: FileRead) -> pl.DataFrame:
    """The keys of a file, each as it stands there; those of its own rows, and of conversations, also as those of its source (`_of`)."""
    source = read.account or read.mapping.system
    salt = pl.lit(salt_of(source), pl.UInt64)
    own = {TABLES[read.mapping.table].key, *(("ticket_id",) if read.mapping.table == "messages" else ())}
    fields = [field for field in read.narrow.fields if field.kind is Kind.KEY]
    texts = read.narrow.texts().select(field.value_name for field in fields).collect()
    parts = [pl.DataFrame(schema=_WRITTEN)]
    for field in fields:
        found = pl.DataFrame({_TEXT: texts[field.value_name].drop_nulls().unique()})
        plain = found.select(
            pl.col(_TEXT).hash(seed=7).alias(_ID), _TEXT, pl.lit(None, pl.String).alias(_OF), pl.lit(source).alias(_SOURCE)
        )  # fmt: skip
        parts.append(plain)
        if field.name in own:
            parts.append(
                plain.with_columns(pl.col(_ID) ^ salt, pl.lit(f"{read.mapping.table} {field.name}").alias(_OF))
            )
    return pl.concat(parts)


def _with_texts(frame: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """A table as it is written: keys as text, no working columns and no empty ones; a row without a number of its own has one made of its place."""
    shown = frame
    for name, kind in frame.schema.items():
        if kind == pl.UInt64 and not name.startswith("_"):
            texts = frame.select(pl.col(name).alias(_ID)).join(keys, on=_ID, how="left", maintain_order="left")
            made = pl.when(pl.col(_ID).is_not_null()).then(pl.format("row {}", pl.col(_ID)))
            shown = shown.with_columns(texts.select(pl.coalesce(_TEXT, made).alias(name)).to_series())
    own = [name for name in shown.columns if not name.startswith("_") and ":" not in name]
    return shown.select(name for name in own if shown[name].null_count() < shown.height)


def _check(place: Path) -> None:
    """Refuses to write over a file that is somebody else's."""
    if not place.exists():
        return
    try:
        is_ours = is_state(place) or MADE_BY in pl.read_parquet_metadata(place)
    except (OSError, pl.exceptions.PolarsError):
        is_ours = False
    if not is_ours:
        raise StoreError(
            "is there already, and was not written by `store export`", where=place, hint="name another folder"
        )
