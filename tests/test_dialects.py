"""A table of tickets is the same table in whatever dialect it was written, or the file is refused with the way out.

Encodings, delimiters, decimal marks, date shapes, line ends, quoting and what spreadsheets leave behind are drawn
independently of each other and of the rows.
"""

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from examples import few
from hypothesis import assume, example, given
from hypothesis import strategies as st
from reported import english

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.dates.dates import AmbiguousDate, BothOrders
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices
from kpi_core.quality.day_month.mixed_within_file import swapped_dates

pytestmark = pytest.mark.slow

Ticket = dict[str, Any]

MAPPING = {
    "name": "any-tickets",
    "label": "Tickets in any dialect",
    "system": "test",
    "table": "tickets",
    "columns": {
        "ticket_id": "Ärende-ID",
        "created_at": "Skapad",
        "resolved_at": "Løst den",
        "status": "Status",
        "group": "Kø; team",
        "first_reply_time": {"from": ["Svarstid (timmar)"], "unit": "hours"},
        "handle_time": "Håndteringstid",
        "agent_replies": "Antal svar",
    },
    "answers": [{"question": "csat", "from": ["Tilfredshet"], "scale": ["1", "5"], "direction": "higher"}],
}
ORDERS = {
    "name": "any-orders",
    "label": "Orders in any dialect",
    "system": "test",
    "table": "orders",
    "columns": {"order_id": "Order", "amount": "Beløp"},
}


# What is written


MONTHS = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "da": "jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.",
}  # fmt: skip


def named(language: str, clock: str) -> Callable[[datetime], str]:
    """`1 mars 2024 kl. 14:05`, with a dot after the day where the language has one."""
    months, dot = MONTHS[language].split(), "" if language == "sv" else "."
    return lambda at: f"{at.day}{dot} {months[at.month - 1]} {at.year}{at.strftime(clock)}"


SHAPES: dict[str, Callable[[datetime], str]] = {
    "iso": lambda at: f"{at:%Y-%m-%d %H:%M}",
    "iso T": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}",
    "dd.mm.yyyy": lambda at: f"{at:%d.%m.%Y %H:%M}",
    "d.m.yyyy 14.05": lambda at: f"{at.day}.{at.month}.{at.year} {at:%H.%M}",
    "nb, comma": lambda at: f"{at:%d.%m.%Y, %H:%M}",
    "1 mars 2024 kl. 14:05": named("sv", " kl. %H:%M"),
    "10. mars 2024 kl. 13.55": named("nb", " kl. %H.%M"),
    "1. mar. 2024 14.05.09": named("da", " %H.%M.%S"),
    "1. maaliskuuta 2024 klo 14.05": named("fi", " klo %H.%M"),
    "dd/mm/yyyy": lambda at: f"{at:%d/%m/%Y %H:%M}",
    "dd-mm-yyyy": lambda at: f"{at:%d-%m-%Y %H:%M:%S}",
    "mm/dd/yyyy AM/PM": lambda at: f"{at:%m/%d/%Y %I:%M:%S %p}",
    "m/d/yyyy, PM": lambda at: f"{at.month}/{at.day}/{at.year}, {at.hour % 12 or 12}:{at:%M}\u202f{at:%p}",
}
OPEN = {"dd/mm/yyyy": "dmy", "dd-mm-yyyy": "dmy", "mm/dd/yyyy AM/PM": "mdy", "m/d/yyyy, PM": "mdy"}
"""Shapes that do not say day from month, and the order they were written in."""

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
BOMS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


@dataclass(frozen=True, kw_only=True)
class Written:
    """How a file is written; `groups` and `minus` are for numbers."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    groups: str = ""
    minus: str = "-"
    shape: str = "iso"
    newline: str = "\n"
    quotes_all: bool = False
    has_sep_line: bool = False
    ghosts: int = 0
    trails: bool = False

    def number(self, value: float | None, digits: int = 2) -> str:
        """The value with its decimals, thousands grouped: no decimal mark is in doubt."""
        if value is None:
            return ""
        whole, _, decimals = f"{abs(value):,.{digits}f}".partition(".")
        return (self.minus if value < 0 else "") + whole.replace(",", self.groups) + self.decimal + decimals

    def date(self, at: datetime | None) -> str:
        return "" if at is None else SHAPES[self.shape](at)

    def file(self, records: Sequence[Sequence[str]]) -> bytes:
        """The records as the bytes of a file."""
        text = io.StringIO(newline="")
        quoting: Literal[0, 1] = csv.QUOTE_ALL if self.quotes_all else csv.QUOTE_MINIMAL
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\n", quoting=quoting)
        tail = [""] if self.trails else []
        writer.writerows([*record, *tail] for record in records)
        ghost = self.delimiter * (len(records[0]) - 1 + len(tail)) + "\n"
        sep = f"sep={self.delimiter}\n" if self.has_sep_line else ""
        whole = (sep + text.getvalue() + ghost * self.ghosts).replace("\n", self.newline)
        return BOMS.get(self.encoding, b"") + whole.encode(self.encoding)


@st.composite
def dialects(draw: st.DrawFn, shapes: Sequence[str] = tuple(SHAPES)) -> Written:
    decimal = draw(st.sampled_from(".,"))
    other = "." if decimal == "," else ","
    dialect = Written(
        encoding=draw(st.sampled_from(ENCODINGS)),
        delimiter=draw(st.sampled_from(",;\t|")),
        decimal=decimal,
        groups=draw(st.sampled_from(["", "\u00a0", "\u202f", "\u2009", " ", other])),
        minus=draw(st.sampled_from("-\u2212")),
        shape=draw(st.sampled_from(shapes)),
        newline=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        quotes_all=draw(st.booleans()),
        has_sep_line=draw(st.booleans()),
        ghosts=draw(st.integers(0, 3)),
        trails=draw(st.booleans()),
    )
    assume(is_writable(dialect))
    return dialect


def is_writable(dialect: Written) -> bool:
    """Whether the encoding has the characters that the rest of the dialect needs."""
    try:
        (dialect.groups + dialect.minus + dialect.date(datetime(2024, 3, 1))).encode(dialect.encoding)
    except UnicodeEncodeError:
        return False
    return True


KEYS = st.one_of(
    st.integers(0, 10**18 - 1).map(lambda number: f"{number:018d}"),
    st.integers(0, 99_999).map(lambda number: f"{number:05d}"),
    st.integers(1, 10**6).map(str),
)
TEXTS = st.text("aZ åÄøÆé0,;|\t\"'\n.-/", max_size=12).map(lambda text: f"Kø {text}".strip())
INSTANTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: datetime(2023, 1, 1) + timedelta(minutes=minutes))
EARLY = INSTANTS.map(lambda at: at.replace(day=at.day % 12 + 1))
HOURS = st.integers(0, 500_000).map(lambda hundredths: hundredths / 100)
WORDS = {"open": "Öppen", "solved": "Løst", "pending": "Pending", "closed": "Lukket"}


def tables(instants: st.SearchStrategy[datetime] = INSTANTS) -> st.SearchStrategy[list[Ticket]]:
    optional = {
        "resolved_at": instants, "status": st.sampled_from(list(WORDS)), "group": TEXTS, "first_reply_time": HOURS,
        "handle_time": st.integers(0, 99 * 3600), "agent_replies": st.integers(0, 40), "csat": st.integers(2, 10).map(lambda half: half / 2),
    }  # fmt: skip
    row = {name: st.none() | values for name, values in optional.items()} | {"ticket_id": KEYS, "created_at": instants}
    return st.lists(st.fixed_dictionaries(row), min_size=1, max_size=8, unique_by=lambda row: row["ticket_id"])


def records(rows: Sequence[Ticket], dialect: Written) -> list[list[str]]:
    """The tickets as the cells of a file, its header first."""
    specs: dict[str, Any] = MAPPING["columns"]  # type: ignore[assignment]
    headers = [spec if isinstance(spec, str) else spec["from"][0] for spec in specs.values()]
    return [[*headers, "Tilfredshet"], *(cells(row, dialect) for row in rows)]


def cells(row: Ticket, dialect: Written) -> list[str]:
    replies, length = row["agent_replies"], row["handle_time"]
    return [
        row["ticket_id"],
        dialect.date(row["created_at"]),
        dialect.date(row["resolved_at"]),
        WORDS.get(row["status"], ""),
        row["group"] or "",
        dialect.number(row["first_reply_time"]),
        "" if length is None else f"{length // 3600}:{length // 60 % 60:02d}:{length % 60:02d}",
        "" if replies is None else str(replies),
        "" if row["csat"] is None else f"{row['csat']:.1f}".replace(".", dialect.decimal),
    ]


# What is read


@contextmanager
def opened(content: bytes, mapping: dict[str, Any] = MAPPING, order: str | None = None) -> Iterator[Dataset]:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "export.csv").write_bytes(content)
        (place / "mapping.yaml").write_text(json.dumps(mapping), encoding="utf-8")
        choices = Choices(mapping=str(place / "mapping.yaml"), cells=ReadingChoices(date_order=order))
        yield read_exports([str(place / "export.csv")], choices, frozenset({"group"} & set(mapping["columns"])))


def understood(content: bytes, mapping: dict[str, Any] = MAPPING, order: str | None = None) -> list[Ticket]:
    """The rows of a file as read, in its order; nothing in it may be refused but rows without anything."""
    with opened(content, mapping, order) as dataset:
        (read,) = dataset.reads
        assert set(english(read.refused_counts)) <= {"blank row"}
        texts = read.narrow.texts(row_index="_row").collect()
        columns = [name for name in (*mapping["columns"], "score:csat") if name in read.used.columns]
        rows = read.used.sort("_row").select("_row", *columns).rows(named=True)
        key = next(iter(mapping["columns"]))
        written = dict(texts.select("_row", f"text {key}").iter_rows())
        return [{**row, key: written[row.pop("_row")]} for row in rows]


def same(found: Sequence[Ticket], expected: Sequence[Ticket]) -> bool:
    """Whether the rows read are those that were written: line ends in a cell aside, and seconds rounded."""
    return [meant(row) for row in found] == [meant(row) for row in expected]


def meant(row: Ticket) -> tuple[Any, ...]:
    hours, score = row.get("first_reply_time"), row.get("score:csat", row.get("csat"))
    seconds = round(hours * 3600) if isinstance(hours, float) else hours
    group = None if row.get("group") is None else re.sub("\r\n?", "\n", str(row["group"]))
    rest = tuple(
        row.get(name) for name in ("ticket_id", "created_at", "resolved_at", "status", "handle_time", "agent_replies")
    )
    return (*rest, group, seconds, score)


TELLING = tuple(shape for shape in SHAPES if shape not in OPEN)


@pytest.mark.parametrize("shape", TELLING)
@few(15)
@given(data=st.data(), rows=tables())
def test_a_table_is_the_same_in_every_dialect(shape: str, data: st.DataObject, rows: list[Ticket]) -> None:
    dialect = data.draw(dialects([shape]))
    assert is_read_or_asked_for(dialect.file(records(rows, dialect)), rows)


def is_read_or_asked_for(content: bytes, rows: list[Ticket]) -> bool:
    """Whether a file is read as written, or its encoding asked for since its words are words in several: never misread."""
    try:
        return same(understood(content), rows)
    except AmbiguousDate:
        raise
    except ExportError as asked:
        return "--encoding" in (asked.hint or "")


def says_order(rows: Sequence[Ticket]) -> bool:
    """Whether a cell separates day from month, or none could be read in two ways."""
    dates = [at for row in rows for at in (row["created_at"], row["resolved_at"]) if at]
    return any(at.day > 12 for at in dates) or all(at.day == at.month for at in dates)


@pytest.mark.parametrize("shape", OPEN)
@few(15)
@given(data=st.data(), rows=st.one_of(tables(), tables(EARLY)))
def test_dates_that_do_not_separate_day_from_month_are_refused_and_never_misread(
    shape: str, data: st.DataObject, rows: list[Ticket]
) -> None:
    dialect = data.draw(dialects([shape]))
    content = dialect.file(records(rows, dialect))
    if says_order(rows):
        assert is_read_or_asked_for(content, rows)
    else:
        with pytest.raises(AmbiguousDate) as caught:
            understood(content)
        assert caught.value.hint == "pass --date-format dmy or mdy"
        assert caught.value.where is not None
    assert same(understood(content, order=OPEN[shape]), rows)


AMOUNTS = st.lists(st.none() | st.integers(-(10**9), 10**9).map(lambda cents: cents / 100), min_size=1, max_size=6)
UNITS = ["", " kr", "\u00a0kr", " %", "%", "\u00a0SEK", " kr."]


@few(50)
@given(dialect=dialects(), amounts=AMOUNTS, unit=st.sampled_from(UNITS))
def test_an_amount_is_the_same_in_every_dialect(dialect: Written, amounts: list[float | None], unit: str) -> None:
    written = [dialect.number(amount) + unit if amount is not None else "" for amount in amounts]
    table = [["Order", "Beløp", "Valuta"], *([f"{place:03d}", cell, "SEK"] for place, cell in enumerate(written))]
    rows = understood(dialect.file(table), ORDERS)
    assert [row["amount"] for row in rows] == amounts
    assert [row["order_id"] for row in rows] == [f"{place:03d}" for place in range(len(amounts))]


# Dates that are written both ways


def swapped(at: datetime) -> datetime:
    return at.replace(day=at.month, month=at.day) if at.day <= 12 else at


def sequence(count: int, *, hours: float, seed: int) -> list[datetime]:
    """Instants one after another, so many hours apart on average."""
    chance = random.Random(seed)
    at, found = datetime(2024, 1, 1, 8), []
    for _ in range(count):
        at += timedelta(minutes=round(chance.expovariate(1 / (60 * hours))))
        found.append(at)
    return found


def export(
    created: Sequence[datetime],
    resolved: Sequence[datetime | None],
    ids: Sequence[int],
    write: Callable[[int, datetime], str],
) -> bytes:
    """Tickets in the order of their creation; `write` spells a date, told the number of its row."""
    lines = ["Ärende-ID,Skapad,Løst den,Status"]
    for row, (number, begun, ended) in enumerate(zip(ids, created, resolved, strict=True)):
        lines.append(
            f"{number},{write(row, begun)},{'' if ended is None else write(row, ended)},{'Löst' if ended else 'Öppen'}"
        )
    return ("\n".join(lines) + "\n").encode()


@few(20)
@given(
    share=st.integers(5, 95),
    seed=st.integers(0, 1000),
    shape=st.sampled_from(["%{}/%{}/%Y %H:%M", "%{}-%{}-%Y", "%{}.%{}.%Y %H.%M"]),
)
def test_a_column_with_the_day_first_here_and_the_month_first_there_is_refused_with_a_row_of_each(
    share: int, seed: int, shape: str
) -> None:
    chance = random.Random(seed)
    created = sequence(400, hours=20, seed=seed)
    turned = [chance.random() * 100 < share for _ in created]
    orders = {True: shape.format("m", "d"), False: shape.format("d", "m")}
    sure = [
        {turned[row] for row, at in enumerate(created) if at.day > 12 and turned[row] is turn} for turn in (True, False)
    ]
    content = export(created, [None] * 400, range(400), lambda row, at: f"{at:{orders[turned[row]]}}")
    assert all(sure)
    with pytest.raises(
        BothOrders, match=r"column `Skapad` has the day first .* in row \d+ and `.*` in row \d+$"
    ) as caught:
        understood(content)
    lines = content.decode().splitlines()
    places = re.findall(r"`([^`]*)` in row (\d+)", caught.value.message)
    assert len(places) == 2
    assert all(lines[int(row) - 1].split(",")[1] == cell for cell, row in places)


@pytest.mark.parametrize("order", [None, "dmy", "mdy"])
def test_an_order_that_changes_after_the_sample_is_refused(order: str | None) -> None:
    created = sequence(3000, hours=2, seed=1)
    content = export(
        created,
        [None] * 3000,
        range(3000),
        lambda row, at: f"{at:%d/%m/%Y %H:%M}" if row < 2500 else f"{at:%m/%d/%Y %H:%M}",
    )
    with pytest.raises(AmbiguousDate, match="has the day first") as caught:
        understood(content, order=order)
    assert order == "mdy" or isinstance(caught.value, BothOrders)


def test_what_a_spreadsheet_has_turned_in_part_is_refused() -> None:
    created = sequence(60, hours=24, seed=2)
    content = export(
        created,
        [None] * 60,
        range(60),
        lambda _, at: f"{swapped(at):%Y-%m-%d %H:%M:%S}" if at.day <= 12 else f"{at:%d/%m/%Y %H:%M}",
    )
    with pytest.raises(AmbiguousDate, match="column `Skapad` was turned by a spreadsheet"):
        understood(content)


def findings(content: bytes) -> list[str]:
    with opened(content) as dataset:
        found = list(swapped_dates(dataset))
        assert all(one.is_serious and one.code == "swapped-dates" for one in found)
        return [one.text for one in found]


def iso(turned: Sequence[bool]) -> Callable[[int, datetime], str]:
    return lambda row, at: f"{swapped(at) if turned[row] else at:%Y-%m-%d %H:%M}"


def by_chance(share: int, count: int, seed: int) -> list[bool]:
    chance = random.Random(seed)
    return [chance.random() * 100 < share for _ in range(count)]


SHARES = st.integers(5, 95)


@few(15)
@given(share=SHARES, seed=st.integers(0, 1000), hours=st.sampled_from([1, 4, 12]))
@example(share=40, seed=40, hours=4)
def test_turned_dates_that_break_the_order_of_the_rows_are_reported(share: int, seed: int, hours: float) -> None:
    created = sequence(1200, hours=hours, seed=seed)
    content = export(created, [None] * 1200, range(1200), iso(by_chance(share, 1200, seed)))
    (text,) = findings(content)
    assert "dates of `Skapad`" in text
    assert "from one row to the next" in text


@few(15)
@given(share=SHARES, seed=st.integers(0, 1000))
def test_turned_dates_that_break_the_order_of_the_ids_are_reported(share: int, seed: int) -> None:
    created = sequence(1200, hours=4, seed=seed)
    order = list(range(1200))
    random.Random(seed).shuffle(order)
    content = export(
        [created[place] for place in order],
        [None] * 1200,
        [10_000 + place for place in order],
        iso(by_chance(share, 1200, seed)),
    )
    (text,) = findings(content)
    assert "from one id to the next" in text


@few(15)
@given(share=SHARES, seed=st.integers(0, 1000))
def test_tickets_that_end_before_they_begin_because_a_date_is_turned_are_reported(share: int, seed: int) -> None:
    chance = random.Random(seed)
    created = sequence(1200, hours=4, seed=seed)
    chance.shuffle(created)
    resolved = [at + timedelta(hours=round(chance.expovariate(1 / 40))) for at in created]
    begun, ended = by_chance(share, 1200, seed), by_chance(share, 1200, seed + 1)
    write = iso([False] * 1200)
    content = export(
        [swapped(at) if turn else at for at, turn in zip(created, begun, strict=True)],
        [swapped(at) if turn else at for at, turn in zip(resolved, ended, strict=True)],
        [chance.randrange(10**9) for _ in created],
        write,
    )
    (text,) = findings(content)
    assert "`Skapad` or `Løst den`" in text
    assert "rows that end before they begin" in text


@few(20)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 200),
    hours=st.sampled_from([0.5, 5, 50, 500]),
    shuffles=st.booleans(),
)
def test_dates_in_one_order_are_not_doubted(seed: int, count: int, hours: float, shuffles: bool) -> None:
    chance = random.Random(seed)
    created = sequence(count, hours=hours, seed=seed)
    if shuffles:
        chance.shuffle(created)
    resolved = [at + timedelta(hours=chance.uniform(-24 * 90, 24 * 90)) for at in created]
    assert findings(export(created, resolved, range(count), iso([False] * count))) == []


def test_the_first_of_every_month_is_not_doubted() -> None:
    created = [datetime(2018 + month // 12, month % 12 + 1, 1) for month in range(84)]
    assert findings(export(created, [None] * 84, range(84), iso([False] * 84))) == []
