"""What a file holds that cannot be read as it is: column by column what it may be, and the ways to go on."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from kpi_core.errors import ExportError, KpiError
from kpi_core.ingest.drafting.candidates import Candidate
from kpi_core.ingest.drafting.column_lines import is_sure, seen
from kpi_core.ingest.drafting.date_columns import DateColumns, date_columns
from kpi_core.ingest.drafting.evidence import SeenColumn, SeenFile, look_at
from kpi_core.ingest.drafting.fitting import listed
from kpi_core.ingest.drafting.matching import Reading, choose
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.opening import open_export
from kpi_core.messages.message import Message, Text
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class DiagnosedColumn:
    """One column: what it may be (empty: nothing known), whether that is sure, and what it holds."""

    header: str
    may_be: str
    is_sure: bool
    filled: int
    holds: Message


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """A file that is not read: why, what its rows may be, its columns, and the ways out.

    `table` is None where it is unknown what its rows are; `columns` are empty where the file is no table at all.
    """

    path: str
    reason: str
    table: str | None
    rows: int
    header_row: int
    columns: tuple[DiagnosedColumn, ...]
    ways: tuple[Text, ...]


def diagnosed(unread: Mapping[Input, KpiError], choices: Choices, *, is_anything_read: bool) -> tuple[Diagnosis, ...]:
    """The diagnosis of each of the files that are not read.

    Raises:
        KpiError: no file is read, and there is a diagnosis for none: the first one's.
    """
    found = tuple(diagnose(item, error, choices) for item, error in unread.items())
    if not is_anything_read and not any(one.columns for one in found):
        raise next(iter(unread.values()))
    return found


def diagnose(item: Input, error: KpiError, choices: Choices) -> Diagnosis:
    """The diagnosis of a file that `error` keeps from being read."""
    ways = tuple(line for line in (error.hint or "").splitlines() if not line.startswith("its headers are"))
    try:
        file = look_at(open_export(item, choices.options), choices, None)
    except ExportError:
        return Diagnosis(
            path=item.name, reason=_reason(error, item), table=None, rows=0, header_row=1, columns=(), ways=ways
        )
    dates = date_columns(file.columns, choices.cells)
    reading = _reading(file, dates)
    columns = tuple(_column(column, file, dates, reading) for column in file.columns)
    return Diagnosis(
        path=item.name, reason=_reason(error, item), table=reading.table.name if reading else None, rows=file.rows,
        header_row=file.skip, columns=columns,
        ways=(*ways, *_ways(item, error, is_doubtful=any(seen.is_doubtful for seen in dates.found.values()))),
    )  # fmt: skip


def _reason(error: KpiError, item: Input) -> str:
    """Why the file is not read, with the place where that is not the file as a whole."""
    return error.message if error.where in (None, item.name) else f"{error.where}: {error.message}"


def _reading(file: SeenFile, dates: DateColumns) -> Reading | None:
    try:
        return choose(file, dates)
    except ExportError:
        return None


def _column(column: SeenColumn, file: SeenFile, dates: DateColumns, reading: Reading | None) -> DiagnosedColumn:
    taken = [] if reading is None else [one for one in reading.found if column in (one.column, one.time)]
    if reading is None or not taken:
        return DiagnosedColumn(
            header=column.header, may_be="", is_sure=False, filled=column.filled, holds=_holds(column, dates)
        )
    return DiagnosedColumn(
        header=column.header, may_be=", ".join(one.name for one in taken), is_sure=_all_sure(taken, reading),
        filled=column.filled, holds=seen(taken[0], reading, file.rows),
    )  # fmt: skip


def _all_sure(taken: Sequence[Candidate], reading: Reading) -> bool:
    return all(is_sure(one, reading) for one in taken)


def _holds(column: SeenColumn, columns_of_dates: DateColumns) -> Message:
    if not column.filled:
        return Message("column-holds-nothing")
    if dates := columns_of_dates.found.get(column.place):
        return Message("column-holds-doubtful-dates" if dates.is_doubtful else "column-holds-dates", span=dates.span)
    return listed(column.words) if 0 < len(column.words) <= column.filled / 2 else column.variety


def _ways(item: Input, error: KpiError, *, is_doubtful: bool) -> Iterator[Message]:
    """The command that goes on from here, and its arguments."""
    hint = error.hint or ""
    name = shlex.quote(PurePath(item.name).name)
    if "kundpuls map" not in hint:
        yield Message("way-draft", file=name)
    if is_doubtful and "--date-format" not in hint:
        yield Message("way-date-format")
