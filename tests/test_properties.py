"""The whole line, from files in any dialect to the report, against the reference and against itself."""

import csv
import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import reference
import reference_business as business
import reference_messages  # noqa: F401 (adds its KPIs to the reference)
from desk import ALWAYS, open_seconds
from examples import few
from hypothesis import given
from hypothesis import strategies as st
from reference import Row, View
from reported import english

from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.calendars import Calendar
from kpi_core.engine.plan import leaves
from kpi_core.errors import KpiError
from kpi_core.facts import Rules
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.model.findings import Consequence
from kpi_core.model.goal import Goal
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Count, Difference, Mean, NetShare, Quantile, Share, Stock, Survival
from kpi_core.model.periods import Period
from kpi_core.model.promise import Promise
from kpi_core.model.report import Report
from kpi_core.model.tables import ANSWERS, TABLES, TICKETS, Kind, Table
from kpi_core.quality.trust import UNDATED

pytestmark = pytest.mark.slow

MONTH = "2026-02"
TARGETS = {"urgent": 3600, "": 8 * 3600, "resolution": 2 * 86_400}
PROMISED = (Promise(within=8 * 3600), Promise(within=3600, among={"priority": "urgent"}))
CURVES = {kpi.name for kpi in CATALOGUE if isinstance(kpi.measure, Survival)}
STOCKS_AND_CURVES = {
    kpi.name for kpi in CATALOGUE if kpi.table == "tickets" and isinstance(kpi.measure, Stock | Survival)
}
OPEN_TIME = {name for name in CURVES if "_business" in name}
"""Compared with ages counted day by day where curves are tested."""
OF_LOSSES = {"retention_rate", "churn_rate", "churn_share", "net_customer_change", "customer_growth", "contact_rate"}
BY_CALENDAR = [
    f"{name}{form}"
    for name in ("first_reply_time_business", "first_reply_time_any_business", "resolution_time_business")
    for form in ("", "_mean", "_p90")
] + ["backlog_age_business", "backlog_age_business_p90"]
"""What else is counted in opening hours where a calendar is given."""


# Small companies


def mostly(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, st.none())


INSTANTS = st.integers(0, 80 * 48).map(lambda halves: datetime(2026, 1, 20) + timedelta(minutes=30) * halves)
SECONDS = st.sampled_from([0, 0, 1, 60, 600, 3600, 8 * 3600, 30 * 3600, 9 * 86_400, -60])
COUNTS = st.sampled_from([0, 0, 1, 1, 2, 5])
TRUTHS = st.sampled_from([True, False, False])
STATUSES = ["new", "open", "pending", "on_hold", "solved", "closed"]
WORDS = {
    "status": [*STATUSES, "solved", "closed", "waiting on AcmeCorp", "Parkert"],
    "priority": ["low", "normal", "high", "urgent", "whenever"],
    "type": ["Complaint", "Question", "klagomål"],
    "tags": ["vip, complaint", "vip", "reklamation", "complaints-team"],
    "channel": ["mail", "chat", "phone"],
    "group": ["Billing", "Kundtjänst", 'Søk; "og", finn', "1"],
    "agent": ["Åsa", "Bo", "Cecilie"],
    "customer_id": ["007", "anna@example.com", "7"],
}
SCALES = {
    "csat": (1, 5), "ces": (1, 7), "nps": (0, 10), "nki_satisfaction": (1, 10), "nki_expectation": (1, 10), "nki_ideal": (1, 10), "nki_fourth": (1, 10),
    "resolved": (0, 1), "first_contact": (0, 1), "treatment": (1, 5), "competence": (1, 5),
}  # fmt: skip
UNREADABLE = "7"
"""A rating beyond its scale: an answer of which nobody knows what it says."""
RATINGS = {
    "1": (1, 1, 5),
    "2": (2, 1, 5),
    "4": (4, 1, 5),
    "5": (5, 1, 5),
    "Good": (2, 1, 2),
    "Bad": (1, 1, 2),
    "Offered": None,
    "7": None,
}


KNOWN = {
    "created_at": datetime(2026, 2, 10),
    "first_replied_at": datetime(2026, 2, 10, 1),
    "status": "open",
    "reopens": 0,
    "is_merged": None,
    "is_spam": None,
}
"""One ticket that shows that the export has these columns: rules for columns that no row fills are tested elsewhere."""


def cells(table: Table) -> dict[str, st.SearchStrategy[Any]]:
    of_kind = {Kind.INSTANT: INSTANTS, Kind.DURATION: SECONDS, Kind.COUNT: COUNTS, Kind.TRUTH: TRUTHS}
    drawn = {}
    for column in table.columns:
        words = WORDS.get(column.name)
        drawn[column.name] = mostly(st.sampled_from(words) if words else of_kind.get(column.kind, st.none()))
    return drawn


def ticket_rows(*, most: int = 12, rated: bool = True) -> st.SearchStrategy[list[Row]]:
    flags = {
        "is_merged": rarely(),
        "is_spam": rarely(),
        "rating": mostly(st.sampled_from(list(RATINGS))) if rated else st.none(),
    }
    drawn = st.lists(st.fixed_dictionaries(cells(TICKETS) | flags), min_size=1, max_size=most)
    return drawn.map(lambda rows: numbered([rows[0] | KNOWN, *mostly_consistent(rows[1:])], "ticket_id"))


def mostly_consistent(rows: Sequence[Row]) -> Iterator[Row]:
    """The tickets without the dates of resolution that would leave no KPI of resolutions a value, or no status in doubt.

    One that is open by its status has such a date: where several have, none of them is believed. Every other one with a status
    nobody knows has none, so that nobody knows whether it is open.
    """
    is_first = True
    for place, row in enumerate(rows):
        is_open = row["status"] in STATUSES[:4] and bool(row["resolved_at"] or row["closed_at"])
        is_unknown = row["status"] not in (None, *STATUSES) and place % 2 == 0
        yield row | {"resolved_at": None, "closed_at": None} if is_unknown or (is_open and not is_first) else row
        is_first = is_first and not is_open


def answer_rows(*, most: int = 12) -> st.SearchStrategy[list[Row]]:
    scores = {name: mostly(st.integers(low, high)) for name, (low, high) in SCALES.items()}
    drawn = {
        name: value
        for name, value in cells(ANSWERS).items()
        if name in ("answered_at", "offered_at", "group", "agent", "customer_id")
    }
    return st.lists(st.fixed_dictionaries(drawn | scores), min_size=1, max_size=most).map(
        lambda rows: numbered(rows, "response_id")
    )


def rarely() -> st.SearchStrategy[bool | None]:
    return st.sampled_from([None, False, False, False, True])


def numbered(rows: Sequence[Row], key: str) -> list[Row]:
    return [row | {key: f"{place:03d}"} for place, row in enumerate(rows)]


# Their files


MAPPINGS = {
    "tickets": {
        "name": "whole-tickets", "label": "Every ticket column", "system": "test", "table": "tickets",
        "columns": {column.name: {"from": [column.name], **({"unit": "seconds"} if column.kind is Kind.DURATION else {})} for column in TICKETS.columns},
        "answers": [{"question": "csat", "from": ["rating"], "scale": ["1", "5"], "offered": ["Offered"], "direction": "higher"}],
    },
    "answers": {
        "name": "whole-answers", "label": "Every question", "system": "test", "table": "answers",
        "columns": {column.name: {"from": [column.name]} for column in ANSWERS.columns if column.kind in (Kind.KEY, Kind.TEXT, Kind.INSTANT)},
        "answers": [
            {"question": name, "from": [name], "scale": [str(low), str(high)], "direction": "lower" if name == "ces" else "higher"}
            for name, (low, high) in SCALES.items()
        ],
    },
}  # fmt: skip


@st.composite
def dialects(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"])),
        "newline": draw(st.sampled_from(["\n", "\r\n"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "date": draw(
            st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S"])
        ),
        "missing": draw(st.sampled_from(["", "", "-", "N/A", " null "])),
        "truths": draw(st.sampled_from([("true", "false"), ("Ja", "Nei"), ("1", "0"), ("YES", "no")])),
        "shuffle": draw(st.integers(0, 5)),
        "free_text": draw(st.booleans()),
    }


PLAIN = {
    "delimiter": ",", "encoding": "utf-8", "newline": "\n", "quoting": csv.QUOTE_MINIMAL, "date": "%Y-%m-%d %H:%M:%S", "missing": "",
    "truths": ("true", "false"), "shuffle": 0, "free_text": False,
}  # fmt: skip


def spelt(value: Any, dialect: dict[str, Any]) -> str:
    if value is None:
        return str(dialect["missing"])
    if isinstance(value, bool):
        return str(dialect["truths"][0 if value else 1])
    return value.strftime(dialect["date"]) if isinstance(value, datetime) else str(value)


def write(path: Path, rows: Sequence[Row], dialect: dict[str, Any] = PLAIN) -> Path:
    """The rows as an export, its columns in an order of its own."""
    headers = list(rows[0])
    random.Random(dialect["shuffle"]).shuffle(headers)
    texts = ["Subject"] if dialect["free_text"] else []
    with path.open("w", encoding=dialect["encoding"], newline="") as file:
        out = csv.writer(
            file, delimiter=dialect["delimiter"], lineterminator=dialect["newline"], quoting=dialect["quoting"]
        )
        out.writerow([*texts, *headers])
        for row in rows:
            out.writerow(
                [
                    *(f'{row[headers[0]]},\n"help"; please|' for _ in texts),
                    *(spelt(row[name], dialect) for name in headers),
                ]
            )
    return path


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as place:
        yield Path(place)


def read(paths: Sequence[Path], table: str, asked: Request, zone: str | None = None) -> Dataset:
    mapping = paths[0].parent / f"{table}.yaml"
    mapping.write_text(json.dumps(MAPPINGS[table]), encoding="utf-8")
    choices = Choices(mapping=str(mapping), cells=ReadingChoices(date_order="dmy", zone=zone))
    return read_exports([str(path) for path in paths], choices, asked.texts())


def request(table: str, period: str = "all", by: tuple[str, ...] = ("group",)) -> Request:
    kpis = tuple(kpi for kpi in CATALOGUE if table in ("tickets", kpi.table))
    return Request(
        kpis=kpis,
        period=period,
        by=by,
        min_n=1,
        rules=Rules(first_reply_targets=PROMISED),
        targets={"resolution_time": [Goal(value=TARGETS["resolution"])]},
    )


def report_on(
    table: str, files: Sequence[Sequence[Row]], asked: Request, dialect: dict[str, Any] = PLAIN, zone: str | None = None
) -> Report:
    with folder() as place:
        paths = [write(place / f"{number}.csv", rows, dialect) for number, rows in enumerate(files)]
        return summarise(read(paths, table, asked, zone), asked)


# What the files say, as the reference reads it


def instant(wall: Any, zone: str | None) -> Any:
    """A wall clock as UTC where its zone is known; the first of two where summer time ends."""
    if zone is None or not isinstance(wall, datetime):
        return wall
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def understood(row: Row, zone: str | None) -> Row:
    """The row with times as instants, and without the words nobody knows: `unread` names their columns."""
    known = {name: instant(value, zone) for name, value in row.items()}
    unread = set()
    for name, words in (("status", 6), ("priority", 4)):
        if known.get(name) not in WORDS[name][:words]:
            unread |= {name} if known.get(name) else set()
            known[name] = None
    return known | {"unread": unread | ({"rating"} if known.get("rating") == UNREADABLE else set())}


def embedded(tickets: Sequence[Row]) -> list[Row]:
    """Ratings inside tickets: dated by the resolution, the closing, else the last update."""
    answers = []
    for row in tickets:
        rating = RATINGS.get(row["rating"])
        if rating is not None or row["rating"] in ("Offered", UNREADABLE):
            score, low, high = rating or (None, None, None)
            answers.append(
                {name: row[name] for name in ("ticket_id", "group", "agent")}
                | {
                    "response_id": row["ticket_id"],
                    "question": "csat",
                    "score": score,
                    "scale_low": low,
                    "scale_high": high,
                }
                | {
                    "direction": "higher",
                    "is_offered": True,
                    "offered_at": None,
                    "is_unread": row["rating"] == UNREADABLE,
                }
                | {"answered_at": row["rated_at"] or row["resolved_at"] or row["closed_at"] or row["updated_at"]}
            )
    return answers


def long(responses: Sequence[Row]) -> list[Row]:
    """One row an answer, or an offer without one."""
    return [
        {name: row[name] for name in ("response_id", "answered_at", "offered_at", "group", "agent")}
        | {"ticket_id": None, "question": question, "score": row[question], "scale_low": low, "scale_high": high}
        | {"direction": "lower" if question == "ces" else "higher", "is_offered": row["offered_at"] is not None}
        for row in responses
        for question, (low, high) in SCALES.items()
        if row[question] is not None or row["offered_at"] is not None
    ]


def happened(rows: Sequence[Row], table: Table) -> list[datetime]:
    return [row[name] for row in rows for name in table.events if row.get(name)]


def view_of(
    tickets: Sequence[Row],
    answers: Sequence[Row],
    report: Report,
    zone: str | None = None,
    targets: dict[str, int] = TARGETS,
    open_time: reference.OpenTime | None = None,
) -> View:
    facts = reference.ticket_facts(tickets, answers, report.query.as_of, targets, open_time)
    events = {"tickets": happened(tickets, TICKETS), "answers": happened(answers, ANSWERS)}
    noise = {row["ticket_id"] for row in tickets if row["is_merged"] or row["is_spam"]}
    counted = [answer for answer in answers if answer["ticket_id"] is None or answer["ticket_id"] not in noise]
    return View(
        tickets=facts, answers=reference.answer_facts(counted), as_of=report.query.as_of, events=events, zone=zone,
        open_time=open_time,
    )  # fmt: skip


def ticket_view(rows: Sequence[Row], report: Report, zone: str | None = None) -> View:
    known = [understood(row, zone) for row in rows]
    return view_of(known, embedded(known), report, zone)


def answer_view(rows: Sequence[Row], report: Report, zone: str | None = None) -> View:
    known = [{name: instant(value, zone) for name, value in row.items()} for row in rows]
    return view_of((), long(known), report, zone)


def in_period(view: View, period: Period) -> View:
    return replace(view, start=period.start, end=period.end)


def in_group(view: View, group: dict[str, str | None]) -> View:
    return replace(view, keep=lambda row: all(row[name] == value for name, value in group.items()))


BY_PRIORITY = {"first_reply_within", "first_reply_within_km", "resolved_within_km", "sla_resolution_rate"}
"""KPIs whose promise may be another for each priority."""
BY_STATE = {
    "first_reply_within", "sla_first_reply_rate", "sla_resolution_rate", "sla_resolution_rate_vendor", "resolution_rate_cohort",
    "complaint_resolution_rate", "resolution_rate_of_answered", "successful_resolution_rate", "reopen_rate", "reopens_per_ticket",
}  # fmt: skip
"""KPIs of the tickets opened in a period that ask whether these are resolved."""
OF_RESOLUTIONS = {"net_flow", "resolution_rate"}
"""KPIs of the tickets opened in a period that also count those resolved in it."""


def is_withheld(kpi: Kpi, view: View, n: int) -> bool:
    """Whether most of the rows that a KPI rests on have a cell in an unknown word that it rests on too; `n` are those it counts."""
    if kpi.asks == "csat":
        of = view.dated([row for row in view.answers if row["question"] == "csat"], "answered_at")
        return 2 * sum(bool(row.get("is_unread")) for row in of) > len(of)
    if kpi.table != "tickets":
        return False
    if isinstance(kpi.measure, Stock | Survival):
        before = [row for row in view.tickets if view.keep(row) and was_opened(row, view)]
        doubtful = sum(map(is_in_doubt, before))
        unread = [row for row in before if is_unread(row, kpi.name)]
        return 2 * len(unread) > max(len(unread), n + doubtful)
    opened = view.dated(view.tickets, "created_at")
    if kpi.dated_by == "resolved_at" or kpi.name in OF_RESOLUTIONS:
        resolved = [row for row in view.dated(view.tickets, "resolved_at") if not is_in_doubt(row)]
        return sum(map(is_in_doubt, opened)) > len(resolved)
    return 2 * sum(is_unread(row, kpi.name) for row in opened) > len(opened)


def looks_missing(kpi: Kpi, view: View, period: Period) -> bool:
    """Whether a period of a trend lies without a row between days that have some, as chance would leave one in less than a thousand.

    Rows come on as many of its open days as on the days outside it.
    """
    dated_by = TABLES[kpi.table].events[0]
    days = {view.day(row[dated_by]) for row in getattr(view, kpi.table, ()) if row.get(dated_by) is not None}
    if not days or period.start is None or period.end is None or not min(days) < period.start < period.end <= max(days):
        return False
    own = [period.start + timedelta(days=place) for place in range((period.end - period.start).days)]
    others = (max(days) - min(days)).days + 1 - len(own)
    usual = len(days) / max(1, others) * sum(is_open(view, day) for day in own)
    return days.isdisjoint(own) and math.exp(-usual) < 0.001


def is_open(view: View, day: date) -> bool:
    """Whether the desk opens on a day; each day where no hours are known."""
    since, until = datetime.combine(day, time()), datetime.combine(day + timedelta(days=1), time())
    return view.open_time is None or view.open_time({"group": ""}, since, until) > 0


def undated_share(kpi: Kpi, view: View) -> float:
    """The share of the rows without the date that places them in a period: they may lie in any."""
    shares = [0.0]
    for leaf in leaves(kpi):
        match (leaf.table or kpi.table, leaf.dated_by or kpi.dated_by):
            case ("tickets", "created_at"):
                shares.append(sum(row["created_at"] is None for row in view.tickets) / max(len(view.tickets), 1))
            case ("answers", "answered_at"):
                given = [row for row in view.answers if row.get("score") is not None and row.get("answered_at") is None]
                shares.append(len(given) / max(len(view.answers), 1))
            case (("reviews" | "leads" | "orders" | "costs") as table, dated_by) if rows := getattr(view, table):
                shares.append(sum(row[dated_by] is None for row in rows) / len(rows))
    return max(shares) if max(shares) < 1 else 0.0


def is_partly_unread(view: View) -> bool:
    """Whether any row has a cell that nobody understands."""
    return any(row.get("unread") or is_in_doubt(row) for row in view.tickets) or any(
        row.get("is_unread") for row in view.answers
    )


def is_in_doubt(ticket: Row) -> bool:
    """Whether nobody knows if it is resolved or open; in no doubt are tickets that came with nothing but a date."""
    return ticket.get("is_resolved", False) is None


def was_opened(ticket: Row, view: View) -> bool:
    """Whether it was opened before the end of the period."""
    at = ticket["created_at"]
    return view.end is None or (at is not None and view.day(at) < view.end)


def is_unread(ticket: Row, kpi: str) -> bool:
    """Whether a ticket has a word nobody knows where a KPI rests on it: its priority, its rating, or a status without a date."""
    unread = ticket.get("unread", ())
    return (
        ("priority" in unread and kpi in BY_PRIORITY)
        or ("rating" in unread and kpi == "successful_resolution_rate")
        or (is_in_doubt(ticket) and (kpi in BY_STATE or kpi in STOCKS_AND_CURVES))
    )


def differences(report: Report, whole: View) -> dict[str, Any]:
    """Every value or n of a report, its baseline and its trend, that is not the reference's: (got, expected)."""
    found = {}
    for result in report.results:
        view = replace(in_group(whole, dict(result.group)), currency=result.kpi.currency)
        trend = zip(report.query.trend, result.trend, strict=False)
        seen = [(result.period, result.estimate, False), *((period, estimate, True) for period, estimate in trend)]
        seen += [(report.query.baseline, result.baseline, False)] if result.baseline and report.query.baseline else []
        for period, estimate, is_of_trend in seen:
            shown = in_period(view, period)
            value, rows = reference.KPIS[result.kpi.name](shown)
            if is_of_trend and looks_missing(result.kpi, whole, period):
                value, rows = None, 0
            undated = 0.0 if period.is_all else undated_share(result.kpi, whole)
            if undated and estimate.value is None and undated <= 0.5 and is_partly_unread(shown):
                continue  # what is undated and what is unread lose more than half together
            expected = (None if undated > 0.5 or is_withheld(result.kpi, shown, rows) else value, rows)
            if not is_same((estimate.value, estimate.n), expected):
                found[f"{result.kpi.name} {result.kpi.currency or ''} {period.name} {dict(result.group)}"] = (
                    (estimate.value, estimate.n),
                    expected,
                )
    return found


def is_same(got: Any, expected: Any) -> bool:
    """Equal but for the last bits of a float, however deep."""
    if isinstance(got, float) and isinstance(expected, float | int):
        return math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(got, tuple | list):
        return len(got) == len(expected) and all(is_same(*pair) for pair in zip(got, expected, strict=True))
    return bool(got == expected)


def silent(report: Report, whole: View, groups: set[str | None]) -> list[str]:
    """KPIs that the reference finds rows for in a group, and the report says nothing of."""
    by_name = {(result.kpi.name, result.group["group"]) for result in report.grouped("group")}
    able = {result.kpi.name for result in report.totals}
    view = in_period(whole, report.query.period)
    return [
        f"{name} of {group}"
        for name in sorted(able)
        for group in groups
        if reference.KPIS[name](in_group(view, {"group": group}))[1] and (name, group) not in by_name
    ]


# The properties


def test_every_kpi_of_the_catalogue_has_a_reference() -> None:
    assert {kpi.name for kpi in CATALOGUE} == set(reference.KPIS) | OPEN_TIME, (
        "define it in plain Python in KPIS of tests/reference.py"
    )


@few(12)
@given(
    rows=ticket_rows(),
    dialect=dialects(),
    period=st.sampled_from(["all", MONTH]),
    zone=st.sampled_from([None, "Europe/Stockholm"]),
)
def test_tickets_come_to_what_the_reference_says(
    rows: list[Row], dialect: dict[str, Any], period: str, zone: str | None
) -> None:
    report = report_on("tickets", [rows], request("tickets", period), dialect, zone)
    view = ticket_view(rows, report, zone)
    assert differences(report, view) == {}
    assert silent(report, view, {row["group"] for row in view.tickets}) == []


def at_the_desk(zone: str | None) -> reference.OpenTime:
    """Open time in the hours of each ticket's group."""
    return lambda row, since, until: open_seconds(since, until, always=row["group"] == ALWAYS, zone=zone)


@few(12)
@given(
    rows=ticket_rows(), period=st.sampled_from(["all", MONTH]), zone=st.sampled_from([None, "Europe/Stockholm"]),
)  # fmt: skip
def test_open_time_comes_to_what_the_reference_says(
    desk: Calendar, rows: list[Row], period: str, zone: str | None
) -> None:
    kpis = tuple(BY_NAME[name] for name in BY_CALENDAR)
    rows = [rows[0] | {"is_auto_replied": True, "resolved_at": datetime(2026, 2, 12), "is_outbound": False}, *rows[1:]]
    asked = Request(kpis=kpis, period=period, by=("group",), min_n=1, rules=Rules(calendar=desk))
    report = report_on("tickets", [rows], asked, zone=zone)
    known = [understood(row, zone) for row in rows]
    view = view_of(known, embedded(known), report, zone, open_time=at_the_desk(zone))
    assert {result.kpi.name for result in report.totals} == set(BY_CALENDAR)
    assert differences(report, view) == {}
    assert silent(report, view, {row["group"] for row in view.tickets}) == []


@few(12)
@given(
    rows=answer_rows(),
    dialect=dialects(),
    period=st.sampled_from(["all", MONTH]),
    zone=st.sampled_from([None, "Europe/Stockholm"]),
)
def test_answers_come_to_what_the_reference_says(
    rows: list[Row], dialect: dict[str, Any], period: str, zone: str | None
) -> None:
    rows = [row for row in rows if row["offered_at"] or any(row[name] is not None for name in SCALES)] or [
        rows[0] | {"csat": 5}
    ]
    report = report_on("answers", [rows], request("answers", period), dialect, zone)
    view = answer_view(rows, report, zone)
    assert differences(report, view) == {}
    assert silent(report, view, {row["group"] for row in view.answers}) == []


NAMING_FILES = frozenset({"hardly-understood", "missing-header"})
"""Findings that name files."""
OF_SPLITTING = NAMING_FILES | {"passed-over", "repeated-keys"}
"""Findings that must separate several files that overlap from one: what they say is tested where they are left out."""


def figures(report: Report, expected: frozenset[str] = NAMING_FILES) -> list[Any]:
    """All that a report says but the names of its files and when it was made; `expected` are findings left out."""
    results = [
        (result.kpi.name, tuple(result.group.items()), result.period, result.estimate, result.baseline, result.change, result.verdict,
         result.trend, tuple(result.excluded.items()), result.notes)
        for result in report.results
    ]  # fmt: skip
    return [
        report.query,
        *results,
        [(gone.kpi.name, gone.needs) for gone in report.unavailable],
        [finding for finding in report.findings if finding.code not in expected],
        report.families,
    ]


def assert_repeats_are_reported(split: Report, files: Sequence[Sequence[Row]], rows: int) -> None:
    """Rows that came with several files are counted in a finding, and files that are the same are named; nothing else."""
    again = sum(map(len, files)) - rows
    found = [finding.text for finding in split.findings if finding.code == "repeated-keys"]
    assert len(found) == (again > 0)
    assert all(text.startswith(f"{again} of {again + rows} rows") for text in found)
    assert not any("something else" in text for text in found)
    copies = sum(files.index(file) < place for place, file in enumerate(files))
    assert len([finding for finding in split.findings if finding.code == "passed-over"]) == copies


@few(6)
@given(rows=ticket_rows(), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Row], order: random.Random) -> None:
    shuffled = order.sample(rows, len(rows))
    asked = request("tickets", MONTH)
    assert is_same(figures(report_on("tickets", [shuffled], asked)), figures(report_on("tickets", [rows], asked)))


@few(8)
@given(rows=ticket_rows(), order=st.randoms(use_true_random=False))
def test_splitting_an_export_in_files_that_overlap_changes_nothing(rows: list[Row], order: random.Random) -> None:
    files: list[list[Row]] = [[rows[0]] for _ in range(order.choice([2, 3]))]
    for row in rows[1:]:
        for file in order.sample(files, order.choice([1, 1, 2])):
            file.append(row)
    asked = request("tickets", MONTH)
    split = report_on("tickets", order.sample(files, len(files)), asked)
    assert is_same(figures(split, OF_SPLITTING), figures(report_on("tickets", [rows], asked)))
    assert_repeats_are_reported(split, files, len(rows))
    again = sum(english(source.rows_refused).get("duplicate key", 0) for source in split.sources)
    assert again == sum(map(len, files)) - len(rows)


@few(6)
@given(rows=answer_rows(), order=st.randoms(use_true_random=False))
def test_the_order_and_number_of_survey_files_does_not_matter(rows: list[Row], order: random.Random) -> None:
    rows = [row | {"csat": row["csat"] or 3} for row in rows]
    place = order.randint(1, len(rows))
    files = [part for part in (rows[:place], rows[place:], rows[: place // 2]) if part]
    asked = request("answers", MONTH)
    split = report_on("answers", order.sample(files, len(files)), asked)
    assert is_same(figures(split, OF_SPLITTING), figures(report_on("answers", [rows], asked)))
    assert_repeats_are_reported(split, files, len(rows))


@few(6)
@given(rows=ticket_rows(most=8))
def test_the_same_files_give_the_same_report(rows: list[Row]) -> None:
    asked = request("tickets", MONTH)
    with folder() as place:
        path = write(place / "tickets.csv", rows)
        one, other = (summarise(read([path], "tickets", asked), asked) for _ in range(2))
    assert figures(one) == figures(other)
    assert one.sources == other.sources
    assert one.refused.equals(other.refused)
    assert replace(one, generated_at=other.generated_at).title == other.title


@few(10)
@given(rows=ticket_rows(), period=st.sampled_from(["all", MONTH]))
def test_groups_add_up_and_values_lie_in_their_intervals(rows: list[Row], period: str) -> None:
    report = report_on("tickets", [rows], request("tickets", period, by=("group", "priority")))
    the_rows_of_the_groups_add_up_to_those_of_the_total(report)
    each_value_lies_in_its_interval_and_a_share_between_nothing_and_all(report)


def the_rows_of_the_groups_add_up_to_those_of_the_total(report: Report) -> None:
    additive = [
        result
        for result in report.totals
        if isinstance(result.kpi.measure, Count | Difference | Mean | NetShare | Quantile | Share)
    ]
    assert additive
    for dimension in ("group", "priority"):
        added: dict[str, int] = {}
        for result in report.grouped(dimension):
            added[result.kpi.name] = added.get(result.kpi.name, 0) + result.estimate.n
        assert {result.kpi.name: added.get(result.kpi.name, 0) for result in additive} == {
            result.kpi.name: result.estimate.n for result in additive
        }


def each_value_lies_in_its_interval_and_a_share_between_nothing_and_all(report: Report) -> None:
    for result in report.results:
        found = result.estimate
        if found.value is None:
            # A curve may leave its lower bound behind without reaching the median.
            assert found.low is None or result.kpi.name in CURVES, result.kpi.name
            assert found.high is None, result.kpi.name
            continue
        least, most = (
            (0.0, 1.0)
            if result.kpi.unit is Unit.SHARE and isinstance(result.kpi.measure, Share)
            else (-math.inf, math.inf)
        )
        low, high = (least if found.low is None else found.low), (most if found.high is None else found.high)
        assert least <= low <= found.value + 1e-12, result.kpi.name
        assert found.value - 1e-12 <= high <= most, result.kpi.name


@few(6)
@given(rows=ticket_rows(), undated=ticket_rows(most=3, rated=False))
def test_a_row_without_dates_changes_no_period(rows: list[Row], undated: list[Row]) -> None:
    silent_rows = [
        {name: None if isinstance(value, datetime) else value for name, value in row.items()}
        | {"ticket_id": f"undated-{place}"}
        for place, row in enumerate(undated)
    ]
    asked = request("tickets", MONTH)
    before, after = report_on("tickets", [rows], asked), report_on("tickets", [[*rows, *silent_rows]], asked)
    known = {result.kpi.name for result in before.totals}
    # Where more than half have no date, nobody knows what any period has.
    lost = {result.kpi.name for result in after.results if result.trust is not None and result.trust.is_withheld}
    shown = [
        [
            (result.kpi.name, dict(result.group), result.estimate)
            for result in report.results
            if result.kpi.name in known - lost
        ]
        for report in (before, after)
    ]
    key = lambda entry: (entry[0], str(entry[1]))  # noqa: E731
    one, other = (sorted(each, key=key) for each in shown)
    assert [pair for pair in zip(one, other, strict=True) if not is_same(*pair)] == []


# Tickets and surveys together, recognised by their headers alone


TICKET_HEADERS = {
    "ticket_id": "Ärendenummer", "created_at": "Skapad", "resolved_at": "Löst datum", "updated_at": "Senast ändrad", "status": "Status",
    "group": "Grupp", "reopens": "Antal återöppningar", "rating": "Kundnöjdhet (1-5)",
}  # fmt: skip
SURVEY_HEADERS = {
    "response_id": "Response ID",
    "ticket_id": "Ticket ID",
    "answered_at": "Answered at",
    "csat": "CSAT",
    "nps": "NPS",
    "resolved": "Problem solved",
}


def with_surveys() -> st.SearchStrategy[tuple[list[Row], list[Row]]]:
    drawn = {name: value for name, value in cells(TICKETS).items() if name in TICKET_HEADERS}
    tickets = st.lists(
        st.fixed_dictionaries(drawn | {"rating": mostly(st.sampled_from("1245"))}), min_size=1, max_size=8
    )
    asked = {name: mostly(st.integers(*SCALES[name])) for name in ("csat", "nps", "resolved")}
    surveys = st.lists(
        st.fixed_dictionaries(asked | {"ticket_id": mostly(st.sampled_from(["000", "001", "002", "gone"]))}),
        min_size=1,
        max_size=8,
    )
    return st.tuples(
        tickets.map(lambda rows: numbered([rows[0] | {"created_at": datetime(2026, 2, 10), "status": "open", "reopens": 0}, *rows[1:]], "ticket_id")),
        surveys.map(lambda rows: [row | {"response_id": f"r{place}", "answered_at": datetime(2026, 2, 1, 8) + timedelta(hours=36 * place)}
                                  for place, row in enumerate(rows) if place == 0 or any(row[name] is not None for name in asked)]),
    )  # fmt: skip


def one_per_ticket(answers: Sequence[Row]) -> list[Row]:
    """A survey's answer before a rating inside the ticket, then the newest."""
    best: dict[tuple[Any, ...], Row] = {}
    for place, answer in enumerate(answers):
        pair = (answer["ticket_id"], answer["question"]) if answer["ticket_id"] else (place,)
        rank = (answer["is_survey"], answer["answered_at"] or datetime.min)
        if pair not in best or rank > (best[pair]["is_survey"], best[pair]["answered_at"] or datetime.min):
            best[pair] = answer
    return list(best.values())


@few(10)
@given(files=with_surveys(), period=st.sampled_from(["all", MONTH]))
def test_tickets_and_surveys_come_to_what_the_reference_says(files: tuple[list[Row], list[Row]], period: str) -> None:
    tickets, surveys = files
    surveys[0]["csat"], surveys[0]["nps"], surveys[0]["resolved"] = 2, 10, 1
    asked = Request(kpis=CATALOGUE, period=period, by=("group",), min_n=1)
    with folder() as place:
        paths = [
            write(
                place / name,
                [{headers[column]: value for column, value in row.items() if column in headers} for row in rows],
            )
            for name, rows, headers in (
                ("tickets.csv", tickets, TICKET_HEADERS),
                ("survey.csv", surveys, SURVEY_HEADERS),
            )
        ]
        choices = Choices(scales={"csat": (1, 5), "nps": (0, 10), "resolved": (0, 1)})
        report = summarise(read_exports([str(path) for path in paths], choices, asked.texts()), asked)
    assert [source.mapping for source in report.sources if source.table == "tickets"] == ["spreadsheet-tickets"]
    nothing = {column.name: None for column in TICKETS.columns}
    rows = [understood(nothing | row, None) for row in tickets]
    groups = {row["ticket_id"]: row["group"] for row in rows}
    shown = [
        row
        | {name: None for name in SCALES if name not in row}
        | {"offered_at": None, "group": groups.get(row["ticket_id"]), "agent": None}
        for row in surveys
    ]
    answers = [answer | {"is_survey": True, "ticket_id": row["ticket_id"]} for row in shown for answer in long([row])]
    answers += [answer | {"is_survey": False, "is_offered": None} for answer in embedded(rows)]
    assert differences(report, view_of(rows, one_per_ticket(answers), report, targets={})) == {}


# The business: customers, orders, reviews, leads and costs, each a file of its own, next to tickets


BUSINESS = ("customers", "orders", "reviews", "leads", "costs")
DAYS = st.integers(0, 160).map(lambda halves: datetime(2025, 12, 28) + timedelta(hours=12) * halves)
BUYERS = ["ann", "bo", "cai", "dag"]
AMOUNTS = st.sampled_from([0, 100, 249.5, 0.1, 1484])


def business_rows() -> st.SearchStrategy[dict[str, list[Row]]]:
    channel = mostly(st.sampled_from(["web", "shop"]))
    drawn: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "customers": {"acquired_at": mostly(DAYS), "lost_at": st.one_of(DAYS, st.none()), "is_lost": st.sampled_from([None, None, True, False]),
                      "segment": mostly(st.sampled_from(["small", "large"]))},
        "orders": {"customer_id": mostly(st.sampled_from([*BUYERS, "eve"])), "ordered_at": mostly(DAYS), "amount": mostly(AMOUNTS), "is_refunded": rarely(),
                   "refunded_amount": st.sampled_from([None, None, 0, 100, -50]), "currency": st.sampled_from(["SEK", "SEK", "EUR"]), "channel": channel},
        "reviews": {"reviewed_at": mostly(DAYS), "replied_at": st.one_of(DAYS, st.none()), "rating": mostly(st.integers(1, 5)), "scale_high": st.sampled_from([5, 5, 10])},
        "leads": {"created_at": mostly(DAYS), "converted_at": st.one_of(DAYS, st.none()), "channel": channel},
        "costs": {"spent_at": mostly(DAYS), "kind": st.sampled_from(["acquisition", "support"]), "amount": mostly(AMOUNTS), "currency": st.sampled_from(["SEK", "EUR"]),
                  "channel": channel},
        "tickets": {"created_at": mostly(DAYS)},
    }  # fmt: skip
    known: dict[str, Row] = {
        "customers": {"acquired_at": datetime(2026, 1, 1), "lost_at": datetime(2026, 3, 1), "is_lost": False, "segment": "small"},
        "orders": {"customer_id": "ann", "ordered_at": datetime(2026, 2, 1), "amount": 10, "is_refunded": False, "currency": "SEK", "channel": "web"},
        "reviews": {"reviewed_at": datetime(2026, 2, 1), "replied_at": datetime(2026, 2, 2), "rating": 5, "scale_high": 5},
        "leads": {"created_at": datetime(2026, 2, 1), "converted_at": datetime(2026, 2, 2), "channel": "web"},
        "costs": {"spent_at": datetime(2026, 2, 1), "kind": "support", "amount": 10, "currency": "SEK", "channel": "web"},
        "tickets": {"created_at": datetime(2026, 2, 1)},
    }  # fmt: skip
    nothing = {name: dict.fromkeys(cells) for name, cells in drawn.items()}
    nothing["costs"]["kind"] = "acquisition"
    lists = {name: st.lists(st.fixed_dictionaries(cells), max_size=8) for name, cells in drawn.items()}
    return st.fixed_dictionaries(lists).map(
        lambda tables: {
            name: keyed([nothing[name] | known[name], *(hardly_both(rows) if name == "customers" else rows)], name)
            for name, rows in tables.items()
        }
    )


def hardly_both(rows: Sequence[Row]) -> Iterator[Row]:
    """Customers of whom one at most is there and has left: where several are, none of them is believed."""
    is_first = True
    for row in rows:
        is_both = row["is_lost"] is False and row["lost_at"] is not None
        yield row | {"is_lost": None} if is_both and not is_first else row
        is_first = is_first and not is_both


def keyed(rows: Sequence[Row], table: str) -> list[Row]:
    """Rows with their keys, customers by name, and one that shows both kinds of cost."""
    shown = [*rows, rows[0] | {"kind": "acquisition"}] if table == "costs" else rows
    names = (
        [*BUYERS, *(f"c{place}" for place in range(len(shown)))]
        if table == "customers"
        else [f"{place:03d}" for place in range(len(shown))]
    )
    return [row | {TABLES[table].key: name} for row, name in zip(shown, names, strict=False)]


def business_dataset(place: Path, tables: dict[str, list[Row]], asked: Request) -> Dataset:
    """Each table's file read by a mapping of its own."""
    read_tables = {}
    for name, rows in tables.items():
        mapping = {"name": f"whole-{name}", "label": "Every column", "system": "test", "table": name,
                   "columns": {column: {"from": [column]} for column in rows[0]}}  # fmt: skip
        (place / f"{name}.yaml").write_text(json.dumps(mapping), encoding="utf-8")
        path = write(place / f"{name}.csv", rows)
        dataset = read_exports([str(path)], Choices(mapping=str(place / f"{name}.yaml")), asked.texts())
        read_tables |= dataset.tables
    return replace(dataset, tables=read_tables)


@few(20)
@given(tables=business_rows(), period=st.sampled_from(["all", MONTH, "2026-01", "2026-02-10..2026-03-04"]))
def test_the_business_comes_to_what_the_reference_says(
    desk: Calendar, tables: dict[str, list[Row]], period: str
) -> None:
    kpis = tuple(kpi for kpi in CATALOGUE if kpi.subject == "business")
    asked = Request(kpis=kpis, period=period, by=("channel", "segment"), rules=Rules(calendar=desk))
    with folder() as place:
        report = summarise(business_dataset(place, tables, asked), asked)
    customers = business.customer_facts(tables["customers"])
    whole = View(
        tickets=tables["tickets"], answers=(), as_of=report.query.as_of,
        events={name: happened(rows, TABLES[name]) for name, rows in tables.items()},
        customers=customers, orders=business.order_facts(tables["orders"], customers), reviews=business.review_facts(tables["reviews"]),
        leads=business.lead_facts(tables["leads"]), costs=tables["costs"],
        open_time=lambda _, since, until: open_seconds(since, until),
    )  # fmt: skip
    assert {result.kpi.name for result in report.totals} == {kpi.name for kpi in kpis}
    withheld = {name for one in report.findings if one.consequence is Consequence.NO_VALUE for name in one.kpis}
    withheld |= {one.kpi.name for one in report.results if one.trust is not None and UNDATED in one.trust.reasons}
    if any(one.code == "planned-ends" for one in report.findings):
        withheld |= OF_LOSSES  # the reference knows no plans: every end it sees is a leaving
    wrong = differences(report, whole)
    assert {name: values for name, values in wrong.items() if name.split()[0] not in withheld} == {}, report.findings
    for result in report.results:
        if result.estimate.value is not None:
            least, most = result.estimate.low, result.estimate.high
            assert least is None or least <= result.estimate.value + 1e-9, result.kpi.name
            assert most is None or most >= result.estimate.value - 1e-9, result.kpi.name


@few(12)
@given(tables=business_rows(), period=st.sampled_from(["all", MONTH]))
def test_who_stays_and_who_leaves_are_everyone_and_revenue_is_the_product_of_its_three(
    tables: dict[str, list[Row]], period: str
) -> None:
    orders = [
        row | {"customer_id": row["customer_id"] or "eve", "amount": row["amount"] or 1, "currency": "SEK"}
        for row in tables["orders"]
    ]
    asked = Request(kpis=tuple(kpi for kpi in CATALOGUE if kpi.subject == "business"), period=period)
    with folder() as place:
        report = summarise(business_dataset(place, tables | {"orders": orders}, asked), asked)
    found = {result.kpi.name: result.estimate.value for result in report.totals}
    if found["retention_rate"] is not None:
        assert is_same(found["retention_rate"], 1 - (found["churn_rate"] or 0.0))
    if found["revenue"] is not None:
        factors = [found[name] or 0.0 for name in ("active_customers", "orders_per_customer", "aov")]
        assert is_same(float(found["revenue"]), math.prod(factors))


# Every row accounted for


FAULTS: dict[str, Callable[[Row], Row]] = {
    "fine": dict,
    "no id": lambda row: row | {"ticket_id": None},
    "bad date": lambda row: row | {"created_at": "31/02/2026"},
    "bad count": lambda row: row | {"reopens": "many"},
    "both": lambda row: row | {"ticket_id": "n/a", "created_at": "soon"},
    "same id": lambda row: row | {"ticket_id": "000"},
    "blank": dict.fromkeys,
}


@few(12)
@given(faults=st.lists(st.sampled_from(list(FAULTS)), max_size=25), blank_lines=st.sampled_from([0, 1, 2]))
def test_every_row_read_is_used_or_refused_for_a_reason(faults: list[str], blank_lines: int) -> None:
    nothing = {
        column.name: None
        for column in TICKETS.columns
        if column.name in ("updated_at", "status", "group", "created_at", "reopens")
    }
    clean = [
        nothing
        | {"ticket_id": f"{place:03d}", "created_at": datetime(2026, 2, 1) + timedelta(hours=place), "reopens": 0}
        for place in range(40)
    ]
    rows = [*clean[:10], *(FAULTS[fault](row) for fault, row in zip(faults, clean[10:], strict=False))]
    asked = request("tickets")
    with folder() as place:
        path = write(place / "tickets.csv", rows)
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[6:6] = [""] * blank_lines
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        (source,) = (source for source in read([path], "tickets", asked).sources if source.table == "tickets")
    assert source.rows_read == len(rows) + blank_lines
    assert source.rows_read == source.rows_used + sum(source.rows_refused.values())
    assert source.rows_used == 10 + faults.count("fine") + faults.count("bad count")
    assert english(source.rows_refused).get("blank row", 0) == faults.count("blank") + blank_lines
    assert english(source.rows_refused).get("duplicate key", 0) == faults.count("same id")
    assert english(source.rows_refused).get("no ticket_id", 0) == faults.count("no id") + faults.count("both")
    assert english(source.rows_refused).get("unreadable created_at", 0) == faults.count("bad date")
    assert "unreadable reopens" not in english(source.rows_refused)


def test_a_kpi_asked_for_alone_is_what_it_is_among_all() -> None:
    rows = [
        dict.fromkeys((*TICKETS.names, "rating")) | {
            "ticket_id": f"{place:03d}", "created_at": datetime(2026, 2, 1) + timedelta(hours=place), "status": "solved", "reopens": place % 3 // 2,
            "resolved_at": datetime(2026, 2, 1) + timedelta(hours=3 * place), "first_replied_at": datetime(2026, 2, 1) + timedelta(hours=2 * place),
            "first_reply_time_business": 60 * place, "resolution_time_business": 90 * place, "requester_wait_time": 30 * place, "handle_time": place,
            "agent_replies": 1 + place % 2, "agent": "Åsa", "agent_stations": 1, "customer_id": f"c{place % 5}", "rating": str(4 + place % 2), "type": "Complaint",
            "is_auto_replied": place % 2 == 0, "is_answered": True, "sla_first_reply_met": True, "sla_resolution_met": False, "due_at": datetime(2026, 2, 3),
        }
        for place in range(30)
    ]  # fmt: skip
    asked = request("tickets", by=())
    with folder() as place:
        dataset = read([write(place / "tickets.csv", rows)], "tickets", asked)
    everything = {result.kpi.name: result for result in summarise(dataset, asked).results}
    assert len(everything) > 50
    for name, result in everything.items():
        (alone,) = summarise(dataset, replace(asked, kpis=(result.kpi,))).results
        assert is_same(alone.estimate, result.estimate), name
        assert alone.excluded == result.excluded, name


def test_embedded_ratings_can_be_split_by_what_their_ticket_knows() -> None:
    rows = [
        dict.fromkeys((*TICKETS.names, "rating"))
        | {
            "ticket_id": "1",
            "created_at": datetime(2026, 2, 1),
            "priority": "urgent",
            "group": "Billing",
            "rating": "5",
        }
    ]
    report = report_on("tickets", [rows], request("tickets", by=("group", "priority")))
    csat = {tuple(result.group.items()): result.estimate.n for result in report.results if result.kpi.name == "csat"}
    assert csat == {(): 1, (("group", "Billing"),): 1, (("priority", "urgent"),): 1}


def test_an_instant_is_no_dimension() -> None:
    rows = [dict.fromkeys((*TICKETS.names, "rating")) | KNOWN | {"ticket_id": "1", "resolved_at": None, "reopens": 2}]
    with pytest.raises(KpiError, match="created_at"):
        report_on("tickets", [rows], request("tickets", by=("created_at",)))
    report = report_on("tickets", [rows], request("tickets", by=("reopens",)))
    assert {tuple(result.group.items()) for result in report.grouped("reopens")} == {(("reopens", "2"),)}
