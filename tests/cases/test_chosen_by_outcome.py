"""Guards: lists chosen by their outcome (detractors or promoters alone, one-star reviews, won leads, returns, customers who left or stayed, late, missed, reopened, rated or many-reply cases) of which a share is 0 or 100 %.

Each row is right; the share that the list was chosen by has no value, and tickets chosen so are not compared. As many rows
of both ends, a list of few, and a condition of the reader's own are counted.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from invoked import piped

BEGIN = datetime(2025, 1, 1, 8)


def written(folder: Path, header: str, rows: Iterable[Sequence[object]], name: str = "list.csv") -> Path:
    path = folder / name
    lines = [header, *(";".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def report(*arguments: object) -> dict[str, Any]:
    ended = piped("report", *arguments, "--period", "2025-02", "--kpi", "*", "--format", "json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def results(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {result["kpi"]: result for result in found["results"]}


def selected_codes(found: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in found["findings"]} & {"selected-export"}


def day(number: float) -> str:
    return f"{BEGIN + timedelta(hours=6 * number):%Y-%m-%d %H:%M}"


def answers(folder: Path, question: str, marks: Sequence[object], count: int = 240) -> Path:
    rows = [(f"A{number}", day(number), marks[number * 7 % len(marks)]) for number in range(112, 112 + count)]
    return written(folder, f"Response ID;Submitted at;{question}", rows)


NPS, CSAT = "How likely are you to recommend us? (0-10)", "How satisfied are you with the support? (1-5)"
CES = "How easy was it to get help? (1-7)"


@pytest.mark.parametrize(
    ("question", "marks", "kpis"),
    [
        (NPS, [0, 2, 3, 5, 6], ["nps", "nps_promoters", "nps_detractors"]),
        (NPS, [6, 7, 8, 8], ["nps", "nps_passives"]),
        (CSAT, [1, 1, 2], ["csat", "csat_mean", "csat_mean_100"]),
        (CSAT, [1, 2, 3, 3], ["csat", "csat_mean"]),
        (CSAT, [1], ["csat"]),
        (CES, [1, 2, 3, 4, 5], ["ces", "ces_easy_rate"]),
        ("How satisfied are you with the support?", ["Dissatisfied", "Very dissatisfied", "Neutral"], ["csat"]),
    ],
)
def test_answers_on_one_side_of_the_scale(tmp_path: Path, question: str, marks: list[object], kpis: list[str]) -> None:
    found = report(answers(tmp_path, question, marks))
    known = results(found)
    assert selected_codes(found)
    for kpi in kpis:
        assert known[kpi]["value"] is None, kpi
        assert any("chosen by its marks" in note for note in known[kpi]["notes"]), kpi
    assert known["answers_received"]["value"] == 112


@pytest.mark.parametrize(
    ("question", "marks"), [(NPS, [0, 5, 7, 8, 9, 10]), (CSAT, [1, 2, 3, 4]), (CSAT, [3, 4, 5, 5]), (CES, [2, 4, 6, 7])]
)
def test_answers_on_both_sides_count(tmp_path: Path, question: str, marks: list[object]) -> None:
    found = report(answers(tmp_path, question, marks))
    assert not selected_codes(found)
    assert results(found)["answers_received"]["value"] == 112


@pytest.mark.parametrize(
    ("question", "marks", "kpi"),
    [
        (CSAT, [1, 2], "csat"),
        (CSAT, [1], "csat"),
        ("Hur nöjd är du? (1-7)", [1, 2, 3], "csat"),
        (NPS, [0, 4, 6], "nps"),
    ],
)
def test_fewer_are_marked_where_nobody_is_even_neutral(
    tmp_path: Path, question: str, marks: list[object], kpi: str
) -> None:
    """A desk in a strike comes to it: the value stands with the doubt, and nothing is judged by it."""
    known = results(
        report(answers(tmp_path, question, marks, 40), "--target", "nps=80" if kpi == "nps" else "csat=80%")
    )
    assert known[kpi]["value"] is not None
    assert any("may hold only the poor ones" in note for note in known[kpi]["notes"])
    assert known[kpi]["target"]["status"] == "cannot tell"
    assert known["answers_received"]["verdict"] is None


def promoters(folder: Path, count: int) -> dict[str, dict[str, Any]]:
    return results(report(answers(folder, NPS, [9, 10, 10], count)))


def test_promoters_alone_are_marked_and_of_many_have_no_value(tmp_path: Path) -> None:
    known = promoters(tmp_path, 240)["nps"]
    assert known["value"] == 100
    assert known["verdict"] is None
    assert any("if the list was chosen by its marks" in note for note in known["notes"])
    assert promoters(tmp_path, 600)["nps"]["value"] is None


def test_a_few_answers_may_all_be_poor(tmp_path: Path) -> None:
    found = report(answers(tmp_path, CSAT, [1, 2], 23))
    assert not selected_codes(found)
    assert results(found)["csat"]["value"] == 0


def test_all_satisfied_is_marked(tmp_path: Path) -> None:
    """The best of desks comes to it: the value stands, with the doubt beside it."""
    found = report(answers(tmp_path, CSAT, [4, 5, 5]))
    csat = results(found)["csat"]
    assert csat["value"] == 1
    assert any("if the list was chosen" in note for note in csat["notes"])
    assert not selected_codes(report(answers(tmp_path, CSAT, [4, 5, 5], 90)))


def test_a_condition_of_the_reader_s_own_is_no_choice_of_the_file(tmp_path: Path) -> None:
    path = answers(tmp_path, CSAT, [1, 2, 3, 4, 5, 5])
    assert not selected_codes(report(path, "--where", "score < 3"))


@pytest.mark.parametrize("condition", ["score > 0", "score >= 4", "score < 3"])
def test_a_list_that_was_chosen_is_one_whatever_is_asked_of_it(tmp_path: Path, condition: str) -> None:
    """All of its answers are judged, also those that the condition leaves out."""
    poor = report(answers(tmp_path, CSAT, [1, 2]), *(["--where", condition] if "4" not in condition else []))
    assert selected_codes(poor)
    assert results(poor)["csat"]["value"] is None
    assert not selected_codes(report(answers(tmp_path, CSAT, [1, 2, 3, 4, 4, 5]), "--where", condition))


def reviews(folder: Path, stars: Sequence[int], count: int = 240) -> Path:
    rows = [(number, day(number), stars[number * 7 % len(stars)], f"Text {number}") for number in range(count)]
    return written(folder, "Review ID;Date;Star Rating;Review Text", rows)


@pytest.mark.parametrize("stars", [[1], [1, 2], [2, 3, 1]])
def test_reviews_chosen_by_their_stars(tmp_path: Path, stars: list[int]) -> None:
    found = report(reviews(tmp_path, stars))
    assert selected_codes(found)
    assert results(found)["review_rating"]["value"] is None


def test_reviews_of_five_stars_are_marked_and_many_have_no_value(tmp_path: Path) -> None:
    known = results(report(reviews(tmp_path, [5])))["review_rating"]
    assert known["value"] == 5
    assert known["verdict"] is None
    assert any("may hold only the best ones" in note for note in known["notes"])
    assert results(report(reviews(tmp_path, [5], 560)))["review_rating"]["value"] is None


def test_reviews_all_of_which_are_good_are_marked(tmp_path: Path) -> None:
    found = report(reviews(tmp_path, [4, 5, 5]))
    assert results(found)["review_rating"]["value"] is not None
    assert any("if the list was chosen by its stars" in note for note in results(found)["review_rating"]["notes"])


@pytest.mark.parametrize("stars", [[1, 4], [3, 5, 5], [1, 2, 3, 4, 5]])
def test_other_reviews_count(tmp_path: Path, stars: list[int]) -> None:
    found = report(reviews(tmp_path, stars))
    assert not selected_codes(found)
    assert results(found)["review_rating"]["value"] is not None


def won(folder: Path, share: float) -> Path:
    rows = [
        (number, day(number), *(("Converted", day(number + 9)) if number % 10 < 10 * share else ("Open", "")))
        for number in range(240)
    ]
    return written(folder, "Lead ID;Created;Status;Converted at", rows)


def repaid(folder: Path, share: float) -> Path:
    rows = [
        (number, day(number), number * 7 % 150, 100 + number % 9, "Yes" if number % 10 < 10 * share else "No")
        for number in range(240)
    ]
    return written(folder, "Order ID;Order Date;Customer ID;Total;Refunded", rows)


def returning(folder: Path, share: float) -> Path:
    rows = [(number, day(number), number % (80 if share == 1 else 150), 100 + number % 9) for number in range(240)]
    return written(folder, "Order ID;Order Date;Customer ID;Total", rows)


LISTS: list[tuple[Callable[[Path, float], Path], list[str]]] = [
    (won, ["conversion_rate"]),
    (repaid, ["revenue", "aov", "repurchase_rate"]),
]


@pytest.mark.parametrize(("made", "kpis"), LISTS)
def test_leads_orders_and_buyers_chosen_by_what_became_of_them(
    tmp_path: Path, made: Callable[[Path, float], Path], kpis: list[str]
) -> None:
    found = report(made(tmp_path, 1))
    assert selected_codes(found)
    for kpi in kpis:
        assert results(found)[kpi]["value"] is None, kpi
    whole = report(made(tmp_path, 0.8))
    assert not selected_codes(whole)
    for kpi in kpis:
        assert results(whole)[kpi]["value"] is not None, kpi


def test_buyers_each_of_whom_came_back_are_marked(tmp_path: Path) -> None:
    found = results(report(returning(tmp_path, 1)))
    assert found["repurchase_rate"]["value"] is not None
    assert any("returning ones alone" in note for note in found["repurchase_rate"]["notes"])
    assert not selected_codes(report(returning(tmp_path, 0.8)))


def since(number: int) -> datetime:
    return BEGIN - timedelta(days=1000 - 4 * number)


@pytest.mark.parametrize("gone", [1, 0])
def test_customers_all_of_whom_left_or_none(tmp_path: Path, gone: int) -> None:
    rows = [
        (number, f"{since(number):%Y-%m-%d}", f"{since(number) + timedelta(days=30 + number):%Y-%m-%d}" if gone else "")
        for number in range(240)
    ]
    found = report(written(tmp_path, "Customer ID;Customer since;Cancelled at", rows))
    assert selected_codes(found)
    for kpi in ("churn_rate", "retention_rate", "churn_share", "net_customer_change"):
        assert results(found)[kpi]["value"] is None, kpi


def test_customers_of_whom_none_left_are_marked_where_hardly_any_ever_do(tmp_path: Path) -> None:
    rows = [(number, f"{since(2 * number):%Y-%m-%d}", "") for number in range(131)]
    known = results(report(written(tmp_path, "Customer ID;Customer since;Cancelled at", rows)))
    assert known["churn_rate"]["value"] == 0
    assert any("may hold only those who are still there" in note for note in known["churn_rate"]["notes"])
    assert {known[kpi]["verdict"] for kpi in ("churn_rate", "net_customer_change")} == {None}


def test_leads_none_of_which_was_won_are_marked(tmp_path: Path) -> None:
    known = results(report(won(tmp_path, 0)))["conversion_rate"]
    assert known["value"] == 0
    assert any("may hold only those that are still open" in note for note in known["notes"])


def test_customers_of_whom_some_left_and_young_ones_count(tmp_path: Path) -> None:
    rows = [
        (
            number,
            f"{since(number):%Y-%m-%d}",
            f"{since(number) + timedelta(days=30):%Y-%m-%d}" if number % 4 == 0 else "",
        )
        for number in range(240)
    ]
    assert not selected_codes(report(written(tmp_path, "Customer ID;Customer since;Cancelled at", rows)))
    young = [(number, f"{BEGIN + timedelta(hours=12 * number):%Y-%m-%d}", "") for number in range(120)]
    assert not selected_codes(report(written(tmp_path, "Customer ID;Customer since;Cancelled at", young)))


TICKETS = (
    "Ticket ID;Created at;First reply at;Solved at;Status;Agent replies;Reopens;First reply SLA met;Satisfaction Score"
)
TIMES = ("tickets_created", "resolution_time", "first_reply_time")


def tickets(
    folder: Path, *, replies: Sequence[int] = (1, 2, 3, 4), reopens: Sequence[int] = (0, 0, 1), met: Sequence[str] = ("Yes", "No"),
    marks: Sequence[str] = ("Good", "", "Bad"), open_ones: int = 12, count: int = 360,
) -> Path:  # fmt: skip
    dice = random.Random(3)
    rows = []
    for number in range(count):
        took = 1 + dice.expovariate(1 / 10)
        is_open = number >= count - open_ones
        rows.append((
            number, day(number), day(number + 0.5), "" if is_open else day(number + took), "open" if is_open else "solved",
            replies[number % len(replies)], reopens[number % len(reopens)], met[number % len(met)],
            marks[number % len(marks)],
        ))  # fmt: skip
    return written(folder, TICKETS, rows)


@pytest.mark.parametrize(
    ("chosen", "kpis"),
    [
        ({"replies": (2, 3, 5)}, ["fcr_one_touch", "fcr_one_touch_strict"]),
        ({"replies": (3,)}, ["fcr_one_touch"]),
        ({"reopens": (1, 2)}, ["reopen_rate", "fcr_no_reopen", "successful_resolution_rate"]),
        ({"met": ("No",)}, ["sla_first_reply_rate"]),
        ({"marks": ("Good", "Bad")}, ["response_rate_of_resolved"]),
    ],
)
def test_tickets_chosen_by_how_they_turned_out_are_not_compared(
    tmp_path: Path, chosen: dict[str, Any], kpis: list[str]
) -> None:
    found = report(tickets(tmp_path, **chosen))
    known = results(found)
    assert selected_codes(found)
    for kpi in kpis:
        assert known[kpi]["value"] is None, kpi
    for kpi in TIMES:
        assert known[kpi]["value"] is not None, kpi
        assert known[kpi]["verdict"] is None, kpi
        assert any("were chosen by how they turned out" in note for note in known[kpi]["notes"]), kpi


def test_tickets_of_which_each_took_one_reply_show_no_first_contact(tmp_path: Path) -> None:
    """A desk of the telephone comes to it: of few it is marked."""
    marked = results(report(tickets(tmp_path, replies=(1,))))["fcr_one_touch"]
    assert marked["value"] == 1
    assert marked["verdict"] is None
    found = report(tickets(tmp_path, replies=(1,), count=600))
    known = results(found)
    assert known["fcr_one_touch"]["value"] is None
    assert not any("were chosen by" in note for note in known["tickets_created"]["notes"])


NUMBERS = (
    "tickets_created",
    "tickets_resolved",
    "net_flow",
    "backlog",
    "answers_received",
    "tickets_per_agent",
    "resolution_rate",
)


def chosen_rows(folder: Path, *, is_rated: bool = True, reopens: int = 0, extra: int = 0) -> Path:
    """Tickets of eight months with a mark or without, thirty a week, half as many again in the last; nobody rates what is still open."""
    dice, rows = random.Random(5), []
    for number in range(1, 1051 + extra):
        opened = BEGIN + timedelta(hours=5.4 * min(number, 1000) + 1.4 * max(number - 1000, 0))
        done = opened + timedelta(hours=dice.lognormvariate(2, 1))
        is_open = number % 40 == 0
        mark = "" if is_open or (not is_rated and number % 9 == 0) else dice.choice(("Good", "Good", "Bad"))
        rows.append((number, f"{opened:%Y-%m-%d %H:%M}", "" if is_open else f"{done:%Y-%m-%d %H:%M}", "open" if is_open else "solved",
                     "" if is_open else dice.choice(("Ann", "Bo", "Cai")), 0 if is_open else max(reopens, number % 10 == 3) + 0, mark))  # fmt: skip
    return written(folder, "Ticket ID;Created at;Solved at;Status;Assignee;Reopens;Satisfaction Score", rows)


@pytest.mark.parametrize("chosen", [{}, {"is_rated": False, "reopens": 1}])
def test_of_lists_chosen_by_their_outcome_no_number_of_rows_is_judged(tmp_path: Path, chosen: dict[str, Any]) -> None:
    """Twice as many of the customers answer, or twice as many tickets are reopened: as many tickets come as ever."""
    path = chosen_rows(tmp_path, **chosen)
    known = results(report(path, "--target", "backlog=1000"))
    for kpi in NUMBERS:
        if kpi in known:
            assert known[kpi]["verdict"] is None, kpi
    assert known["backlog"]["target"]["status"] == "cannot tell"
    ended = piped("compare", "tickets_created", path, "--period", "2025-08", "--format", "json")
    assert {one["verdict"] for one in json.loads(ended.out)["results"]} == {None}
    ended = piped("trend", "tickets_created", path, "--grain", "week", "--format", "json")
    (one,) = json.loads(ended.out)["trends"]
    assert one["chart"] is None
    assert one["signals"] == []
    page = " ".join(piped("trend", "tickets_created", path, "--grain", "week").out.split())
    assert "No limits: the rows of the file were chosen by how they turned out" in page
    ended = piped("targets", path, "--target", "backlog=1000", "--period", "2025-07", "--format", "json")
    (target,) = json.loads(ended.out)["targets"]
    assert target["state"] == "cannot tell"


def test_tickets_of_whom_some_are_not_rated_are_judged(tmp_path: Path) -> None:
    path = chosen_rows(tmp_path, is_rated=False)
    found = report(path)
    assert not selected_codes(found)
    assert results(found)["tickets_created"]["verdict"] is not None
    ended = piped("trend", "tickets_created", path, "--grain", "week", "--format", "json")
    assert json.loads(ended.out)["trends"][0]["chart"] is not None


def test_tickets_of_every_kind_are_compared(tmp_path: Path) -> None:
    found = report(tickets(tmp_path))
    assert not selected_codes(found)
    assert results(found)["fcr_one_touch"]["value"] is not None


def test_a_list_of_missed_calls_has_no_answer_rate(tmp_path: Path) -> None:
    def calls(answered: Sequence[str]) -> Path:
        rows = [
            (
                number,
                day(number),
                answered[number % len(answered)],
                30 if answered[number % len(answered)] == "Yes" else "",
            )
            for number in range(240)
        ]
        return written(tmp_path, "Call Id;Date;Answered (Y/N);Talk time (s)", rows)

    assert results(report(calls(["No"])))["answer_rate"]["value"] is None
    known = results(report(calls(["Yes"])))
    assert known["answer_rate"]["value"] == 1
    assert any("may hold answered ones alone" in note for note in known["answer_rate"]["notes"])
    assert known["tickets_created"]["verdict"] is None
    assert results(report(calls(["Yes", "No", "Yes"])))["answer_rate"]["value"] is not None


def test_a_trend_of_what_has_no_value_says_why(tmp_path: Path) -> None:
    ended = piped("trend", "csat", answers(tmp_path, CSAT, [1, 2]), "--grain", "week")
    assert ended.code == 0
    assert "chosen by its marks" in " ".join(ended.out.split())


def waits(folder: Path, low: float, high: float, mean: float = 40, seed: int = 1) -> Path:
    """Tickets whose times to resolve, exponential in hours, lie between two."""
    dice = random.Random(seed)
    rows = []
    while len(rows) < 240:
        took = dice.expovariate(1 / mean)
        if low < took < high:
            opened = BEGIN + timedelta(hours=6 * len(rows))
            rows.append(
                (len(rows), f"{opened:%Y-%m-%d %H:%M}", f"{opened + timedelta(hours=took):%Y-%m-%d %H:%M}", "solved")
            )
    return written(folder, "Ticket ID;Created at;Solved at;Status", rows)


@pytest.mark.parametrize(("low", "high"), [(24, 1e9), (72, 1e9), (0, 24), (0, 72)])
def test_tickets_chosen_by_how_long_they_took_are_marked(tmp_path: Path, low: float, high: float) -> None:
    found = results(report(waits(tmp_path, low, high)))
    for kpi in ("resolution_time", "resolution_rate_cohort"):
        assert any("of these alone" in note for note in found[kpi]["notes"]), kpi
    assert not any("of these alone" in note for note in found["tickets_created"]["notes"])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("mean", [0.5, 8, 40, 100])
def test_tickets_of_all_times_are_not(tmp_path: Path, mean: float, seed: int) -> None:
    found = report(waits(tmp_path, 0, 1e9, mean, seed))
    assert not any("of these alone" in finding["text"] for finding in found["findings"])


@pytest.mark.parametrize("hours", [24, 25, 72, 20])
def test_times_that_are_all_about_the_same_are_not_cut_off(tmp_path: Path, hours: int) -> None:
    rows = [
        (n, day(n), f"{BEGIN + timedelta(hours=6 * n + hours, minutes=n % 40):%Y-%m-%d %H:%M}", "solved")
        for n in range(240)
    ]
    found = report(written(tmp_path, "Ticket ID;Created at;Solved at;Status", rows))
    assert not any("of these alone" in finding["text"] for finding in found["findings"])


@pytest.mark.parametrize("share", [4, 2])
def test_a_desk_of_which_all_resolved_tickets_are_rated_has_open_ones(tmp_path: Path, share: int) -> None:
    """Calls that nobody answered, tickets that wait: a view of rated tickets would not have them."""
    rows = [
        (n, f"{BEGIN + timedelta(hours=7 * n):%Y-%m-%d %H:%M}", *(("", "open", "") if n % share == 0 else (f"{BEGIN + timedelta(hours=7 * n + 9 + n % 30):%Y-%m-%d %H:%M}", "solved", ("Good", "Bad")[n % 3 == 0])))
        for n in range(1, 401)
    ]  # fmt: skip
    found = report(written(tmp_path, "Ticket ID;Created at;Solved at;Status;Satisfaction Score", rows))
    assert not any("is rated" in one["text"] for one in found["findings"])
    assert results(found)["tickets_created"]["verdict"] is not None
