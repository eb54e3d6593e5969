"""Calls that the help desk made itself, counted as contacts of customers: nobody asked for them, and they are nearly always answered."""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

LOGS = {
    "English": (
        "Call ID,Start time,Direction,Agent,Talk time,Result",
        ("Inbound", "Outbound", "Internal"),
        ("Answered", "Missed"),
    ),
    "Swedish": (
        "Samtals-ID,Starttid,Riktning,Agent,Samtalstid,Resultat",
        ("Inkommande", "Utgående", "Internt"),
        ("Besvarat", "Missat"),
    ),
    "Norwegian": (
        "Anrops-ID,Starttid,Retning,Agent,Samtaletid,Resultat",
        ("Innkommende", "Utgående", "Intern"),
        ("Besvart", "Tapt"),
    ),
}


def calls(folder: Path, header: str, sides: tuple[str, ...], results: tuple[str, str]) -> Reported:
    """Three calls that came in, of which two were answered, two that went out, and one in the house."""
    came, went, inside = sides
    answered, missed = results
    ways = [(came, answered), (came, missed), (came, answered), (went, answered), (went, answered), (inside, answered)]
    rows = [f"{n},2026-10-0{n} 08:00:00,{way},Kim,00:0{n}:00,{result}" for n, (way, result) in enumerate(ways, 1)]
    return reported(written(folder, "calls", header, *rows), "--kpi", "tickets_created", "--kpi", "answer_rate")


@pytest.mark.parametrize("language", LOGS)
def test_calls_that_went_out_are_no_contacts(tmp_path: Path, language: str) -> None:
    found = calls(tmp_path, *LOGS[language])
    header = LOGS[language][0].split(",")[2]
    assert found.value("tickets_created") == 3
    assert found.value("answer_rate") == pytest.approx(2 / 3)
    assert found.refused == [{f"outgoing or internal by `{header}`": 3}]
    assert "unknown-directions" not in found.codes


def test_words_that_do_not_say_who_called_are_reported(tmp_path: Path) -> None:
    header, (came, _, inside), results = LOGS["English"]
    found = calls(tmp_path, header, (came, "Campaign", inside), results)
    assert found.value("tickets_created") == 5
    assert "`Campaign` in `Direction`" in found.finding_text("unknown-directions")


def test_a_type_of_call_that_says_what_it_is_about_says_no_direction(tmp_path: Path) -> None:
    header, _, results = LOGS["English"]
    found = calls(tmp_path, header.replace("Direction", "Call type"), ("Sales", "Support", "Billing"), results)
    assert found.value("tickets_created") == 6
    assert "unknown-directions" not in found.codes


def test_tickets_that_an_agent_opened_are_tickets(tmp_path: Path) -> None:
    """A list that does not say whether its contacts were answered is none of calls."""
    rows = [f"{n},2026-10-0{n} 08:00,{way},Open" for n, way in enumerate(("Inbound", "Outbound"), 1)]
    found = reported(written(tmp_path, "tickets", "Ticket ID,Created,Direction,Status", *rows))
    assert found.value("tickets_created") == 2
