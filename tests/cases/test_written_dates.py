"""Dates as people in the Nordic countries write them: read as what they say, or asked for; never by a guess."""

from pathlib import Path

import pytest
from invoked import piped
from reported import reported

from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices


def tickets(path: Path, *cells: str) -> Path:
    rows = [f'{place},Open,"{cell}"' for place, cell in enumerate(cells, 1)]
    path.write_text("Ticket ID,Status,Created at\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "cell",
    [
        "5. januar 2026",
        "5 jan. 2026",
        "5 januari 2026 kl. 14.30",
        "5. januar 2026 kl. 14.30",
        "5. tammikuuta 2026 klo 14.30",
        "5 tammik. 2026",
        "mandag den 5. januar 2026 kl. 14.30",
        "man. 5. jan. 2026",
        "05.01.26 14:30",
        "5.1.2026 9.05",
        "2026-01-05T09:00:00+02:00",
        "2026-01-05 09:00 +0200",
        "20260105",
        "5/1-2026",
        "5/1-2026 14:30",
        "5/1-26 kl. 14.30",
        "5/1 2026",
        "2026-01-05 3:28 em",
        "2026-01-05 11.28 fm",
        "20260105 1528",
        "20260105T1528",
        "20260105 152801",
        "202601051528",
        "46027",
    ],
)
def test_one_day_in_january(tmp_path: Path, cell: str) -> None:
    path = tickets(tmp_path / "tickets.csv", cell, cell)
    assert reported(path, period="2026-01-05..2026-01-05").value("tickets_created") == 2


@pytest.mark.parametrize("cells", [("05/01/26", "06/01/26"), ("26-01-05", "26-02-06"), ("1/2/2026", "3/4/2026")])
def test_what_could_be_two_days_is_asked_for(tmp_path: Path, cells: tuple[str, ...]) -> None:
    path = tickets(tmp_path / "tickets.csv", *cells)
    ended = piped("report", path)
    assert ended.code == 3
    assert "cannot tell" in ended.err
    assert "--date-format" in ended.err
    assert "dmy or mdy" in ended.err


def test_one_cell_above_twelve_shows_for_all(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", "05/01/26", "13/01/26")
    assert reported(path, period="2026-01").value("tickets_created") == 2


@pytest.mark.parametrize("cell", ["2026-01-05 24:00", "31.02.2026", "31/2-2026", "soon", "2026-13-01"])
def test_what_is_no_date_is_refused(tmp_path: Path, cell: str) -> None:
    path = tickets(tmp_path / "tickets.csv", "2026-01-05 09:00", "31.01.2026 09:00", cell)
    report = reported(path)
    assert report.value("tickets_created") == 2
    assert report.refused == [{"unreadable Created at": 1}]


def test_wall_clocks_and_instants_are_not_put_on_one_line(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", "2026-01-05 09:00", "2026-01-06 09:00", "2026-01-07T09:00Z")
    report = reported(path)
    assert report.value("tickets_created") == 2
    assert report.refused == [{"unreadable Created at": 1}]


def test_halves_of_the_day_in_swedish(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ticket ID,Created at,Resolved at,Status\n1,2026-05-10 11:28 fm,2026-05-10 3:28 em,Solved\n")
    assert reported(path).value("resolution_time") == 4 * 3600


@pytest.mark.parametrize("cells", [("202601", "202602"), ("202611", "202612")])
def test_six_figures_are_a_month(tmp_path: Path, cells: tuple[str, ...]) -> None:
    path = tickets(tmp_path / "tickets.csv", *cells)
    report = reported(path, period=f"{cells[0][:4]}-{cells[0][4:]}")
    assert (report.value("tickets_created"), "months-only" in report.codes) == (1, True)


@pytest.mark.parametrize("last", ["10-10-2026", "12-12-2026"])
def test_a_format_that_writes_the_month_first_does_not_say_which_is_first_where_nothing_shows_it(
    tmp_path: Path, last: str
) -> None:
    lines = ["Förnamn;Efternamn;E-post;Svarsdatum;Hur nöjd är du? (1-5)", "A;B;a@x.se;01-10-2026;5", f"B;C;b@x.se;{last};4", "C;D;c@x.se;02-10-2026;4"]  # fmt: skip
    (tmp_path / "survey.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    with pytest.raises(ExportError, match="cannot tell day from month"):
        read_exports([str(tmp_path / "survey.csv")], Choices(), frozenset())
    (tmp_path / "survey.csv").write_text("\n".join([*lines, "D;E;d@x.se;10-31-2026;5", ""]), encoding="utf-8")
    assert (
        read_exports([str(tmp_path / "survey.csv")], Choices(), frozenset())
        .tables["answers"]["answered_at"]
        .dt.month()
        .max()
        > 9
    )


@pytest.mark.parametrize(
    ("cells", "months"),
    [
        (("05012026", "17012026", "28012026", "02022026"), ("2026-01", 3)),
        (("5012026", "17012026", "28012026", "2022026"), ("2026-01", 3)),
        (("05012026 14:30", "17012026 09:15", "28022026 10:00"), ("2026-01", 2)),
        (("01052026", "01172026", "02282026"), ("2026-01", 2)),
        (("20260105", "20260117", "20260228"), ("2026-01", 2)),
        (("20012026", "21012026", "22022026"), ("2026-01", 2)),
    ],
)
def test_eight_figures_with_the_year_last_are_days(
    tmp_path: Path, cells: tuple[str, ...], months: tuple[str, int]
) -> None:
    path = tickets(tmp_path / "tickets.csv", *cells)
    assert reported(path, period=months[0]).value("tickets_created") == months[1]


def test_eight_figures_that_could_be_two_days_are_asked_for(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", "05012026", "06022026", "11122025")
    ended = piped("report", path, "--period", "2026-01")
    assert "dates of eight figures" in ended.err + ended.out
    assert "--date-format" in ended.err + ended.out
    assert reported(path, "--date-format", "%d%m%Y", period="2026-01").value("tickets_created") == 1
