"""A survey of which some answers name their ticket in another spelling: all are matched, and it is said."""

from pathlib import Path

import pytest
from reported import Reported, reported


def surveyed(folder: Path, other: str) -> Reported:
    tickets = [f"{4100 + n},2026-01-{1 + n:02} 09:00,2026-01-{1 + n:02} 10:00,Solved" for n in range(20)]
    answers = [f"{n},{other.format(4100 + n) if n % 2 else 4100 + n},2026-01-{1 + n:02} 12:00,5" for n in range(20)]
    (folder / "t.csv").write_text("\n".join(("Ticket ID,Created at,Resolved at,Status", *tickets)) + "\n")
    (folder / "a.csv").write_text(
        "\n".join(("Response ID,Ticket ID,Answered at,How satisfied are you? (1-5)", *answers)) + "\n"
    )
    return reported(folder / "t.csv", folder / "a.csv", "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("other", ["#{}", "000{}", "{}.0", "Ticket {}"])
def test_all_find_their_ticket(tmp_path: Path, other: str) -> None:
    found = surveyed(tmp_path, other)
    assert found.value("response_rate_of_resolved") == 1
    assert "10 of 10 are taken for the same" in found.said("spelt-numbers")


@pytest.mark.parametrize("other", ["9{}", "OLD-77{}"])
def test_those_of_no_ticket_find_none(tmp_path: Path, other: str) -> None:
    assert surveyed(tmp_path, other).value("response_rate_of_resolved") == pytest.approx(0.5)
