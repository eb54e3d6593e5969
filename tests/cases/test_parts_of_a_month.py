"""Guards: lists of one month: of the tickets opened in it, of those resolved in it, or of their openings and their resolutions apart; their backlog and shares looked like the desk's."""

from datetime import datetime, timedelta
from pathlib import Path

from reported import Reported
from small_surveys import report

START = datetime(2026, 3, 1, 8)


def written(folder: Path, **files: list[str]) -> list[Path]:
    """Files by name."""
    paths = [folder / f"{name}.csv" for name in files]
    for path, lines in zip(paths, files.values(), strict=True):
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return paths


def test_openings_and_resolutions_in_lists_that_have_only_the_number_in_common(tmp_path: Path) -> None:
    """Forty openings, of which thirty are resolved a day later in a list that has no openings."""
    opened = [
        f"{place};{START + timedelta(hours=17 * place)};{'Löst' if place < 30 else 'Öppen'}" for place in range(40)
    ]
    resolved = [f"{place};{START + timedelta(hours=17 * place + 24)};Anna" for place in range(30)]
    files = written(
        tmp_path, opened=["Ärendenr;Skapad;Status", *opened], resolved=["Ärendenr;Löst;Handläggare", *resolved]
    )
    found = Reported(report(*files))
    assert found.value("tickets_created") == 40
    assert found.value("resolution_time") == 86400


def test_a_list_that_begins_with_tickets_still_open_says_what_it_lacks(tmp_path: Path) -> None:
    rows = [
        f"{place};{START + timedelta(hours=8 * place)};"
        + (";Öppen" if place % 12 == 3 else f"{START + timedelta(hours=8 * place + 5)};Löst")
        for place in range(90)
    ]
    found = Reported(report(*written(tmp_path, march=["Ärendenr;Skapad;Löst;Status", *rows])))
    assert "3 of the first third" in found.finding_text("older-open")


def test_a_list_without_an_old_open_ticket_lacks_none(tmp_path: Path) -> None:
    rows = [
        f"{place};{START + timedelta(hours=8 * place)};"
        + (";Öppen" if place > 80 else f"{START + timedelta(hours=8 * place + 5)};Löst")
        for place in range(90)
    ]
    assert "older-open" not in Reported(report(*written(tmp_path, march=["Ärendenr;Skapad;Löst;Status", *rows]))).codes


def test_lists_of_what_changed_are_one_desk_though_each_has_its_own_update(tmp_path: Path) -> None:
    """Of sixty tickets the second list has the twenty that changed, each with a new time of update and of resolution."""

    def ticket(place: int, days: int) -> str:
        opened = START + timedelta(hours=11 * place, minutes=7 * place % 60)
        return f"{place};{opened};{opened + timedelta(days=days)};Löst;{opened + timedelta(days=days, hours=1)};0"

    head = "Ärendenr;Skapad;Löst;Status;Uppdaterad;Återöppnad"
    files = written(
        tmp_path, march=[head, *(ticket(place, 1) for place in range(60))], april=[head, *(ticket(place, 31) for place in range(40, 60))]
    )  # fmt: skip
    found = Reported(report(*files))
    assert found.value("tickets_created") == 60
    assert "restarting-numbers" not in found.codes


def test_the_cost_of_a_ticket_in_a_month_that_the_tickets_cover_in_part_says_so(tmp_path: Path) -> None:
    rows = [f"{place};2026-01-{16 + place % 15} 09:{place % 60:02d};;Öppen" for place in range(60)]
    rows += [f"{place};2026-02-{1 + place % 28:02d} 09:{place % 60:02d};;Öppen" for place in range(60, 180)]
    files = written(
        tmp_path, tickets=["Ärendenr;Skapad;Löst;Status", *rows], costs=["Månad;Kostnadsslag;Kostnad", "2026-01;Support;12000", "2026-02;Support;12000"]
    )  # fmt: skip
    of_part = Reported(report(*files, period="2026-01"))
    found = [one for one in of_part.document["findings"] if one["code"] == "incomplete-period" and one["serious"]]
    assert of_part.value("cost_per_ticket") == 200
    assert any("cost_per_ticket" in one["kpis"] and "tickets" in one["text"] for one in found)
    whole = Reported(report(*files, period="2026-02"))
    assert whole.value("cost_per_ticket") == 100
    assert not any(one["code"] == "incomplete-period" for one in whole.document["findings"])
