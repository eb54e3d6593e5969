"""Folders named by a column of what is in them (`Group=Tech/0.parquet`): not found, or read without what their names say."""

import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from invoked import piped
from reported import Reported, reported

FRAME = pl.DataFrame({
    "ticket_id": range(1, 41),
    "created_at": [datetime(2026, 8 + n % 2, 1 + n % 28, 9) for n in range(40)],
    "resolved_at": [datetime(2026, 8 + n % 2, 1 + n % 28, 9) + timedelta(hours=n) if n % 5 else None for n in range(40)],
    "status": ["Solved" if n % 5 else "Open" for n in range(40)],
    "Group": ["Tech" if n % 4 else "Köp" for n in range(40)],
})  # fmt: skip


def put(folder: Path, frame: pl.DataFrame, ending: str = "parquet") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"part-0.{ending}"
    {"parquet": frame.write_parquet, "arrow": frame.write_ipc, "csv": frame.write_csv}[ending](path)  # type: ignore[operator]


def by_group(folder: Path, ending: str = "parquet") -> Path:
    for (group,), rows in FRAME.group_by("Group"):
        put(folder / f"Group={str(group).replace('ö', '%C3%B6')}", rows.drop("Group"), ending)
    return folder


def by_state_in_months(folder: Path) -> Path:
    """Parts of one state each, and of two depths, next to what the program leaves there."""
    rows = FRAME.with_columns(month=pl.col("created_at").dt.strftime("%m"))
    for (month, status), some in rows.group_by("month", "status"):
        put(folder / "year=2026" / f"month={month}" / f"status={status}", some.drop("month", "status"))
    (folder / "_SUCCESS").touch()
    return folder


def with_empty_ones(folder: Path) -> Path:
    """One part of rows that have no group, and one that lacks a column of the other."""
    put(folder / "Group=__HIVE_DEFAULT_PARTITION__", FRAME.head(10).drop("Group", "resolved_at"))
    put(folder / "Group=Tech", FRAME.tail(30).drop("Group"))
    return folder


def of_columns(folder: Path) -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    FRAME.write_parquet(folder / "flat.parquet")
    return reported(folder / "flat.parquet").values


@pytest.mark.parametrize("laid", [by_group, lambda folder: by_group(folder, "arrow"), by_state_in_months])
def test_a_table_in_parts_is_that_in_one_file(laid: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = laid(tmp_path / "table")
    found = reported(folder)
    assert found.values == of_columns(tmp_path / "flat")
    assert [source["rows_read"] for source in found.document["sources"]] == [40]
    assert not found.finding_text("passed-over")


def groups(*paths: object) -> dict[str | None, int]:
    ended = piped("report", *paths, "--period", "all", "--kpi", "tickets_created", "--by", "group", "--min-n", 1, "--format", "json")  # fmt: skip
    assert ended.code == 0, ended.err
    found = Reported(json.loads(ended.out)).document["results"]
    return {one["group"]["group"]: one["value"] for one in found if one["group"]}


@pytest.mark.parametrize("pattern", ["", "*", "*/*.parquet"])
def test_names_of_folders_are_groups_however_the_files_are_named(pattern: str, tmp_path: Path) -> None:
    folder = by_group(tmp_path / "table")
    if pattern == "*":
        assert groups(*sorted(folder.iterdir())) == {"Tech": 30, "Köp": 10}
    else:
        assert groups(folder / pattern) == {"Tech": 30, "Köp": 10}


def test_rows_without_a_value_have_none(tmp_path: Path) -> None:
    assert groups(with_empty_ones(tmp_path / "table")) == {
        "Tech": sum(FRAME.tail(30).height for _ in range(1)),
        None: 10,
    }


def test_a_table_in_parts_lies_in_a_folder_or_an_archive(tmp_path: Path) -> None:
    by_group(tmp_path / "all" / "table")
    assert reported(tmp_path / "all").value("tickets_created") == 40
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for path in sorted((tmp_path / "all").rglob("*.parquet")):
            archive.write(path, path.relative_to(tmp_path / "all"))
    assert groups(tmp_path / "t.zip") == {"Tech": 30, "Köp": 10}


@pytest.mark.parametrize("argument", ["", "*/*.csv"])
def test_what_names_of_folders_say_of_text_is_reported_as_unread(argument: str, tmp_path: Path) -> None:
    found = reported(by_group(tmp_path / "table", "csv") / argument)
    assert found.value("tickets_created") == 40
    text = found.finding_text("passed-over")
    assert text.count("say (`Group`) is not read") == 2


@pytest.mark.parametrize("inside", ["2026-08", "2026-08/Group=Tech"])
def test_a_folder_of_exports_in_a_folder_is_named(inside: str, tmp_path: Path) -> None:
    put(tmp_path / inside, FRAME, "csv")
    FRAME.write_csv(tmp_path / "own.csv")
    found = reported(tmp_path)
    assert "2026-08 holds exports and is a folder of its own" in found.finding_text("passed-over")
    (tmp_path / "own.csv").unlink()
    ended = piped("report", tmp_path)
    assert ended.code == 3
    assert "2026-08 holds exports" in ended.err


def test_parts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "Group=a", FRAME.drop("Group"))
    put(tmp_path / "Group=b", FRAME.drop("Group").with_columns(created_at=pl.lit([1, 2])))
    ended = piped("inspect", tmp_path)
    assert ended.code == 3
    assert "Parquet of a kind that is not read" in ended.err + ended.out
