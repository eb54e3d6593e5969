"""A column of updates that goes on after the last ticket, as a nightly job writes it: it covered months in which nothing was exported."""

import json
from pathlib import Path

import pytest
from invoked import piped
from reported import reported

HEADERS = {
    "English": "Ticket ID;Created at;Resolved at;Status;Updated at",
    "Swedish": "Ärendenr;Skapad;Löst;Status;Senast uppdaterad",
}


def desk(folder: Path, updated: str, header: str = HEADERS["English"]) -> Path:
    """A ticket a day from January to 5 April 2026."""
    days = [
        f"2026-{month:02}-{day:02}" for month, last in ((1, 31), (2, 28), (3, 31), (4, 5)) for day in range(1, last + 1)
    ]
    rows = [f"{at};{day} 08:00;{day} 12:00;Closed;{updated.format(day=day)}" for at, day in enumerate(days)]
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def period(folder: Path, updated: str, header: str = HEADERS["English"]) -> tuple[str, str, set[str]]:
    ended = piped("report", desk(folder, updated, header), "--format", "json", "--kpi", "tickets_created")
    document = json.loads(ended.out)
    return (
        document["query"]["period"]["start"],
        document["query"]["as_of"][:10],
        {each["code"] for each in document["findings"]},
    )


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("updated", ["2026-06-15 03:00", "2026-04-30 03:00", "2027-01-01 00:00"])
def test_an_update_alone_covers_no_days(tmp_path: Path, updated: str, header: str) -> None:
    start, as_of, codes = period(tmp_path, updated, header)
    assert (start, as_of) == ("2026-03-01", "2026-04-05")
    assert "late-updates" in codes
    assert "sparse-period" not in codes


def test_an_update_shortly_after_the_last_ticket_is_when_the_export_was_taken(tmp_path: Path) -> None:
    start, as_of, codes = period(tmp_path, "2026-04-06 03:00")
    assert (start, as_of) == ("2026-03-01", "2026-04-06")
    assert "late-updates" not in codes


def test_a_month_of_few_tickets_is_not_called_usual(tmp_path: Path) -> None:
    path = desk(tmp_path, "{day} 13:00")
    rows = path.read_text(encoding="utf-8").splitlines()
    (tmp_path / "list.csv").write_text(
        "\n".join([*rows, "999;2026-06-15 08:00;;Open;2026-06-15 08:00", ""]), encoding="utf-8"
    )
    text = reported(path, "--kpi", "tickets_created").finding_text("sparse-period")
    assert "usual" not in text
