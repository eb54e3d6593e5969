"""A full export: every column filled, every question asked, and the files of the business next to it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from kpi_cli.options import arguments
from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_core.analysis.report import summarise
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.model.report import Report
from kpi_core.model.tables import COSTS, PRIORITIES

SILENT = {"csat": "Offered", "nps": "Offered"} | dict.fromkeys(
    (
        "ces",
        "nki_satisfaction",
        "nki_expectation",
        "nki_ideal",
        "nki_fourth",
        "resolved",
        "first_contact",
        "treatment",
        "competence",
    ),
    "",
)
"""Of one who was asked and answered nothing."""


def full_rows() -> Iterator[dict[str, str]]:
    """600 tickets over 60 days with a value in every column; every 20th is open, every 40th unanswered, every ninth rated by nobody."""
    begin = datetime(2026, 3, 2, 9)
    for number in range(600):
        created = begin + timedelta(hours=2.4 * number)
        is_open, is_waiting = number % 20 == 19, number % 40 == 19
        yield {
            "ticket_id": str(number), "created_at": f"{created}", "first_replied_at": "" if is_waiting else f"{created + timedelta(minutes=30 + number % 100)}",
            "first_resolved_at": "" if is_open else f"{created + timedelta(hours=2 + number % 7)}",
            "resolved_at": "" if is_open else f"{created + timedelta(hours=2 + number % 7 * 2)}",
            "closed_at": "", "updated_at": f"{created + timedelta(days=3)}", "due_at": f"{created + timedelta(hours=8)}",
            "rated_at": "" if is_open else f"{created + timedelta(hours=3 + number % 7 * 2)}",
            "status": "open" if is_open else "solved", "priority": PRIORITIES[number % 4],
            "type": "Complaint" if number % 3 == 0 else "Question", "channel": "mail", "group": f"Team {number % 2}",
            "agent": f"Agent {number % 3}", "product": "Shoe", "organisation": "ACME", "comment": "Fine", "customer_id": f"c{number % 40}", "tags": "vip",
            "agent_replies": "0" if is_waiting else str(1 + number % 3), "customer_replies": "1", "reopens": str(int(number % 8 == 0)),
            "agent_stations": str(1 + number % 2), "group_stations": "1",
            **{f"{name}{suffix}": f"{10 + number % 90}m" for suffix in ("", "_business")
               for name in ("first_reply_time", "first_resolution_time", "resolution_time", "requester_wait_time")
               if not (is_waiting and name == "first_reply_time")},
            "handle_time": f"{5 + number % 9}m", "is_answered": "yes" if number % 5 else "no",
            "is_auto_replied": "yes" if number % 40 == 0 else "no", "is_outbound": "no", "is_merged": "no", "is_spam": "no",
            "sla_first_reply_met": "yes" if number % 4 else "no", "sla_resolution_met": "yes" if number % 5 else "no",
            "csat": "Offered" if number % 9 == 0 else str(1 + number % 5), "ces": str(1 + number % 7), "nps": "Offered" if number % 13 == 0 else str(number % 11),
            **{f"nki_{part}": str(1 + (number * factor) % 10) for factor, part in enumerate(("satisfaction", "expectation", "ideal", "fourth"), 1)},
            "resolved": "yes" if number % 4 else "no", "first_contact": "yes" if number % 3 else "no",
            "treatment": str(1 + number % 5), "competence": str(1 + (number + 2) % 5),
            **(SILENT if number % 18 == 0 else {}),
        }  # fmt: skip


def message_rows() -> list[dict[str, str]]:
    """A reply an hour for 25 days, each with the time it took by the clock and in business hours; none in the tickets that wait."""
    return [
        {"message_id": str(number), "ticket_id": str(number), "sent_at": f"{datetime(2026, 4, 1) + timedelta(hours=number)}", "author": "agent",
         "reply_time": f"{10 + number % 90}m", "reply_time_business": f"{5 + number % 60}m"}
        for number in range(600) if number % 40 != 19
    ]  # fmt: skip


def business_rows() -> dict[str, list[dict[str, str]]]:
    """The other tables over the same 60 days: who came and went, what they ordered and wrote, what was spent."""
    days = [f"{datetime(2026, 3, 2) + timedelta(days=number)}" for number in range(60)]
    return {
        "customers": [{"customer_id": f"c{number}", "acquired_at": "2026-01-01", "lost_at": days[number + 9] if number % 5 == 0 else ""} for number in range(40)]
        + [{"customer_id": f"n{number}", "acquired_at": day, "lost_at": ""} for number, day in enumerate(days)],
        "orders": [{"order_id": str(number), "customer_id": f"c{number % 37}", "ordered_at": day, "amount": str(100 + number), "currency": "SEK", "is_refunded": "no"}
                   for number, day in enumerate(days)],
        "reviews": [{"review_id": str(number), "reviewed_at": day, "replied_at": days[min(number + 1, 59)] if number % 3 else "", "rating": str(1 + number % 5),
                     "scale_high": "5"} for number, day in enumerate(days)],
        "leads": [{"lead_id": str(number), "created_at": day, "converted_at": day if number % 4 == 0 else ""} for number, day in enumerate(days)],
        "costs": [{"cost_id": f"{kind}{number}", "spent_at": day, "kind": kind, "amount": str(50 + number), "currency": "SEK"}
                  for number, day in enumerate(days) for kind in COSTS],
    }  # fmt: skip


def written(folder: Path, tables: Mapping[str, list[dict[str, str]]]) -> dict[str, Path]:
    """The tables as CSV files, by name."""
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return {name: folder / f"{name}.csv" for name in tables}


def full_report_on(folder: Path, mappings: dict[str, Path], by: tuple[str, ...] = ()) -> Report:
    """Every KPI over a full export, and the files of the business next to it."""
    read = {name: table_read(folder, mappings, name, rows) for name, rows in full_tables().items()}
    return report_on_tables(read, by)


def full_tables() -> dict[str, list[dict[str, str]]]:
    """The rows of every file. Messages before tickets: read alone, cases are made of them."""
    return {"messages": message_rows(), "tickets": list(full_rows()), **business_rows()}


def table_read(folder: Path, mappings: dict[str, Path], name: str, rows: list[dict[str, str]]) -> Dataset:
    """One of the files, read by itself."""
    scales = ("csat=1-5", "ces=1-7", "treatment=1-5", "competence=1-5")
    path = written(folder, {name: rows})[name]
    reading = Reading(
        mapping=(str(mappings[name]),),
        scale=[arguments.scale(text) for text in scales],
        direction=[arguments.direction("ces=higher")],
    )
    return read_exports([str(path)], reading.choices(), question().request().texts())


def question(by: tuple[str, ...] = (), as_of: date | None = None) -> Question:
    """Every KPI of April, since customers stay from a day on, with targets and a calendar."""
    promised = [arguments.promise(text) for text in ("first_reply=2h", "resolution=3d")]
    return Question(period="2026-04", by=by, kpi=("*",), compare="none", sla=promised, calendar="se", as_of=as_of)


def report_on_tables(read: dict[str, Dataset], by: tuple[str, ...] = (), as_of: date | None = None) -> Report:
    """The report on files that were read one by one, as if they had been read together."""
    together = {name: frame for dataset in read.values() for name, frame in dataset.tables.items()}
    sources = tuple(source for dataset in read.values() for source in dataset.sources)
    first = next(iter(read.values()))
    return summarise(replace(first, tables=together, sources=sources), question(by, as_of).request())
