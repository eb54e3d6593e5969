"""Guards: two exports that overlap, whose rows are the same but for their number (another system's, or none): each counted twice."""

from pathlib import Path

import pytest
from reported import Reported
from small_surveys import report, texts_of, values


def written(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def ticket(number: str, place: int, *, is_open: bool = False, later: int = 0) -> str:
    at = f"2026-03-{1 + place // 3:02d} {8 + place % 3}:{(place * 7 + later) % 60:02d}"
    end = "" if is_open else f"2026-03-{2 + place // 3:02d} 12:{place * 11 % 60:02d}"
    who = f"k{place % 17}@x.se"
    return f"{number};{at};{end};{'open' if is_open else 'solved'};{('mail', 'phone')[place % 2]};{who}"


TICKETS = "Ticket ID;Created;Resolved;Status;Channel;Customer email"


@pytest.mark.parametrize("number", ["{:x}{:x}-ab", "T/{1}/{0}", "{1}{0}0"])
def test_tickets_numbered_by_another_system_count_once(tmp_path: Path, number: str) -> None:
    """40 of 60 tickets are in both; six that were open in the first are resolved in the second."""
    one = [ticket(number.format(place * 977 + 31, place), place, is_open=place % 7 == 6) for place in range(40)]
    two = [ticket(str(5000 + place), place) for place in range(60)]
    document = report(written(tmp_path / "a.csv", TICKETS, one), written(tmp_path / "b.csv", TICKETS, two))
    assert values(document)["tickets_created"][0] == 60
    assert values(document)["tickets_resolved"][0] == 60
    assert "40 rows are in both" in texts_of(document, "copied-rows")[0]


def test_a_list_without_numbers_next_to_one_with_them(tmp_path: Path) -> None:
    one = [ticket("", place)[1:] for place in range(40)]
    two = [ticket(str(5000 + place), place) for place in range(60)]
    document = report(
        written(tmp_path / "a.csv", TICKETS.split(";", 1)[1], one), written(tmp_path / "b.csv", TICKETS, two)
    )
    assert values(document)["tickets_created"][0] == 60


@pytest.mark.parametrize(
    ("header", "row", "kpi", "count"),
    [
        ("Order ID;Order date;Customer ID;Amount", "{number};2026-03-{day:02d} 10:{minute:02d};C{place};{place}.50", "aov", 50),
        ("Response ID;Answered at;CSAT (1-5);Comment", "{number};2026-03-{day:02d} 10:{minute:02d};{mark};word {place}", "csat", 50),
        ("Review ID;Date;Rating;Review", "{number};2026-03-{day:02d} 10:{minute:02d};{mark};word {place}", "review_rating", 50),
    ],
)  # fmt: skip
def test_orders_answers_and_reviews_too(tmp_path: Path, header: str, row: str, kpi: str, count: int) -> None:
    def rows(numbers: str, last: int) -> list[str]:
        return [
            row.format(
                number=numbers.format(place * 977 + 31),
                day=1 + place % 28,
                minute=place * 7 % 60,
                place=place + 10,
                mark=(1, 5, 4)[place % 3],
            )
            for place in range(last)
        ]

    one, two = (
        written(tmp_path / "a.csv", header, rows("{:x}-x", 30)),
        written(tmp_path / "b.csv", header, rows("{}", 50)),
    )
    assert values(report(one, two))[kpi][1] == count


def test_messages_go_on_finding_their_tickets(tmp_path: Path) -> None:
    """Messages name the tickets by the number of the second list, which stands."""
    one = [ticket(f"{place * 977:x}-ab", place) for place in range(40)]
    two = [ticket(str(5000 + place), place) for place in range(60)]
    shown = [
        f"{place};{5000 + place};2026-03-{1 + place // 3:02d} 15:{place * 7 % 60:02d};Agent;yes" for place in range(60)
    ]
    for order in ((0, 1), (1, 0)):
        lists = [
            written(tmp_path / "a.csv", TICKETS, one),
            written(tmp_path / "b.csv", TICKETS, two),
        ]
        messages = written(tmp_path / "m.csv", "Message ID;Ticket ID;Sent at;Author type;Public", shown)
        found = Reported(report(*(lists[at] for at in order), messages))
        assert found.value("tickets_created") == 60
        assert found.result("first_reply_time")["n"] == 60  # type: ignore[index]


def test_rows_alike_by_chance_are_their_own(tmp_path: Path) -> None:
    """Two teams that note the hour and one of two channels have rows in common, as they have with those of the week after."""
    header = "Ticket ID;Created;Status;Channel"
    rows = [
        [
            f"{team}{place:x}z;2026-03-{1 + place * (3 + team) % 28:02d} {8 + place * (5 + team) % 9:02d}:00;solved;{('mail', 'phone')[place * team % 2]}"
            for place in range(120)
        ]
        for team in (1, 2)
    ]
    document = report(written(tmp_path / "a.csv", header, rows[0]), written(tmp_path / "b.csv", header, rows[1]))
    assert values(document)["tickets_created"][0] == 240
    assert not texts_of(document, "copied-rows")


def test_a_few_copies_among_many_rows_are_reported(tmp_path: Path) -> None:
    """Eight of 60 tickets of either list are those of the other: all count, and nothing is judged."""
    one = [ticket(f"{place * 977:x}-ab", place) for place in range(60)]
    two = [ticket(str(5000 + place), place, later=0 if place % 8 == 0 else 13) for place in range(60)]
    found = Reported(report(written(tmp_path / "a.csv", TICKETS, one), written(tmp_path / "b.csv", TICKETS, two)))
    assert found.value("tickets_created") == 120
    assert "8 rows of" in found.finding_text("copied-rows")


@pytest.mark.parametrize(("first", "second"), [(40, 20), (44, 30), (36, 12), (30, 22)])
def test_lists_that_both_count_from_one_count_what_both_hold_once(tmp_path: Path, first: int, second: int) -> None:
    """The second numbers its rows from 1 again: row 1 of it is row 21 of the first, whose number stands for another in the second."""
    one = [ticket(str(1 + place), place) for place in range(first)]
    two = [ticket(str(1 + at), place) for at, place in enumerate(range(second, 60))]
    document = report(written(tmp_path / "a.csv", TICKETS, one), written(tmp_path / "b.csv", TICKETS, two))
    assert values(document)["tickets_created"][0] == 60
    assert f"{first - second} rows are in both" in texts_of(document, "copied-rows")[0]


def test_two_months_that_both_count_from_one_have_nothing_in_common(tmp_path: Path) -> None:
    one = [ticket(str(1 + place), place) for place in range(30)]
    two = [ticket(str(1 + at), place) for at, place in enumerate(range(30, 60))]
    document = report(written(tmp_path / "a.csv", TICKETS, one), written(tmp_path / "b.csv", TICKETS, two))
    assert values(document)["tickets_created"][0] == 60
    assert not texts_of(document, "copied-rows")
