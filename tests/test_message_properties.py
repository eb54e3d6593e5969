"""Messages, from files in any dialect to the report, against a walk through each conversation and against themselves."""

import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from examples import few
from hypothesis import given
from hypothesis import strategies as st
from reference import Row, View
from reference_messages import made_tickets, turns, walk
from test_properties import (
    MONTH,
    OF_SPLITTING,
    PLAIN,
    dialects,
    differences,
    figures,
    folder,
    instant,
    is_same,
    mostly,
    numbered,
    rarely,
    silent,
    write,
)

from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.facts.conversations.turns import with_turns
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import CATALOGUE
from kpi_core.model.report import Report
from kpi_core.model.tables import MESSAGES, Kind

pytestmark = pytest.mark.slow

NAMES = ("ticket_id", "sent_at", "author", "is_public", "channel", "agent", "group", "customer_id")
MAPPING = {
    "name": "whole-messages", "label": "Every message column", "system": "test", "table": "messages",
    "columns": {name: {"from": [name]} for name in ("message_id", *NAMES)},
}  # fmt: skip
CASES = ("A", "B", "C", "D")
MINUTES = st.one_of(st.integers(0, 300), st.integers(0, 80 * 1440))
"""Close together, so that several messages often share their minute, or anywhere in three months."""
SENT = MINUTES.map(lambda minutes: datetime(2026, 1, 31, 20) + timedelta(minutes=minutes))
AUTHOR = st.sampled_from(["customer", "customer", "agent", "agent", "bot"])
KNOWN = {"ticket_id": "A", "sent_at": datetime(2026, 2, 10), "author": "customer", "is_public": True}
"""One message that says whose it is, so that the columns do."""


def message_rows(*, most: int = 24) -> st.SearchStrategy[list[Row]]:
    """Messages; a case's group and agent go by its number, so that messages of one instant do not differ in them."""
    drawn = {
        "ticket_id": mostly(st.sampled_from(CASES)), "sent_at": mostly(SENT), "author": mostly(AUTHOR),
        "is_public": rarely().map(lambda hidden: None if hidden is None else not hidden),
        "channel": mostly(st.sampled_from(["mail", "chat"])), "customer_id": st.just("c1"),
    }  # fmt: skip
    return st.lists(st.fixed_dictionaries(drawn), min_size=1, max_size=most).map(
        lambda rows: numbered([placed(row) for row in [rows[0] | KNOWN, *rows[1:]]], "message_id")
    )


def placed(row: Row) -> Row:
    case = row["ticket_id"]
    return row | {
        "group": {"A": "Billing", "B": "Søk"}.get(case), "agent": f"Agent {case}" if row["author"] == "agent" and case else None
    }  # fmt: skip


def report_on(
    files: Sequence[Sequence[Row]], period: str = "all", dialect: dict[str, Any] = PLAIN, zone: str | None = None
) -> Report:
    kpis = tuple(kpi for kpi in CATALOGUE if kpi.table in ("messages", "tickets"))
    asked = Request(kpis=kpis, period=period, by=("group",), min_n=1)
    with folder() as place:
        paths = [write(place / f"{number}.csv", rows, dialect) for number, rows in enumerate(files)]
        mapping = Path(place) / "messages.yaml"
        mapping.write_text(json.dumps(MAPPING), encoding="utf-8")
        choices = Choices(mapping=str(mapping), cells=ReadingChoices(date_order="dmy", zone=zone))
        return summarise(read_exports([str(path) for path in paths], choices, asked.texts()), asked)


def view_of(messages: Sequence[Row], report: Report, zone: str | None) -> View:
    known = [{name: instant(value, zone) for name, value in row.items()} for row in messages]
    tickets, asked = made_tickets(known), turns(known)
    events = {
        "messages": [row["sent_at"] for row in known if row["sent_at"]],
        "tickets": [row[name] for row in tickets for name in ("created_at", "first_replied_at") if row[name]],
    }
    return View(tickets=tickets, answers=(), turns=asked, as_of=report.query.as_of, events=events, zone=zone)


@few(24)
@given(
    rows=message_rows(),
    dialect=dialects(),
    period=st.sampled_from(["all", MONTH]),
    zone=st.sampled_from([None, "Europe/Stockholm"]),
)
def test_messages_come_to_what_a_walk_through_them_says(
    rows: list[Row], dialect: dict[str, Any], period: str, zone: str | None
) -> None:
    report = report_on([rows], period, dialect, zone)
    view = view_of(rows, report, zone)
    assert {"reply_time", "first_reply_time_mean", "tickets_created"} <= {result.kpi.name for result in report.totals}
    assert differences(report, view) == {}
    assert silent(report, view, {row["group"] for row in rows}) == []


@few(6)
@given(rows=message_rows(), order=st.randoms(use_true_random=False))
def test_neither_the_order_of_messages_nor_their_files_matter(rows: list[Row], order: random.Random) -> None:
    place = order.randint(1, len(rows))
    shuffled = order.sample(rows, len(rows))
    files = [file for file in (shuffled[:place], [*shuffled[place:], shuffled[0]]) if file]
    expected = figures(report_on([rows], MONTH))
    assert is_same(figures(report_on([shuffled], MONTH)), expected)
    split = report_on(order.sample(files, len(files)), MONTH)
    assert is_same(figures(split, OF_SPLITTING), expected)


@few(150)
@given(
    drawn=st.lists(st.tuples(st.sampled_from(CASES), st.integers(0, 6), AUTHOR), min_size=1, max_size=16),
    order=st.randoms(use_true_random=False),
)
def test_turns_are_those_of_a_walk_whatever_the_order_of_rows(
    drawn: list[tuple[str, int, str]], order: random.Random
) -> None:
    rows = [
        {"message_id": place, "ticket_id": CASES.index(case), "sent_at": datetime(2026, 3, 2) + timedelta(minutes=minute), "author": author}
        for place, (case, minute, author) in enumerate(drawn)
    ]  # fmt: skip
    kinds = {column.name: column.kind for column in MESSAGES.columns}
    schema = {name: pl.UInt64() if kinds[name] is Kind.KEY else kinds[name].dtype for name in rows[0]}
    found = with_turns(pl.DataFrame(order.sample(rows, len(rows)), schema=schema)).filter("is_turn")
    threads: dict[int, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["sent_at"], ("customer", "agent", "bot").index(row["author"]))):
        threads.setdefault(row["ticket_id"], []).append(row)
    expected = [turn for thread in threads.values() for turn in walk(thread)]
    assert sorted(found.select("ticket_id", "asked_at", "reply_time").rows(), key=str) == sorted(
        ((turn["ticket_id"], turn["asked_at"], turn["reply_time"]) for turn in expected), key=str
    )
