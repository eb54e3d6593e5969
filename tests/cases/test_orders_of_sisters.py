"""A file whose dates do not tell day from month, refused though another file of the same list does."""

from pathlib import Path

import pytest
from invoked import piped
from reported import reported
from small_reports import written

HEADER = "Ticket ID,Created,Status"
CODE = "order-of-another-file"


def listed(folder: Path, name: str, *dates: str, header: str = HEADER) -> Path:
    return written(folder, name, header, *(f"{name}{n},{date} 08:00,Open" for n, date in enumerate(dates)))


@pytest.mark.parametrize(
    ("sure", "doubtful"),
    [
        (("13/10/2026", "14/10/2026"), ("03/10/2026", "04/10/2026")),
        (("10/13/2026", "10/14/2026"), ("10/03/2026", "10/04/2026")),
    ],
    ids=["day first", "month first"],
)
def test_a_file_follows_the_one_that_tells(tmp_path: Path, sure: tuple[str, ...], doubtful: tuple[str, ...]) -> None:
    one, other = listed(tmp_path, "sure", *sure), listed(tmp_path, "doubtful", *doubtful)
    for files in ((one, other), (other, one)):
        found = reported(*files, period="2026-10")
        assert found.value("tickets_created") == 4
        assert "as those of" in found.said(CODE)


@pytest.mark.parametrize(
    "others",
    [
        [],
        [("13/10/2026", HEADER), ("10/13/2026", HEADER)],
        [("13/10/2026", "Ticket ID,Created,Status,Group")],
        [("04/10/2026", HEADER)],
    ],
    ids=["alone", "two that differ", "another list", "one that tells nothing"],
)
def test_without_one_that_tells_it_is_asked_for(tmp_path: Path, others: list[tuple[str, str]]) -> None:
    files = [listed(tmp_path, f"other{n}", date, header=header) for n, (date, header) in enumerate(others)]
    ended = piped("report", listed(tmp_path, "doubtful", "03/10/2026"), *files)
    assert ended.code == 3
    assert "cannot tell day from month" in ended.err
