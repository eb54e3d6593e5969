"""Guards: a share of what happens within a week or a month, over all there is in files whose rows are younger than that, taken for final (resolved within 7 days 25 % after three days).

In a file of years the few young rows move it by little, and it is final.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from invoked import piped


def written(folder: Path, *lines: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def results(path: Path, *options: str) -> dict[str, dict[str, Any]]:
    ended = piped("report", path, "--period", "all", "--kpi", "*", "--format", "json", *options)
    assert ended.code == 0, ended.err
    return {result["kpi"]: result for result in json.loads(ended.out)["results"]}


def tickets(folder: Path, days: int) -> Path:
    begin = datetime(2026, 5, 1, 9)
    rows = [
        (
            number,
            begin + timedelta(hours=12 * number),
            begin + timedelta(hours=12 * number + 3) if number % 4 == 0 else None,
        )
        for number in range(2 * days)
    ]
    return written(
        folder,
        "Ticket ID,Created at,Solved at,Status,Reopens",
        *(
            f"{n},{c:%Y-%m-%d %H:%M},{f'{s:%Y-%m-%d %H:%M}' if s else ''},{'solved' if s else 'open'},0"
            for n, c, s in rows
        ),
    )


@pytest.mark.parametrize("days", [3, 7, 30])
def test_the_share_resolved_in_a_week_is_not_final_after_days(tmp_path: Path, days: int) -> None:
    found = results(tickets(tmp_path, days))
    assert found["resolution_rate_cohort"]["value"] == pytest.approx(-(-days // 2) / (2 * days))
    assert not found["resolution_rate_cohort"]["final"]
    last = datetime(2026, 5, 1, 9) + timedelta(days=days - 0.5)
    assert found["resolution_rate_cohort"]["final_at"].startswith(f"{last + timedelta(days=7):%Y-%m-%dT%H}")
    assert not found["reopen_rate"]["final"]
    assert found["tickets_created"]["final"]


def test_in_a_file_of_years_it_is(tmp_path: Path) -> None:
    found = results(tickets(tmp_path, 800))
    assert found["resolution_rate_cohort"]["final"]
    assert found["reopen_rate"]["final"]


def test_with_a_later_day_to_ask_as_of_it_is(tmp_path: Path) -> None:
    found = results(tickets(tmp_path, 3), "--as-of", "2026-05-20")
    assert found["resolution_rate_cohort"]["final"]
    assert not found["reopen_rate"]["final"]


def test_leads_of_a_week_have_not_had_their_month(tmp_path: Path) -> None:
    lines = [f"{n},2026-05-{1 + n % 7:02d},{'2026-05-06' if n % 3 == 0 and n % 7 < 5 else ''}" for n in range(60)]
    found = results(written(tmp_path, "Lead ID,Created,Converted at", *lines))
    assert found["conversion_rate"]["value"] is not None
    assert not found["conversion_rate"]["final"]


def test_offers_of_a_week_may_still_be_answered(tmp_path: Path) -> None:
    lines = [f"{n},2026-05-{1 + n % 7:02d} 10:00,2026-05-07 12:00,{(5, 4, '', 2)[n % 4]}" for n in range(40)]
    found = results(written(tmp_path, "Response ID,Invited at,Answered at,How satisfied are you? (1-5)", *lines))
    assert not found.get("response_rate", {"final": False})["final"]
    assert found["csat"]["final"]


def test_the_first_sentence_tells_a_figure_that_is_final(tmp_path: Path) -> None:
    ended = piped("report", tickets(tmp_path, 3), "--kpi", "resolution_rate_cohort", "--kpi", "tickets_created")
    head = [line for line in ended.out.splitlines() if line.strip()][1]
    assert head == "Tickets created: 6."
