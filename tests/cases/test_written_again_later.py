"""Rows that a later file has otherwise: seconds cut off, a reply since, another amount, cancelled; counted twice, or as the older file had them."""

from pathlib import Path

import pytest
from reported import Reported, reported


def asked(folder: Path, header: str, *files: list[str], kpis: tuple[str, ...], period: str = "2026-03") -> Reported:
    for at, rows in enumerate(files):
        (folder / f"{at}.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    names = [word for kpi in kpis for word in ("--kpi", kpi)]
    return reported(*(folder / f"{at}.csv" for at in range(len(files))), *names, "--min-n", "1", period=period)


@pytest.mark.parametrize("turned", [False, True])
def test_answers_whose_seconds_were_cut_off(tmp_path: Path, turned: bool) -> None:
    first = ["2026-03-01 10:00:05;5;bra", "2026-03-02 10:00:07;1;"]
    second = ["2026-03-01 10:00;5;bra", "2026-03-02 10:00;1;", "2026-03-03 09:00;4;"]
    files = (second, first) if turned else (first, second)
    found = asked(tmp_path, "Tidstämpel;CSAT (1-5);Kommentar", *files, kpis=("csat",))
    assert (found.value("csat"), found.result("csat")["n"]) == (2 / 3, 3)
    assert "goes on longer" in found.finding_text("repeated-keys")


def test_answers_of_other_marks_at_one_minute_are_others(tmp_path: Path) -> None:
    files = [[f"2026-03-{at:02} 10:00:0{name};{mark};" for at in range(1, 6)] for name, mark in ((1, 5), (2, 1))]
    found = asked(tmp_path, "Tidstämpel;CSAT (1-5);Kommentar", *files, kpis=("csat",))
    assert found.result("csat")["n"] == 10


@pytest.mark.parametrize("header", ["Reply", "Svar från ägaren", "Status"])
def test_a_review_with_a_reply_since(tmp_path: Path, header: str) -> None:
    first = ["5;2026-03-01;A;bra;", "1;2026-03-02;B;dålig;"]
    second = ["5;2026-03-01;A;bra;", "1;2026-03-02;B;dålig;Tack", "4;2026-03-03;C;ok;"]
    found = asked(tmp_path, f"Rating;Review date;Author;Review;{header}", first, second, kpis=("review_rating",))
    assert found.result("review_rating")["n"] == 3


def test_a_ticket_without_a_number_that_was_resolved_since(tmp_path: Path) -> None:
    first = [f"2026-03-{at:02} 09:{at:02};;Open;fråga {at}" for at in range(1, 11)]
    second = [f"2026-03-{at:02} 09:{at:02};2026-03-{at:02} 12:00;Closed;fråga {at}" for at in range(5, 16)]
    found = asked(tmp_path, "Skapad;Löst;Status;Typ", first, second, kpis=("tickets_created", "tickets_resolved"))
    assert (found.value("tickets_created"), found.value("tickets_resolved")) == (15, 11)


def test_plain_days_distinguish_no_row_from_another(tmp_path: Path) -> None:
    files = [
        [f"2026-03-{at:02};Closed;Fel" for at in (1, 1, 2, 2, 3)],
        [f"2026-03-{at:02};Open;Fel" for at in (1, 2, 3, 3, 4)],
    ]
    found = asked(tmp_path, "Skapad;Status;Typ", *files, kpis=("tickets_created",))
    assert found.value("tickets_created") == 10


ORDERS = "Ordernummer;Orderdatum;Kundnummer;Belopp;Status"
MARCH = [f"{at};2026-03-{at:02};{at};100;Betald" for at in range(1, 11)]


@pytest.mark.parametrize("turned", [False, True])
def test_the_amount_of_an_order_is_that_of_the_later_file(tmp_path: Path, turned: bool) -> None:
    april = ["6;2026-03-06;6;80;Betald", "7;2026-03-07;7;70;Betald", "11;2026-04-02;1;50;Betald"]
    files = (april, MARCH) if turned else (MARCH, april)
    found = asked(tmp_path, ORDERS, *files, kpis=("revenue", "active_customers"))
    assert (found.value("revenue"), found.value("active_customers")) == (950, 10)
    assert "reaches later" in found.finding_text("repeated-keys")


def test_other_amounts_in_files_of_one_reach_have_no_value(tmp_path: Path) -> None:
    again = [MARCH[0].replace("100", "80"), *MARCH[1:]]
    assert asked(tmp_path, ORDERS, MARCH, again, kpis=("revenue",)).value("revenue") is None


@pytest.mark.parametrize("state", ["Makulerad", "Cancelled", "Test"])
@pytest.mark.parametrize("turned", [False, True])
def test_an_order_that_was_cancelled_since_is_none(tmp_path: Path, state: str, turned: bool) -> None:
    april = [f"5;2026-03-05;5;100;{state}", "11;2026-04-02;1;50;Betald"]
    files = (april, MARCH) if turned else (MARCH, april)
    found = asked(tmp_path, ORDERS, *files, kpis=("revenue", "active_customers"))
    assert (found.value("revenue"), found.value("active_customers")) == (900, 9)


def test_an_order_that_came_back_counts(tmp_path: Path) -> None:
    march = [*MARCH[:4], "5;2026-03-05;5;100;Makulerad", *MARCH[5:]]
    april = ["5;2026-03-05;5;100;Betald", "11;2026-04-02;1;50;Betald"]
    assert asked(tmp_path, ORDERS, march, april, kpis=("revenue",)).value("revenue") == 1000


def test_cancelled_and_paid_in_files_of_one_reach_has_no_value(tmp_path: Path) -> None:
    again = [*MARCH[:4], "5;2026-03-05;5;100;Makulerad", *MARCH[5:]]
    found = asked(tmp_path, ORDERS, MARCH, again, kpis=("revenue",))
    assert found.value("revenue") is None
    assert "which is the later file" in found.finding_text("gone-since")
