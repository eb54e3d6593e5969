"""What a page says first beside its cards: a figure that is missing and why, and a team that joined and does worse than the others."""

import html
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from invoked import piped, sample

STORY = Path(sample("story"))
FILES = (STORY / "tickets.csv", STORY / "survey.csv")


def in_short(path: Path, *arguments: object) -> list[str]:
    """The lines that a page opens with, before its first card."""
    ended = piped("report", *arguments, "--zone", "UTC", "--no-config", "-o", path)
    assert ended.code == 0, ended.err
    front = path.read_text("utf-8").split("<h2", 2)[1].split('class="card', 1)[0]
    lines = re.split(r"</(?:p|li|h2)>", front)
    plain = (html.unescape(re.sub(r"<[^>]+>", "", line)).replace("\u00a0", " ") for line in lines)
    return [line.split(">", 1)[-1].strip() for line in plain if line.strip()]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "✗West, there since 1 Apr, does worse than the others, by more than chance: Customer satisfaction (CSAT) 60."),
        ("sv", "✗West, som finns sedan 1 apr., ligger sämre till än de andra, mer än slumpen kan förklara: kundnöjdhet (CSAT) 60,"),
        ("nb", "✗West, som er ny siden 1. apr., ligger dårligere an enn de andre, mer enn tilfeldigheter kan forklare: kundetilfredshet (CSAT) 60,"),
    ],
)  # fmt: skip
def test_the_slow_new_team_is_named(tmp_path: Path, lang: str, sentence: str) -> None:
    lines = in_short(tmp_path / "page.html", *FILES, "--period", "2026-Q2", "--by", "group", "--lang", lang)
    (line,) = [one for one in lines if "West" in one]
    assert line.startswith(sentence), line
    assert re.search(r"7 (h|tim|t) 50 min", line)


def test_no_team_is_named_by_what_it_is_not_split_by(tmp_path: Path) -> None:
    lines = in_short(tmp_path / "page.html", *FILES, "--period", "2026-Q2", "--by", "type")
    assert not [one for one in lines if "West" in one]


def test_a_new_team_that_is_like_the_others_is_not_named(tmp_path: Path) -> None:
    rows = STORY.joinpath("tickets.csv").read_text("utf-8").splitlines()
    head = rows[0].split(",")
    team, first, opened = (head.index(name) for name in ("Team", "First reply", "Created"))
    alike = [rows[0]]
    for number, row in enumerate(rows[1:]):
        cells = row.split(",")
        is_new = cells[opened] >= "2026-04-01" and number % 3 == 0
        if cells[team] in ("West", "Central"):
            cells[team] = "West" if is_new else "Central"
        replied = datetime.fromisoformat(cells[opened]) + timedelta(minutes=60 + number * 37 % 240)
        cells[first] = replied.isoformat(sep=" ", timespec="seconds")
        alike.append(",".join(cells))
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join([*alike, ""]), "utf-8")
    lines = in_short(tmp_path / "page.html", path, "--period", "2026-Q2", "--by", "group")
    assert not [line for line in lines if line.startswith(("✗West", "✓West"))]


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_a_figure_that_is_missing_is_named_first_with_the_reason(tmp_path: Path, ending: str) -> None:
    rows = []
    for number in range(240):
        opened = datetime(2026, 1, 5, 9) + number * timedelta(hours=20)
        replied = opened + timedelta(hours=90 if number % 2 else 2)
        rows.append(f"{number + 100},{opened},{replied},{opened + timedelta(hours=72)},Solved")
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(["Ticket ID,Created at,First reply at,Resolved at,Status", *rows, ""]), "utf-8")
    page = tmp_path / f"page.{ending}"
    if ending == "html":
        (line,) = [one for one in in_short(page, path) if one.startswith("!")]
    else:
        from openpyxl import load_workbook

        assert piped("report", path, "--zone", "UTC", "--no-config", "-o", page).code == 0
        texts = (str(cell.value) for row in load_workbook(page)["Summary"].iter_rows() for cell in row if cell.value)
        line = next(text for text in texts if "no value" in text)
    assert "First reply time, median: no value:" in line.replace("\u00a0", " ")
    assert "first replied to after" in line
