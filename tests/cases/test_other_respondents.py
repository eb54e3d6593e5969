"""Guards: satisfaction that falls because others are asked: by another channel, of another group, or many more of them."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_reports import Results, findings, report_json, totals, written

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
END = datetime(2026, 10, 3)
GOOD = {"Chat": 0.95, "Phone": 0.9, "Email": 0.65}
"""How many are satisfied, by channel: it stays so throughout."""
Chance = Callable[[str, datetime], float]
"""How many answer, by channel and when."""
MARKS = ("csat", "nps")


def files(
    folder: Path, answers: Chance, *, seed: int = 1, mix: Chance | None = None, column: str = "Channel"
) -> tuple[Path, Path]:
    """Tickets from February on, and the survey of them; `mix` is how much of each channel comes (1 usual)."""
    dice = random.Random(seed)
    tickets = [f"Ticket ID,Created at,Resolved at,Status,{column}"]
    rows = ["Response ID,Ticket ID,Answered at,CSAT,NPS"]
    for number in range(16 * 243):
        at = datetime(2026, 2, 1) + (number + dice.random()) * DAY / 16
        name = dice.choices(list(GOOD), [0.3, 0.25, 0.45])[0]
        if mix is not None and dice.random() > mix(name, at):
            continue
        done = at + dice.expovariate(1 / 20) * HOUR
        tickets.append(
            f"{number},{at:%Y-%m-%d %H:%M:%S},{done:%Y-%m-%d %H:%M:%S},Solved,{name}"
            if done < END
            else f"{number},{at:%Y-%m-%d %H:%M:%S},,Open,{name}"
        )
        answered = done + dice.expovariate(1 / 12) * HOUR
        if answered < END and dice.random() < answers(name, answered):
            good = dice.random() < GOOD[name]
            rows.append(f"r{number},{number},{answered:%Y-%m-%d %H:%M:%S},{5 if good else 2},{10 if good else 4}")
    tickets.append(f"99999,{END - timedelta(hours=2):%Y-%m-%d %H:%M:%S},,Open,Email")  # a desk has something open
    return written(folder, "tickets", *tickets), written(folder, "answers", *rows)


def judged(paths: tuple[Path, ...], *more: str) -> tuple[dict[str, Any], Results]:
    document = report_json(*paths, "--period", "2026-09", *more)
    return document, totals(document)


def since(then: Chance, now: Chance) -> Chance:
    return lambda name, at: (now if at >= datetime(2026, 9, 1) else then)(name, at)


def always(share: float) -> Chance:
    return lambda _name, _at: share


def without_chat(name: str, at: datetime) -> float:
    return 0.1 if name == "Chat" else 1.0


def of_all(name: str, at: datetime) -> float:
    return 0.5


def by_mail(name: str, at: datetime) -> float:
    return 0.5 * (name == "Email")


def mostly_by_chat(name: str, at: datetime) -> float:
    return 0.8 if name == "Chat" else 0.3


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("then", "now"), [(of_all, by_mail), (by_mail, of_all), (of_all, mostly_by_chat)])
def test_marks_of_others_are_not_compared(tmp_path: Path, then: Chance, now: Chance, seed: int) -> None:
    document, known = judged(files(tmp_path, since(then, now), seed=seed))
    (text,) = findings(document, "other-respondents")
    assert text.startswith("other customers answer than in 2026-08: ")
    assert {known[name]["verdict"] for name in MARKS} == {None}
    assert known["tickets_created"]["verdict"] is not None


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_marks_of_the_same_customers_are(tmp_path: Path, seed: int) -> None:
    document, known = judged(files(tmp_path, of_all, seed=seed))
    assert findings(document, "other-respondents") == []
    assert known["csat"]["verdict"] in ("cannot tell", "no change worth knowing")


def test_uneven_answers_that_stay_so_are_no_change(tmp_path: Path) -> None:
    document, known = judged(files(tmp_path, mostly_by_chat))
    assert findings(document, "other-respondents") == []
    assert known["csat"]["verdict"] is not None


def test_a_channel_that_grows_is_a_change_of_the_desks_own(tmp_path: Path) -> None:
    """Chat goes, and so do its answers: customers are less satisfied, and nobody asked others."""
    document, known = judged(files(tmp_path, of_all, mix=since(always(1.0), without_chat)))
    assert findings(document, "other-respondents") == []
    assert known["csat"]["verdict"] is not None


def test_within_a_channel_marks_are_compared(tmp_path: Path) -> None:
    document, _ = judged(files(tmp_path, since(of_all, mostly_by_chat)), "--by", "channel")
    of_channels = [one for one in document["results"] if one["kpi"] == "csat" and one["group"].get("channel")]
    assert len(of_channels) == 3
    assert all(one["verdict"] is not None for one in of_channels)


def rated_inside(folder: Path, offered: Chance, *, seed: int = 1, column: str = "Group") -> Path:
    """Tickets with their ratings in them, of which half of those offered one are rated."""
    dice = random.Random(seed)
    lines = [f"Id,Requester email,Assignee,Priority,Created at,Updated at,Solved at,Status,Satisfaction Score,{column}"]
    for number in range(16 * 243):
        at = datetime(2026, 2, 1) + (number + dice.random()) * DAY / 16
        name = dice.choice(list(GOOD))
        done = at + dice.expovariate(1 / 20) * HOUR
        mark = "Offered" if dice.random() < 0.5 else "Good" if dice.random() < GOOD[name] else "Bad"
        mark = mark if dice.random() < offered(name, at) else ""
        begun, ended = f"{at:%Y-%m-%d %H:%M:%S}", f"{done:%Y-%m-%d %H:%M:%S}"
        ends = f"{ended},{ended},Solved,{mark}" if done < END else f"{begun},,Open,"
        lines.append(f"{number},c{number % 900}@x.se,Ann,Normal,{begun},{ends},{name}")
    return written(folder, "tickets", *lines)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("column", ["Group", "Via"])
def test_of_ratings_in_tickets_it_counts_who_is_asked(tmp_path: Path, column: str, seed: int) -> None:
    """From September on the happiest alone are asked, and answer as they ever did."""
    path = rated_inside(
        tmp_path, since(always(1.0), lambda name, _at: 1.0 * (name == "Chat")), seed=seed, column=column
    )
    for more in ((), ("--kpi", "csat"), ("--kpi", "csat_mean,csat")):
        document, known = judged((path,), *more)
        (text,) = findings(document, "other-respondents")
        assert "of the resolved tickets" in text
        assert any("not compared: other customers answer" in note for note in known["csat"]["notes"]), more


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "offered", [always(0.6), lambda name, _at: 0.9 if name == "Chat" else 0.4, since(always(0.9), always(0.5))]
)
def test_offers_in_tickets_that_are_as_they_were_or_fewer_of_all_are_compared(
    tmp_path: Path, offered: Chance, seed: int
) -> None:
    document, _ = judged((rated_inside(tmp_path, offered, seed=seed),))
    assert findings(document, "other-respondents") == []


@pytest.mark.parametrize("column", ["Group", "Type"])
def test_groups_and_types_are_looked_at_too(tmp_path: Path, column: str) -> None:
    document, known = judged(files(tmp_path, since(of_all, by_mail), column=column))
    assert len(findings(document, "other-respondents")) == 1
    assert known["csat"]["verdict"] is None


@pytest.mark.parametrize(("then", "now", "word"), [(0.2, 0.6, "more"), (0.6, 0.2, "fewer")])
def test_far_more_or_fewer_answers_are_of_others(tmp_path: Path, then: float, now: float, word: str) -> None:
    document, known = judged(files(tmp_path, since(always(then), always(now))))
    (text,) = findings(document, "other-respondents")
    assert text.startswith(f"far {word} answer than in 2026-08: ")
    assert known["csat"]["verdict"] is None
    assert known["answers_received"]["verdict"] is not None


def test_a_survey_alone_is_kept_by_its_own_column(tmp_path: Path) -> None:
    """Where nobody knows who was asked, the answers show who gave them."""
    dice = random.Random(3)
    rows = ["Response ID,Answered at,Channel,CSAT,NPS"]
    for number in range(10 * 243):
        at = datetime(2026, 2, 1) + (number + dice.random()) * DAY / 10
        name = "Email" if at >= datetime(2026, 9, 1) else dice.choice(list(GOOD))
        good = dice.random() < GOOD[name]
        rows.append(f"{number},{at:%Y-%m-%d %H:%M:%S},{name},{5 if good else 2},{10 if good else 4}")
    document, known = judged((written(tmp_path, "answers", *rows),))
    (text,) = findings(document, "other-respondents")
    assert "Email gives 100% of the answers, 3" in text
    assert {known[name]["verdict"] for name in MARKS} == {None}
