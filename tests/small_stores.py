"""A small desk that exports its tickets every month, and stores of these exports."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from invoked import piped

from kpi_core.ingest.file_read import Choices
from kpi_core.store.ingesting import Ingested, ingest
from kpi_core.store.reading import inputs

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


ANNA = "anna.berg@example.com"
TICKETS = """Ticket ID,Created,Resolved,Status,Requester ID,Requester email,Subject
1,2026-09-01 10:00,2026-09-01 12:00,Resolved,17,anna.berg@example.com,Hello
2,2026-09-02 10:00,2026-09-02 12:00,Resolved,17,,No address here
3,2026-09-03 10:00,2026-09-03 12:00,Resolved,18,joanna.berg@example.com,Hi
4,2026-09-04 10:00,2026-09-04 12:00,Resolved,19,anna.berg@example.com.au,Hi
5,2026-09-05 10:00,2026-09-05 12:00,Resolved,20,bo@example.com,"Write to Anna.Berg@example.com."
6,2026-09-06 10:00,2026-09-06 12:00,Resolved,21,cia@example.com,17
7,2026-09-07 10:00,2026-09-07 12:00,Resolved,22,dag@example.com,Hello
"""
SURVEY = """Response ID,Ticket ID,Responded at,CSAT,Comment
r1,1,2026-09-02 10:00,5,Thanks from Anna
r2,2,2026-09-03 10:00,1,My number is 070 123
r3,3,2026-09-04 10:00,3,Fine
r6,6,2026-09-07 10:00,4,Fine
"""


def two_files(folder: Path) -> Path:
    """A store with tickets and the answers about them."""
    for file, text in {"tickets.csv": TICKETS, "survey.csv": SURVEY}.items():
        (folder / file).write_text(text, encoding="utf-8")
    taken_in(folder / "store", str(folder / "tickets.csv"), str(folder / "survey.csv"))
    return folder / "store"


def kept_ids(store: Path) -> dict[str, list[str]]:
    """The first cell of every row that is left, by file."""
    found = {}
    for one in inputs(store):
        assert one.kept is not None
        rows = pl.read_parquet(one.kept.rows[0], glob=False)
        found[Path(one.name).name] = rows["c0"].drop_nulls().to_list()[1:]
    return found


def blanked(files: list[str], is_gone: Callable[[str], bool]) -> None:
    """Makes lines of files empty."""
    for file in map(Path, files):
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join("" if is_gone(line) else line for line in lines) + "\n", encoding="utf-8")
