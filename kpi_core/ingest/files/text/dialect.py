"""How a text export is written: its encoding, its delimiter and the lines before its table.

Detected from the first mebibyte, and from the rest only where that is bare ASCII: a wrong guess is not an error anywhere below, it is garbage. A header in
latin-1 passes for UTF-8 in most readers, and decimal commas outnumber the semicolons that separate them.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.files.text.composed_letters import composed, is_decomposed
from kpi_core.ingest.files.text.encodings import Encoding, by_mark, by_words, is_broken_utf8
from kpi_core.ingest.files.text.formula_texts import has_formula_texts, without_formulas
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

SAMPLE_BYTES = 1 << 20
_SEP_LINE = regex(r'"?sep=(.)"?\r?', re.IGNORECASE)
_DELIMITERS = "\t;|,"
_SPELLED = {"tab": "\t", r"\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_END_MARKS = b"\0\x1a"
BLANKS = "blanks"
"""The delimiter of columns that stand apart by runs of blanks."""
_RECORDS_LOOKED_AT = 100


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text export is written.

    `skip_lines` physical lines stand before the table, such as `sep=;`. `has_bare_returns`: lines end in a
    carriage return alone (old Macintosh), or in two of them. `has_blanks`: columns stand apart by runs of blanks,
    which are read as one tab. `is_decomposed`: letters are written as a base and a mark. `has_formulas`: cells are
    formulas of a text, such as `="0012"`. `length` is that of the text in bytes where marks of its end follow (NUL, or the Ctrl-Z of
    DOS). `note` says how the encoding was guessed.
    """

    encoding: str
    delimiter: str
    skip_lines: int
    has_bare_returns: bool = False
    has_blanks: bool = False
    is_decomposed: bool = False
    has_formulas: bool = False
    length: int | None = None
    note: Message | None = None

    @property
    def is_rewritten(self) -> bool:
        """Whether the text is read in other characters than it is written in."""
        return (
            any((self.has_bare_returns, self.has_blanks, self.is_decomposed, self.has_formulas))
            or self.length is not None
        )

    def rewritten(self, text: str) -> str:
        """Whole lines of the text as they are read."""
        if self.has_bare_returns:
            text = line_feeds(text)
        if self.has_blanks:
            text = re.sub(r"[ \t]+", "\t", re.sub(r"(?m)^[ \t]+|[ \t]+(?=\r?$)", "", text))
        if self.has_formulas:
            text = without_formulas(text, self.delimiter)
        return composed(text) if self.is_decomposed else text


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The first mebibyte of a file; `is_whole` where that is all of it, `path` where there is a file with more."""

    content: bytes
    is_whole: bool
    name: str
    path: Path | None = None

    def text(self, encoding: str) -> str:
        """The sample decoded, a character cut off at its end left out.

        Raises:
            ExportError: bytes that are no text in `encoding`, with their line.
        """
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        content = self.content
        if self.is_whole and not is_wide(encoding):
            content = content.rstrip(_END_MARKS)
        try:
            return decoder.decode(content, final=self.is_whole)
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise undecodable(self.name, line, encoding) from error
        except UnicodeError as error:  # UTF-16 without its mark
            raise undecodable(self.name, 1, encoding) from error


def read_sample(path: Path, name: str | None = None) -> Sample:
    """The sample of the file at `path`, called `name` in messages.

    Raises:
        ExportError: a folder, or a file that may not be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(SAMPLE_BYTES)
            return Sample(content=content, is_whole=not file.read(1), name=name or str(path), path=path)
    except IsADirectoryError as error:
        raise ExportError("is a folder, not a file", where=name or path) from error
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", where=name or path) from error


def detect(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Dialect:
    """How the text export at `path` is written; what is given is taken as given.

    Raises:
        ExportError: unreadable, an encoding that does not exist or does not fit, or an impossible delimiter.
    """
    return detect_in(read_sample(path), encoding=encoding, delimiter=delimiter)


def detect_in(
    sample: Sample, *, encoding: str | None = None, delimiter: str | None = None, skip_lines: int = 0
) -> Dialect:
    """The same for a sample already read, at least `skip_lines` lines of it standing before the table."""
    found = Encoding(name=_given_encoding(encoding, sample)) if encoding else _encoding_of(sample)
    text = sample.text(found.name)
    has_bare_returns = text.count("\r") > text.count("\r\n")
    if has_bare_returns:
        text = line_feeds(text)
    sep = _SEP_LINE.fullmatch(text.partition("\n")[0])
    if sep:
        skip_lines, delimiter = max(skip_lines, 1), delimiter or sep[1]
    has_blanks = (delimiter or "").lower() == BLANKS
    if has_blanks:
        delimiter = "\t"
    elif delimiter:
        delimiter = _given_delimiter(delimiter)
        if delimiter == " ":
            _check_not_padded(after_lines(text, skip_lines), sample)
    else:
        delimiter = _delimiter_of(after_lines(text, skip_lines), is_whole=sample.is_whole)
    length = None if sample.path is None or is_wide(found.name) else _length_before_end_marks(sample.path)
    return Dialect(encoding=found.name, delimiter=delimiter, skip_lines=skip_lines, has_bare_returns=has_bare_returns,
                   has_blanks=has_blanks, is_decomposed=is_decomposed(text), has_formulas=has_formula_texts(text, delimiter),
                   length=length, note=found.note)  # fmt: skip


def _length_before_end_marks(path: Path) -> int | None:
    """The bytes before the NULs or Ctrl-Z at the end of a file; None where it ends without them."""
    with path.open("rb") as file:
        size = end = file.seek(0, 2)
        while end:
            start = max(0, end - SAMPLE_BYTES)
            file.seek(start)
            kept = len(file.read(end - start).rstrip(_END_MARKS))
            end = start + kept
            if kept:
                break
    return end if end < size else None


def is_wide(encoding: str) -> bool:
    """Whether a character takes more bytes than one where it is ASCII, so that NUL is part of others."""
    return encoding.replace("_", "-").startswith(("utf-16", "utf-32"))


def line_feeds(text: str) -> str:
    """`text` with every line end a line feed; a return doubled before it is one line end."""
    return re.sub(r"\r+\n|\r", "\n", text)


def after_lines(text: str, lines: int) -> str:
    """What follows the first `lines` physical lines of `text`."""
    return text.split("\n", lines)[-1] if text.count("\n") >= lines else ""


def first_records(text: str, delimiter: str, *, limit: int, is_whole: bool) -> list[tuple[list[str], int]]:
    """The first records of `text`, each with the number of lines read up to and with it.

    A blank line is a record without cells. Where the text is only the beginning (not `is_whole`), the record
    it breaks off in is left out.
    """
    with field_limit(len(text) + 1):
        reader = csv.reader(_lines(text), delimiter=delimiter)
        records = [(cells, reader.line_num) for cells in islice(reader, limit + 1)]
    return (records if is_whole else records[:-1])[:limit]


def first_columns(text: str, delimiter: str, places: Sequence[int], *, limit: int, is_whole: bool) -> list[list[str]]:
    """Columns of the first records of `text`, as `first_records` cuts them; empty where a record is too short."""
    if len(places) == 1:
        return [_first_cells(text, delimiter, places[0], limit=limit, is_whole=is_whole)]
    records = first_records(text, delimiter, limit=limit, is_whole=is_whole)
    return [[row[at] if at < len(row) else "" for row, _ in records] for at in places]


def _first_cells(text: str, delimiter: str, place: int, *, limit: int, is_whole: bool) -> list[str]:
    """One of these columns: a line without quotes is a record, and is cut no further than to the cell."""
    cells: list[str] = []
    lines = _lines(text)
    with field_limit(len(text) + 1):
        for line in lines:
            bare = line.rstrip("\r\n")
            if '"' in bare or "\r" in bare:
                record = next(csv.reader(chain((line,), lines), delimiter=delimiter))
            else:
                record = bare.split(delimiter, place + 1)
            cells.append(record[place] if place < len(record) else "")
            if len(cells) > limit:
                break
    return (cells if is_whole else cells[:-1])[:limit]


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, as far as they are asked for."""
    start = 0
    while end := text.find("\n", start) + 1:
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


@contextmanager
def field_limit(characters: int) -> Iterator[None]:
    """Lets the csv module read cells of up to `characters`; its own limit is 131 072, and global."""
    before = csv.field_size_limit(characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def undecodable(name: str, line: int, encoding: str) -> ExportError:
    """The error for bytes on a line that are no text in `encoding`."""
    return ExportError(
        f"bytes that are not {encoding} text",
        where=f"{name}:{line}",
        hint="name the encoding it was saved in with --encoding, such as cp1252, latin-1, utf-8 or utf-16",
    )


def _encoding_of(sample: Sample) -> Encoding:
    if marked := by_mark(sample.content):
        return Encoding(name=marked)
    if sample.content.isascii() and not sample.is_whole and sample.path is not None:
        return _encoding_of_rest(sample.path, sample.name)
    return _encoding_in(sample.content, sample.name, is_whole=sample.is_whole)


def _encoding_in(content: bytes, name: str, *, is_whole: bool) -> Encoding:
    """The encoding of a piece of text without a mark."""
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(content, final=is_whole)
    except UnicodeDecodeError as error:
        if is_broken_utf8(content):
            raise undecodable(name, content.count(b"\n", 0, error.start) + 1, "utf-8") from error
        return by_words(content.rstrip(_END_MARKS), name)
    return Encoding(name="utf-8")


def _encoding_of_rest(path: Path, name: str) -> Encoding:
    """The encoding shown by the first piece of a file that is more than ASCII."""
    with path.open("rb") as file:
        while piece := file.read(SAMPLE_BYTES):
            if not piece.isascii():
                return _encoding_in(piece, name, is_whole=False)
    return Encoding(name="utf-8")


def _given_encoding(encoding: str, sample: Sample) -> str:
    try:
        "".encode(encoding)
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        hint = "common ones are utf-8, cp1252, latin-1 and utf-16"
        raise ExportError(f"no encoding `{encoding}`", hint=hint) from error
    is_marked = name == "utf-8" and sample.content.startswith(codecs.BOM_UTF8)
    return "utf-8-sig" if is_marked else name


def _given_delimiter(delimiter: str) -> str:
    character = _SPELLED.get(delimiter.lower(), delimiter)
    if len(character) != 1 or not character.isascii() or character in '"\r\n':
        hint = "it is one character, such as `,` or `;`, or one of the words `tab` and `blanks`"
        raise ExportError(f"`{delimiter}` cannot be a delimiter", hint=hint)
    return character


def _check_not_padded(text: str, sample: Sample) -> None:
    """Refuses columns padded with blanks, in which a blank for each delimiter would shift the cells."""
    records = first_records(text, " ", limit=_RECORDS_LOOKED_AT, is_whole=sample.is_whole)
    if any("" in cells for cells, _ in records if any(cells)):
        hint = "pass --delimiter blanks, which takes any number of them as one"
        raise ExportError("its columns are padded: one blank each would shift its cells", where=sample.name, hint=hint)


def _delimiter_of(text: str, *, is_whole: bool) -> str:
    """The delimiter that gives the records the most even length; `,` where none divides them."""

    def regularity(delimiter: str) -> tuple[float, int]:
        records = first_records(text, delimiter, limit=_RECORDS_LOOKED_AT, is_whole=is_whole)
        return _regularity([len(cells) for cells, _ in records if cells])

    found = {delimiter: regularity(delimiter) for delimiter in _DELIMITERS}
    best = max(found, key=lambda delimiter: found[delimiter])
    return best if found[best] > (0, 0) else ","


def _regularity(widths: list[int]) -> tuple[float, int]:
    """The share of records that have the commonest width above one, and that width.

    A width that the first record lacks and that few have from its first appearance on comes from delimiters
    in free text, and counts for nothing.
    """
    common = Counter(width for width in widths if width > 1)
    if not common:
        return 0.0, 0
    width = max(common, key=lambda width: (common[width], width))
    onwards = len(widths) - widths.index(width)
    if common[width] < onwards / 2 and widths[0] < max(widths):
        return 0.0, 0
    return common[width] / len(widths), width
