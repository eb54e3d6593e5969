"""Guards: what is understood of one file of a folder is taken for the others only where it cannot be otherwise there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from effort import calls
from reported import english

from kpi_core.ingest import drafted
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import look_for
from kpi_core.ingest.files.limits import DEFAULT
from kpi_core.ingest.read import scan_file
from kpi_core.ingest.tables.identity import spelt_numbers

HEADER = "Ticket ID,Created at,Status,Agent,Remark"


def written(folder: Path, number: int, remark: str) -> Path:
    """A file of one ticket."""
    path = folder / f"{number}.csv"
    path.write_text(f"{HEADER}\n{1000 + number},2026-03-0{number} 09:00,Closed,Ann,{remark}\n", encoding="utf-8")
    return path


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many files a draft was asked about."""
    asked: list[object] = []
    ask = drafted.has_more
    monkeypatch.setattr(drafted, "has_more", lambda *given: asked.append(given) or ask(*given))
    monkeypatch.setattr(drafted, "_LOOKED_AT", {})
    return lambda: len(asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [("c1@x.se", "c12@x.se"), ("Order 1", "Parcel 170"), ("5", "120"), ("closed", "open"), ("", "")],
)
def test_files_that_look_alike_are_looked_at_once(
    tmp_path: Path, looks: Callable[[], int], one: str, other: str
) -> None:
    """How many letters a word has, and figures next to it, are nothing that a draft goes by."""
    read_exports([str(written(tmp_path, 1, one)), str(written(tmp_path, 2, other))], Choices(), frozenset())
    assert looks() == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("soon", "2026-03-01"), ("17", "20260301"), ("123", "45123"), ("2 days", "2026-03-01 10:00"), ("130", "1:30"),
        ("word", "two words"), ("", "word"), ("170930190", "1709301909"), ("3 May", "3 May 2026"), ("short", "long" * 30),
    ],
)  # fmt: skip
def test_files_that_do_not_look_alike_are_each_looked_at(
    tmp_path: Path, looks: Callable[[], int], one: str, other: str
) -> None:
    """One of them may have a date, a time of day or a text where the other has none."""
    read_exports([str(written(tmp_path, 1, one)), str(written(tmp_path, 2, other))], Choices(), frozenset())
    assert looks() == 2


def test_another_file_alike_costs_three_quarters_of_the_first_at_most(tmp_path: Path) -> None:
    """What depends on the header alone is done once: headers are compared, and expressions put together, for the first.

    It was three fifths when the first cost a third more calls and the other a twentieth more: the bound in calls is what it cost then.
    A file with a header of its own goes first, so that what any file needs once is not counted, whichever tests ran before.
    """

    def scanned(header: str, number: int) -> int:
        path = tmp_path / f"{header[-1]}{number}.csv"
        row = f"{number},2026-03-0{number} 09:00,2026-03-0{number} 10:00,Closed,Support,x{number}"
        path.write_text(f"{header}\n{row}\n", encoding="utf-8")
        [file] = look_for([str(path)], DEFAULT).files
        return calls(lambda: scan_file(file, Choices(), frozenset()))

    common = "Ticket ID,Created at,Solved at,Status,Team"
    scanned(f"{common},Another A", 1)
    first, second = (scanned(f"{common},Kept only here B", number) for number in (1, 2))
    assert second < 0.75 * first
    assert second < 17_446


def test_the_numbers_of_each_file_are_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether they are spelt otherwise than another file's is decided by each file alone, not by each pair of them."""
    asked: list[object] = []
    look = spelt_numbers.collect
    monkeypatch.setattr(spelt_numbers, "collect", lambda *given: asked.append(given) or look(*given))
    paths = [str(written(tmp_path, number, "c1@x.se")) for number in range(1, 8)]
    assert read_exports(paths, Choices(), frozenset()).tables["tickets"].height == len(paths)
    assert len(asked) == len(paths)


@pytest.mark.parametrize("refused", ["meh", "Nja", "17"])
def test_a_refused_row_may_say_what_no_other_says(tmp_path: Path, refused: str) -> None:
    """The cells of a survey are understood from the rows that count; those of a row that does not are no less a cell."""
    path = tmp_path / "survey.csv"
    rows = [f"{number},2026-03-0{number},{mark}" for number, mark in enumerate((5, 4, 3, 1), start=1)]
    path.write_text(
        "\n".join(["Response ID,Answered at,CSAT", *rows, f"5,no day at all,{refused}", ""]), encoding="utf-8"
    )
    read = read_exports([str(path)], Choices(), frozenset())
    assert english(read.sources[0].rows_refused) == {"unreadable Answered at": 1}
    assert read.tables["answers"]["score"].sort().to_list() == [1, 3, 4, 5]
