"""What may happen to an export between a help desk and us: bytes, lines, cells, words, headers, encodings, archives."""

import gzip
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST = 60_000
"""Bytes of a text that are worth their time; longer ones are cut at a line."""

ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "cp437",
    "cp850",
    "cp865",
    "mac_roman",
)
DELIMITERS = ",;\t|"
LINE_ENDS = ("\n", "\r\n", "\r", "\r\r\n", "\u2028")
CELLS = (
    "", " ", "-", "–", "n/a", "NULL", "nan", "inf", "-inf", "1e999", "-1", "0", "99", "88", "1e308", "9" * 30, "0.1", "1,5", "1.234,5",
    "50%", "3/5", "⭐⭐⭐", "😀", "#REF!", "=1+1", "@cmd", "'", '"', '""', "a\nb", "a\r\nb", "\x00", "\x1a", "\ufeff", "\u200b",
    "\u202eabc", "\ud7ff", "x" * 5000, "2026-02-30", "31.12.2026 25:61", "0000-00-00", "9999-12-31 23:59", "0001-01-01", "1970-01-01",
    "45901,375", "45901.375", "10/01/2020", "01/02/26", "2026-09-01T10:00:00+99:00", "2026-10-25 02:30", "2026-03-29 02:30", "10:15",
    "26:10:00", "3 tim", "-5 min", "1 d 2 h", "Ja", "nej", "true", "Closed", "Spam", "Vet ej", "Summa", "Total", "Very satisfied", "10",
    "11", "[1, 2]", '{"a": 1}', "<b>x</b>", "EUR 10", "10 kr", "$1,000.00", "(5)", "１２", "٣",
)  # fmt: skip
HEADERS = (
    "", "Status", "Created", "Created at", "created_at", "Closed", "Resolved at", "Priority", "Agent", "Group", "NPS", "CSAT (1-5)",
    "Timestamp", "Tidstempel", "Ticket ID", "id", "ID", "Amount", "Order", "Lead", "Email", "2026-01-01", "1", "unnamed", "Value", "score",
    "row", "file", "day", "unread:status", "ticket_id", "\ufeffid", "Rating", "Question", "Message", "Author", "State", "c0", "n", "value",
)  # fmt: skip
FOOTERS = ("Summa", "Totalt", "Total", "Sum", "Yhteensä", "I alt", "Gesamt", "Grand total", "Antal: 12")

Rows = list[list[str]]


def mutated(content: bytes, name: str, chance: random.Random, words: Sequence[str]) -> tuple[bytes, str]:
    """The file changed one to four times, and the name it goes by then."""
    suffix = name.rpartition(".")[2].lower()
    if content.startswith(b"PK"):
        content = _in_archive(content, chance, words)
    elif content.startswith(b"\xd0\xcf"):
        content = _bytes(content, chance)
    else:
        content = _text(content, suffix, chance, words)
        if suffix in ("csv", "tsv", "txt") and chance.random() < 0.15:
            content, name = _columns(content, name, chance)
    if chance.random() < 0.1:
        content = _bytes(content, chance)
    if chance.random() < 0.06:
        return _zipped(content, name, chance), f"{name}.zip"
    if chance.random() < 0.02:
        return gzip.compress(content, mtime=0), f"{name}.gz"
    if chance.random() < 0.02:
        return zstd.compress(content), f"{name}.zst"
    if chance.random() < 0.05:
        name = name.rpartition(".")[0] + chance.choice(
            (".csv", ".txt", ".xls", ".xlsx", ".json", ".tsv", ".zip", ".ods", ".parquet", ".arrow", "")
        )
    return content, name


def _text(content: bytes, suffix: str, chance: random.Random, words: Sequence[str]) -> bytes:
    text, encoding = _decoded(content)
    if suffix in ("json", "ndjson", "jsonl") and chance.random() < 0.7:
        text = _json(text, chance, words)
    elif suffix == "xls" or text.lstrip().startswith("<"):
        text = _words(_lines(text, chance), chance, words)
    else:
        text = _table(_shortened(text, chance), chance, words)
    if chance.random() < 0.15:
        encoding = chance.choice(ENCODINGS)
    return text.encode(encoding, chance.choice(("replace", "ignore")))


def _decoded(content: bytes) -> tuple[str, str]:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _shortened(text: str, chance: random.Random) -> str:
    if len(text) > LARGEST:
        return text[:LARGEST].rpartition("\n")[0]
    return text


def _table(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """A delimited text, changed as a table where it looks like one; quotes are left where they are."""
    lines = text.split("\n")
    delimiter = max(DELIMITERS, key=lines[0].count)
    rows = [line.rstrip("\r").split(delimiter) for line in lines]
    for _ in range(chance.randint(1, 4)):
        rows = chance.choice(TABLE)(rows, chance, words) or rows
    if chance.random() < 0.1:
        delimiter = chance.choice(DELIMITERS)
    end = chance.choice(LINE_ENDS) if chance.random() < 0.1 else "\n"
    return end.join(delimiter.join(row) for row in rows)


def _columns(content: bytes, name: str, chance: random.Random) -> tuple[bytes, str]:
    """A delimited text as a file of columns, some of them of another kind where their cells allow it; itself where it is no table."""
    kind, seed = chance.choice(("parquet", "arrow", "feather")), chance.random()
    # In a process of its own: polars' threads do not survive the forks in which cases are run, nor may a fork begin them.
    made = subprocess.run([sys.executable, __file__, kind, repr(seed)], input=content, capture_output=True, check=True)
    return (made.stdout, f"{name.rpartition('.')[0]}.{kind}") if made.stdout else (content, name)


def _written(content: bytes, kind: str, chance: random.Random) -> bytes:
    """A delimited text as a file of columns; nothing where it is no table."""
    text, _ = _decoded(content)
    try:
        frame = pl.read_csv(
            text.encode(), separator=max(DELIMITERS, key=text.partition("\n")[0].count), infer_schema=False, truncate_ragged_lines=True,
        )  # fmt: skip
        for column in chance.sample(frame.columns, k=min(frame.width, 6)):
            frame = frame.with_columns(chance.choice(TYPED)(pl.col(column)).alias(column))
        target = io.BytesIO()
        if kind == "parquet":
            frame.write_parquet(target, row_group_size=chance.choice((1, 7, None)))
        else:
            frame.write_ipc(target, compression=chance.choice(("uncompressed", "zstd")))
    except pl.exceptions.PolarsError:
        return b""
    return target.getvalue()


TYPED: tuple[Callable[[pl.Expr], pl.Expr], ...] = (
    lambda cell: cell.cast(pl.Float64, strict=False), lambda cell: cell.cast(pl.Int64, strict=False), lambda cell: cell.cast(pl.Binary),
    lambda cell: cell.cast(pl.Categorical), lambda cell: cell.str.to_datetime(strict=False), lambda cell: cell.str.to_datetime(strict=False).dt.date(),
    lambda cell: cell.str.to_datetime(strict=False).dt.replace_time_zone("Europe/Oslo", ambiguous="earliest", non_existent="null"),
    lambda cell: pl.concat_list(cell, cell), lambda cell: pl.struct(a=cell, b=pl.struct(c=cell)), lambda cell: pl.concat_list(pl.struct(a=cell)),
    lambda cell: cell.str.len_chars(), lambda cell: pl.duration(minutes=cell.str.len_chars()),
    lambda cell: cell == "x", lambda cell: pl.when(cell.is_null()).then(cell.cast(pl.Null)),
)  # fmt: skip
"""Other kinds that a column may be of."""


def _some_cells(rows: Rows, chance: random.Random, words: Sequence[str]) -> Rows:
    for _ in range(chance.randint(1, 20)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(CELLS if chance.random() < 0.7 else words)
    return rows


def _a_column(rows: Rows, chance: random.Random, words: Sequence[str]) -> Rows:
    """A share of a column's cells become one of a few."""
    place, share = chance.randrange(len(rows[0])), chance.choice((0.03, 0.1, 0.4, 0.8, 1))
    few = [chance.choice(CELLS if chance.random() < 0.6 else words) for _ in range(chance.randint(1, 5))]
    for row in rows[1:]:
        if place < len(row) and chance.random() < share:
            row[place] = chance.choice(few)
    return rows


def _drop_column(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    place = chance.randrange(len(rows[0]))
    return [row[:place] + row[place + 1 :] or [""] for row in rows]


def _double_column(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    place = chance.randrange(len(rows[0]))
    return [[*row, row[min(place, len(row) - 1)]] for row in rows]


def _shuffle_columns(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    return [[row[place] if place < len(row) else "" for place in order] for row in rows]


def _blank_columns(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    count = chance.choice((1, 3, 200))
    return [[*row, *[""] * count] for row in rows]


def _headers(rows: Rows, chance: random.Random, words: Sequence[str]) -> Rows:
    for _ in range(chance.randint(1, 4)):
        rows[0][chance.randrange(len(rows[0]))] = chance.choice(HEADERS if chance.random() < 0.8 else words)
    return rows


def _shuffle_rows(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    rest = rows[1:]
    chance.shuffle(rest)
    return [rows[0], *rest]


def _double_rows(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    return rows + [list(row) for row in chance.choices(rows, k=chance.randint(1, len(rows)))]


def _drop_rows(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    return [rows[0], *chance.sample(rows[1:], chance.randint(0, min(len(rows) - 1, 30)))]


def _blank_rows(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    for _ in range(chance.randint(1, 5)):
        rows.insert(chance.randint(0, len(rows)), chance.choice(([""], [""] * len(rows[0]))))
    return rows


def _preamble(rows: Rows, chance: random.Random, words: Sequence[str]) -> Rows:
    above = [[chance.choice(words) for _ in range(chance.randint(1, 4))] for _ in range(chance.randint(1, 6))]
    return [*above, *rows]


def _footer(rows: Rows, chance: random.Random, _: Sequence[str]) -> Rows:
    return [*rows, [chance.choice(FOOTERS), *(chance.choice(("", "12", "27,0", "4.5")) for _ in rows[0][1:])]]


def _ragged(rows: Rows, chance: random.Random, words: Sequence[str]) -> Rows:
    for _ in range(chance.randint(1, 5)):
        row = chance.choice(rows)
        if chance.random() < 0.5:
            row.append(chance.choice(words))
        elif len(row) > 1:
            row.pop()
    return rows


def _no_header(rows: Rows, _: random.Random, __: Sequence[str]) -> Rows:
    return rows[1:]


TABLE: tuple[Callable[[Rows, random.Random, Sequence[str]], Rows], ...] = (
    _some_cells, _some_cells, _a_column, _a_column, _a_column, _drop_column, _drop_column, _double_column, _shuffle_columns, _blank_columns,
    _headers, _headers, _shuffle_rows, _double_rows, _drop_rows, _blank_rows, _preamble, _footer, _ragged, _no_header,
)  # fmt: skip


def _lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(lines))
        match chance.randrange(3):
            case 0 if len(lines) > 1:
                del lines[place]
            case 1:
                lines.insert(place, lines[chance.randrange(len(lines))])
            case _:
                lines[place] = lines[place] + lines[min(place + 1, len(lines) - 1)]
    return "\n".join(lines)


def _words(text: str, chance: random.Random, words: Sequence[str]) -> str:
    for _ in range(chance.randint(1, 10)):
        word = chance.choice(words)
        if word and word in text:
            text = text.replace(
                word, chance.choice(CELLS if chance.random() < 0.5 else words), chance.choice((1, 3, -1))
            )
    return text


def _json(text: str, chance: random.Random, words: Sequence[str]) -> str:
    try:
        document = json.loads(text)
    except ValueError:
        return _words(_lines(text, chance), chance, words)
    places = list(_places(document))
    for holder, key in chance.choices(places, k=chance.randint(1, 20)) if places else ():
        if isinstance(holder, dict) and key not in holder:
            continue
        if chance.random() < 0.15 and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = chance.choice(
                (None, True, [], {}, 0, -1, 2**70, 1.5, [[1]], {"a": {"b": []}}, chance.choice(CELLS), "x")
            )
    return json.dumps(document, ensure_ascii=chance.random() < 0.5)


def _places(value: Any) -> Any:
    """Every value inside a document, as its holder and its key there."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(steps):
        yield value, key
        yield from _places(inner)


def _bytes(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        place = chance.randint(0, len(changed))
        match chance.randrange(5):
            case 0 if place < len(changed):
                changed[place] = chance.randrange(256)
            case 1:
                changed[place:place] = chance.choice(
                    (b"\x00", b"\x1a", b'"', b"\xff", b"\r", b"\n", b"\xef\xbb\xbf", b",", b"\xc3")
                )
            case 2:
                del changed[place : place + chance.randint(1, 50)]
            case 3:
                changed[place:place] = changed[place : place + chance.randint(1, 500)]
            case _ if chance.random() < 0.2:
                del changed[place:]
    return bytes(changed)


def _in_archive(content: bytes, chance: random.Random, words: Sequence[str]) -> bytes:
    """A workbook or an archive with one of its members changed, or its bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError):
        return _bytes(content, chance)
    if not members or chance.random() < 0.2:
        return _bytes(content, chance)
    named = [
        name for name in members if "sheet" in name.lower() or "string" in name.lower() or name.endswith(".csv")
    ] or list(members)
    name = chance.choice(named)
    if chance.random() < 0.1:
        del members[name]
    elif name.endswith(".csv"):
        members[name] = _text(members[name], "csv", chance, words)
    else:
        members[name] = _words(members[name].decode("utf-8", "replace"), chance, words).encode()
    return _archive(members)


def _zipped(content: bytes, name: str, chance: random.Random) -> bytes:
    members = {name: content}
    if chance.random() < 0.3:
        members[f"more/{name}"] = content
    return _archive(members)


def _archive(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return target.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(_written(sys.stdin.buffer.read(), sys.argv[1], random.Random(float(sys.argv[2]))))
