"""Exports into a store: what is in it does not depend on how they came in, and a report over it is the report over its files."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from examples import few
from hypothesis import given
from hypothesis import strategies as st
from invoked import sample
from small_stores import MONTHS, months, reported, taken_in

from kpi_core.errors import ExportError
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.raw_export import ReadOptions
from kpi_core.store.exports import in_order
from kpi_core.store.forgetting import forget
from kpi_core.store.ingesting import ingest
from kpi_core.store.status import log, status
from kpi_core.store.versions import Versions


def _tree(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes, but the commits, which say when they were made, and scans, which can be made again."""
    return {
        str(file.relative_to(folder)): b"" if "_delta_log" in file.parts else file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and "_scans" not in file.parts
    }


def test_a_report_over_a_store_is_the_report_over_its_files(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    found = taken_in(store, *files)
    assert (found.version, found.exports, len(found.added)) == (1, 4, 4)
    assert reported("--store", store) == reported(*files)


SAMPLES = ("zendesk_tickets.csv", "surveymonkey_responses.csv", "freshdesk_tickets.xls", "google_forms_responses.csv")


def test_so_it_is_of_the_exports_of_real_systems(tmp_path: Path) -> None:
    store = tmp_path / "store"
    cells = ReadingChoices(zone="UTC")
    found = ingest(store, [sample(name) for name in SAMPLES], Choices(cells=cells))
    files = [one.name for one in in_order(found.added)]
    assert reported("--store", store) == reported(*files)


def test_what_is_there_already_is_not_taken_again(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, *files)
    before = _tree(store)
    again = taken_in(store, *files)
    assert (again.version, again.added, list(again.known)) == (1, (), files)
    assert _tree(store) == before
    # The same bytes under another name are the same export.
    copy = tmp_path / "copy.csv"
    copy.write_bytes(Path(files[0]).read_bytes())
    assert taken_in(store, str(copy)).known[str(copy)].name == files[0]


def test_month_by_month_is_as_all_at_once(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    at_once, by_month = tmp_path / "at-once", tmp_path / "by-month"
    taken_in(at_once, *files)
    for place, file in enumerate(files, start=1):
        assert taken_in(by_month, file).version == place
        # Each month is that of the files there were by then.
        assert reported("--store", by_month) == reported(*files[:place])
    assert reported("--store", by_month) == reported("--store", at_once)
    assert {one.id for one in status(by_month).exports} == {one.id for one in status(at_once).exports}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], dict[str, Any]]:
    """Files of four months, and the report over them."""
    files = months(tmp_path_factory.mktemp("desk"))
    return files, reported(*files)


@few(4)
@given(split=st.lists(st.integers(0, 3), min_size=4, max_size=4), order=st.permutations(range(4)))
def test_it_does_not_matter_which_files_come_in_together_or_first(
    split: list[int], order: list[int], desk: tuple[list[str], dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    files, expected = desk
    store = tmp_path_factory.mktemp("split") / "store"
    for turn in range(4):
        if together := [files[place] for place in order if split[place] == turn]:
            taken_in(store, *together)
    assert reported("--store", store) == expected


def test_files_are_read_with_a_store_and_what_it_holds_is_read_once(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, *files[:3])
    assert reported(files[3], "--store", store)["results"] == reported(*files)["results"]
    again = reported(files[0], "--store", store)
    assert [one["path"] for one in again["sources"]] == [one["path"] for one in reported("--store", store)["sources"]]
    assert "passed-over" in [one["code"] for one in again["findings"]]


def test_an_export_is_as_old_as_its_newest_event_unless_somebody_says(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    taken_in(tmp_path / "store", files[1], files[0])
    assert [(one.name, one.evidence) for one in status(tmp_path / "store").exports] == [
        (file, "newest event") for file in files[:2]
    ]
    ingest(tmp_path / "other", [files[0]], Choices(), taken=date(2026, 12, 24))
    [given] = status(tmp_path / "other").exports
    assert (given.taken, given.evidence) == (datetime(2026, 12, 24, 23, 59, 59), "given")


def test_two_exports_of_one_name_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [tmp_path / "june", tmp_path / "july"]
    for folder, month in zip(folders, MONTHS, strict=False):
        [file] = months(folder, [month])
        Path(file).rename(folder / "tickets.csv")
    store = tmp_path / "store"
    for folder in folders:
        monkeypatch.chdir(folder)
        taken_in(store, "tickets.csv")
    assert [one.name for one in status(store).exports] == ["tickets.csv", "tickets.csv (2)"]
    assert [[one.name for one in version.added] for version in log(store)] == [["tickets.csv (2)"], ["tickets.csv"]]
    assert [one["path"] for one in reported("--store", store)["sources"]][:2] == ["tickets.csv", "tickets.csv (2)"]


def test_archives_and_folders_are_taken_apart(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in files:
            archive.write(file, Path(file).name)
    (tmp_path / "files" / "empty.csv").write_text("", encoding="utf-8")
    found = taken_in(tmp_path / "store", str(tmp_path / "files"))
    assert len(found.added) == 4
    assert [error.where for error in found.aside] == [str(tmp_path / "files" / "empty.csv")]
    zipped = taken_in(tmp_path / "store", str(tmp_path / "all.zip"))
    assert (zipped.version, len(zipped.known)) == (1, 4)


def test_what_a_report_would_refuse_is_refused_with_all_that_came_with_it(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    strange = tmp_path / "strange.csv"
    strange.write_text("Colour,Taste\nred,sweet\n", encoding="utf-8")
    store = tmp_path / "store"
    taken_in(store, files[0])
    before = _tree(store)
    with pytest.raises(ExportError):
        taken_in(store, files[1], str(strange))
    assert _tree(store) == before


def test_a_file_that_is_cut_in_another_way_is_another_export(tmp_path: Path) -> None:
    [file] = months(tmp_path / "files", [6])
    store = tmp_path / "store"
    taken_in(store, file)
    found = ingest(store, [file], Choices(options=ReadOptions(encoding="latin-1")))
    assert (found.version, [one.name for one in found.added]) == (2, [f"{file} (2)"])
    assert len(Versions(folder=store / "exports-1").exports()) == 2


CORRECTED = "Ticket ID,Created,Updated,Resolved,Status,Team,Requester email,CSAT\n"


def _april(path: Path, second: int) -> str:
    """The export of a month, of the same moment whatever the ratings are: every fifth one is the `second`."""
    scores = (1, second, 3, 4, 5)
    times = [f"2026-04-{1 + n % 20:02} {{}}:00" for n in range(60)]
    rows = [f"{n},{at.format('09')},{at.format(11)},{at.format(11)},Resolved,North,c{n}@example.com,{scores[n % 5]}" for n, at in enumerate(times)]  # fmt: skip
    path.write_text(CORRECTED + "\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("later", ["april (1).csv", "zz.csv"])
@pytest.mark.parametrize("is_at_once", [False, True], ids=["one by one", "at once"])
def test_of_two_exports_of_one_moment_the_one_ingested_later_counts_whatever_its_name(
    later: str, tmp_path: Path, *, is_at_once: bool
) -> None:
    files = [_april(tmp_path / "april.csv", 2), _april(tmp_path / later, 5)]
    store, other = tmp_path / "store", tmp_path / "other"
    for place, order in ((store, files), (other, files[::-1])):
        for together in [order] if is_at_once else [[file] for file in order]:
            taken_in(place, *together)
        found = reported("--store", place)
        assert found == reported(*order)
        [csat] = [one for one in found["results"] if one["kpi"] == "csat" and not one["group"]]
        assert csat["numerator"] == (36 if order is files else 24)
        [repeated] = [one["text"] for one in found["findings"] if one["code"] == "repeated-keys"]
        assert "settled by order of the files 60" in repeated
        assert (
            "12 of these by the order of the files alone, in a store by that of ingestion: their update times"
            in repeated
        )
    # What is known changes nothing, and a version is the order of then.
    before = reported("--store", store)
    taken_in(store, files[0])
    assert reported("--store", store) == before
    forget(store, "c7@example.com", Choices())
    [csat] = [one for one in reported("--store", store)["results"] if one["kpi"] == "csat" and not one["group"]]
    assert (csat["numerator"], csat["n"]) == (36, 59)
