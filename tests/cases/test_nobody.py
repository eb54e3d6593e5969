"""Words for nobody counted as somebody: an agent called `Unassigned`, a customer called `guest`, one agent under two spellings.

They are missing values, and it is reported; so are tickets whose status or tick says that they are spam, deleted or merged.
"""

from pathlib import Path

import pytest
from invoked import piped
from reported import Reported, reported


def _report(folder: Path, header: str, *rows: str, kpis: str = "", by: str = "") -> Reported:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    asked = [part for name in kpis.split() for part in ("--kpi", name)]
    return reported(path, *asked, *(["--by", by, "--min-n", "1"] if by else []))


TICKETS = "Ärendenummer;Skapad;Löst;Status;Handläggare;Grupp"


@pytest.mark.parametrize(
    "word",
    ["Unassigned", "Ikke tildelt", "Ej tilldelad", "OTILLDELAD", "Nobody", "(none)", "No agent", "Ingen handläggare", "Ei määritetty"],
)  # fmt: skip
def test_a_word_for_no_agent_is_no_agent(tmp_path: Path, word: str) -> None:
    """Hand-worked: six tickets of two agents, two of nobody: three an agent, not two and two thirds."""
    rows = [
        f"{at};2026-09-0{at} 08:00;2026-09-0{at} 12:00;Löst;{'Anna' if at % 2 else 'Per'};Nord" for at in range(1, 7)
    ]
    rows += [f"{at};2026-09-0{at} 08:00;2026-09-0{at} 08:01;Löst;{word};{word}" for at in (7, 8)]
    found = _report(tmp_path, TICKETS, *rows, kpis="tickets_per_agent resolution_time", by="agent")
    assert found.value("tickets_per_agent") == 3
    assert found.result("resolution_time", agent=word) is None
    assert found.value("resolution_time", agent="Anna") == 4 * 3600
    grouped = _report(tmp_path, TICKETS, *rows, kpis="tickets_created", by="group")
    assert {each["group"].get("group") for each in grouped.document["results"] if each["group"]} == {"Nord", None}


@pytest.mark.parametrize("name", ["Ingen Svensson", "Nobody Owens", "Unassigned West team"])
def test_a_name_that_merely_holds_such_a_word_stays(tmp_path: Path, name: str) -> None:
    rows = [f"{at};2026-09-0{at} 08:00;;Öppen;{name};Nord" for at in range(1, 4)]
    assert (
        _report(tmp_path, TICKETS, *rows, kpis="tickets_created", by="agent").value("tickets_created", agent=name) == 3
    )


@pytest.mark.parametrize("column", ["agent", "group", "channel"])
def test_spellings_of_one_word_are_one_group_in_the_commonest(tmp_path: Path, column: str) -> None:
    words = ["Anna", "Anna", "ANNA ", "anna", "Per  Nilsson", "Per Nilsson", "Per Nilsson"]
    rows = [f"{at};2026-09-0{at} 08:00;;Öppen;{word}" for at, word in enumerate(words, 1)]
    header = {"agent": "Handläggare", "group": "Grupp", "channel": "Kanal"}[column]
    found = _report(tmp_path, f"Ärendenummer;Skapad;Löst;Status;{header}", *rows, kpis="tickets_created", by=column)
    groups = {each["group"][column]: each["value"] for each in found.document["results"] if each["group"]}
    assert groups == {"Anna": 4, "Per Nilsson": 3}
    assert "ANNA = Anna, Per  Nilsson = Per Nilsson, anna = Anna" in found.finding_text("one-spelling")


def test_codes_stay_as_the_file_writes_them(tmp_path: Path) -> None:
    rows = [f"{at};2026-09-0{at} 08:00;;Öppen;{code}" for at, code in enumerate(["a1", "A1", "A1"], 1)]
    found = _report(tmp_path, "Ärendenummer;Skapad;Löst;Status;Grupp", *rows, kpis="tickets_created", by="group")
    assert found.value("tickets_created", group="A1") == 2
    assert "one-spelling" not in found.codes


def test_agents_are_counted_once_whatever_their_spelling_and_conditions_find_every_one(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [
        f"{at};2026-09-0{at} 08:00;;Öppen;{word};Nord" for at, word in enumerate(["Anna", "anna", "Anna", "ANNA"], 1)
    ]
    path.write_text("\n".join([TICKETS, *rows, ""]), encoding="utf-8")
    assert reported(path).value("tickets_per_agent") == 4
    assert reported(path, "--where", "agent = 'ANNA'", "--min-n", "1").value("tickets_created") == 4


@pytest.mark.parametrize(
    "word",
    ["guest", "Anonymous", "anonym", "Unknown", "n/a", "GJEST", "gäst", "Okänd kund", "Ukjent", "noreply@shop.example",
     "No-Reply@shop.example", "do-not-reply@x.no", "anonymous@anonymous.invalid"],
)  # fmt: skip
def test_a_word_for_no_customer_is_nobody_who_came_back(tmp_path: Path, word: str) -> None:
    """Hand-worked: of three customers one ordered twice; four orders are of nobody."""
    who = ["c1", "c2", "c2", "c3", word, word, word, word]
    rows = [f"{at},2026-01-0{at},{one},10" for at, one in enumerate(who, 1)]
    found = _report(tmp_path, "Order ID,Order date,Customer ID,Amount", *rows)
    assert found.value("active_customers") == 3
    assert found.value("repurchase_rate") == pytest.approx(1 / 3)
    assert found.value("revenue") == 80
    assert ("4 rows of" in found.finding_text("no-customer")) == (word != "n/a")


@pytest.mark.parametrize("name", ["Guest House AB", "unknown.artist@x.se", "Anonyma Alkoholister", "reply@x.se"])
def test_a_customer_who_is_merely_called_so_stays(tmp_path: Path, name: str) -> None:
    rows = [f"{at},2026-01-0{at},{name},10" for at in (1, 2)]
    found = _report(tmp_path, "Order ID,Order date,Customer ID,Amount", *rows, "3,2026-01-03,c9,10")
    assert found.value("active_customers") == 2
    assert "no-customer" not in found.codes


def test_answers_and_contacts_of_nobody_are_repeated_by_nobody(tmp_path: Path) -> None:
    answers = [f"r{at},2026-01-0{at},{'Anonym' if at < 6 else f'c{at}'},9" for at in range(1, 10)]
    found = _report(tmp_path, "Response ID,Answered at,Customer,NPS", *answers)
    assert found.result("nps")["n"] == 9
    assert "repeated-respondents" not in found.codes
    tickets = [
        f"{at},2026-01-0{at} 08:00,2026-01-0{at} 09:00,Solved,{'unknown' if at < 5 else f'c{at}'}" for at in range(1, 9)
    ]
    found = _report(tmp_path, "Ticket ID,Created at,Resolved at,Status,Customer ID", *tickets)
    assert (found.value("fcr_no_repeat"), found.result("fcr_no_repeat")["n"]) == (1.0, 4)


@pytest.mark.parametrize(
    ("header", "tick"), [("Spam", "x"), ("Skräppost", "X"), ("Merged", "✓"), ("Duplikat", "Ja"), ("Sammanslagen", "x")]
)
def test_a_tick_says_that_a_ticket_counts_for_nothing(tmp_path: Path, header: str, tick: str) -> None:
    rows = [f"{at};2026-09-0{at} 08:00;;Öppen;{tick if at in (2, 3) else ''}" for at in range(1, 7)]
    found = _report(tmp_path, f"Ärendenummer;Skapad;Löst;Status;{header}", *rows)
    assert found.value("tickets_created") == 4
    assert "2 merged or spam tickets are left out" in found.finding_text("merged-or-spam")


def test_a_column_of_ticks_says_no_where_it_is_blank(tmp_path: Path) -> None:
    """Hand-worked: three of five calls were answered."""
    rows = [f"{at},2026-09-0{at} 08:00,{'x' if at < 4 else ''}" for at in range(1, 6)]
    assert _report(tmp_path, "Call ID,Date,Answered", *rows).value("answer_rate") == 0.6


def test_an_x_next_to_other_words_for_yes_is_not_guessed(tmp_path: Path) -> None:
    rows = [f"{at},2026-09-0{at} 08:00,{word}" for at, word in enumerate(["x", "yes", "no", "yes"], 1)]
    found = _report(tmp_path, "Call ID,Date,Answered", *rows)
    assert found.result("answer_rate")["n"] == 3


@pytest.mark.parametrize(
    "word",
    [
        "Spam",
        "Merged",
        "Slettet",
        "Sammanslagen",
        "Duplikat",
        "SKRÄPPOST",
        "Deleted",
        "Flettet",
        "Duplicate",
        "Yhdistetty",
    ],
)
def test_a_status_says_that_a_ticket_counts_for_nothing(tmp_path: Path, word: str) -> None:
    """Hand-worked: six tickets of which two are none; one of the other four is open."""
    rows = [f"{at};2026-09-0{at} 08:00;2026-09-0{at} 12:00;{word if at in (2, 3) else 'Löst'}" for at in range(1, 6)]
    found = _report(tmp_path, "Ärendenummer;Skapad;Löst;Status", *rows, "6;2026-09-06 08:00;;Öppen")
    assert (found.value("tickets_created"), found.value("tickets_resolved"), found.value("backlog")) == (4, 3, 1)
    assert "2 merged or spam tickets are left out" in found.finding_text("merged-or-spam")
    assert found.document["sources"][0]["rows_refused"] == {}


def test_a_status_and_a_tick_are_both_heard(tmp_path: Path) -> None:
    rows = [
        "1;2026-09-01 08:00;Spam;",
        "2;2026-09-02 08:00;Löst;x",
        "3;2026-09-03 08:00;Löst;",
        "4;2026-09-04 08:00;Sammanslagen;x",
    ]
    assert _report(tmp_path, "Ärendenummer;Skapad;Status;Spam", *rows).value("tickets_created") == 1


def test_inspect_and_map_know_what_such_a_status_means(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = ["1;2026-09-01 08:00;Spam", "2;2026-09-02 08:00;Löst", "3;2026-09-03 08:00;Sammanslagen"]
    path.write_text("\n".join(["Ärendenummer;Skapad;Status", *rows, ""]), encoding="utf-8")
    assert "Löst = solved (1), Sammanslagen = merged (1), Spam (1)" in piped("inspect", path).out
    assert "unknown word" not in piped("map", path).out
