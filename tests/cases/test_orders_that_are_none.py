"""Rows of orders and customers that say something else than they seem to: credits, unknown states, ends that are still to come.

A credit is no order, an unknown state is noted with what it touches, and nobody has left before they leave.
"""

from pathlib import Path

import pytest
from reported import reported

HEADER = "Order ID,Order date,Customer ID,Amount"


def written(folder: Path, header: str, *rows: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def test_a_credit_is_taken_off_revenue_and_is_no_order(tmp_path: Path) -> None:
    rows = ("1,2026-10-01,A,100", "2,2026-10-02,B,200", "3,2026-10-12,B,-200", "4,2026-10-31,C,50")
    found = reported(written(tmp_path, HEADER, *rows))
    assert found.value("revenue") == 150
    assert found.value("aov") == 50
    assert found.value("repurchase_rate") == 0
    assert found.value("orders_per_customer") == 1
    assert found.finding_text("credits")


def test_a_customer_of_credits_alone_is_no_buyer(tmp_path: Path) -> None:
    rows = ("1,2026-10-01,A,100", "2,2026-10-02,B,-20", "3,2026-10-03,C,30")
    assert reported(written(tmp_path, HEADER, *rows)).value("active_customers") == 2


@pytest.mark.parametrize("word", ["Kredit", "Krediterad", "Retur", "Refunded", "Återbetald", "Charged back"])
def test_a_credit_that_a_word_says_again_is_taken_off_once(tmp_path: Path, word: str) -> None:
    rows = ("1,2026-10-01,A,1000,Levererad", "2,2026-10-09,B,500,Levererad", f"3,2026-10-31,B,-500,{word}")
    found = reported(written(tmp_path, f"{HEADER},Status", *rows))
    assert found.value("revenue") == 1000
    assert found.value("aov") == 500
    assert any("credits" in note for note in found.result("aov")["notes"])


@pytest.mark.parametrize("paid_back", ["200", "-200", ""])
def test_a_credit_that_a_sum_says_again_is_taken_off_once(tmp_path: Path, paid_back: str) -> None:
    rows = ("1,2026-10-01,A,1000,,Paid", "2,2026-10-09,B,500,100,Paid", f"3,2026-10-31,B,-200,{paid_back},Refunded")
    assert reported(written(tmp_path, f"{HEADER},Refunded amount,Status", *rows)).value("revenue") == 1200


def test_a_line_of_an_order_that_is_a_credit_is_taken_off_once(tmp_path: Path) -> None:
    rows = ("1,2026-10-01,A,1000,Hat,Paid", "1,2026-10-01,A,-300,Cap,Refunded", "2,2026-10-31,B,50,Hat,Paid")
    assert reported(written(tmp_path, f"{HEADER},Product,Status", *rows)).value("revenue") == 750


@pytest.mark.parametrize("word", ["Xyz", "Delvis återbetald", "Ej betald", "Partially refunded"])
def test_a_state_that_settles_nothing_is_noted_with_revenue(tmp_path: Path, word: str) -> None:
    rows = [f"{number},2026-10-0{number},K{number},100,Betald" for number in range(1, 7)]
    found = reported(written(tmp_path, f"{HEADER},Status", *rows, f"7,2026-10-07,K7,1000,{word}"))
    assert found.result("revenue")["trust"]["unread"] == 1
    assert found.result("revenue")["trust"]["marked"]


@pytest.mark.parametrize("word", ["Makulert", "Kladd", "Testordre", "Feilet", "Kansellerad", "Betalning misslyckades"])
def test_an_order_that_came_to_nothing_is_none_in_any_language(tmp_path: Path, word: str) -> None:
    rows = (f"{HEADER},Status", "1,2026-10-01,A,100,Betalt", f"2,2026-10-02,B,900,{word}", "3,2026-10-03,C,50,Levert")
    assert reported(written(tmp_path, *rows)).value("revenue") == 150


@pytest.mark.parametrize("word", ["Krediterad", "Retur", "Återköp", "Kreditert", "Returned"])
def test_an_order_paid_back_is_worth_nothing_in_any_language(tmp_path: Path, word: str) -> None:
    rows = (f"{HEADER},Status", "1,2026-10-01,A,100,Betald", f"2,2026-10-02,B,900,{word}", "3,2026-10-03,C,50,Skickad")
    assert reported(written(tmp_path, *rows)).value("revenue") == 150


def test_an_end_that_is_still_to_come_is_no_leaving(tmp_path: Path) -> None:
    rows = ("1,2026-01-02,", "2,2026-02-03,", "3,2026-10-02,2026-11-30", "4,2026-09-01,2026-10-05")
    path = written(tmp_path, "Customer ID,Customer since,End date", *rows)
    found = reported(path, "--as-of", "2026-10-31", period="2026-10")
    assert found.value("churn_share") == 0
    assert found.value("churn_rate") == pytest.approx(1 / 3)


@pytest.mark.parametrize("never", ["9999-12-31", "2999-12-31", "31.12.9999"])
def test_an_end_that_never_comes_is_none(tmp_path: Path, never: str) -> None:
    day = "{:02}.10.2026" if never.startswith("31") else "2026-10-{:02}"
    rows = [f"{number},{day.format(number + 12)},{never if number < 4 else day.format(28)}" for number in range(1, 5)]
    path = written(tmp_path, "Customer ID,Customer since,End date", *rows)
    assert reported(path).value("churn_share") == 0.25


def members(*ends: str) -> list[str]:
    """A customer a day from the first of October, with these ends for the first of them."""
    given = dict(enumerate(ends, 1))
    return [f"{number},2026-10-{number:02},{given.get(number, '')}" for number in range(1, 32)]


LIST = "Kundnummer,Startdatum,Slutdatum"


@pytest.mark.parametrize("ends", [["2026-12-31"], ["2026-11-30", "2026-12-31", "2027-01-31"] * 3])
def test_an_end_ahead_of_all_that_has_happened_is_a_plan(tmp_path: Path, ends: list[str]) -> None:
    found = reported(written(tmp_path, LIST, *members(*ends)))
    assert found.document["query"]["as_of"].startswith("2026-10-31")
    assert found.value("churn_share") == 0
    assert found.finding_text("planned-ends")
    assert not found.finding_text("passed-over")


@pytest.mark.parametrize("never", ["2099-12-31", "9999-12-31"])
def test_the_last_day_of_a_calendar_is_no_end(tmp_path: Path, never: str) -> None:
    found = reported(written(tmp_path, LIST, *members(*[never] * 20)))
    assert found.value("churn_share") == 0
    assert not found.finding_text("planned-ends")
    assert not found.finding_text("passed-over")


@pytest.mark.parametrize("ends", [["2026-10-30"], ["2026-10-31"] * 4, ["2026-11-02"]])
def test_an_end_among_what_has_happened_or_right_after_it_is_a_leaving(tmp_path: Path, ends: list[str]) -> None:
    found = reported(written(tmp_path, LIST, *members(*ends)), period="2026-10")
    assert found.value("churn_share") == pytest.approx(len(ends) / 31)
    assert not found.finding_text("planned-ends")


def test_customers_who_go_on_leaving_where_few_came_have_left(tmp_path: Path) -> None:
    rows = ("1,2026-01-02,2026-03-05", "2,2026-02-03,2026-04-20", "3,2026-03-03,2026-05-10", "4,2026-03-04,")
    found = reported(written(tmp_path, LIST, *rows), period="2026-03")
    assert found.document["query"]["as_of"].startswith("2026-05-10")
    assert not found.finding_text("planned-ends")


def test_those_who_leave_a_list_made_on_one_day_have_left_and_those_of_far_years_have_not(tmp_path: Path) -> None:
    rows = [f"{number},2025-01-01,2026-{number // 2 + 1:02}-15" for number in range(1, 21)]
    found = reported(written(tmp_path, LIST, *rows, "21,2025-01-01,2099-12-31", "22,2025-01-01,"))
    assert found.document["query"]["as_of"].startswith("2026-11-15")
    assert found.value("churn_share") == pytest.approx(20 / 22)


def test_a_plan_counts_once_its_day_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, LIST, *members("2026-12-31"))
    assert reported(path, "--as-of", "2027-01-01", period="2026-10").value("churn_share") == pytest.approx(1 / 31)


@pytest.mark.parametrize(
    "word",
    ["tillsvidare", "løbende", "pågående", "until further notice", "Toistaiseksi", "open", "Inntil videre", "LÖPANDE"],
)
def test_a_word_for_no_end_is_none(tmp_path: Path, word: str) -> None:
    found = reported(written(tmp_path, LIST, *members("2026-10-30", *[word] * 25)), period="2026-10")
    assert found.refused == [{}]
    assert found.value("churn_share") == pytest.approx(1 / 31)


@pytest.mark.parametrize("period", ["2026-12", "2026-09", "2027-01-01..2027-01-31"])
def test_nobody_is_no_figure_of_a_time_that_the_files_do_not_cover(tmp_path: Path, period: str) -> None:
    rows = [f"{day},2026-10-{day:02},K{day},100" for day in range(1, 31)]
    found = reported(written(tmp_path, HEADER, *rows), period=period)
    assert found.value("active_customers") is None
    assert found.value("revenue") is None


def test_a_covered_day_without_an_order_has_no_customers(tmp_path: Path) -> None:
    rows = [f"{day},2026-10-{day:02},K{day},100" for day in range(1, 31) if day != 15]
    assert reported(written(tmp_path, HEADER, *rows), period="2026-10-15..2026-10-15").value("active_customers") == 0


@pytest.mark.parametrize(
    ("header", "left", "stays"),
    [
        ("Status", "Avslutad", "Aktiv"),
        ("Status", "Uppsagd", "Aktiv"),
        ("Kundstatus", "Inaktiv", "Aktiv"),
        ("Status", "Cancelled", "Active"),
        ("Kundestatus", "Oppsagt", "Løpende"),
        ("Tila", "Päättynyt", "Aktiivinen"),
        ("Aktiv", "Nej", "Ja"),
        ("Active", "No", "Yes"),
        ("Aktiv", "Inaktiv", "Aktiv"),
        ("Inaktiv", "Ja", "Nej"),
    ],
)
def test_a_status_says_who_has_left(tmp_path: Path, header: str, left: str, stays: str) -> None:
    rows = [f"{day},2026-10-{day:02},{left if day <= 3 else stays}" for day in range(1, 13)]
    found = reported(written(tmp_path, f"Kundnummer,Startdatum,{header}", *rows))
    assert found.value("churn_share") == 0.25
    assert found.refused == [{}]


@pytest.mark.parametrize("words", ["Guld,Silver", "A,B", "Betald,Obetald"])
def test_a_status_of_other_things_says_nothing_of_leaving(tmp_path: Path, words: str) -> None:
    first, second = words.split(",")
    rows = [f"{day},2026-10-{day:02},{first if day <= 3 else second}" for day in range(1, 13)]
    assert reported(written(tmp_path, "Kundnummer,Startdatum,Status", *rows)).value("churn_share") is None


def test_a_status_nobody_knows_is_noted_with_churn(tmp_path: Path) -> None:
    rows = [
        f"{day},2026-10-{day:02},{'Avslutad' if day <= 3 else 'Vilande' if day == 4 else 'Aktiv'}"
        for day in range(1, 13)
    ]
    found = reported(written(tmp_path, "Kundnummer,Startdatum,Status", *rows))
    assert found.result("churn_share")["trust"]["unread"] == 1


@pytest.mark.parametrize(
    ("credit", "revenue"),
    [
        ("2,2026-10-12,B,-500,Kredit", 1050),
        ("2,2026-10-12,B,-200,Kredit", 1350),
        ("2,2026-10-05,B,-500,Kredit", 1050),
        ("2,2026-10-12,,-500,", 1050),
        ("2,2026-10-12,B,-200,Kredit\n2,2026-10-13,B,-100,Kredit", 1250),
        ("2,2026-10-12,B,-200,Kredit\n2,2026-10-12,B,-200,Kredit", 1350),
    ],
)
def test_a_credit_under_the_number_of_its_order_does_not_take_its_place(
    tmp_path: Path, credit: str, revenue: float
) -> None:
    rows = ("1,2026-10-01,A,1000,Betald", "2,2026-10-05,B,500,Betald", *credit.split("\n"), "3,2026-10-31,C,50,Betald")
    found = reported(written(tmp_path, f"{HEADER},Status", *rows))
    assert found.value("revenue") == revenue
    assert found.value("aov") == pytest.approx(revenue / 3)
    assert found.value("active_customers") == 3


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_credit_in_the_file_of_a_later_month_belongs_to_its_order(tmp_path: Path, order: tuple[int, int]) -> None:
    header = f"{HEADER},Status"
    (tmp_path / "a").mkdir()
    files = (
        written(tmp_path, header, "1,2026-10-01,A,1000,Betald", "2,2026-10-05,B,500,Återbetald"),
        written(
            tmp_path / "a", header, "3,2026-11-01,C,50,Betald", "2,2026-11-12,B,-500,Kredit", "4,2026-11-30,C,50,Betald"
        ),
    )
    paths = [files[place] for place in order]
    assert reported(*paths).value("revenue") == 1100
    assert reported(*paths, period="2026-10").value("revenue") == 1500
    assert reported(*paths, period="2026-11").value("revenue") == -400


@pytest.mark.parametrize(
    ("rows", "revenue"),
    [
        # The order and a credit of its own number.
        (("2,2026-10-05,B,500,Återbetald", "2,2026-10-12,B,-500,Kredit"), 1050),
        # A credit with a number of its own, of the same customer and just as much.
        (("2,2026-10-05,B,500,Återbetald", "9,2026-10-12,B,-500,Kredit"), 1050),
        # Two orders alike, one of them credited: the other is paid back by its own word.
        (("2,2026-10-05,B,500,Återbetald", "4,2026-10-06,B,500,Återbetald", "9,2026-10-12,B,-500,Kredit"), 1050),
        # How much was paid back is what the credit says.
        (("2,2026-10-05,B,500,Återbetald", "2,2026-10-12,B,-200,Kredit"), 1350),
        # Another customer's credit is another matter, and so is one of another sum or before the order.
        (("2,2026-10-05,B,500,Återbetald", "9,2026-10-12,C,-500,Kredit"), 550),
        (("2,2026-10-05,B,500,Återbetald", "9,2026-10-12,B,-100,Kredit"), 950),
        (("2,2026-10-05,B,500,Återbetald", "9,2026-10-02,B,-500,Kredit"), 550),
    ],
)  # fmt: skip
def test_what_was_paid_back_counts_once(tmp_path: Path, rows: tuple[str, ...], revenue: float) -> None:
    whole = ("1,2026-10-01,A,1000,Betald", *rows, "3,2026-10-31,C,50,Betald")
    found = reported(written(tmp_path, f"{HEADER},Status", *whole))
    assert found.value("revenue") == revenue
    assert ("says so again" in found.finding_text("credits")) == (revenue in (1050, 1350))


@pytest.mark.parametrize(("sum_", "revenue"), [("500", 1050), ("200", 1350), ("", 1350)])
def test_a_sum_paid_back_and_its_credit_count_once(tmp_path: Path, sum_: str, revenue: float) -> None:
    credit = sum_ or "200"
    rows = ("1,2026-10-01,A,1000,", f"2,2026-10-05,B,500,{sum_}", f"9,2026-10-12,B,-{credit},", "3,2026-10-31,C,50,")
    assert reported(written(tmp_path, f"{HEADER},Refunded amount", *rows)).value("revenue") == revenue


@pytest.mark.parametrize("words", [("", ""), (",Aktiv", ",Avslutad")])
def test_ends_in_a_period_that_goes_on_beyond_what_has_happened_are_undecided(
    tmp_path: Path, words: tuple[str, str]
) -> None:
    there, gone = words
    days = ["2026-10-02", "2026-10-08", "2026-10-14", "2026-10-20", "2026-10-26"]
    rows = [f"{at},2026-0{3 + at // 5}-{1 + 5 * (at % 5):02},{days[at] if at < 5 else ''}{gone if at < 5 else there}" for at in range(30)]  # fmt: skip
    header = f"{LIST},Status" if there else LIST
    found = reported(written(tmp_path, header, *rows), period="2026-10")
    assert found.value("churn_rate") is None
    assert "it is unknown" in found.finding_text("planned-ends")
    assert reported(written(tmp_path, header, *rows), "--as-of", "2026-10-31", period="2026-10").value("churn_rate") == pytest.approx(5 / 30)  # fmt: skip
