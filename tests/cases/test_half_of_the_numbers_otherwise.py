"""A survey of which some answers name their ticket in another spelling: all are matched, and it is reported."""

from pathlib import Path

import pytest
from reported import Reported, reported


def surveyed(folder: Path, other: str, every: int = 2, day: int = 0) -> Reported:
    tickets = [f"{4100 + n},2026-01-{1 + n:02} 09:00,2026-01-{1 + n:02} 10:00,Solved" for n in range(20)]
    answers = [
        f"{n},{other.format(4100 + n)},{2026 + day}-01-{1 + n:02} 12:00,5"
        if n % every == every - 1
        else f"{n},{4100 + n},2026-01-{1 + n:02} 12:00,5"
        for n in range(20)
    ]
    (folder / "t.csv").write_text("\n".join(("Ticket ID,Created at,Resolved at,Status", *tickets)) + "\n")
    (folder / "a.csv").write_text(
        "\n".join(("Response ID,Ticket ID,Answered at,How satisfied are you? (1-5)", *answers)) + "\n"
    )
    return reported(folder / "t.csv", folder / "a.csv", "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("other", ["#{}", "000{}", "{}.0", "Ticket {}", "T-{}", "SUP{}"])
def test_all_find_their_ticket(tmp_path: Path, other: str) -> None:
    found = surveyed(tmp_path, other)
    assert found.value("response_rate_of_resolved") == 1
    assert "10 of 10 are taken for the same" in found.finding_text("spelt-numbers")


@pytest.mark.parametrize("other", ["9{}", "OLD-77{}"])
def test_those_of_no_ticket_find_none(tmp_path: Path, other: str) -> None:
    assert surveyed(tmp_path, other).value("response_rate_of_resolved") == pytest.approx(0.5)
    assert "in a form that no ticket has" in surveyed(tmp_path, "OLD-77{}").finding_text("spelt-numbers")


def test_all_with_letters_find_theirs_too(tmp_path: Path) -> None:
    found = surveyed(tmp_path, "T-{}", every=1)
    assert found.value("response_rate_of_resolved") == 1


def test_letters_of_another_system_find_none(tmp_path: Path) -> None:
    """Its numbers are the same, and its answers came before these tickets were opened."""
    found = surveyed(tmp_path, "X{}", day=-1)
    assert found.value("response_rate_of_resolved") == pytest.approx(0.5)


@pytest.mark.parametrize("form", ["T-{}", "INC{}"])
def test_messages_find_their_tickets(tmp_path: Path, form: str) -> None:
    tickets = [f"{4100 + n},2026-01-{1 + n:02} 09:00,2026-01-{1 + n:02} 15:00,Solved" for n in range(20)]
    messages = []
    for n in range(20):
        number = form.format(4100 + n) if n % 2 else 4100 + n
        messages += [
            f"{2 * n},{number},2026-01-{1 + n:02} 09:00,Customer",
            f"{2 * n + 1},{number},2026-01-{1 + n:02} {10 + n % 2}:00,Agent",
        ]
    (tmp_path / "t.csv").write_text("\n".join(("Ticket ID,Created at,Resolved at,Status", *tickets)) + "\n")
    (tmp_path / "m.csv").write_text("\n".join(("Message ID,Ticket ID,Sent at,Author", *messages)) + "\n")
    found = reported(tmp_path / "t.csv", tmp_path / "m.csv", "--kpi", "*", period="2026-01")
    assert found.value("first_reply_time") == 5400
