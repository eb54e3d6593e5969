"""Command lines for files that nobody chose: every command that reads, with options drawn at random."""

import random
from collections.abc import Sequence
from pathlib import Path

PERIODS = (
    "all",
    "all",
    "all",
    "2026-09",
    "2026-Q3",
    "2026",
    "2025",
    "2026-W40",
    "last-month",
    "2026-01-01..2026-03-31",
    "1970-01",
    "9999-W52",
    "0001-01",
    "2026-02-30",
)
DIMENSIONS = ("agent", "group", "channel", "product", "priority", "type", "status", "organisation", "survey")
KPIS = (
    "*",
    "csat*",
    "nps*",
    "resolution_*",
    "first_reply_*",
    "*_km",
    "tickets_created",
    "backlog*",
    "reopen_rate",
    "revenue",
    "review_*",
    "nki*",
)
ONE = ("csat", "nps", "tickets_created", "resolution_time", "first_reply_time", "backlog", "reopen_rate", "revenue", "aov", "review_rating", "fcr_no_repeat",
       "repurchase_rate", "sla_resolution_rate", "resolution_time_km", "response_rate", "nki", "ces", "retention_rate", "conversion_rate", "churn_rate", "requester_wait_time")  # fmt: skip
CONDITIONS = ("status = 'open'", "priority <> 'low'", "created_at >= '2026-01-01'", "ticket_id > 2", "cast(subject as integer) = 1", "1 = 1", "channel is null",
              "created_at - interval '999999999 years' > date '2026-01-01'", "length(subject) > 3", "score >= 4", "nonsense", "rpad(subject, 1000000000, 'x') = 'a'")  # fmt: skip
INSTANTS = (
    "2026-09-15",
    "2026-09-15T12:00",
    "2026-09-15T12:00+02:00",
    "1970-01-01",
    "9999-12-31",
    "0001-01-01",
    "2026-10-25T02:30",
)
READING: tuple[tuple[str, ...], ...] = (
    ("--zone", "Europe/Stockholm"), ("--zone", "UTC"), ("--delimiter", ";"), ("--delimiter", "tab"), ("--delimiter", "blanks"), ("--delimiter", "space"),
    ("--decimal", ","), ("--decimal", "."), ("--date-format", "dmy"), ("--date-format", "mdy"), ("--date-format", "%d.%m.%Y %H:%M"), ("--null-value", "0"),
    ("--null-value", "Closed"), ("--encoding", "cp1252"), ("--encoding", "utf-8"), ("--encoding", "cp850"), ("--skip-lines", "1"), ("--skip-lines", "5"), ("--source", "x"),
    ("--scale", "csat=1-5"), ("--scale", "nps=0-10"), ("--direction", "ces=lower"), ("--direction", "csat=lower"), ("--column", "created_at=Created"), ("--sheet", "Sheet1"),
    ("--column", "resolved_at=Closed"), ("--mapping", "zendesk-tickets"), ("--mapping", "spreadsheet-tickets"), ("--mapping", "spreadsheet-answers"),
)  # fmt: skip
JUDGING: tuple[tuple[str, ...], ...] = (
    ("--compare", "none"), ("--compare", "year-ago"), ("--compare", "2026-01"), ("--tz", "America/New_York"), ("--tz", "Europe/Oslo"), ("--confidence", "0.8"), ("--min-n", "5"),
    ("--target", "csat=85%"), ("--target", "first_reply_time=2h"), ("--target", "nps=30"), ("--sla", "resolution=2d"), ("--sla", "first_reply:urgent=1h"), ("--calendar", "se"),
    ("--calendar", "no"), ("--strict",), ("--fail-on", "quality"), ("--fail-on", "target,target-point"), ("--lang", "sv"), ("--lang", "nb"), ("--grain", "day"), ("--grain", "year"),
    ("--nki-weights", "0.5,0.3,0.2"),
)  # fmt: skip


CUTTING = ("--encoding", "--delimiter", "--sheet", "--skip-lines")


QUESTIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "compare": (
        ("--compare", "year-ago"), ("--compare", "previous:3"), ("--by", "group"), ("--by", "type"), ("--between", "group=A,B"), ("--at", "2026-09-01"), ("--unfinished",),
        ("--min-n", "5"), ("--calendar", "se"),
    ),
    "trend": (
        ("--grain", "day"), ("--grain", "week"), ("--grain", "quarter"), ("--points", "5"), ("--baseline", "20"), ("--rules", "nhs"), ("--screened",), ("--target", "csat=85%"),
        ("--event", "2026-09-01=New invoice"),
    ),
    "chart": (("--grain", "week"), ("--points", "5"), ("--dark",), ("--target", "csat=85%"), ("--event", "2026-09-01=New invoice")),
    "why": (("--by", "group"), ("--by", "agent"), ("--compare", "year-ago"), ("--between", "group=A,B"), ("--target", "csat=85%"), ("--min-n", "5")),
    "drivers": (("--with", "channel"), ("--with", "status"), ("--calendar", "no")),
    "voices": (("--by", "group"), ("--confidence", "0.8")),
    "targets": (("--target", "csat=85%"), ("--target", "first_reply_time=2h"), ("--target", "nps=30"), ("--suggest",), ("--grain", "week"), ("--min-n", "5")),
    "agents": (("--kpi", "csat"), ("--kpi", "resolution_rate"), ("--by", "group"), ("--min-n", "5")),
    "growth": (("--compare", "year-ago"), ("--what-if", "frequency=+4%"), ("--years", "3"), ("--rate", "0.05")),
    "define": (("--as", "zendesk"), ("--of", "tickets_created")),
}  # fmt: skip
"""The commands that ask one question, with options of their own."""
WITHOUT_KPI = ("targets", "agents", "growth")


def command(files: Sequence[str], chance: random.Random) -> list[list[str]]:
    """One or two command lines on these files, the second with what the first has written."""
    reading = _drawn(READING, chance, 0.35)
    asked = ("report", "inspect", "rows", "map", "reconcile", "partial", "question")
    match chance.choices(asked, (40, 10, 10, 8, 6, 6, 30))[0]:
        case "question":
            return [_question(files, chance, reading)]
        case "inspect":
            refused = ["--refused", "refused.csv"] if chance.random() < 0.2 else []
            return [["inspect", *files, "--format", chance.choice(("json", "json", "table")), *reading, *refused]]
        case "rows":
            written = ["--format", chance.choice(("json", "csv", "ndjson", "table"))]
            return [["rows", chance.choice(ONE), *files, *_figures(chance), *written, *reading]]
        case "map":
            draft = ["map", files[0], "-o", "draft.yaml", "--force", *_without(reading, "--mapping")]
            return [draft, ["report", files[0], "--mapping", "draft.yaml", "--format", "json", "--period", "all"]]
        case "partial":
            given = _without(reading, "--scale", "--direction", "--source")
            merge = ["merge", "a.state", *_figures(chance), "--format", "json", *_without(given, *CUTTING)]
            return [["partial", *files, "-o", "a.state", *given], merge]
        case "reconcile":
            return [["reconcile", *files, "--format", chance.choice(("json", "csv", "table")), *reading]]
    return [_report(files, chance, reading)]


def _report(files: Sequence[str], chance: random.Random, reading: Sequence[str]) -> list[str]:
    by = [word for name in chance.sample(DIMENSIONS, chance.choice((0, 0, 0, 1, 2))) for word in ("--by", name)]
    kpi = ["--kpi", chance.choice(KPIS)] if chance.random() < 0.5 else []
    refused = ["--refused", chance.choice(("refused.csv", "refused.json"))] if chance.random() < 0.08 else []
    formats: tuple[list[str], ...] = (["--format", "json"], ["--format", "csv"], ["--format", "md"], ["--format", "text"], [],
                                      ["-o", "out.xlsx"], ["-o", "out.html"], ["--todo", "todo.md"])  # fmt: skip
    written = chance.choices(formats, (60, 8, 5, 4, 9, 8, 5, 3))[0]
    return [
        "report",
        *files,
        *_figures(chance),
        *by,
        *kpi,
        *written,
        *refused,
        *reading,
        *_drawn(JUDGING, chance, 0.4),
    ]


def _question(files: Sequence[str], chance: random.Random, reading: Sequence[str]) -> list[str]:
    name = chance.choice(tuple(QUESTIONS))
    kpi = [] if name in WITHOUT_KPI else [chance.choice(ONE)]
    written = ["-o", "out.svg"] if name == "chart" else chance.choice((["--format", "json"], [], ["-o", "out.xlsx"], ["-o", "out.html"]))  # fmt: skip
    lang = ["--lang", chance.choice(("sv", "nb"))] if chance.random() < 0.2 else []
    return [name, *kpi, *files, *_figures(chance), *_drawn(QUESTIONS[name], chance, 0.7), *written, *lang, *reading]


def _figures(chance: random.Random) -> list[str]:
    found = ["--period", chance.choice(PERIODS)] if chance.random() < 0.7 else []
    if chance.random() < 0.1:
        found += ["--where", chance.choice(CONDITIONS)]
    if chance.random() < 0.08:
        found += ["--as-of", chance.choice(INSTANTS)]
    return found


def _drawn(options: Sequence[tuple[str, ...]], chance: random.Random, share: float) -> list[str]:
    """Up to three of the options, each name once."""
    if chance.random() > share:
        return []
    drawn = {option[0]: option for option in chance.sample(options, chance.randint(1, min(3, len(options))))}
    return [word for option in drawn.values() for word in option]


def _without(words: list[str], *names: str) -> list[str]:
    """The words without some options and what is given of them, however often."""
    left = list(words)
    for name in names:
        while name in left:
            place = left.index(name)
            del left[place : place + 2]
    return left


def shown(lines: Sequence[Sequence[str]], folder: Path) -> str:
    """The command lines to type in the folder of a finding."""
    import shlex

    return "".join(f"cd {folder} && kundpuls {shlex.join(line)}\n" for line in lines)
