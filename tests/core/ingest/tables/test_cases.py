"""Messages find their ticket by source and number, tickets are made where there are none, and those of noise count nowhere."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import select
from kpi_core.model.report import Report

TEXTS = frozenset({"ticket_id", "group", "customer_id", "channel", "agent"})
MESSAGES = """Message ID,Ticket ID,Sent at,Author
1,1,2026-03-02 09:00,customer
2,1,2026-03-02 11:00,agent
"""


def tickets(*rows: str) -> str:
    return "Ticket ID,Created at,Status,Group\n" + "".join(f"{row}\n" for row in rows)


def read(folder: Path, source: str = "", **files: str) -> Dataset:
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return read_exports([str(path) for path in paths], Choices(source=source or None), TEXTS)


def together(*datasets: Dataset) -> dict[str, pl.DataFrame]:
    return {name: pl.concat([one.tables[name] for one in datasets]) for name in datasets[0].tables}


def report(dataset: Dataset, *kpis: str, where: str | None = None, by: tuple[str, ...] = ()) -> Report:
    return summarise(dataset, Request(kpis=select(kpis), period="all", compare="none", where=where, by=by))


def groups(dataset: Dataset) -> list[str | None]:
    return dataset.tables["messages"].sort("sent_at")["group"].cast(pl.String).to_list()


def test_a_message_knows_the_group_of_its_ticket(tmp_path: Path) -> None:
    dataset = read(tmp_path, tickets=tickets("1,2026-03-02 09:00,open,Billing"), messages=MESSAGES)
    assert groups(dataset) == ["Billing", "Billing"]
    assert [finding.text for finding in dataset.findings] == ["1 of 1 conversation finds its ticket"]


def freshdesk(number: int, group: str) -> str:
    header = (Path(__file__).parents[4] / "sample_data/freshdesk_tickets.csv").read_text(encoding="utf-8").splitlines()[0]  # fmt: skip
    cells = {"Ticket ID": str(number), "Created time": "2026-03-02 09:00:00", "Status": "Open", "Group": group}
    return "\n".join([header, ",".join(cells.get(name, "") for name in header.split(","))]) + "\n"


def test_a_ticket_of_another_help_desk_is_found_by_its_number_alone(tmp_path: Path) -> None:
    dataset = read(tmp_path, tickets=freshdesk(1, "Billing"), messages=MESSAGES)
    assert groups(dataset) == ["Billing", "Billing"]


def test_of_two_tickets_with_the_number_the_one_of_the_same_source_is_meant(tmp_path: Path) -> None:
    own = tickets("1,2026-03-02 09:00,open,Own")
    dataset = read(tmp_path, other=freshdesk(1, "Other"), tickets=own, messages=MESSAGES)
    assert groups(dataset) == ["Own", "Own"]


def test_a_file_of_one_help_desk_looks_for_no_ticket_in_another(tmp_path: Path) -> None:
    more = MESSAGES + "3,2,2026-03-02 12:00,customer\n"
    own = tickets("1,2026-03-02 09:00,open,Own")
    dataset = read(tmp_path, other=freshdesk(2, "Other"), tickets=own, messages=more)
    assert groups(dataset) == ["Own", "Own", None]


def test_a_number_of_two_other_help_desks_shows_nothing(tmp_path: Path) -> None:
    zendesk = "Id,Requester id,Created at,Status,Group,Solved at,Reopens\n1,5,2026-03-02 09:00:00,Open,Third,,0\n"
    dataset = read(tmp_path, one=freshdesk(1, "Other"), two=zendesk, messages=MESSAGES)
    assert {frame.height for name, frame in dataset.tables.items() if name == "tickets"} == {2}
    assert groups(dataset) == [None, None]


def test_tickets_made_of_conversations_know_when_where_and_by_whom(tmp_path: Path) -> None:
    log = """Message ID,Ticket ID,Sent at,Author type,Channel,Agent,Customer
5,B,2026-03-02 08:00,bot,web,,
4,A,2026-03-02 12:00,agent,phone,Bo,
3,A,2026-03-02 11:00,customer,mail,,c1
2,A,2026-03-02 10:00,agent,chat,Åsa,
1,A,2026-03-02 09:00,customer,chat,,c1
6,C,2026-03-02 08:00,agent,mail,Bo,
"""
    (made,) = read(tmp_path, messages=log).tables["tickets"].select("created_at", "channel", "agent").rows()
    assert made == (datetime(2026, 3, 2, 9), "chat", "Bo")


def test_one_number_of_two_sources_makes_two_tickets(tmp_path: Path) -> None:
    one, other = (read(tmp_path, source=source, messages=MESSAGES) for source in ("north", "south"))
    assert together(one, other)["tickets"]["ticket_id"].n_unique() == 2


def test_messages_without_writers_make_no_tickets(tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text("name: a-messages\nlabel: A\nsystem: a\ntable: messages\ncolumns: {message_id: Nr, ticket_id: Case, sent_at: At}\n")  # fmt: skip
    (tmp_path / "log.csv").write_text("Nr,Case,At\n1,A,2026-03-02\n")
    dataset = read_exports([str(tmp_path / "log.csv")], Choices(mapping=str(mapping)), TEXTS)
    assert set(dataset.tables) == {"messages"}
    (missing, *_) = report(dataset, "reply_time").unavailable
    assert tuple(map(str, missing.needs)) == ("messages with ticket_id, sent_at and author, some of them a customer's",)


@pytest.fixture
def merged(tmp_path: Path) -> Dataset:
    """Ticket 1 was merged into 2; each has a turn, of 2 hours and of 1."""
    mapping = tmp_path / "t.yaml"
    mapping.write_text(
        "name: a-tickets\nlabel: A\nsystem: spreadsheet\ntable: tickets\nrecognised_by: {all: [Nr]}\nalso: []\n"
        "columns: {ticket_id: Nr, created_at: Opened, status: State, is_merged: Merged, group: Team}\n"
    )
    own = tmp_path / "cases.csv"
    own.write_text("Nr,Opened,State,Merged,Team\n1,2026-03-02 09:00,closed,yes,X\n2,2026-03-02 09:00,open,no,Y\n")
    log = tmp_path / "log.csv"
    log.write_text(f"{MESSAGES}3,2,2026-03-02 09:00,customer\n4,2,2026-03-02 10:00,agent\n")
    return read_exports([str(own), str(log)], Choices(mapping=str(mapping)), TEXTS)


def test_the_messages_of_a_merged_ticket_are_left_out_and_counted(merged: Dataset) -> None:
    summary = report(merged, "reply_time")
    assert (summary.totals[0].estimate.value, summary.totals[0].estimate.n) == (3600, 1)
    assert "2 messages are left out: of merged or spam tickets" in [finding.text for finding in summary.findings]
