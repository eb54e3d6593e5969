"""Agents under which nobody stands (a queue), no person (a robot, a team), or one person twice (a name and an address)."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written


def tickets(folder: Path, agents: tuple[str, ...]) -> dict[str, object]:
    rows = [f"{n};2026-01-{1 + n % 28:02d} 10:{n:02d};Open;{agents[n % len(agents)]}" for n in range(60)]
    return report_json(
        written(folder, "tickets", "Ärendenummer;Skapad;Status;Handläggare", *rows), "--period", "2026-01"
    )


@pytest.mark.parametrize("word", ["Kö", "I kö", "Queue", "(Ingen)", "0", "Innboks", "Ingen tildelt", "(none)"])
def test_a_queue_is_no_agent(tmp_path: Path, word: str) -> None:
    found = totals(tickets(tmp_path, ("Anna Berg", "Bo Ek", word)))["tickets_per_agent"]
    assert (found["value"], found["n"]) == (20, 40)


@pytest.mark.parametrize("word", ["System", "Svarsrobot - bot", "Support", "Kundtjänst", "Service desk", "Kundesenter"])
def test_a_robot_or_a_team_is_said(tmp_path: Path, word: str) -> None:
    document = tickets(tmp_path, ("Anna Berg", "Bo Ek", word))
    [found] = [one for one in document["findings"] if one["code"] == "agents-of-nobody"]
    assert (f"`{word}`" in found["text"], found["serious"]) == (True, True)


@pytest.mark.parametrize("agents", [("Support", "Kundtjänst"), ("Anna Support", "Bo Ek"), ("Abbot", "Talbot")])
def test_teams_alone_and_people_are_no_matter(tmp_path: Path, agents: tuple[str, ...]) -> None:
    assert findings(tickets(tmp_path, agents), "agents-of-nobody") == []


@pytest.mark.parametrize(
    "agents",
    [
        ("Anna Berg", "anna.berg@firma.se", "Bo Ek", "bo.ek@firma.se"), ("Åsa Öberg", "asa.oberg@firma.se", "Bo Ek", "Bo Ek <bo@firma.se>"),
        ("Berg, Anna", "ANNA_BERG@firma.no", "Bo Ek", "bo-ek@firma.no"),
    ],
)  # fmt: skip
def test_a_name_and_its_address_are_one(tmp_path: Path, agents: tuple[str, ...]) -> None:
    document = tickets(tmp_path, agents)
    assert totals(document)["tickets_per_agent"]["value"] == 30
    assert len(findings(document, "one-spelling")) == 1


@pytest.mark.parametrize("agents", [("Anna Berg", "anna@firma.se"), ("Anna Berg", "anna.ek@firma.se"), ("anna.berg@firma.se", "bo.ek@firma.se")])  # fmt: skip
def test_addresses_that_are_not_certain_stay_apart(tmp_path: Path, agents: tuple[str, ...]) -> None:
    assert totals(tickets(tmp_path, agents))["tickets_per_agent"]["value"] == 30
