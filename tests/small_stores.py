"""A small desk that exports its tickets every month, and stores of these exports."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from invoked import piped

from kpi_core.ingest.file_read import Choices
from kpi_core.store.ingesting import Ingested, ingest

HEADER = "Ticket ID,Created,First reply,Resolved,Status,Team,Requester email,Subject,CSAT"
CUSTOMERS = 7
MONTHS = (6, 7, 8, 9)


def address(customer: int) -> str:
    """The address of a customer."""
    return f"customer{customer}@example.com"


def _ticket(number: int, *, month: int, is_open: bool) -> str:
    day = 1 + number % 27
    ended = "" if is_open else f"2026-{month:02}-{day:02} {12 + number % 7}:00"
    status, score = ("Open", "") if is_open else ("Resolved", str(1 + number % 5))
    created = f"2026-{month:02}-{day:02} 09:00,2026-{month:02}-{day:02} 1{number % 3}:30"
    about = f"ask {address(number % CUSTOMERS)} again" if number % 11 == 0 else "Invoice"
    return f"{number},{created},{ended},{status},{('North', 'South')[number % 2]},{address(number % CUSTOMERS)},{about},{score}"


def month(number: int) -> str:
    """The export of a month: its tickets, some of them still open, and what was open in the one before."""
    first = 100 * number
    own = [_ticket(at, month=number, is_open=at % 6 == 0) for at in range(first, first + 40)]
    before = [_ticket(at, month=number - 1, is_open=False) for at in range(first - 100, first - 60) if at % 6 == 0]
    return "\n".join([HEADER, *(before if number > MONTHS[0] else []), *own]) + "\n"


def months(folder: Path, numbers: Sequence[int] = MONTHS) -> list[str]:
    """The exports of some months as files, in their order."""
    folder.mkdir(exist_ok=True)
    files = [folder / f"2026-{number:02}.csv" for number in numbers]
    for number, file in zip(numbers, files, strict=True):
        file.write_text(month(number), encoding="utf-8")
    return [str(file) for file in files]


def taken_in(store: Path, *files: str) -> Ingested:
    """What an ingest of files did."""
    return ingest(store, files, Choices())


def reported(*arguments: object) -> dict[str, Any]:
    """A report for programs, but for the instant that it was made at."""
    ended = piped("report", *arguments, "--zone", "UTC", "--format", "json", "--by", "group", "--no-config")
    assert ended.code == 0, ended.err
    return {name: value for name, value in json.loads(ended.out).items() if name != "generated_at"}


def left(store: Path, *words: str) -> list[str]:
    """Where a word stands in a store: in a byte of a file, or in a cell of a Parquet file as it is decoded."""
    found = []
    for file in sorted(one for one in store.rglob("*") if one.is_file()):
        content = file.read_bytes()
        if file.suffix in (".parquet", ".arrow"):
            frame = pl.read_parquet(file, glob=False) if file.suffix == ".parquet" else pl.read_ipc(file)
            content += "\n".join(str(cell) for column in frame for cell in column).encode()
        found += [f"{file.relative_to(store)}: {word}" for word in words if word.lower().encode() in content.lower()]
    return found
