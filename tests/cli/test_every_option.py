"""Every option of every command is obeyed or refused: given, it changes what comes out or ends the command with a reason.

The options are taken from the commands themselves, so that a new one must be added here with what it changes.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from invoked import piped, sample
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from typer.core import TyperOption
from typer.main import get_command

from kpi_cli.app import NAMES, app
from kpi_cli.guarded import HOW, WRITTEN
from kpi_cli.options.reading import Reading
from kpi_core.errors import KpiError
from kpi_core.ingest.files.raw_export import CUTTING

HEADER = "Ticket number,Opened,First reply,Resolved,Status,Priority,Team,Owner,Channel,Handle time (minutes),CSAT,NPS"
ORDERS = "Order ID;Customer ID;Order date;Amount\n" + "".join(
    f"{n};{1 + n % 9};2026-09-{n:02};1.{n:02}0\n" for n in range(1, 21)
)
INDEX = "Response ID,Responded at,NKI satisfaction,NKI expectation,NKI ideal\n" + "".join(
    f"{n},2026-09-{n:02} 10:00,{5 + n % 5},{1 + n % 7},{10 - n % 4}\n" for n in range(1, 25)
)
TREATED = "Response ID,Responded at,NKI satisfaction,NKI expectation,NKI ideal,Bemötande\n" + "".join(
    f"{n},2026-{8 + n % 2:02}-{1 + n % 11:02} 10:00,{1 + n // 2 * 7 % 10},{1 + n // 2 * 3 % 10},{10 - n // 2 % 4},{1 + n % 5}\n"
    for n in range(1, 61)
)
SURVEY = "Response ID,Customer ID,Date,Team,Priority,CSAT,Comment\n" + "".join(
    f"{n},c{n % 50},2026-{8 + n % 2:02}-{1 + n % 11:02} 20:00,{('Värme', 'Faktura')[n % 2]},{('high', 'low')[n % 3 > 1]},{1 + n % 5}.0,"
    f"{('Waited too long', 'Great help', 'Waited for Anna Berg at anna@example.com')[n % 3]}\n"
    for n in range(90)
)
PACK = """pack: mine
kpis:
  - {name: quick, label: Quick, description: Quick ones., table: tickets, better: higher,
     measure: {share: {of: first_reply_time <= 3600}}}
  - {name: csat, label: Happy, description: Five of five., table: answers, better: higher,
     measure: {share: {of: score = 5, among: question = 'csat'}}}
"""
AGAIN = "Ticket number,Responded at,CSAT,Comment\n" + "".join(
    f"{n},2026-{8 + n % 2:02}-{4 + late + n % 11:02} 1{late}:{n % 60:02},{mark},{messages}\n"
    for n in range(60)
    for late, mark, messages in ((0, 1, "Long wait for the invoice"), (3, 5, "Quick reply and solved"))
)
MAPPING = """name: mine-tickets
label: Mine
system: mine
table: tickets
columns:
  ticket_id: {from: Ticket number}
  created_at: {from: Opened}
  resolved_at: {from: First reply}
"""


def _tickets(day: str = "{year}-{month:02}-{day:02}") -> Iterator[str]:
    """Sixty tickets of August and September, and four that cannot be read."""
    yield HEADER
    for n in range(60):
        opened = day.format(year=2026, month=8 + n % 2, day=1 + n % 11)
        later = day.format(year=2026, month=8 + n % 2, day=2 + n % 11)
        team, priority = ("Värme", "Faktura", "Övrigt")[n % 3], ("high", "low", "normal", "urgent")[n % 4]
        minutes = "1.500" if n == 1 else 5 + n % 7
        answers = f"{1 + n % 7 % 5},{n % 11}"
        yield f"{n},{opened} 20:{n % 60:02},{opened} 22:{n % 60:02},{later} 10:00,Resolved,{priority},{team},A{n % 2},Mail,{minutes},{answers}"
    for n in range(60, 64):
        yield f"{n},some day,,,Open,low,Värme,A1,Mail,,,"


def _hours() -> Iterator[str]:
    """Tickets with the export's own resolution time, one of which does not fit."""
    yield "Ticket number;Opened;First reply;Resolved;Status;Team;Resolution time (hours);CSAT"
    for n in range(60):
        day = f"2026-09-{1 + n % 11:02}"
        yield f"{n};{day} 10:00;{day} 11:00;{day} 12:30;Resolved;Värme;{'9,0' if n == 7 else '2,5'};{n % 4 + 1},0"
    yield "60;2026-10-24 22:00;2026-10-24 22:30;2026-10-25 10:00;Resolved;Värme;13,0;4,0"


def _replies() -> Iterator[str]:
    """Tickets with the export's own first reply time."""
    yield "Ticket number;Opened;Status;First reply time (hours)"
    for n in range(20):
        yield f"{n};2026-09-{1 + n % 11:02} 10:00;Open;2,{n % 9}5"


def _zendesk() -> str:
    """The first tickets of `t.csv` as another system has them."""
    with Path(sample("zendesk_tickets.csv")).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[:10]
    number, created = rows[0].index("Id"), rows[0].index("Created at")
    opened = [line.split(",")[1] for line in _tickets()][1:]
    for place, row in enumerate(rows[1:]):
        row[number], row[created] = str(place), f"{opened[place]}:00"
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue()


pytestmark = pytest.mark.usefixtures("scanned_once")


MERGED = ("t.csv", "dates.csv", "index.csv", "zendesk.csv", "again.csv", "orders.csv")
"""The files of which there are states too."""


def _merged(line: tuple[str, ...]) -> tuple[str, ...]:
    """A line of `report` as that of `merge` on the states of its files."""
    return ("merge", *(word.replace(".csv", ".state") if word in MERGED else word for word in line[1:]))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the files that options are about."""
    folder = tmp_path_factory.mktemp("options")
    files = {
        "t.csv": "\n".join(_tickets()),
        "dates.csv": "\n".join(line for line in _tickets("{day:02}.{month:02}.{year}") if "some day" not in line),
        "orders.csv": ORDERS,
        "index.csv": INDEX,
        "again.csv": AGAIN,
        "treated.csv": TREATED,
        "said.csv": SURVEY,
        "zendesk.csv": _zendesk(),
        "more.csv": "\n".join(line.replace("2026-09-01", "2026-09-02") for line in _tickets()),
        "hours.csv": "\n".join(_hours()),
        "replies.csv": "\n".join(_replies()),
        "pack.yaml": PACK,
        "mine.yaml": MAPPING,
        "jobs.yaml": "jobs: {one: {files: t.csv, outputs: [made.md]}}\ndefaults: {zone: UTC}\n",
        "other-jobs.yaml": "jobs: {one: {files: t.csv, outputs: [other.md]}}\ndefaults: {zone: UTC}\n",
        "other.yaml": "defaults: {targets: {csat: 99%}, zone: Europe/Stockholm}\n",
        "kundpuls.yaml": "defaults: {targets: {csat: 10%}, kpis: [tickets_created, 'resolution_*'], zone: UTC}\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("more.csv", "zendesk.csv"):
        assert piped("ingest", folder / name, "--store", folder / "desk", "--no-config").code == 0
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for name in MERGED:
            assert piped("partial", name, "-o", name.replace(".csv", ".state"), "--no-config").code == 0
    form = Workbook()
    form.defined_names["period"] = DefinedName("period", attr_text="Sheet!$B$1")
    form.save(folder / "form.xlsx")
    return folder


@pytest.fixture(autouse=True)
def _there(files: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The commands run in that folder, and what one of them leaves there is not there for the next."""
    before = {path: path.read_bytes() for path in files.iterdir() if path.is_file()}
    monkeypatch.chdir(files)
    yield
    for path in files.iterdir():
        if path not in before and path.name != "desk":
            _delete(path)
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)


def _delete(path: Path) -> None:
    if path.is_dir():
        rmtree(path)
    else:
        path.unlink()


def _content(path: Path) -> object:
    """The bytes of a file, the names of the files in a folder."""
    return sorted(map(str, path.rglob("*"))) if path.is_dir() else path.read_bytes()


SEPTEMBER = ("--period", "2026-09")
KPIS = tuple(
    word
    for name in ("csat*", "nps", "resolution_*", "handle_time", "tickets_created", "sla_*")
    for word in ("--kpi", name)
)
REPORT = (
    "report",
    "t.csv",
    *SEPTEMBER,
    "--no-config",
    *KPIS,
    "--by",
    "group",
    "--format",
    "csv",
)
HALVES = ("--period", "2026-09-01..2026-09-11", "--compare", "2026-08-01..2026-08-11")
WHY = ("why", "csat", "t.csv", *HALVES, "--no-config", "--format", "json")
GROWTH = (
    "growth",
    "orders.csv",
    "--period",
    "2026-09-11..2026-09-20",
    "--decimal",
    ".",
    "--no-config",
    "--format",
    "json",
)
TREND = ("trend", "csat", "t.csv", "--grain", "day", "--no-config", "--format", "json")
CHART = ("chart", *TREND[1:-1], "svg")
COMPARE = ("compare", "csat", "t.csv", *HALVES, "--no-config", "--format", "json")
DRIVERS = ("drivers", "csat", "t.csv", "--period", "all", "--no-config", "--format", "json")
AGENTS = ("agents", "t.csv", "--kpi", "csat", "--period", "all", "--no-config", "--min-n", "2", "--format", "json")
VOICES = ("voices", "csat", "said.csv", "--period", "all", "--no-config", "--format", "json")
TARGETS = (
    "targets", "t.csv", "--period", "2026-09", "--grain", "week", "--target", "csat=99%", "--target", "resolution_time=1h", "--no-config",
    "--format", "json",
)  # fmt: skip
DEMO = ("demo", "--period", "2026-10", "--kpi", "csat")
ROWS = ("rows", "csat", "t.csv", *SEPTEMBER, "--no-config", "--format", "csv")
INGEST = ("ingest", "t.csv", "--store", "new", "--no-config", "--format", "json")
STORE = ("store", "export", "tables", "--store", "desk", "--no-config", "--format", "json")
PAIRS = tuple(f"--kpi {name}" for name in KPIS[1::2])
BASES: dict[str, tuple[str, ...]] = {
    "report": REPORT,
    "demo": ("demo", "--period", "2026-10", "--kpi", "resolution_time*", "--format", "csv"),
    "rows": ROWS,
    "why": WHY,
    "growth": GROWTH,
    "agents": AGENTS,
    "trend": TREND,
    "chart": CHART,
    "targets": TARGETS,
    "compare": COMPARE,
    "drivers": DRIVERS,
    "voices": VOICES,
    "define": ("define", "resolution_rate", "t.csv", *SEPTEMBER, "--no-config"),
    "inspect": ("inspect", "t.csv", "--no-config"),
    "map": ("map", "t.csv", "--no-config"),
    "reconcile": ("reconcile", "hours.csv", "--no-config"),
    "kpis": ("kpis", "csat", "--no-config"),
    "formats": ("formats",),
    "run": ("run", "--config", "jobs.yaml"),
    "config": ("config", "init", "t.csv", "--no-config"),
    "ingest": INGEST,
    "store": STORE,
    "partial": ("partial", "t.csv", "-o", "new.state", "--no-config"),
    "merge": _merged(REPORT),
}
"""A command of each name, to which its options are added."""

GIVEN: dict[str, tuple[str, ...]] = {
    "period": ("--period", "2026-09"), "grain": ("--grain", "week"), "by": ("--by", "agent"), "kpi": ("--kpi", "nps"),
    "kpis_file": ("--kpis-file", "pack.yaml"), "where": ("--where", "priority = 'high'"), "compare": ("--compare", "none"),
    "as_of": ("--as-of", "2026-09-05"), "tz": ("--zone", "UTC", "--tz", "Asia/Tokyo"), "confidence": ("--confidence", "0.5"),
    "min_n": ("--min-n", "40"), "target": ("--target", "csat=85%"), "sla": ("--sla", "resolution=1h"), "calendar": ("--calendar", "se"),
    "nki_weights": ("--nki-weights", "0.8,0.1,0.1"), "strict": ("--strict",), "fail_on": ("--fail-on", "quality"), "lang": ("--lang", "sv"),
    "format": ("--format", "json"), "output": ("-o", "out.csv"), "refused": ("--refused", "refused.csv"), "color": ("--color", "always"),
    "quiet": ("--quiet",), "dry_run": ("--dry-run",), "mapping": ("--mapping", "mine.yaml"), "source": ("--source", "one"),
    "column": ("--column", "resolved_at=First reply"), "scale": ("--scale", "csat=1-10"), "direction": ("--direction", "csat=lower"),
    "encoding": ("--encoding", "cp1252"), "delimiter": ("--delimiter", ";"), "decimal": ("--decimal", ","), "date_format": ("--date-format", "mdy"),
    "null_value": ("--null-value", "5"), "skip_lines": ("--skip-lines", "1"), "sheet": ("--sheet", "Sheet1"), "zone": ("--zone", "Europe/Stockholm"),
    "suggest": ("--suggest",), "todo": ("--todo", "todo.ics"), "config": ("--config", "other.yaml"), "no_config": ("--no-config",), "group": ("--group", "group=Faktura"), "only": ("--only", "numerator"),
    "limit": ("--limit", "3"), "whose": ("--as", "zendesk"), "of": ("--of", "csat"), "table": ("--table", "answers"),
    "calendar_out": ("--calendar-out", "hours.yaml"), "answers": ("--answers", "newest"), "bound": ("--bound", "columns=2"), "long": ("--long",),
    "between": ("--between", "group=Värme,Faktura"), "base": ("--base", "customers=10,frequency=2,order-value=5"),
    "what_if": ("--what-if", "frequency=+4%"), "years": ("--years", "5"), "rate": ("--rate", "9%"), "base_year": ("--base-year", "2026"),
    "engine": ("--engine", "flink://nowhere"), "points": ("--points", "5"), "baseline": ("--baseline", "20"), "rules": ("--rules", "nhs"), "screened": ("--screened",),
    "event": ("--event", "2026-09-01=New portal"), "at": ("--at", "2026-09-01"), "others": ("--with", "zendesk.csv"), "unfinished": ("--unfinished",),
    "rating": ("--rating", "worst"), "outcome": ("--kpi", "csat"), "level": ("--by", "agent"), "pseudonyms": ("--by", "agent", "--pseudonyms", "key.csv"),
    "headers": ("--with", "Owner"), "quotes": ("--quotes", "1"), "unmasked": ("--unmasked",), "force": ("--force",), "subject": ("--subject", "subject.txt"), "template": ("--template", "form.xlsx"), "all": ("--all",), "notes": ("--notes",),
    "store": ("--store", "desk"), "as_of_version": ("--as-of-version", "1"), "as_ingested": ("--as-ingested", "2020-01-01"), "taken": ("--taken", "2026-12-24"),
    "width": ("--width", "640"), "dark": ("--dark",),
}  # fmt: skip
"""What is given of each option."""


def _without(base: tuple[str, ...], *words: str) -> tuple[str, ...]:
    text = " ".join(base)
    for word in words:
        text = text.replace(f" {word}", "", 1)
    return tuple(text.split())


ELSEWHERE: dict[tuple[str, str], tuple[str, ...]] = {
    ("report", "period"): _without(REPORT, "--period 2026-09"),
    ("report", "kpi"): _without(REPORT, *PAIRS),
    ("report", "color"): (*_without(REPORT, "--format csv"), "--format", "table"),
    ("report", "all"): ("report", "t.csv", *SEPTEMBER, "--no-config"),
    ("report", "notes"): ("report", "t.csv", *SEPTEMBER, "--no-config"),
    ("demo", "all"): ("demo",),
    ("demo", "notes"): ("demo",),
    ("report", "template"): (*_without(REPORT, "--format csv"), "-o", "out.xlsx"),
    ("report", "config"): _without(REPORT, "--no-config"),
    ("report", "no_config"): _without(REPORT, "--no-config", *PAIRS),
    ("report", "nki_weights"): (
        "report",
        "index.csv",
        "--no-config",
        "--kpi",
        "nki",
        "--period",
        "all",
        "--format",
        "csv",
    ),
    ("report", "source"): ("report", "t.csv", "zendesk.csv", "--no-config", *SEPTEMBER, "--format", "csv"),
    ("report", "date_format"): ("report", "dates.csv", "--no-config", "--period", "all", "--format", "csv"),
    ("report", "decimal"): (
        "report",
        "orders.csv",
        "--no-config",
        "--period",
        "all",
        "--format",
        "csv",
        "--kpi",
        "revenue",
    ),
    ("report", "answers"): ("report", "index.csv", "--no-config", "--kpi", "nki", "--period", "all"),
    ("demo", "period"): ("demo", "--kpi", "csat", "--format", "csv"),
    ("demo", "target"): ("demo", "--kpi", "csat", "--format", "csv"),
    ("demo", "tz"): ("demo", "--kpi", "tickets_created", "--format", "csv"),
    ("demo", "sla"): ("demo", "--kpi", "sla_resolution_rate", "--format", "csv"),
    ("demo", "grain"): ("demo", "--kpi", "csat", "--format", "csv"),
    ("demo", "answers"): ("demo", "--period", "all", "--kpi", "nps", "--kpi", "csat", "--format", "csv"),
    ("demo", "format"): DEMO,
    ("demo", "lang"): (*DEMO, "--format", "md"),
    ("demo", "color"): DEMO,
    ("demo", "quiet"): (*DEMO, "-o", "out.csv"),
    ("rows", "period"): _without(ROWS, "--period 2026-09"),
    ("rows", "sla"): ("rows", "sla_resolution_rate", *ROWS[2:]),
    ("rows", "calendar"): ("rows", "resolution_time_business", *ROWS[2:]),
    ("rows", "nki_weights"): ("rows", "nki", "index.csv", "--no-config", "--format", "csv", *SEPTEMBER),
    ("rows", "lang"): _without(ROWS, "--format csv"),
    ("rows", "config"): _without(ROWS, "--no-config"),
    ("rows", "no_config"): _without(ROWS, "--no-config", "--format csv"),
    ("rows", "column"): ("rows", "resolution_time", *ROWS[2:]),
    ("rows", "source"): (
        "rows",
        "tickets_created",
        "t.csv",
        "zendesk.csv",
        *SEPTEMBER,
        "--no-config",
        "--format",
        "csv",
    ),
    ("rows", "date_format"): ("rows", "csat", "dates.csv", "--no-config", "--period", "all", "--format", "csv"),
    ("rows", "decimal"): ("rows", "aov", "orders.csv", "--no-config", "--period", "all", "--format", "csv"),
    ("rows", "encoding"): (*ROWS, "--group", "group=Värme"),
    ("rows", "zone"): ("rows", "csat", "t.csv", *SEPTEMBER, "--no-config", "--format", "json"),
    ("rows", "as_of"): ("rows", "backlog", *ROWS[2:]),
    ("why", "period"): _without(WHY, "--period 2026-09-01..2026-09-11"),
    ("why", "compare"): _without(WHY, "--compare 2026-08-01..2026-08-11"),
    ("why", "target"): ("why", "resolution_time", *WHY[2:]),
    ("why", "calendar"): ("why", "resolution_time_business", *WHY[2:]),
    ("why", "sla"): ("why", "sla_resolution_rate", *WHY[2:]),
    ("why", "column"): ("why", "resolution_time", *WHY[2:]),
    ("why", "decimal"): (
        "why",
        "revenue",
        "orders.csv",
        "--no-config",
        "--period",
        "2026-09-11..2026-09-20",
        "--format",
        "json",
    ),
    ("why", "source"): ("why", "tickets_created", "t.csv", "zendesk.csv", *WHY[3:]),
    ("why", "date_format"): ("why", "csat", "dates.csv", *WHY[3:]),
    ("why", "answers"): (
        "why",
        "csat",
        "t.csv",
        *HALVES,
        "--no-config",
        "--format",
        "json",
        "--column",
        "customer_id=Owner",
    ),
    ("why", "quiet"): (*WHY, "-o", "out.json"),
    ("why", "output"): _without(WHY, "--format json"),
    ("why", "config"): _without(WHY, "--no-config"),
    ("why", "no_config"): _without(WHY, "--no-config"),
    ("growth", "period"): _without(GROWTH, "--period 2026-09-11..2026-09-20"),
    ("growth", "decimal"): _without(GROWTH, "--decimal ."),
    ("growth", "date_format"): (*_without(GROWTH, "--period 2026-09-11..2026-09-20"), "--period", "all"),
    ("growth", "output"): _without(GROWTH, "--format json"),
    ("growth", "quiet"): (*GROWTH, "-o", "out.json"),
    ("growth", "config"): _without(GROWTH, "--no-config"),
    ("growth", "no_config"): _without(GROWTH, "--no-config"),
    ("growth", "rate"): (*GROWTH, "--years", "2"),
    ("growth", "base_year"): (*GROWTH, "--years", "2"),
    **{
        (name, option): (*_without(base, "--format json"), *more)
        for name, base in (
            ("trend", TREND),
            ("compare", COMPARE),
            ("drivers", DRIVERS),
            ("agents", AGENTS),
            ("voices", VOICES),
            ("targets", TARGETS),
        )
        for option, more in (("format", ()), ("color", ()), ("output", ()), ("lang", ("--format", "md")))
    },
    **{
        (name, option): _without(base, "--no-config")
        for name, base in (
            ("trend", TREND),
            ("compare", COMPARE),
            ("drivers", DRIVERS),
            ("agents", AGENTS),
            ("voices", VOICES),
            ("targets", TARGETS),
        )
        for option in ("config", "no_config")
    },
    **{
        (name, "quiet"): (*base, "-o", "out.json")
        for name, base in (
            ("trend", TREND),
            ("compare", COMPARE),
            ("drivers", DRIVERS),
            ("agents", AGENTS),
            ("voices", VOICES),
            ("targets", TARGETS),
        )
    },
    ("trend", "baseline"): ("trend", "tickets_created", *TREND[2:]),
    ("chart", "baseline"): ("chart", "tickets_created", *CHART[2:]),
    ("chart", "grain"): _without(CHART, "--grain day"),
    ("chart", "period"): ("chart", "tickets_created", "t.csv", "--grain", "day", "--period", "2026-08", *CHART[5:]),
    ("chart", "tz"): ("chart", "tickets_created", *CHART[2:]),
    ("chart", "event"): ("chart", "tickets_created", *CHART[2:]),
    ("chart", "rules"): ("chart", "tickets_created", *CHART[2:]),
    ("chart", "screened"): ("chart", "tickets_created", *CHART[2:]),
    ("chart", "calendar"): ("chart", "resolution_time_business", "t.csv", *CHART[3:]),
    ("chart", "format"): (*_without(CHART, "--format svg"), "-o", "out.svg"),
    ("chart", "width"): (*_without(CHART, "--format svg"), "-o", "out.png"),
    ("chart", "lang"): CHART,
    ("chart", "quiet"): (*CHART, "-o", "out.svg"),
    ("chart", "config"): _without(CHART, "--no-config"),
    ("chart", "no_config"): _without(CHART, "--no-config"),
    ("trend", "grain"): _without(TREND, "--grain day"),
    ("compare", "period"): _without(COMPARE, "--period 2026-09-01..2026-09-11"),
    ("compare", "compare"): _without(COMPARE, "--compare 2026-08-01..2026-08-11"),
    **{
        (name, "rating"): tuple(word for each in base for word in ((each, "again.csv") if each == "t.csv" else (each,)))
        for name, base in (
            ("agents", AGENTS),
            ("compare", COMPARE),
            ("drivers", DRIVERS),
            ("report", REPORT),
            ("rows", ROWS),
            ("targets", TARGETS),
            ("trend", TREND),
            ("why", WHY),
            ("inspect", ("inspect", "t.csv", "--no-config")),
            ("define", ("define", "csat", "t.csv", *SEPTEMBER, "--no-config")),
        )
    },
    ("voices", "rating"): ("voices", "csat", "t.csv", "again.csv", *VOICES[3:]),
    ("demo", "rating"): ("demo", "--kpi", "csat", "--format", "csv"),
    ("kpis", "rating"): ("kpis", "csat", "t.csv", "again.csv", "--no-config"),
    ("agents", "period"): _without(AGENTS, "--period all"),
    ("agents", "outcome"): _without(AGENTS, "--kpi csat"),
    ("agents", "min_n"): _without(AGENTS, "--min-n 2"),
    ("agents", "date_format"): ("agents", "dates.csv", *AGENTS[2:]),
    ("agents", "source"): ("agents", "t.csv", "zendesk.csv", *AGENTS[2:]),
    ("drivers", "period"): _without(DRIVERS, "--period all"),
    ("voices", "period"): _without(VOICES, "--period all"),
    ("voices", "encoding"): (*VOICES, "--by", "group"),
    ("voices", "source"): ("voices", "csat", "said.csv", "t.csv", "zendesk.csv", *VOICES[3:]),
    ("voices", "decimal"): ("voices", "csat", "said.csv", "t.csv", *VOICES[3:]),
    ("compare", "nki_weights"): ("compare", "nki", "treated.csv", *HALVES, *COMPARE[-3:]),
    ("drivers", "nki_weights"): ("drivers", "nki", "treated.csv", *DRIVERS[3:]),
    ("compare", "unfinished"): ("compare", "resolution_rate_cohort", *COMPARE[2:]),
    ("targets", "encoding"): (*TARGETS, "--where", "group = 'Värme'"),
    ("targets", "date_format"): ("targets", "dates.csv", *TARGETS[4:]),
    ("targets", "nki_weights"): ("targets", "treated.csv", *HALVES[:2], "--target", "nki=60", *TARGETS[-3:]),
    ("targets", "source"): ("targets", "t.csv", "zendesk.csv", *TARGETS[2:], "--target", "backlog=1"),
    ("compare", "encoding"): (*COMPARE, "--by", "group"),
    ("trend", "encoding"): (*TREND, "--where", "group = 'Värme'"),
    ("compare", "date_format"): ("compare", "csat", "dates.csv", *COMPARE[3:]),
    ("drivers", "date_format"): ("drivers", "csat", "dates.csv", "--period", "2026-09", *DRIVERS[5:]),
    ("trend", "date_format"): ("trend", "csat", "dates.csv", *TREND[3:]),
    ("compare", "source"): ("compare", "tickets_created", "t.csv", "zendesk.csv", *COMPARE[3:]),
    ("drivers", "source"): ("drivers", "csat", "t.csv", "zendesk.csv", *DRIVERS[3:]),
    ("trend", "source"): ("trend", "tickets_created", "t.csv", "zendesk.csv", *TREND[3:]),
    ("define", "period"): ("define", "resolution_rate", "t.csv", "--no-config"),
    ("define", "confidence"): ("define", "resolution_rate", "t.csv", *SEPTEMBER, "--no-config", "--format", "json"),
    ("define", "of"): ("define", "last_7_days", "t.csv", "--no-config"),
    ("define", "kpis_file"): ("define", "csat", "t.csv", *SEPTEMBER, "--no-config"),
    ("define", "quiet"): ("define", "resolution_rate", "t.csv", *SEPTEMBER, "--no-config", "-o", "out.csv"),
    ("define", "config"): ("define", "resolution_rate", "t.csv", *SEPTEMBER),
    ("define", "no_config"): ("define", "resolution_rate", "t.csv", *SEPTEMBER, "--quiet"),
    ("define", "decimal"): ("define", "first_reply", "replies.csv", "--period", "all", "--no-config"),
    ("define", "scale"): ("define", "csat", "t.csv", *SEPTEMBER, "--no-config"),
    ("define", "direction"): ("define", "csat", "t.csv", *SEPTEMBER, "--no-config"),
    ("define", "null_value"): ("define", "csat", "t.csv", *SEPTEMBER, "--no-config"),
    ("define", "source"): ("define", "resolution_rate", "t.csv", "zendesk.csv", *SEPTEMBER, "--no-config"),
    ("define", "date_format"): ("define", "resolution_rate", "dates.csv", "--no-config"),
    ("inspect", "quiet"): ("inspect", "t.csv", "--no-config", "--refused", "refused.csv"),
    ("inspect", "source"): ("inspect", "t.csv", "zendesk.csv", "--no-config"),
    ("inspect", "date_format"): ("inspect", "dates.csv", "--no-config"),
    ("inspect", "decimal"): ("inspect", "orders.csv", "--no-config"),
    ("inspect", "config"): ("inspect", "t.csv"),
    ("inspect", "no_config"): ("inspect", "t.csv", "--quiet"),
    ("map", "lang"): ("map", "zendesk.csv", "--no-config"),
    ("map", "quiet"): ("map", "t.csv", "--no-config", "-o", "out.yaml"),
    ("config", "force"): ("config", "init", "t.csv", "--no-config", "-o", "mine.yaml"),
    ("config", "zone"): ("config", "init", "t.csv", "--no-config", "-o", "-"),
    ("config", "mapping"): ("config", "init", "t.csv", "--no-config", "-o", "-"),
    ("config", "lang"): ("config", "init", "t.csv", "--no-config", "-o", "-"),
    ("config", "quiet"): ("config", "init", "t.csv", "--no-config", "-o", "new.yaml"),
    ("config", "config"): ("config", "show"),
    ("config", "no_config"): ("config", "show"),
    ("map", "date_format"): ("map", "dates.csv", "--no-config"),
    ("map", "decimal"): ("map", "orders.csv", "--no-config"),
    ("map", "config"): ("map", "t.csv"),
    ("map", "force"): ("map", "t.csv", "--no-config", "-o", "mine.yaml"),
    ("map", "no_config"): ("map", "t.csv", "--quiet"),
    ("partial", "output"): ("partial", "t.csv", "--no-config"),
    ("partial", "config"): ("partial", "t.csv", "-o", "new.state"),
    ("partial", "no_config"): ("partial", "t.csv", "-o", "new.state"),
    ("reconcile", "quiet"): ("reconcile", "hours.csv", "--no-config", "-o", "out.csv"),
    ("reconcile", "config"): ("reconcile", "hours.csv"),
    ("reconcile", "no_config"): ("reconcile", "hours.csv"),
    ("kpis", "quiet"): ("kpis", "csat"),
    ("kpis", "config"): ("kpis", "csat"),
    ("kpis", "no_config"): ("kpis", "csat"),
    **{
        (name, option): _without(base, "--no-config")
        for name, base in (("ingest", INGEST), ("store", STORE))
        for option in ("config", "no_config")
    },
    **{(name, "quiet"): (*base, "-o", "out.json") for name, base in (("ingest", INGEST), ("store", STORE))},
}
ELSEWHERE |= {("merge", option): _merged(line) for (name, option), line in ELSEWHERE.items() if name == "report"}
"""Where an option changes nothing of its command's usual line: the line on which it does."""

OTHERWISE: dict[tuple[str, str], tuple[str, ...]] = {
    ("config", "output"): ("-o", "new.yaml"),
    ("partial", "by"): ("--by", "Owner"),
    ("partial", "output"): ("-o", "newer.state"),
    ("targets", "fail_on"): ("--fail-on", "target"),
    ("targets", "output"): ("-o", "out.json"),
    ("chart", "output"): ("-o", "out.svg"),
    ("chart", "format"): ("--format", "png"),
    ("demo", "period"): ("--period", "2026-08"),
    ("demo", "tz"): ("--tz", "Pacific/Honolulu"),
    ("demo", "kpis_file"): ("--kpis-file", "pack.yaml", "--kpi", "quick"),
    ("map", "date_format"): ("--date-format", "%d.%m.%Y %H:%M"),
    ("report", "kpis_file"): ("--kpis-file", "pack.yaml", "--kpi", "quick"),
    ("why", "by"): ("--by", "channel"),
    ("voices", "by"): ("--by", "group"),
    ("voices", "date_format"): ("--date-format", "%d.%m.%Y"),
    ("why", "target"): ("--target", "resolution_time=10h"),
    ("why", "output"): ("-o", "out.json"),
    ("growth", "where"): ("--where", "order_id = '12'"),
    ("growth", "output"): ("-o", "out.json"),
    ("growth", "as_of"): ("--as-of", "2026-09-15"),
    ("growth", "column"): ("--column", "amount=Order ID"),
    ("growth", "encoding"): ("--encoding", "utf-16"),
    ("growth", "date_format"): ("--date-format", "%d.%m.%Y"),
    ("growth", "delimiter"): ("--delimiter", ","),
    ("growth", "null_value"): ("--null-value", "1.150"),
    ("define", "encoding"): ("--encoding", "utf-16"),
    ("reconcile", "encoding"): ("--encoding", "utf-16"),
    ("define", "decimal"): ("--decimal", "."),
    ("reconcile", "date_format"): ("--date-format", "%d.%m.%Y"),
    ("reconcile", "decimal"): ("--decimal", "."),
    ("reconcile", "delimiter"): ("--delimiter", ","),
    ("reconcile", "null_value"): ("--null-value", "2,5"),
}
OTHERWISE |= {("merge", option): line for (name, option), line in OTHERWISE.items() if name == "report"}
"""What is given where that of the others changes nothing."""

ON_STDERR = frozenset({"quiet", "config", "no_config"})
"""What changes what is reported on stderr, the answer being the same."""
OF_NOTES = frozenset({("map", "lang")})
"""The same of one command: a draft is the same file in every language, what there is to say of it is not."""


def _options() -> Iterator[tuple[str, str]]:
    group: Any = get_command(app)
    context = group.make_context("kundpuls", ["--help"], resilient_parsing=True)
    for name in NAMES:
        for parameter in group.get_command(context, name).params:
            if isinstance(parameter, TyperOption) and parameter.name not in ("help", "install_completion"):
                yield name, str(parameter.name)


OPTIONS = tuple(_options())
_outcomes: dict[tuple[str, ...], tuple[tuple[object, ...], str]] = {}
"""What comes out of the lines without options, each run once."""


@cache
def _stamp() -> re.Pattern[str]:
    return re.compile(r'"generated_at": "[^"]*"')


def _outcome(line: Sequence[str]) -> tuple[tuple[object, ...], str]:
    """What a command leaves on stdout and in files, with its code; and what it says on stderr."""
    before = {path.name for path in Path().iterdir()}
    ended = piped(*line)
    made = {path.name: _content(path) for path in Path().iterdir() if path.name not in before}
    for name in made:
        _delete(Path(name))
    assert ended.code in (0, 2, 3, 4, 5), ended.err
    return (ended.code, _stamp().sub("", ended.out), made), ended.err


OF_READING = {field.name for field in fields(Reading)}
"""Options about reading, which every command that reads hands on as they are."""
READ_IN_FULL = {"report", "demo", "inspect", "map", "reconcile", "config", "partial"}
"""Commands that are seen to obey them; of the others it is seen that they hand on what was given."""


OF_CUTTING = {("ingest", option) for option in CUTTING}
"""What is settled when a file goes into a store, and not when it is read from there."""


def _reading_choices(line: Sequence[str]) -> tuple[object, ...]:
    """What a command would have files read by, without reading them; how it ends where it does not come so far."""
    handed: list[object] = []

    def noted(files: object, choices: object, *_: object) -> None:
        handed.append(choices)
        raise KpiError("enough", hint="nothing is read")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kpi_core.ingest.dataset.read_exports", noted)
        ended = piped(*line)
    assert handed or ended.code in (2, 3), ended.err
    return (*handed, ended.code, ended.err)


def _base(command: str, option: str) -> tuple[str, ...]:
    """The command that an option is added to: its own in `ELSEWHERE`, else that of `BASES`, for people where only they see what the option does."""
    base = BASES[command]
    if (command, option) in ELSEWHERE or "--format" not in base:
        return ELSEWHERE.get((command, option), base)
    place = base.index("--format")
    for_people = (*base[:place], *base[place + 2 :])
    others = {
        "format": for_people,
        "color": for_people,
        "lang": (*for_people, "--format", "md"),
        "quiet": (*base, "-o", "out.csv"),
    }
    return others.get(option, base)


@pytest.mark.parametrize(("command", "option"), OPTIONS, ids=[f"{command} {option}" for command, option in OPTIONS])
def test_an_option_changes_what_comes_out_or_is_refused(command: str, option: str) -> None:
    base = _base(command, option)
    given = OTHERWISE.get((command, option), GIVEN[option])
    if option == "tz" and command != "demo":
        base, given = (*base, *given[:2]), given[2:]
    if option in OF_READING and command not in READ_IN_FULL and (command, option) not in OF_CUTTING:
        assert _reading_choices((*base, *given)) != _reading_choices(base)
        return
    if base not in _outcomes:
        _outcomes[base] = _outcome(base)
    (usual, result), (left, messages) = _outcomes[base], _outcome((*base, *given))
    with_stderr = option in ON_STDERR or (command, option) in OF_NOTES or left[0] in (2, 3)
    assert left != usual or (with_stderr and messages != result), (
        f"--{option.replace('_', '-')} changes nothing of `kundpuls {' '.join(base)}`: name a line of which it does under ({command!r}, {option!r}) in ELSEWHERE"
    )


def test_every_option_that_names_a_file_to_write_is_kept_from_overwriting() -> None:
    """An option whose help says that it writes is one of those that are looked at before a command runs."""
    group: Any = get_command(app)
    context = group.make_context("kundpuls", ["--help"], resilient_parsing=True)
    writing = {
        parameter.name
        for name in NAMES
        for parameter in group.get_command(context, name).params
        if (getattr(parameter, "help", None) or "").startswith("Write ")
    }
    assert writing == set(WRITTEN) == set(HOW)


@pytest.mark.parametrize(
    "given",
    ["--period 2026-08 --period 2026-09", "--lang sv --lang sv", "--zone UTC --zone UTC", "--compare none --compare none"],
)  # fmt: skip
def test_an_option_that_takes_one_value_is_refused_when_given_twice(given: str) -> None:
    ended = piped("report", "t.csv", *given.split())
    assert (ended.code, ended.out) == (2, "")
    assert "is given twice and takes one value" in ended.err


@pytest.mark.parametrize(
    "given",
    [
        ("--column", "created_at=Opened", "--column", "created_at=Resolved"),
        ("--scale", "csat=1-5", "--scale", "csat=1-7"),
        ("--direction", "csat=lower", "--direction", "csat=higher"),
        ("--target", "csat=80%", "--target", "csat=90%"),
        ("--target", "cac=100 EUR", "--target", "cac=90 EUR"),
        ("--sla", "resolution=1d", "--sla", "resolution=2d"),
        ("--sla", "resolution:urgent=1d", "--sla", "resolution:priority=urgent=2d"),
    ],
    ids=" ".join,
)
def test_an_option_that_says_two_things_of_one_is_refused(given: tuple[str, ...]) -> None:
    ended = piped("report", "t.csv", *given)
    assert (ended.code, ended.out) == (2, "")
    assert f"`{given[0]}` says two things of `" in ended.err


def test_the_same_given_twice_is_as_good_as_once() -> None:
    for given in (
        ("--target", "csat=80%"),
        ("--sla", "resolution=1d"),
        ("--column", "created_at=Opened"),
        ("--by", "group"),
    ):
        line = ("report", "t.csv", *SEPTEMBER, "--no-config", "--kpi=csat", "--kpi=sla_*", "--format=csv", *given)
        assert piped(*line, *given).out == piped(*line).out


@pytest.mark.parametrize(
    "given", ["--source", "--null-value", "--by", "--fail-on", "--kpi", "--period", "--zone", "--target"]
)
@pytest.mark.parametrize("text", ["", " "])
def test_an_option_without_words_is_refused(given: str, text: str) -> None:
    ended = piped("report", "t.csv", given, text)
    assert (ended.code, ended.out) == (2, "")


def test_an_option_about_workbooks_or_text_is_refused_where_no_file_is_one(files: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for line in _tickets():
        book.active.append(line.split(","))  # type: ignore[union-attr]
    book.save(files / "t.xlsx")
    for command in (("report", "--kpi", "csat"), ("inspect",), ("map",)):
        assert "--sheet: none of the files is a workbook" in piped(*command, "t.csv", "--sheet", "Sheet").err
        assert piped(*command, "t.xlsx", "--sheet", "Sheet").code == 0
        assert "--delimiter: none of the files is delimited text" in piped(*command, "t.xlsx", "--delimiter", ";").err
        assert piped(*command, "t.xlsx", "--encoding", "cp1252").code == 3
    assert piped("report", "t.csv", "t.xlsx", "--kpi", "csat", "--sheet", "Sheet", "--delimiter", ",").code == 0


def test_a_target_that_a_gate_cannot_judge_is_reported() -> None:
    given = (
        "--fail-on",
        "target",
        "--quiet",
        "--no-config",
        "--period",
        "all",
        "--target",
        "csat=1%",
        "--target",
        "cac=1",
    )
    for asked, messages in ((("--kpi", "csat"), ["cac is not in this report"]), ((), ["cac needs costs"])):
        ended = piped("report", "t.csv", *asked, *given)
        assert [line.partition("not judged: ")[2].partition(",")[0] for line in ended.err.splitlines()] == messages
