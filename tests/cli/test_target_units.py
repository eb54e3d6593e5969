"""Targets with units, from the command line to the verdict: money in its currency, marks out of their scale, spans of time."""

import json
from pathlib import Path
from typing import Any

import pytest
from invoked import piped

CUSTOMERS = "Customer ID,Customer since\n" + "".join(f"c{number},2026-03-{number + 1:02d}\n" for number in range(10))
COSTS = "Date,Kind,Amount,Currency\n2026-03-01,acquisition,{first},{one}\n2026-03-20,acquisition,{second},{other}\n"
REVIEWS = "Review ID,Review date,Rating,Out of\n" + "".join(
    f"r{number},2026-03-{number + 1:02d},{4 + number % 2},5\n" for number in range(28)
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
    (tmp_path / "costs.csv").write_text(COSTS.format(first=400, second=600, one="EUR", other="eur"), encoding="utf-8")
    return tmp_path


def results(kpi: str, *arguments: object) -> list[dict[str, Any]]:
    files = ("reviews.csv",) if kpi.startswith("review") else ("costs.csv", "customers.csv")
    ended = piped(
        "report", *files, "--kpi", kpi, "--period", "2026-03", "--compare", "none", *arguments, "--format", "json"
    )
    assert (ended.code, ended.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(ended.out)["results"]
    return found


def test_a_target_in_the_currency_of_the_amounts_is_judged(folder: Path) -> None:
    (one,) = results("cac", "--target", "cac=100 EUR")
    assert (one["value"], one["currency"], one["target"]["value"]) == (100, "EUR", 100)


def test_a_target_in_another_currency_is_not_and_says_so(folder: Path) -> None:
    (one,) = results("cac", "--target", "cac=900 SEK")
    assert one["target"] is None
    assert "no target: the target is in SEK, the amounts are in EUR" in one["notes"]


def test_each_currency_has_a_target_of_its_own(folder: Path) -> None:
    (folder / "costs.csv").write_text(COSTS.format(first=400, second=6000, one="EUR", other="SEK"), encoding="utf-8")
    both = ("--target", "cac=100 EUR", "--target", "cac=900 SEK")
    assert {one["currency"]: one["target"]["value"] for one in results("cac", *both)} == {"EUR": 100, "SEK": 900}
    for one in results("cac", "--target", "cac=100"):
        assert one["target"] is None
        assert "no target: the amounts are in several currencies" in one["notes"]


def test_where_the_files_name_no_currency_the_targets_is_taken_and_reported(folder: Path) -> None:
    (folder / "costs.csv").write_text("Date,Kind,Amount\n2026-03-01,acquisition,1000\n", encoding="utf-8")
    (one,) = results("cac", "--target", "cac=100 EUR")
    assert one["target"]["value"] == 100
    assert "the files name no currency: taken to be the target's, EUR" in one["notes"]


def test_a_mark_is_compared_with_marks_on_its_scale_only(folder: Path) -> None:
    (one,) = results("review_rating", "--target", "review_rating=4.2/5")
    assert one["target"] == {"value": 4.2, "status": "met"}
    (one,) = results("review_rating", "--target", "review_rating=8/10")
    assert one["target"] is None
    assert "no target: the target is out of 10, but the values go up to 5" in one["notes"]


def test_spans_of_time_are_read_in_the_readers_language(folder: Path) -> None:
    tickets = "Ticket ID,Created,First reply,Status\n" + "".join(
        f"{number},2026-03-{number + 1:02d} 09:00,2026-03-{number + 1:02d} 11:00,Closed\n" for number in range(28)
    )
    (folder / "tickets.csv").write_text(tickets, encoding="utf-8")
    for written, status in (("5t", "met"), ("2 timmar", "met"), ("90 min", "missed"), ("6 måneder", "met")):
        ended = piped("report", "tickets.csv", "--kpi", "first_reply_time", "--period", "2026-03", "--target",
                      f"first_reply_time={written}", "--format", "json")  # fmt: skip
        (one,) = json.loads(ended.out)["results"]
        assert one["target"]["status"] == status, written


def test_a_target_in_the_wrong_unit_is_refused(folder: Path) -> None:
    ended = piped("report", "costs.csv", "--target", "csat=100 EUR")
    assert ended.code == 2
    assert "target of `csat`: `100 EUR` is no number" in ended.err
