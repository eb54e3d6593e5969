"""One narrow scan of one file: the typed columns a report needs, and a bit mask of what could not be read.

A row costs some thirty bytes here whatever the export holds. Counts of refusals come from the mask; the text
of refused cells is fetched by a second look at just those rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.cells.few import all_are
from kpi_core.ingest.cells.word_places import places
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.files.columnar.kept_scans import Scan, once
from kpi_core.ingest.files.raw_export import RawExport, explain_scan_failure
from kpi_core.ingest.files.watched import all_read, watched
from kpi_core.ingest.formats.unknown_layouts import is_undated
from kpi_core.messages.message import Text
from kpi_core.model.columns import UNREAD, distinct
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex
from kpi_core.records import dataclass
from kpi_core.threads import leisure

ROW = "_row"
MASK = "_mask"
LEFT_OUT = "_left out: "
DOUBT = "_doubt: "
NOBODY = "_nobody: "
CUT = "_cut: "
SAYS = "_says: "
TORN = 62
"""The bit of a row that does not fit the header."""
STREAMED = 1 << 20
"""Bytes from which a file is read as a stream: to set one up costs more than a small file."""
_FIGURE = regex(r"\d")
Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)


@dataclass(frozen=True, kw_only=True, eq=False)
class NarrowScan:
    """A file's fields and the rows they were read from, refused ones included (`frame`, their `_mask` not 0).

    `unknown` holds the unknown words, by field, with their counts; the rows they stand in are marked in a column
    `unread:<field>`. `left_out` are the rows that are no cases by the format's own rules, by reason: these are not in
    the frame. `nobody` counts by field the rows that are filled with a word for no customer, `cut` those whose number a
    spreadsheet has cut off.
    """

    raw: RawExport
    skip: int
    fields: tuple[Field, ...]
    required: tuple[str, ...]
    cleaned: Mapping[str, pl.Expr]
    frame: pl.DataFrame
    unknown: Mapping[str, Mapping[str, int]]
    left_out: Mapping[Text, int]
    nobody: Mapping[str, int]
    cut: Mapping[str, int]

    def texts(self, *, row_index: str | None = None) -> pl.LazyFrame:
        """The file once more, with each field's clean text and typed value as working columns; `row_index` as in `RawExport.scan`."""
        return steps(self.raw.scan(skip=self.skip, row_index=row_index), self.cleaned, self.fields)

    @cached_property
    def faulty(self) -> pl.DataFrame:
        """The refused rows: their number and mask."""
        masks = self.frame[[ROW, MASK]]
        return masks.filter(pl.col(MASK) != 0) if masks[MASK].max() else masks.clear()

    def filled(self, name: str) -> int:
        """How many rows have a value of a field."""
        return self.frame.height - self.frame[name].null_count()

    @property
    def refusing(self) -> tuple[Field, ...]:
        """The fields whose unreadable cells refuse a row, in the mask's bit order."""
        return _refusing(self.fields)


def _refusing(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.unreadable is not None)


def steps(rows: Rows, cleaned: Mapping[str, pl.Expr], fields: Sequence[Field]) -> Rows:
    """Raw rows with clean cells, then texts, then values: each step computed once, whatever uses it after."""
    return (
        rows.with_columns(**cleaned)
        .with_columns(field.text.alias(field.text_name) for field in fields)
        .with_columns(
            *(field.value.alias(field.value_name) for field in fields),
            *_marks(fields),  # with the values that are made of them, so that each is computed once
        )
    )


def _marks(fields: Iterable[Field]) -> list[pl.Expr]:
    """By field, which rows name nobody, and which hold a number that a spreadsheet has cut off."""
    nobody = [field.nobody.alias(NOBODY + field.name) for field in fields if field.nobody is not None]
    return [*nobody, *(field.cut.alias(CUT + field.name) for field in fields if field.cut is not None)]


def collect(raw: RawExport, rows: pl.LazyFrame) -> pl.DataFrame:
    """Runs a scan of the file.

    Raises:
        ExportError: the file breaks off being a table; names the line.
    """
    try:
        return gathered(raw, rows)
    except pl.exceptions.PolarsError as error:
        raise explain_scan_failure(raw) from error


def gathered(raw: RawExport, rows: pl.LazyFrame) -> pl.DataFrame:
    """Runs a scan of the file; a `PolarsError` is not explained."""
    return rows.collect(engine="streaming" if raw.size >= STREAMED else "in-memory")


def scan(
    raw: RawExport, skip: int, fields: Sequence[Field], required: Sequence[str], cleaned: Mapping[str, pl.Expr],
    of_words: Mapping[str, Callable[[pl.Series], pl.Expr]], plain: Mapping[str, pl.Expr], doubts: Mapping[str, pl.Expr], constants: Mapping[str, pl.Expr], left_out: Mapping[Text, pl.Expr],
) -> NarrowScan:  # fmt: skip
    """Reads the file once, by what a sample shows to suffice; once more with all care if it does not.

    Args:
        raw: the file.
        skip: records before the first data row.
        fields: what to read; text becomes categorical, keys 64-bit hashes.
        required: fields whose missing cells refuse the row.
        cleaned: the clean cells that the fields are made of.
        of_words: the same, as they are asked of some different words of a column.
        plain: those that a sample shows to be clean already. They are taken as they stand, and only if a cell of
            theirs cannot be read is the file read again with all of them cleaned.
        doubts: of plain cells, where one may not be clean after all. What has no fault is taken as it stands only
            with one: a blank behind a key would make it another.
        constants: columns that hold one value throughout.
        left_out: by reason, which raw rows are no cases; a row goes by the first that fits.

    Raises:
        ExportError: the file breaks off being a table; names the line.
    """
    required = [name for name in required if any(field.name == name for field in fields)]
    cells: tuple[Mapping[Any, pl.Expr], ...] = (cleaned, plain, doubts, constants, left_out)
    named = [
        (each.name, each.place, each.kind.value, each.is_composed, each.distinguishes_empty, [*each.says])
        for each in fields
    ]
    read = [*(one for each in fields for one in each.expressions), *(one for each in cells for one in each.values())]
    frame, counts = once(
        raw.scans, [skip, required, named, [[*each] for each in cells]], read,
        lambda: _scanned(raw, skip, fields, required, cleaned, of_words, plain, doubts, constants, left_out),
    )  # fmt: skip
    return NarrowScan(
        raw=raw, skip=skip, fields=tuple(fields), required=tuple(required), cleaned=cleaned, frame=frame, **counts
    )


def _scanned(
    raw: RawExport, skip: int, fields: Sequence[Field], required: Sequence[str], cleaned: Mapping[str, pl.Expr],
    of_words: Mapping[str, Callable[[pl.Series], pl.Expr]], plain: Mapping[str, pl.Expr], doubts: Mapping[str, pl.Expr], constants: Mapping[str, pl.Expr], left_out: Mapping[Text, pl.Expr],
) -> Scan:  # fmt: skip
    """The rows of a scan, and what was counted in it, as `NarrowScan` has them."""
    silent = [name for name in plain if _is_silent(name, fields)]
    trusted = {name: cell for name, cell in plain.items() if name not in silent or name in doubts}
    hastened = [field.hastened for field in fields]
    doubtful = {DOUBT + name: doubts[name] for name in silent if name in doubts}
    frame = _frame(raw, skip, hastened, required, {**cleaned, **trusted}, {**constants, **doubtful}, left_out)
    is_doubtful = any(frame[name].any() for name in doubtful)
    frame, gone = _without(frame.drop(doubtful) if doubtful else frame, left_out)
    is_doubtful = is_doubtful or any(_is_unread(frame, field, trusted) for field in fields if field.spares_rows)
    if is_doubtful or any(_is_faulty(frame, place, field, trusted) for place, field in enumerate(_refusing(fields))):
        frame, gone = _without(_frame(raw, skip, fields, required, cleaned, constants, left_out), left_out)
    frame, nobody = _counted(frame, NOBODY)
    frame, cut = _counted(frame, CUT)
    words = {field.name: distinct(frame[field.name]) for field in fields if field.is_worded}
    cut |= {field.name: count for field in fields
            if field.is_worded and (count := _cut_words(frame[field.name], words[field.name], field, of_words))}  # fmt: skip
    unknown: dict[str, Mapping[str, int]] = {}
    readable = [UNREAD + field.name for field in fields
                if not field.is_worded and field.unknown is not None and not frame[UNREAD + field.name].any()]  # fmt: skip
    frame = frame.drop(readable) if readable else frame
    for field in fields:
        if field.is_worded:
            frame, strange = _with_words(frame, words[field.name], field, of_words)
        elif field.unknown is not None and UNREAD + field.name in frame.columns:
            strange = _strange(field, field.unknown, raw, skip, cleaned)
        else:
            continue
        unknown |= {field.name: strange} if strange else {}
    return _with_truths_of_words(frame), {"unknown": unknown, "left_out": gone, "nobody": nobody, "cut": cut}


def _counted(frame: pl.DataFrame, mark: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """The frame without the marks of one kind, as of cells that name nobody; how many there are, by field."""
    marks = [name for name in frame.columns if name.startswith(mark)]
    counts = {name.removeprefix(mark): int(frame[name].sum()) for name in marks}
    return frame.drop(marks) if marks else frame, {name: count for name, count in counts.items() if count}


def _cut_words(
    column: pl.Series, words: pl.Series, field: Field, of_words: Mapping[str, Callable[[pl.Series], pl.Expr]]
) -> int:
    """How many rows of a column have a word that is a number cut off by a spreadsheet; each of its distinct words is looked at once."""
    if field.cut is None or all_are(words.cast(pl.String), lambda word: not _FIGURE.search(word)):
        return 0
    read = _with_texts(words, field, of_words)
    cut = read.filter(field.cut)["word"]
    return int(column.is_in(cut.implode()).sum()) if len(cut) else 0


def _with_texts(words: pl.Series, field: Field, of_words: Mapping[str, Callable[[pl.Series], pl.Expr]]) -> pl.DataFrame:
    """Words of a column (`word`), as its cells have them, with their clean text under its working name."""
    cell = words.cast(pl.String).alias(f"c{field.place}")
    frame = pl.DataFrame([words.alias("word"), cell])
    cells = {name: of_words[name](words) for name in field.text.meta.root_names()}
    if len(cells) == 1 and field.text.meta.eq(pl.col(*cells)):
        (clean,) = cells.values()
        if clean.meta.eq(pl.col(cell.name)):  # the words are clean as they stand
            return frame.hstack([cell.alias(field.text_name)])
        return frame.with_columns(clean.alias(field.text_name))
    return frame.with_columns(**cells).with_columns(field.text.alias(field.text_name))


def _with_truths_of_words(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the truths that words of other columns give put over its own."""
    for mark in [name for name in frame.columns if name.startswith(SAYS)]:
        name = mark.removeprefix(SAYS)
        own = pl.col(name).fill_null(value=False) if name in frame.columns else pl.lit(value=False)
        frame = frame.with_columns((own | pl.col(mark)).alias(name)).drop(mark)
    return frame


def _without(frame: pl.DataFrame, reasons: Iterable[Text]) -> tuple[pl.DataFrame, dict[Text, int]]:
    """The frame without the rows that are no cases; how many for which reason, each under its first."""
    gone: dict[Text, int] = {}
    for place, reason in enumerate(reasons):
        hit = frame[f"{LEFT_OUT}{place}"]
        if hit.any():
            gone[reason] = int(hit.sum())
            frame = frame.filter(~hit)
    marks = [name for name in frame.columns if name.startswith(LEFT_OUT)]
    return frame.drop(marks) if marks else frame, gone


def _is_silent(name: str, fields: Sequence[Field]) -> bool:
    """Whether a clean cell feeds a field that takes it whatever it says: a key, or a text put together of several cells."""
    whatever = [field for field in fields if field.unreadable is None and not field.is_worded and not field.spares_rows]
    return any(name in field.text.meta.root_names() for field in whatever)


def _is_faulty(frame: pl.DataFrame, place: int, field: Field, trusted: Mapping[str, pl.Expr]) -> bool:
    """Whether a field read without cleaning, or by cheaper means, has cells that could not be read."""
    if field.is_worded or (field.quick is None and not set(field.text.meta.root_names()) & set(trusted)):
        return False
    return bool(((frame[MASK] & (1 << place)) != 0).any())


def _is_unread(frame: pl.DataFrame, field: Field, trusted: Mapping[str, pl.Expr]) -> bool:
    """The same of a field whose unreadable cells refuse no row."""
    if field.quick is None and not set(field.text.meta.root_names()) & set(trusted):
        return False
    return bool(frame[UNREAD + field.name].any())


def _frame(
    raw: RawExport, skip: int, fields: Sequence[Field], required: Sequence[str], cells: Mapping[str, pl.Expr],
    constants: Mapping[str, pl.Expr], left_out: Mapping[Text, pl.Expr],
) -> pl.DataFrame:  # fmt: skip
    """The narrow frame: values, hashes, words as they stand, and the mask of what could not be read."""
    typed = [field for field in fields if not field.is_worded]
    used = {name for field in typed for name in field.text.meta.root_names()}
    faults = {
        place: field.unreadable
        for place, field in enumerate(_refusing(fields))
        if field.unreadable is not None and field in typed
    }
    first = len(_refusing(fields))
    faults |= {first + place: pl.col(text_name(name)).is_null() for place, name in enumerate(required)}
    if raw.torn:
        faults[TORN] = pl.col(ROW).is_in(list(raw.torn))
    rows = raw.scan(skip=skip, row_index=ROW)
    lazy = steps(rows, {name: cell for name, cell in cells.items() if name in used}, typed).select(
        ROW,
        *(_column(field) if field in typed else _words_of(field) for field in fields),
        *(field.unknown.alias(UNREAD + field.name) for field in typed if field.unknown is not None),
        *(pl.col(mark.meta.output_name()).fill_null(value=False) for mark in _marks(typed)),
        *(value.alias(name) for name, value in constants.items()),
        *(is_none.fill_null(value=False).alias(f"{LEFT_OUT}{place}") for place, is_none in enumerate(left_out.values())),
        *(is_faulty.fill_null(value=False).alias(f"{MASK}{bit}") for bit, is_faulty in faults.items()),
    )  # fmt: skip
    if raw.size >= STREAMED:
        leisure()
    if raw.kind == "csv":
        lazy = watched(lazy, raw.name, raw.path, raw.size)
    # Whole columns from here on, or every step that needs them whole would make them so again.
    frame = collect(raw, lazy).rechunk()
    all_read(raw.name, frame.height, raw.size)
    return _masked(frame, faults)


def _masked(frame: pl.DataFrame, bits: Iterable[int]) -> pl.DataFrame:
    """The frame with its faults, which a scan keeps as one column of truths each, as one mask."""
    faulty = [bit for bit in bits if frame[f"{MASK}{bit}"].any()]
    mask = pl.Series(MASK, [0], pl.UInt64).new_from_index(0, frame.height)
    for bit in faulty:
        mask = mask | (frame[f"{MASK}{bit}"].cast(pl.UInt64) * (1 << bit))
    return frame.drop(f"{MASK}{bit}" for bit in bits).insert_column(1, mask.alias(MASK))


def _with_words(
    frame: pl.DataFrame, words: pl.Series, field: Field, of_words: Mapping[str, Callable[[pl.Series], pl.Expr]]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The frame with a column of words read: each of its distinct `words` once; and the unknown ones, with counts."""
    dtype = pl.Categorical() if field.kind is Kind.TEXT else field.kind.dtype
    if field.distinguishes_empty and frame[field.name].has_nulls():
        words = pl.concat([words, pl.Series(words.name, [None], words.dtype)])
    texts = _with_texts(words, field, of_words)
    is_bare = field.value.meta.eq(pl.col(field.text_name))
    valued = (
        texts.hstack([texts[field.text_name].alias(field.value_name)])
        if is_bare
        else texts.with_columns(field.value.alias(field.value_name))
    )
    read = valued.select(
        "word", value=pl.col(field.value_name).cast(dtype), text=field.text_name,
        is_same=pl.col(field.text_name if field.cut is None else field.value_name).eq_missing(pl.col(f"c{field.place}")),
        is_unknown=pl.lit(value=False) if field.unknown is None else field.unknown,
        **{SAYS + name: condition for name, condition in field.says.items()},
    )  # fmt: skip
    frame = _with_truths(frame, field, read)
    counts: dict[str, int] = {}
    strange = read.filter(
        pl.col("is_unknown") & ~pl.any_horizontal(pl.lit(value=False), *(SAYS + name for name in field.says))
    ) if read["is_unknown"].any() else read.clear()  # fmt: skip
    if strange.height:
        unread = pl.col(field.name).is_in(strange["word"].implode()).fill_null(value=False)
        frame = frame.with_columns(unread.alias(UNREAD + field.name))
        hits = frame.select(word=field.name).join(strange.select("word", "text"), on="word").group_by("text").len()
        counts = dict(hits.sort("len", "text", descending=[True, False]).iter_rows())
    if field.kind is Kind.TEXT and read["is_same"].all():
        return frame, counts
    place = places(frame[field.name], read["word"])
    return frame.with_columns(read["value"][place].alias(field.name)), counts


def _with_truths(frame: pl.DataFrame, field: Field, read: pl.DataFrame) -> pl.DataFrame:
    """The frame with the truths marked that words of a field give in addition."""
    for name in field.says:
        if read[SAYS + name].any():
            words = read.filter(SAYS + name)["word"]
            is_marked = pl.col(field.name).is_in(words.implode()).fill_null(value=False)
            is_marked = is_marked | pl.col(SAYS + name) if SAYS + name in frame.columns else is_marked
            frame = frame.with_columns(is_marked.alias(SAYS + name))
    return frame


def _strange(
    field: Field, is_unknown: pl.Expr, raw: RawExport, skip: int, cleaned: Mapping[str, pl.Expr]
) -> dict[str, int]:
    """The unknown words of a field put together of several cells, with counts: a second look has them."""
    cells = {each: cleaned[each] for each in field.text.meta.root_names()}
    strange = steps(raw.scan(skip=skip), cells, [field]).filter(is_unknown).group_by(field.text_name).len()
    return dict(collect(raw, strange).sort("len", field.text_name, descending=[True, False]).iter_rows())


def _words_of(field: Field) -> pl.Expr:
    """The words of a column as they stand, in the rows where they say something of the field."""
    cell = pl.col(f"c{field.place}")
    return (cell if field.only is None else pl.when(field.only).then(cell)).cast(pl.Categorical).alias(field.name)


def _column(field: Field) -> pl.Expr:
    value = pl.col(field.value_name)
    if field.kind is Kind.TEXT:
        return value.cast(pl.Categorical).alias(field.name)
    if field.kind is Kind.KEY:
        return key_column(field)
    return value.cast(field.kind.dtype).alias(field.name)


def key_column(field: Field) -> pl.Expr:
    """A key as the frame holds it: the 64-bit hash of its text, null for none."""
    value = pl.col(field.value_name)
    return pl.when(value.is_not_null()).then(value.hash(seed=7)).alias(field.name)


def check_width(raw: RawExport) -> None:
    """Refuses a file that is no table at all.

    Raises:
        ExportError: fewer than two columns.
    """
    if raw.width < 2 and raw.kind != "json":
        hint = "pass --delimiter if the columns are split by something else than , ; | or tab"
        kind = UnreadableError if is_undated(raw.head) else ExportError
        raise kind("only one column: no table", where=raw.name, hint=hint)
