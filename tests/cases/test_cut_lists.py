"""Guards: lists cut at a round number of rows in the order of something else than time or with the newest first, lists of the largest, lists without
repeats, old copies of a list beside it."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from small_reports import findings, report_json, totals, written

BEGIN, HOUR = datetime(2026, 1, 2, 8), timedelta(hours=1)
HEAD = "Ärendenummer;Skapad;Löst;Status;Prioritet;Kund"
Case = tuple[int, datetime, datetime, str, str]


def cases(count: int, customers: int = 90) -> list[Case]:
    dice = random.Random(8)
    rows = []
    for place in range(count):
        opened = BEGIN + place * 80 * 24 * HOUR / count
        rows.append(
            (
                4000 + place,
                opened,
                opened + dice.randint(3, 90) * HOUR,
                dice.choice(["Hög", "Låg", "Normal"]),
                f"k{dice.randrange(customers)}@ex.se",
            )
        )
    return rows


def listed(folder: Path, rows: list[Case], name: str = "t") -> Path:
    lines = [f"{number};{a:%Y-%m-%d %H:%M};{b:%Y-%m-%d %H:%M};Löst;{what};{who}" for number, a, b, what, who in rows]
    return written(folder, name, HEAD, *lines)


@pytest.mark.parametrize("by", [3, 4])
def test_a_round_number_of_rows_sorted_by_words_is_cut(tmp_path: Path, by: int):
    path = listed(tmp_path, sorted(cases(1400), key=lambda row: row[by])[:1000])
    document = report_json(path, "--all", "--kpi", "*", "--period", "2026-02")
    assert (
        f"exactly 1,000 rows in the order of `{'Prioritet' if by == 3 else 'Kund'}`"
        in findings(document, "part-of-export")[0]
    )
    assert totals(document)["tickets_created"]["verdict"] is None


@pytest.mark.parametrize("is_open_first", [True, False])
@pytest.mark.parametrize("count", [1000, 2000])
def test_a_round_number_of_rows_in_the_order_of_another_time_is_cut(tmp_path: Path, count: int, is_open_first: bool):
    rows = sorted(cases(count + 400), key=lambda row: row[2])[:count]
    lines = [f"{number};{a:%d.%m.%Y %H:%M};{b:%d.%m.%Y %H:%M};{what};{who}" for number, a, b, what, who in rows]
    blank = [line.replace(line.split(";")[2], "") for line in lines[:60]]
    lines = [*blank, *lines[60:]] if is_open_first else lines
    document = report_json(
        written(tmp_path, "t", "Ärendenr;Opprettet;Løst;Prioritet;Kunde", *lines), "--period", "2026-02"
    )
    assert "in the order of `Løst`" in findings(document, "part-of-export")[0]


def with_open_ones(rows: list[Case]) -> list[str]:
    return [
        f"{number};{a:%Y-%m-%d %H:%M};{'' if number % 9 == 0 else f'{b:%Y-%m-%d %H:%M}'};{'Öppen' if number % 9 == 0 else 'Löst'};{what};{who}"
        for number, a, b, what, who in rows
    ]


@pytest.mark.parametrize(("count", "is_cut"), [(1000, True), (500, True), (993, False)])
def test_a_round_number_of_tickets_with_the_newest_first_has_no_backlog(tmp_path: Path, count: int, is_cut: bool):
    rows = sorted(cases(1400), key=lambda row: -row[0])[:count]
    document = report_json(written(tmp_path, "t", HEAD, *with_open_ones(rows)), "--period", "2026-03")
    assert bool(findings(document, "part-of-export")) is is_cut
    assert (totals(document)["backlog"]["value"] is None) is is_cut


def test_tickets_in_the_order_of_their_numbers_alone_are_not(tmp_path: Path):
    rows = cases(1000)
    times = random.Random(3).sample([row[1:3] for row in rows], 1000)
    mixed = [(row[0], *both, *row[3:]) for row, both in zip(rows, times, strict=True)]
    assert findings(report_json(listed(tmp_path, mixed), "--period", "2026-03"), "part-of-export") == []


def test_a_list_whose_next_page_is_there_is_whole(tmp_path: Path):
    rows = sorted(cases(1400), key=lambda row: -row[0])
    pages = [
        written(tmp_path, f"t{place}", HEAD, *with_open_ones(part))
        for place, part in enumerate((rows[:1000], rows[1000:]))
    ]
    assert findings(report_json(*pages, "--period", "2026-03"), "part-of-export") == []
    rows.sort(key=lambda row: row[3])
    pages = [
        written(tmp_path, f"s{place}", HEAD, *with_open_ones(part))
        for place, part in enumerate((rows[:1000], rows[1000:]))
    ]
    assert findings(report_json(*pages, "--period", "2026-03"), "part-of-export") == []


@pytest.mark.parametrize(("count", "is_top"), [(100, True), (50, True), (97, False)])
@pytest.mark.parametrize("is_largest", [True, False])
def test_a_round_number_of_the_largest_orders_is_a_choice(tmp_path: Path, count: int, is_top: bool, is_largest: bool):
    dice = random.Random(3)
    rows = [(dice.randrange(99, 12_000), 6000 + place, BEGIN + place * 8 * HOUR) for place in range(240)]
    rows.sort(reverse=is_largest)
    lines = [f"{number};{at:%Y-%m-%d %H:%M};K{number % 60};{amount},00" for amount, number, at in rows[:count]]
    document = report_json(written(tmp_path, "o", "Ordernummer;Orderdatum;Kund;Belopp", *lines), "--period", "2026-02")
    assert bool(findings(document, "part-of-export")) is is_top
    if is_top:
        assert totals(document)["aov"]["verdict"] is None


@pytest.mark.parametrize(
    "head", ["Svars-ID;Svarsdatum;Hur nöjd är du med supporten? (1-5)", "Recensions-ID;Recensionsdatum;Betyg"]
)
@pytest.mark.parametrize(("count", "is_cut"), [(500, True), (400, True), (511, False)])
def test_a_round_number_of_the_best_answers_or_reviews(tmp_path: Path, head: str, count: int, is_cut: bool):
    dice = random.Random(6)
    rows = sorted(((dice.choice([1, 2, 3, 4, 5, 5]), place) for place in range(900)), reverse=True)[:count]
    lines = [f"{500 + place};{BEGIN + place * 2 * HOUR:%Y-%m-%d %H:%M};{mark}" for mark, place in rows]
    document = report_json(written(tmp_path, "a", head, *lines), "--period", "2026-02", "--all", "--kpi", "*")
    kpi = "csat" if "Svars" in head else "review_rating"
    assert bool(findings(document, "part-of-export")) is is_cut
    if is_cut:
        assert (totals(document)[kpi]["value"] is None) is (count == 500)
        assert totals(document)[kpi]["verdict"] is None


@pytest.mark.parametrize("header", ["", ";Lösningstid (timmar)"])
def test_so_is_one_of_the_slowest_tickets(tmp_path: Path, header: str):
    rows = sorted(cases(240), key=lambda row: row[1] - row[2])[:50]
    lines = [
        f"{number};{a:%Y-%m-%d %H:%M};{b:%Y-%m-%d %H:%M};Löst;{what};{who}"
        + (f";{(b - a) / HOUR:.0f}" if header else "")
        for number, a, b, what, who in rows
    ]
    document = report_json(written(tmp_path, "t", HEAD + header, *lines), "--period", "2026-02")
    assert "exactly 50 rows" in findings(document, "part-of-export")[0]


@pytest.mark.parametrize(("count", "by"), [(1000, 0), (999, 3), (1000, None)])
def test_other_lists_are_not(tmp_path: Path, count: int, by: int | None):
    rows = random.Random(1).sample(cases(count), count) if by is None else sorted(cases(count), key=lambda row: row[by])
    assert findings(report_json(listed(tmp_path, rows), "--period", "2026-02"), "part-of-export") == []


def test_each_customer_once_shows_nobody_who_came_back(tmp_path: Path):
    once = {row[4]: row for row in cases(240)}
    document = report_json(listed(tmp_path, sorted(once.values())), "--all", "--kpi", "*", "--period", "2026-02")
    assert "each of 8" in findings(document, "part-of-export")[0]
    assert totals(document)["fcr_no_repeat"]["value"] is None


def test_orders_of_each_customer_once_show_no_other_order(tmp_path: Path):
    dice = random.Random(3)
    rows = [(6000 + place, BEGIN + place * 8 * HOUR, dice.randrange(70)) for place in range(240)]
    once = {row[2]: row for row in rows}
    lines = [f"{number};{at:%Y-%m-%d %H:%M};K{who};100" for number, at, who in sorted(once.values())]
    document = report_json(
        written(tmp_path, "o", "Ordernummer;Orderdatum;Kund;Belopp", *lines),
        "--all",
        "--kpi",
        "*",
        "--period",
        "2026-02",
    )
    assert totals(document)["repurchase_rate"]["value"] is None
    assert totals(document)["revenue"]["value"] is not None


@pytest.mark.parametrize("gap", [1, 997])
def test_customers_who_come_once_do(tmp_path: Path, gap: int):
    """Numbers without gaps, or of a system that many use."""
    rows = [
        (4000 + gap * place, row[1], row[2], row[3], f"k{place * 7919 % 9973}@ex.se")
        for place, row in enumerate(cases(120))
    ]
    document = report_json(listed(tmp_path, rows), "--all", "--kpi", "*", "--period", "2026-02")
    assert findings(document, "part-of-export") == []
    assert totals(document)["fcr_no_repeat"]["value"] == 1


def test_numbers_that_another_file_has_are_not_taken_away(tmp_path: Path):
    """Two exports of one desk, each with every other ticket: alone, either looks as if customers' other rows were taken away."""
    rows = [(4000 + place, *row[1:4], f"k{place}@ex.se") for place, row in enumerate(cases(160))]
    (tmp_path / "b").mkdir()
    files = [listed(tmp_path / name, rows[half::2]) for name, half in (("", 0), ("b", 1))]
    assert findings(report_json(files[0], "--all", "--period", "2026-02"), "part-of-export") != []
    both = report_json(*files, "--all", "--period", "2026-02")
    assert findings(both, "part-of-export") == []


@pytest.mark.parametrize("gaps", ["before", "throughout"])
def test_a_list_of_what_was_changed_has_gaps_before_it_begins(tmp_path: Path, gaps: str):
    """Of tickets from before the first change only those are there that were changed since."""
    since = BEGIN + 60 * 8 * HOUR
    every = 3 if gaps == "before" else 2
    rows = [(4000 + place, BEGIN + place * 8 * HOUR) for place in range(240)]
    kept = [row for row in rows if (row[1] >= since and gaps == "before") or row[0] % every == 0]
    lines = [f"{n};{at:%Y-%m-%d %H:%M};{max(at, since) + HOUR:%Y-%m-%d %H:%M};Löst;k{n}@ex.se" for n, at in kept]
    head = "Ärendenr;Skapad;Uppdaterad;Status;Kund"
    document = report_json(written(tmp_path, "t", head, *lines), "--all", "--period", "2026-02")
    assert (findings(document, "part-of-export") != []) is (gaps == "throughout")


def workbook(folder: Path, sheets: dict[str, list[Case]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(HEAD.split(";"))
        for number, a, b, what, who in rows:
            sheet.append([number, a, b, "Löst", what, who])
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def later(rows: list[Case], days: int) -> list[Case]:
    return [(row[0] + 50_000, row[1] + days * 24 * HOUR, row[2] + days * 24 * HOUR, *row[3:]) for row in rows]


@pytest.mark.parametrize(
    "name", ["Tickets (gammal)", "Kopia av Tickets", "Tickets_old", "Tickets (2)", "tickets - backup"]
)
def test_an_old_copy_on_another_sheet_is_reported(tmp_path: Path, name: str):
    rows = cases(120)
    document = report_json(
        workbook(tmp_path, {"Tickets": rows, name: later(rows, -3)}), "--all", "--kpi", "*", "--period", "2026-02"
    )
    assert f"`{name}` calls itself an old copy of `Tickets`" in findings(document, "old-copies")[0]
    assert totals(document)["tickets_created"]["verdict"] is None


def test_an_old_copy_in_another_file_is_reported(tmp_path: Path):
    rows = cases(120)
    paths = listed(tmp_path, rows, "tickets"), listed(tmp_path, later(rows, 2), "tickets_backup")
    assert findings(report_json(*paths, "--period", "2026-02"), "old-copies")


@pytest.mark.parametrize(
    ("name", "days", "number"),
    [("Tickets (gammal)", -200, 50_000), ("Tickets 2", 2, 50_000), ("Norge", 2, 50_000), ("Tickets (gammal)", 0, 0)],
)
def test_an_archive_or_another_list_is_not(tmp_path: Path, name: str, days: int, number: int):
    rows = cases(120)
    other = [(row[0] - 50_000 + number, *row[1:]) for row in later(rows, days)]
    assert (
        findings(report_json(workbook(tmp_path, {"Tickets": rows, name: other}), "--period", "2026-02"), "old-copies")
        == []
    )


@pytest.mark.parametrize(
    ("count", "is_cut", "order"),
    [(1000, True, 0), (1000, True, 1), (2000, True, 1), (1007, False, 0)],
    ids=["number", "time", "two thousand", "no cap"],
)
def test_so_is_one_that_was_sorted_again_by_number_or_time(tmp_path: Path, count: int, is_cut: bool, order: int):
    rows = sorted(sorted(cases(count + 500), key=lambda row: -row[0])[:count], key=lambda row: row[order])
    taken = max(row[1] for row in rows)
    rows = [(9 * row[0] if row[2] > taken else row[0], *row[1:]) for row in rows]  # those are open
    document = report_json(written(tmp_path, "t", HEAD, *with_open_ones(rows)), "--period", "2026-03")
    assert any("exports stop at so many" in text for text in findings(document, "created-filter")) is is_cut
    assert (totals(document)["backlog"]["value"] is None) is is_cut


def test_the_oldest_thousand_of_a_list_lack_no_older_ones(tmp_path: Path):
    rows = cases(1600)[:1000]
    document = report_json(written(tmp_path, "t", HEAD, *with_open_ones(rows)), "--period", "2026-02")
    assert not any("exports stop at so many" in text for text in findings(document, "created-filter"))
