"""Cells that come after the sample and are written otherwise are read as if they had stood first."""

from pathlib import Path

import pytest
from reported import english

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import SAMPLE, Choices

MAPPING = """name: desk
label: Desk
system: desk
table: tickets
columns:
  ticket_id: Id
  created_at: Opened
  agent_replies: Replies
  first_reply_time: {from: Minutes, unit: minutes}
"""
PLAIN = [f"{number},2026-01-05 10:00,{number % 4},{number % 90}" for number in range(10_000, 10_000 + SAMPLE + 50)]


def _read(folder: Path, rows: list[str], *, is_first: bool) -> Dataset:
    (folder / "desk.yaml").write_text(MAPPING, encoding="utf-8")
    lines = ["Id,Opened,Replies,Minutes", *(rows if is_first else []), *PLAIN, *([] if is_first else rows), ""]
    (folder / "export.csv").write_text("\n".join(lines), encoding="utf-8")
    return read_exports([str(folder / "export.csv")], Choices(mapping=str(folder / "desk.yaml")), frozenset())


def _cells(dataset: Dataset) -> list[tuple[object, ...]]:
    names = ["ticket_id", "created_at", "agent_replies", "first_reply_time"]
    return sorted(dataset.tables["tickets"].select(names).rows(), key=str)


@pytest.mark.parametrize(
    "row",
    [
        "7,2026-01-05 10:00,3.0,5",  # whole, though written with decimals
        "7,2026-01-05 10:00,1e2,2.5",
        "7,2026-01-05 10:00, 2 ,12 ",
        "7,2026-01-05 10:00,+2,-12",
        "7,2026-01-05 10:00,,",
        "7,2026-01-05 10:00,-,N/A",
        "7,2026-01-05 10:00,2.5,5",  # no count: refused
        "7,2026-01-05 10:00,many,5",
        "7,2026-01-05 10:00,3000000000,5",
        "7,2026-01-05 10:00,2,40000000",  # more seconds than 68 years have
        " 7 ,2026-01-05 10:00,2,5",  # the same key as 7
        "N/A,2026-01-05 10:00,2,5",  # no key: refused
        "A-7,2026-01-05 10:00,2,5",
        "007,2026-01-05 10:00,2,5",  # another key than 7
        "12345678901234567890123,2026-01-05 10:00,2,5",
        "7,2026-01-05 10:00,2,5\n7,2026-01-05 10:00,2,6\n 7,2026-01-05 10:00,2,7",
    ],
)
def test_a_late_cell_reads_as_an_early_one(tmp_path: Path, row: str) -> None:
    early, late = (_read(tmp_path, [row], is_first=is_first) for is_first in (True, False))
    assert _cells(late) == _cells(early)
    assert english(late.sources[0].rows_refused) == english(early.sources[0].rows_refused)


@pytest.mark.parametrize("nothing", ["999", "-1", "0.5", "1900"])
def test_a_number_that_the_user_says_is_nothing_is_none_however_late(tmp_path: Path, nothing: str) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    plain = [
        f"{number},2026-01-05 10:00,{1 + number % 3},{1 + number % 90}"
        for number in range(10_000, 10_000 + SAMPLE + 50)
    ]
    late = [f"7,2026-01-05 10:00,{nothing},{nothing}", f"{nothing},2026-01-05 10:00,2,5"]
    (tmp_path / "export.csv").write_text("\n".join(["Id,Opened,Replies,Minutes", *plain, *late, ""]), encoding="utf-8")
    choices = Choices(mapping=str(tmp_path / "m.yaml"), cells=ReadingChoices(null_values=(nothing,)))
    tickets = read_exports([str(tmp_path / "export.csv")], choices, frozenset())
    last = tickets.tables["tickets"].row(-1, named=True)
    assert (last["agent_replies"], last["first_reply_time"]) == (None, None)
    assert english(tickets.sources[0].rows_refused) == {"no Id": 1}


def test_a_late_cell_that_says_nothing_gives_way_to_the_next_column(tmp_path: Path) -> None:
    mapping = MAPPING + "  group: {from: Team, else: [Desk]}\n"
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    lines = [
        "Id,Opened,Replies,Minutes,Team,Desk",
        *(f"{row},North,Oslo" for row in PLAIN),
        "7,2026-01-05 10:00,2,5,N/A,Oslo",
        "",
    ]
    (tmp_path / "export.csv").write_text("\n".join(lines), encoding="utf-8")
    choices = Choices(mapping=str(tmp_path / "m.yaml"))
    tickets = read_exports([str(tmp_path / "export.csv")], choices, frozenset({"group"})).tables["tickets"]
    assert tickets.row(-1, named=True)["group"] == "Oslo"


def test_a_number_that_is_declared_to_be_nothing_is_nothing_also_late(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING + "missing: ['0']\n", encoding="utf-8")
    lines = ["Id,Opened,Replies,Minutes", *PLAIN, "0,2026-01-05 10:00,2,5", ""]
    (tmp_path / "export.csv").write_text("\n".join(lines), encoding="utf-8")
    dataset = read_exports([str(tmp_path / "export.csv")], Choices(mapping=str(tmp_path / "m.yaml")), frozenset())
    assert dataset.tables["tickets"].height == len(PLAIN)
    assert sum(dataset.sources[0].rows_refused.values()) == 1


def test_a_late_number_with_decimals_is_read_also_where_the_sample_had_to_be_cleaned(tmp_path: Path) -> None:
    blank = "6,2026-01-05 10:00, 1 , 4 "
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    lines = ["Id,Opened,Replies,Minutes", blank, *PLAIN, "7,2026-01-05 10:00,3.0,2.5", ""]
    (tmp_path / "export.csv").write_text("\n".join(lines), encoding="utf-8")
    dataset = read_exports([str(tmp_path / "export.csv")], Choices(mapping=str(tmp_path / "m.yaml")), frozenset())
    assert dataset.tables["tickets"].row(-1, named=True)["agent_replies"] == 3
    assert dataset.tables["tickets"].row(-1, named=True)["first_reply_time"] == 150
