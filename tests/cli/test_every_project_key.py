"""Every key of the project file is obeyed or refused: written there, it changes what comes out or ends the command.

The keys are taken from the models, so that a new one must be added here with what it changes; the words that stand
below a key (kinds of tickets, weights, bounds, reasons) from what the file is compared with.
"""

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from invoked import piped
from pydantic import BaseModel

from kpi_cli.options import amounts
from kpi_cli.options.job import Job
from kpi_cli.options.settings import ProjectFile
from kpi_core.ingest.files.limits import Limits
from kpi_core.quality.gate import CODES, OF_A_HEADER, REASONS

HEADER = "Ticket number,Opened,First reply,Resolved,Status,Priority,Team,Type,Owner,CSAT"
INDEX = "Response ID,Responded at,NKI satisfaction,NKI expectation,NKI ideal\n" + "".join(
    f"{n},2026-09-{n:02} 10:00,{5 + n % 5},{1 + n % 7},{10 - n % 4}\n" for n in range(1, 25)
)
PACK = "pack: mine\nkpis: [{name: quick, label: Quick, description: Quick ones., table: tickets, measure: {share: first_reply_time < 60}}]\n"
MAPPING = "name: mine\nlabel: Mine\nsystem: mine\ntable: tickets\ncolumns: {ticket_id: Ticket number, created_at: Opened, resolved_at: First reply}\n"


def _tickets() -> Iterator[str]:
    """Sixty tickets of August and September; three cannot be read, one is there twice, four have a strange status."""
    yield HEADER
    for n in range(60):
        month, day = 8 + n % 2, 1 + n % 11
        words = f"{('high', 'low', 'normal', 'urgent')[n % 4]},{('Billing', 'Support')[n % 2]},{('Bug', 'Question')[n % 3 % 2]}"
        done = ",Blorked" if n in (3, 5, 7, 9) else f"2026-{month:02}-{day + 1:02} 10:00,Resolved"
        opened = f"2026-{month:02}-{day:02} 20:{n:02},2026-{month:02}-{day:02} 22:{n:02}"
        yield f"{n},{opened},{done},{words},A{n % 2},{1 + n % 5}"
    yield "59,2026-09-05 20:59,2026-09-05 22:59,2026-09-06 10:00,Resolved,urgent,Support,Bug,A1,5"
    for n in range(60, 63):
        yield f"{n},some day,,,Open,low,Billing,Bug,A1,"


pytestmark = pytest.mark.usefixtures("scanned_once")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the files that keys are about."""
    folder = tmp_path_factory.mktemp("keys")
    answers = "Ticket number,Responded at,CSAT\n" + "".join(
        f"x{n},2026-09-{n:02} 10:00,{n % 5 + 1}\n" for n in range(1, 25)
    )
    desk = "Ticket ID,Created time,Initial response time,Resolved time,Status,Survey results\n" + "".join(
        f"{n},2026-{8 + n % 2:02}-{1 + n % 11:02} 20:{n:02}:00,,,Open,\n" for n in range(9)
    )
    files = {
        "t.csv": "\n".join(_tickets()),
        "desk.csv": desk,
        "index.csv": INDEX,
        "answers.csv": answers,
        "pack.yaml": PACK,
        "mine.yaml": MAPPING,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert piped("ingest", folder / "t.csv", "--store", folder / "desk", "--zone", "UTC", "--no-config").code == 0
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n")
    return folder


@pytest.fixture(autouse=True)
def _there(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files)


REPORT = ("report", "t.csv", "--period", "2026-09", "--format", "csv")
GATE = ("report", "t.csv", "--period", "2026-09", "--fail-on", "quality")
SLA = "defaults: {{sla: {{{}}}}}"
BOUNDS = tuple(field.name for field in fields(Limits))
PEOPLE = (
    "privacy: {agents: {purpose: Training, discussed_with: The union, informed: 2026-06-10, review_by: 2026-12-31}}"
)
JOB = "files: t.csv, outputs: out.csv"
OF_A_JOB = (
    "period: last-week", "grain: week", "compare: none", "by: group", "kpis: [csat]", "where: priority = 'high'", "as_of: 2026-09-20",
    "answers: newest", "min_n: 7", "mapping: mine.yaml", "lang: sv", "all: true", "notes: true", "refused: r.csv", "todo: [t.md, t.ics]",
    "subject: s.txt", "template: form.xlsx", "store: desk", "fail_on: [target, quality]", "strict: true",
)  # fmt: skip
"""Every key of a job but its files and outputs."""
KEYS: dict[str, tuple[str, ...]] = {
    "branding.name": ("branding: {name: Nordlys}",),
    "branding.colour": ("branding: {colour: '#0a5fa8'}", "branding: {colour: 0A5FA8}"),
    "branding.logo": ("branding: {logo: logo.png}",),
    "jobs": (
        *(f"jobs: {{weekly: {{{JOB}, {more}}}}}" for more in OF_A_JOB),
        "jobs: {weekly: {files: [t.csv, desk.csv], outputs: out.csv}}", "jobs: {weekly: {files: t.csv, outputs: [out.csv, out.html]}}",
        "jobs: {weekly: {store: desk, outputs: out.csv}}",
    ),
    "quality.refused": ("quality: {refused: 1%}",),
    "quality.reasons": ("quality: {reasons: {duplicate key: 1%}}", "quality: {reasons: {unreadable *: 1%}}"),
    "quality.unread": ("quality: {unread: 100%}",),
    "quality.unknown_words": ("quality: {unknown_words: 1%}",),
    "quality.match_rate": ("quality: {match_rate: 50%}",),
    "quality.findings": ("quality: {findings: [no-zone]}",),
    "headlines": ("headlines: [tickets_created]", "headlines: tickets_created"),
    "events": ("events: {2026-09-03: New portal}",),
    "privacy.agents": tuple(
        PEOPLE.replace(old, new)
        for old, new in (("Training", "Rota"), ("The union", "All of them"), ("2026-06-10", "By letter"), ("2026-12-31", "2026-01-31"))
    ),
    "defaults.zone": ("defaults: {zone: Europe/Oslo}",),
    "defaults.tz": ("defaults: {zone: UTC, tz: Asia/Tokyo}",),
    "defaults.lang": ("defaults: {lang: sv}",),
    "defaults.mapping": ("defaults: {mapping: mine.yaml}", "defaults: {mapping: [mine.yaml]}"),
    "defaults.source": ("defaults: {source: north}",),
    "defaults.store": ("defaults: {store: desk}",),
    "defaults.by": ("defaults: {by: group}", "defaults: {by: [agent, priority]}"),
    "defaults.kpis_files": ("defaults: {kpis_files: pack.yaml, kpis: [quick, csat]}",),
    "defaults.kpis": ("defaults: {kpis: csat}", "defaults: {kpis: ['first_reply*']}"),
    "defaults.compare": ("defaults: {compare: none}", "defaults: {compare: 2026-07}"),
    "defaults.min_n": ("defaults: {min_n: 1000}",),
    "defaults.confidence": ("defaults: {confidence: 0.5}",),
    "defaults.targets": (
        "defaults: {targets: {csat: 10%}}",
        "defaults: {targets: {csat: {target: 10%}}}",
        "defaults: {targets: {csat: [10%, {target: 90%, segment: group=Billing}]}}",
    ),
    "benchmarks": (
        "benchmarks: {csat: [{value: 82%, year: 2025, source: us}]}",
        "benchmarks: {csat: [{value: 82%, year: 2025, source: {en: us}}]}",
    ),
    "actions": ("actions: {csat: Call them}", "actions: {csat: {en: Call them}}"),
    "defaults.sla": tuple(
        SLA.format(result)
        for what in ("first_reply", "resolution")
        for result in (
            f"{what}: 1h", f"{what}: {{otherwise: 1h}}", f"'{what}:urgent': 1h", f"{what}: {{urgent: 1h}}", f"{what}: {{priority: {{urgent: 1h}}}}",
            f"{what}: {{group: {{Support: 1h}}}}", f"{what}: {{type: {{Bug: 1h}}}}", f"{what}: {{'urgent,group=Support': 1h}}",
        )
    ),
    "defaults.calendar": ("defaults: {calendar: se}",),
    "defaults.nki_weights": (
        "defaults: {nki_weights: {satisfaction: 0.8, expectation: 0.1, ideal: 0.1}}",
        "defaults: {nki_weights: [0.1, 0.8, 0.1]}", "defaults: {nki_weights: '0.1,0.1,0.8'}",
    ),
    "defaults.bounds": ("defaults: {bounds: {columns: 2}}",),
}  # fmt: skip
"""What is written of each key, each way of writing it by itself."""

LINES: dict[str, tuple[str, ...]] = {
    "jobs": ("config", "show"),
    **dict.fromkeys(
        ("branding.name", "branding.colour", "branding.logo"),
        ("report", "t.csv", "--period", "2026-09", "--format", "html", "--kpi", "csat"),
    ),
    "quality.match_rate": ("report", "t.csv", "answers.csv", "--period", "all", "--fail-on", "quality"),
    "defaults.source": ("report", "t.csv", "desk.csv", "--period", "2026-09", "--format", "csv"),
    "defaults.lang": ("report", "t.csv"),
    "defaults.store": ("define", "csat", "--period", "2026-09"),
    "headlines": ("report", "t.csv"),
    "privacy.agents": ("agents", "t.csv", "--by", "agent"),
    "actions": ("targets", "t.csv", "--period", "2026-09", "--target", "csat=99%"),
    "benchmarks": ("kpis", "csat"),
    "events": ("trend", "first_reply_time", "t.csv", "--grain", "day"),
    "defaults.nki_weights": ("report", "index.csv", "--kpi", "nki", "--period", "all", "--format", "csv"),
}
"""The command on which a key changes something, where that is not the usual one."""

PLAIN = {
    "jobs": f"jobs: {{weekly: {{{JOB}}}}}",
    "defaults.tz": "defaults: {zone: UTC}",
    "defaults.kpis_files": "",
    "privacy.agents": PEOPLE,
    "quality.unread": "quality: {refused: 100%}",
}
"""What the file says without the key, where that is not nothing."""


def keys(model: type[BaseModel] = ProjectFile, around: str = "") -> Iterator[str]:
    """Every key of the file, those of its sections with the section before them."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, f"{around}{name}.")
        else:
            yield f"{around}{name}"


def _outcome_of(text: str, line: tuple[str, ...]) -> tuple[object, ...]:
    Path("kundpuls.yaml").write_text(text or "defaults:\n", encoding="utf-8")
    ended = piped(*line)
    assert ended.code in (0, 3, 4), ended.err
    return ended.code, re.sub(r'"generated_at": "[^"]*"', "", ended.out), ended.err


@cache
def _usual(text: str, line: tuple[str, ...]) -> tuple[object, ...]:
    """What comes out of a line without the key, run once."""
    return _outcome_of(text, line)


def test_every_key_of_the_file_is_among_these() -> None:
    assert sorted(KEYS) == sorted(keys())
    assert {*(one.split(":")[0] for one in OF_A_JOB), "files", "outputs"} == set(Job.model_fields)


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in KEYS.items() for text in texts])
def test_a_key_changes_what_comes_out_or_is_refused(key: str, text: str) -> None:
    line = LINES.get(key, GATE if key.startswith("quality.") else REPORT)
    plain = _usual(PLAIN.get(key, ""), line)
    changed = _outcome_of(text, line)
    assert plain[0] != 3, plain
    assert changed[0] != 3 or key == "defaults.bounds", changed
    assert changed != plain


@pytest.mark.parametrize("bound", [name for name in BOUNDS if name != "ratio"])
def test_a_bound_of_the_file_is_one_of_the_reading(files: Path, bound: str) -> None:
    """The one of the ratio is met with archives of more than 64 MB only."""
    book = openpyxl.Workbook()
    for line in _tickets():
        book.active.append(line.split(","))  # type: ignore[union-attr]
    book.save(files / "t.xlsx")
    (files / "long.csv").write_text("\n".join(_tickets()).replace("some day", "some day" * 9_000), encoding="utf-8")
    name = "long.csv" if bound == "cell" else "t.xlsx"
    assert _outcome_of("", ("report", name))[0] == 0
    least = "64KB" if bound == "cell" else 2
    code, _, result = _outcome_of(f"defaults: {{bounds: {{{bound}: {least}}}}}", ("report", name))
    assert (code, f"--bound {bound}=" in str(result)) == (3, True), result


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("defaults: {sla: {KEY: 1h}}", ("first_reply", "resolution")),
        ("defaults: {sla: {resolution: {KEY: {x: 1h}}}}", ("priority", "group", "type")),
        ("defaults: {nki_weights: {KEY: 1}}", amounts.WEIGHED),
        ("defaults: {bounds: {KEY: 1}}", BOUNDS),
        ("quality: {reasons: {KEY: 1%}}", tuple(name for name in REASONS if not name.startswith(OF_A_HEADER))),
        ("quality: {findings: [KEY]}", CODES),
    ],
)
def test_a_word_below_a_key_that_is_none_is_refused_by_name(files: Path, text: str, known: tuple[str, ...]) -> None:
    path = files / "kundpuls.yaml"
    for word in known:
        path.write_text(text.replace("KEY", f"{word}x"), encoding="utf-8")
        ended = piped("report", "t.csv")
        assert (ended.code, ended.out) == (3, ""), (word, ended.err)
        assert word in ended.err
