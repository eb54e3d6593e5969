"""Workbooks as frames of text, so that a cell reads the same whether it came from Excel or from a CSV.

Excel stores dates, times of day and durations as one kind of number and distinguishes them by format alone;
`h:mm` beyond a day comes back as a date in 1900. What a column holds is therefore settled column by column.
"""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.cells.numbers import decimal_marks
from kpi_core.ingest.files.limits import DEFAULT, Limits
from kpi_core.ingest.files.workbooks.money_formats import Cell, with_currencies
from kpi_core.ingest.files.workbooks.opendocument import Mended
from kpi_core.ingest.files.workbooks.opendocument import mended as mended_opendocument
from kpi_core.ingest.files.workbooks.sheet_cells import mended
from kpi_core.ingest.files.workbooks.sheets import Stacked, Table, stacked
from kpi_core.ingest.files.workbooks.workbook_parts import UNREADABLE, WorkbookParts, parts_of
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_NEVER_A_DATE_BEFORE = 1901
_LEAP_DAY_THAT_WAS_NOT = datetime(1900, 3, 1)
_HIDDEN_ROWS = 200
EXACT = 2**53
"""Up to where a fraction holds every whole number."""
"""Rows of a hidden sheet that are looked at."""
_ISO_DURATION = regex(r"(-?)PT(\d+)H(\d+)M([\d.]+)S")


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """One sheet as text: columns `c0`, `c1`, …, rows from the sheet's first, blank ones included.

    `sheets` are the names of all sheets of the file, in its order; `notes` say what its cells alone do not;
    `is_1904` whether its numbers of days count from 1904. `stack` says which sheets of the same headers its rows are from.
    """

    name: str
    sheets: tuple[str, ...]
    frame: pl.DataFrame
    notes: tuple[Message, ...] = ()
    is_1904: bool = False
    stack: Stacked | None = None


def read_workbook(path: Path, name: str, sheet: str | None = None, limits: Limits = DEFAULT) -> Sheet:
    """The data sheet of an Excel or OpenDocument workbook: `sheet`, else the visible one with the most cells.

    Unless a sheet is named, the other visible ones with its headers are read below it.

    Raises:
        ExportError: damaged, protected by a password, without filled cells, without such a sheet, or beyond a bound.
    """
    parts = parts_of(path, name, limits)
    opened = mended_opendocument(path, name) if _is_opendocument(path) else Mended(path=path)
    try:
        with CalamineWorkbook.from_path(opened.path) as workbook:
            visible, best = _chosen(workbook, name, sheet, parts)
            concealed = [] if sheet is not None else _concealed(workbook, parts)
            read = [mended(each.to_python(skip_empty_area=False), each, parts) for each in visible]
            for each, (rows, _) in zip(visible, read, strict=True):
                if parts is not None and (shown := parts.sheet(each.name).currencies):
                    with_currencies(rows, shown, number_writer)
            sheets = tuple(workbook.sheet_names)
    except PasswordError as error:
        hint = "open it, save a copy without a password, and name the copy"
        raise UnreadableError("is protected by a password", where=name, hint=hint) from error
    except (CalamineError, OSError) as error:
        hint = "if Excel or LibreOffice opens it, save it from there as .xlsx or as CSV UTF-8"
        raise UnreadableError("cannot be read as a workbook: it is damaged, or none", where=name, hint=hint) from error
    stack = stacked(
        [Table(name=one.name, rows=rows) for one, (rows, _) in zip(visible, read, strict=True)], best, concealed
    )
    notes = stack.notes({one.name: messages for one, (_, messages) in zip(visible, read, strict=True)})
    frame = text_frame(stack.rows)
    frame = _clock_durations(frame) if _is_opendocument(path) else frame
    return Sheet(
        name=visible[best].name, sheets=sheets, frame=frame, notes=(*opened.notes, *notes),
        is_1904=parts is not None and parts.is_1904, stack=stack,
    )  # fmt: skip


def check_sheet(sheet: str, sheets: Sequence[str], name: str) -> None:
    """Refuses a sheet that the file does not have.

    Raises:
        ExportError: with the nearest name, else all of them.
    """
    if sheet in sheets:
        return
    near = get_close_matches(sheet, sheets, n=1)
    listed = ", ".join(f"`{known}`" for known in sheets)
    hint = f"did you mean `{near[0]}`?" if near else f"its sheets are {listed}"
    raise ExportError(f"no sheet `{sheet}`", where=name, hint=hint)


def empty_workbook(name: str) -> ExportError:
    """The error for a workbook without a filled cell in sight."""
    return UnreadableError(
        "no filled sheet in the workbook", where=name, hint="hidden sheets are read if named by --sheet"
    )


def text_frame(rows: Sequence[Sequence[Cell]]) -> pl.DataFrame:
    """Rows of cells as columns `c0`, `c1`, … of text; '' becomes null, short rows are filled with nulls.

    Instants read `2024-03-01 14:05:09`, days `2024-03-01`, times of day and durations `27:31:07`, each with
    milliseconds only if it has some; whole numbers are written without a fraction, truths `true` and `false`.
    """
    columns = zip_longest(*rows, fillvalue="")
    frame = pl.DataFrame([_text_column(f"c{place}", cells) for place, cells in enumerate(columns)])
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


def clock(span: timedelta) -> str:
    """A duration as `[-]H:MM:SS`, hours unbounded, with milliseconds if it has some."""
    milliseconds = round(abs(span) / timedelta(milliseconds=1))
    seconds, rest = divmod(milliseconds, 1000)
    sign = "-" if span < timedelta() and milliseconds else ""
    text = f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{rest:03}" if rest else text


def _chosen(
    workbook: CalamineWorkbook, name: str, sheet: str | None, parts: WorkbookParts | None
) -> tuple[list[CalamineSheet], int]:
    """The sheet named alone, else the filled visible ones; and which of them has the most cells."""
    if sheet is not None:
        check_sheet(sheet, workbook.sheet_names, name)
        if parts is not None:
            parts.sheet(sheet)
        return [workbook.get_sheet_by_name(sheet)], 0
    visible: list[CalamineSheet] = []
    for known in workbook.sheets_metadata:
        if known.typ is SheetTypeEnum.WorkSheet and known.visible is SheetVisibleEnum.Visible:
            if parts is not None:
                parts.sheet(known.name)
            found = workbook.get_sheet_by_name(known.name)
            visible += [found] if found.height * found.width else []
    if not visible:
        raise empty_workbook(name)
    sizes = [found.height * found.width for found in visible]
    return visible, sizes.index(max(sizes))


def _concealed(workbook: CalamineWorkbook, parts: WorkbookParts | None) -> list[Table]:
    """The hidden sheets, which are not read but named where they look like data."""
    found = []
    for known in workbook.sheets_metadata:
        if known.typ is not SheetTypeEnum.WorkSheet or known.visible is SheetVisibleEnum.Visible:
            continue
        with suppress(ExportError):  # a sheet beyond the bounds keeps nobody from the others
            if parts is not None:
                parts.sheet(known.name)
            rows = workbook.get_sheet_by_name(known.name).to_python(nrows=_HIDDEN_ROWS)
            found.append(Table(name=known.name, rows=rows))
    return found


def _text_column(name: str, cells: tuple[Cell, ...]) -> pl.Series:
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return pl.Series(name, cells, pl.String)
    writers = _WRITERS | _date_writers(cells, kinds)
    if float in kinds:
        writers[float] = number_writer(cells)
    return pl.Series(name, [writers[type(cell)](cell) for cell in cells], pl.String)


def number_writer(cells: Sequence[Cell]) -> Callable[[float], str]:
    """How this column's numbers are written: with the mark of its cells of text, since a number has none and speaks for none.

    Where these do not show their mark the numbers are written without one, so that they do not show it either. Numbers alone
    must not look like thousands, as `1.234` does.
    """
    marks = decimal_marks(cell for cell in cells if isinstance(cell, str) and cell)
    if marks == {"?"}:
        return _unmarked
    if "," in marks and "." not in marks:
        return lambda number: _number(number).replace(".", ",")
    fractions = (_number(cell) for cell in cells if isinstance(cell, float) and not cell.is_integer())
    return _in_full if not marks and all(decimal_marks([number]) == {"?"} for number in fractions) else _number


def _unmarked(number: float) -> str:
    """`309e-2` for 3.09."""
    text = _number(number)
    whole, _, decimals = text.partition(".")
    return f"{int(whole + decimals)}e-{len(decimals)}" if decimals else text


def _in_full(number: float) -> str:
    text = _number(number)
    return f"{text}0" if "." in text else text


def _date_writers(cells: Iterable[Cell], kinds: set[type]) -> dict[type, Callable[..., str]]:
    """How this column's dates are written.

    A column whose dates all lie in 1900 holds durations of more than a day; one that has later dates holds
    dates, and 1900-01-01 is how its system writes a missing one.
    """
    if date not in kinds and datetime not in kinds:
        return {}
    if all(cell.year < _NEVER_A_DATE_BEFORE for cell in cells if isinstance(cell, date)):
        return {date: _long_duration, datetime: _long_duration}
    return {date: _midnight} if datetime in kinds else {}


def _long_duration(moment: date) -> str:
    at = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    zero = datetime(1899, 12, 31) if at < _LEAP_DAY_THAT_WAS_NOT else datetime(1899, 12, 30)
    return clock(at - zero)


def _instant(moment: datetime) -> str:
    return moment.isoformat(" ", "milliseconds") if moment.microsecond >= 1000 else moment.isoformat(" ", "seconds")


def _midnight(day: date) -> str:
    return f"{day} 00:00:00"


def _time_of_day(moment: time) -> str:
    return clock(datetime.combine(date.min, moment) - datetime.min)


def _number(number: float) -> str:
    if number.is_integer():
        # Digits beyond those that a fraction holds are nobody's: they are zeros, as spreadsheets show them.
        return str(int(number)) if abs(number) < EXACT else f"{Decimal(repr(number)):.0f}"
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def _truth(truth: bool) -> str:
    return "true" if truth else "false"


_WRITERS: dict[type, Callable[..., str]] = {
    str: str,
    float: _number,
    int: str,
    bool: _truth,
    date: str,
    datetime: _instant,
    time: _time_of_day,
    timedelta: clock,
}


def _is_opendocument(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "mimetype" in archive.namelist()
    except UNREADABLE:
        return False


def _clock_durations(frame: pl.DataFrame) -> pl.DataFrame:
    """OpenDocument's durations, `PT27H31M07S`, as `27:31:07`."""
    spelled = [column.name for column in frame if column.str.contains(f"^{_ISO_DURATION.pattern}$").any()]
    return frame.with_columns(pl.Series(name, list(map(_clock_of_iso, frame[name])), pl.String) for name in spelled)


def _clock_of_iso(text: str | None) -> str | None:
    found = _ISO_DURATION.fullmatch(text or "")
    if found is None:
        return text
    span = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=float(found[4]))
    return clock(-span if found[1] else span)
