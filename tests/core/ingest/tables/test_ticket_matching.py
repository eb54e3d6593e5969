"""Which ticket a survey response is about: by the number it names, else by the customer's address."""

import pytest

from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices

TICKETS = """Ticket ID,Created,Resolved,Status,Group,Customer email
100,2026-01-05 09:00,2026-01-05 12:00,Solved,Billing,ada@example.com
101,2026-01-20 09:00,2026-01-21 12:00,Solved,Returns,Ada@Example.com
102,2026-02-01 09:00,2026-02-02 12:00,Solved,Billing,bo@example.com
103,2025-06-01 09:00,2025-06-02 12:00,Solved,Billing,cleo@example.com
"""
ANSWERS = """Response ID,Ticket ID,Email,Answered at,CSAT
1,102,bo@example.com,2026-02-03 10:00,5
2,,ada@example.com,2026-01-06 10:00,4
3,,ADA@example.com,2026-01-22 10:00,3
4,,cleo@example.com,2026-01-22 10:00,2
5,,dan@example.com,2026-01-22 10:00,1
6,999,ada@example.com,2026-01-22 10:00,1
7,,,2026-01-22 10:00,5
"""


@pytest.fixture
def dataset(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "answers.csv").write_text(ANSWERS)
    files = [str(tmp_path / "tickets.csv"), str(tmp_path / "answers.csv")]
    return read_exports(files, Choices(), frozenset({"ticket_id", "group"}))


def test_a_response_goes_by_its_number_else_by_its_customers_last_ticket(dataset):
    groups = dict(dataset.tables["answers"].select("score", "group").cast({"group": str}).sort("score").group_by(
        "score", maintain_order=True).agg("group").iter_rows())  # fmt: skip
    assert groups[4] == ["Billing"], "Ada's first ticket, not the one opened after the answer"
    assert groups[3] == ["Returns"], "Ada's second ticket, whatever the case of the address"
    assert groups[2] == [None], "Cleo's ticket is half a year old"
    assert groups[1] == [None, None], "an address nobody has, and a number nobody has"
    assert sorted(map(str, groups[5])) == ["Billing", "None"], "by number, and a response that names nothing"


def test_the_match_rate_is_reported(dataset):
    (found,) = [finding for finding in dataset.findings if finding.code == "match-rate"]
    assert found.share == pytest.approx(3 / 7)
    assert found.is_serious
    assert found.text.startswith("3 of 7 survey responses find their ticket (1 by ticket number, 2 by e-mail address)")


def test_addresses_are_no_column_of_the_tables(dataset):
    assert "_address" not in dataset.tables["tickets"].columns
    assert "_address" not in dataset.tables["answers"].columns


def test_a_survey_alone_has_no_match_rate(tmp_path):
    (tmp_path / "answers.csv").write_text(ANSWERS)
    alone = read_exports([str(tmp_path / "answers.csv")], Choices(), frozenset({"ticket_id"}))
    assert not [finding for finding in alone.findings if finding.code == "match-rate"]
