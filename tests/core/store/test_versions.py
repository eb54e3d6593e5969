"""Versions of a store: what was reported then is what comes out again."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from invoked import piped, sample
from kill_ingest import tree
from small_stores import TICKETS, address, months, reported, taken_in

from kpi_core.errors import ExportError, StoreError
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.states import OF_STORE
from kpi_core.store import folder, ingesting
from kpi_core.store.exporting import _written_keys, export
from kpi_core.store.folder import LAYOUT, MARK
from kpi_core.store.forgetting import forget
from kpi_core.store.ingesting import ingest
from kpi_core.store.reading import inputs
from kpi_core.store.status import compact, log, name, status


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The exports of four months."""
    return months(tmp_path_factory.mktemp("files"))


@pytest.fixture
def store(files: list[str], tmp_path: Path) -> Path:
    """A store that was given a month at a time."""
    for file in files[:3]:
        taken_in(tmp_path / "store", file)
    return tmp_path / "store"


def test_a_version_is_the_report_of_then(store: Path, files: list[str]) -> None:
    name(store, "2", "board")
    assert reported("--store", store, "--as-of-version", "1") == reported(files[0])
    assert reported("--store", store, "--as-of-version", "board") == reported(*files[:2])


def test_what_was_ingested_by_a_day(files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    for day, file in zip((3, 10, 17), files, strict=False):
        monkeypatch.setattr(ingesting, "made_now", lambda day=day: datetime(2026, 10, day, 12, tzinfo=UTC))
        taken_in(store, file)
    by = {day: len(inputs(store, ingested=datetime(2026, 10, day, tzinfo=UTC).date())) for day in (3, 9, 10, 31)}
    assert by == {3: 1, 9: 1, 10: 2, 31: 3}
    assert len(inputs(store, ingested=datetime(2026, 10, 10, 12, tzinfo=UTC))) == 2
    assert len(inputs(store, ingested=datetime(2026, 10, 10, 12, tzinfo=UTC) - timedelta(seconds=1))) == 1
    with pytest.raises(StoreError, match="had no version by 2026-10-02"):
        inputs(store, ingested=datetime(2026, 10, 2, tzinfo=UTC).date())


def test_the_log_says_what_each_version_brought(store: Path, files: list[str]) -> None:
    name(store, "newest", "now")
    assert [(one.number, one.names, [each.name for each in one.added]) for one in log(store)] == [
        (3, ("now",), [files[2]]),
        (2, (), [files[1]]),
        (1, (), [files[0]]),
    ]
    assert [one.name for one in status(store, "1").exports] == [files[0]]


@pytest.mark.parametrize(
    ("version", "called", "message"),
    [
        ("4", "x", "has no version `4`"),
        ("0", "x", "has no version `0`"),
        ("boardd", "x", "has no version `boardd`"),
        ("1", "7", "`7` is no name for a version"),
        ("1", " ", "is no name for a version"),
        ("1", "board", "version 2 is called `board` already"),
    ],
)
def test_what_is_no_version_or_no_name_is_refused(store: Path, version: str, called: str, message: str) -> None:
    name(store, "2", "board")
    with pytest.raises(StoreError, match=message):
        name(store, version, called)
    assert status(store).names == {"board": 2}


def test_a_wider_export_is_one_more_version(store: Path, tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text(
        "Ticket ID,Created,Status," + ",".join(f"Field {n}" for n in range(40)) + "\n"
        + "".join(f"{n},2026-11-0{n} 10:00,Open{',x' * 40}\n" for n in range(1, 9)),
        encoding="utf-8",
    )  # fmt: skip
    assert taken_in(store, str(wide)).version == 4
    assert [one.number for one in log(store)] == [4, 3, 2, 1]
    assert [len(inputs(store, str(number))) for number in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_other_tools_read_the_table(store: Path) -> None:
    found = pl.read_delta(str(store / "exports-1"))
    rows = found.filter(pl.col("row").is_not_null())
    assert rows.height == sum(1 + one.rows for one in status(store).exports)  # each has a header
    assert {json.loads(said)["id"] for said in found["said"].drop_nulls()} == set(rows["export"])


def test_the_tables_of_a_store_for_other_tools(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "tables"
    written = {one.table: one for one in export(target, Choices(stored=inputs(store)))}
    tickets = pl.read_parquet(written["tickets"].path)
    assert tickets.height == written["tickets"].rows == tickets["ticket_id"].n_unique() == 120
    assert {"customer_email", "group", "created_at"} <= set(tickets.columns)
    assert not [column for column in tickets.columns if column.startswith("_")]
    assert set(tickets["ticket_id"]) == {str(month * 100 + n) for month in (6, 7, 8) for n in range(40)}
    assert set(tickets["customer_email"]) == {address(n) for n in range(7)}
    assert set(tickets["csat (1–5)"].drop_nulls()) == {1, 2, 3, 4, 5}
    export(target, Choices(stored=inputs(store)))  # may be written anew
    pl.DataFrame({"mine": [1]}).write_parquet(target / "tickets.parquet")
    with pytest.raises(StoreError, match="was not written by"):
        export(target, Choices(stored=inputs(store)))
    assert pl.read_parquet(target / "tickets.parquet").columns == ["mine"]


SAMPLES = (
    "arenden_2026.csv", "freshdesk_tickets.csv", "freshdesk_tickets.xls", "google_forms_responses.csv", "messages_2026.csv",
    "surveymonkey_responses.csv", "zendesk_tickets.csv",
)  # fmt: skip


def _figures(*arguments: object) -> dict[tuple[str, str], object]:
    return {(one["kpi"], str(one["group"])): (one["value"], one["n"]) for one in reported(*arguments)["results"]}


def test_they_are_read_back_to_the_same_figures(files: list[str], tmp_path: Path) -> None:
    store, target = tmp_path / "store", tmp_path / "tables"
    taken_in(store, files[1])
    export(target, Choices(stored=inputs(store)))
    tables = sorted(target.glob("*.parquet"))
    assert _figures(*tables) == _figures("--store", store)
    assert _figures(*tables)["csat", "{}"] != (None, 0)


def test_the_folder_is_reported_on_to_the_letter_as_the_store_is(tmp_path: Path) -> None:
    """Exports of four systems, some with offsets, and surveys: their tables alone have other days, and not all answers."""
    store, target = tmp_path / "store", tmp_path / "tables"
    samples = [sample(name) for name in SAMPLES]
    taken_in(store, *samples)
    export(target, Choices(stored=inputs(store)))
    assert reported(target, "--all") == reported("--store", store, "--all")
    assert _figures(*sorted(target.glob("*.parquet")))["csat", "{}"] != _figures(target)["csat", "{}"]
    (tmp_path / "tables" / OF_STORE).write_bytes(b"mine")
    with pytest.raises(StoreError, match="was not written by"):
        export(target, Choices(stored=inputs(store)))


def test_exports_in_the_folder_count_in_the_order_they_were_taken_in(tmp_path: Path) -> None:
    """Of rows that say nothing of when the later export counts, also where its name comes first."""
    store, target = tmp_path / "store", tmp_path / "tables"
    head = "Ticket ID,Created at,Status,Group\n"
    for export_name, day, group in (("b", date(2026, 9, 1), "Old"), ("a", date(2026, 9, 2), "New")):
        rows = [f"{n},2026-08-{1 + n % 28:02} 10:00,open,{group}\n" for n in range(40)]
        (tmp_path / f"{export_name}.csv").write_text(head + "".join(rows), encoding="utf-8")
        ingest(store, [str(tmp_path / f"{export_name}.csv")], Choices(), taken=day)
    export(target, Choices(stored=inputs(store)))
    whole = ("--by", "group", "--period", "2026-08", "--kpi", "tickets_created")
    assert _figures(target, *whole) == _figures("--store", store, *whole)
    assert ("tickets_created", "{'group': 'New'}") in _figures(target, *whole)


def test_answers_are_read_back_with_their_response_and_scale(tmp_path: Path) -> None:
    lines = [
        f"r{n},{n + 1 if n < 7 else ''},2026-09-{1 + n % 27:02} 10:00,{1 + n % 5},{n % 11},{('no', 'yes')[n % 3 > 0]},c{n}"
        for n in range(60)
    ]
    survey = "Response ID,Ticket ID,Responded at,CSAT (1-5),NPS (0-10),Was your issue resolved?,Comment\n"
    for file, text in {
        "tickets.csv": TICKETS.replace("Subject", "Group"),
        "survey.csv": survey + "\n".join(lines) + "\n",
    }.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    store, target = tmp_path / "store", tmp_path / "tables"
    taken_in(store, str(tmp_path / "tickets.csv"), str(tmp_path / "survey.csv"))
    export(target, Choices(stored=inputs(store)))
    answers = pl.read_parquet(target / "answers.parquet").sort("response_id")
    assert answers["response_id"].to_list() == sorted(f"r{n}" for n in range(60))
    assert answers.filter(response_id="r6").select(
        "ticket_id", "csat (1–5)", "nps (0–10)", "Was your issue resolved?", "comment"
    ).row(0) == ("7", 2, 6, "no", "c6")
    assert pl.read_parquet(target / "tickets.parquet")["customer_id"].to_list() == [
        "17",
        "17",
        "18",
        "19",
        "20",
        "21",
        "22",
    ]
    found = _figures(target)
    assert found == _figures("--store", store)
    assert {name: found[name, "{}"][1] for name in ("csat", "nps")} == {"csat": 60, "nps": 60}


def test_a_number_of_two_sources_is_written_with_its_source(tmp_path: Path) -> None:
    for file, headers in {
        "zendesk.csv": "Id,Created at,Solved at,Status,Requester",
        "other.csv": "Ticket ID,Created,Resolved,Status,Requester email",
    }.items():
        rows = [
            f"{n},2026-09-0{n} 10:00,2026-09-0{n} {11 + len(file) % 5}:00,Solved,{file[0]}{n}@example.com"
            for n in range(1, 9)
        ]
        (tmp_path / file).write_text("\n".join([headers, *rows]) + "\n", encoding="utf-8")
    found = read_exports([str(tmp_path / "zendesk.csv")], Choices(source="a"), frozenset())
    other = read_exports([str(tmp_path / "other.csv")], Choices(source="b"), frozenset())
    keys = _written_keys([*found.reads, *other.reads])
    both = (
        pl.concat([found.tables["tickets"], other.tables["tickets"]], how="diagonal")
        .select(_id="ticket_id")
        .join(keys, on="_id", how="left", maintain_order="left")
    )
    assert both["_text"].to_list() == [*(f"a {n}" for n in range(1, 9)), *(f"b {n}" for n in range(1, 9))]


def test_a_report_scans_what_is_new_to_it_and_says_the_same(store: Path, files: list[str]) -> None:
    def scans() -> set[str]:
        return {file.name for file in store.glob("exports-1/_scans/*/*.arrow")}

    before = scans()
    once = reported("--store", store)
    assert len(scans() - before) == 3
    before = scans()
    assert reported("--store", store) == once == reported(*files[:3])
    assert scans() == before
    taken_in(store, files[3])
    before = scans()
    assert reported("--store", store) == reported(*files)
    assert len(scans() - before) == 1
    for scan in store.glob("exports-1/_scans/*/*"):
        scan.write_bytes(b"damaged")
    assert reported("--store", store) == reported(*files)


def test_tidying_up_deletes_what_nobody_knows_and_leaves_every_version(store: Path, files: list[str]) -> None:
    left = store / "exports-1" / "export=0123"
    left.mkdir()
    (left / "rows.parquet").write_bytes(b"x" * 1000)
    (store / f"{MARK}.1").write_text("{", encoding="utf-8")
    assert compact(store) > 1001  # and scans, which are made again
    assert compact(store) == 0
    assert [len(inputs(store, str(number))) for number in (1, 2, 3)] == [1, 2, 3]
    assert taken_in(store, files[3]).version == 4


def test_a_folder_that_is_no_store(tmp_path: Path, files: list[str]) -> None:
    (tmp_path / "letter.txt").write_text("Hello", encoding="utf-8")
    with pytest.raises(StoreError, match="is a folder, and no store"):
        status(tmp_path)
    with pytest.raises(StoreError, match="is no store, and holds `letter"):
        taken_in(tmp_path, files[0])
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(StoreError, match="there is no store here"):
        status(tmp_path / "nowhere")
    for url in ("s3://bucket/desk", "abfss://desk@account/here"):
        with pytest.raises(StoreError, match="is an address, and a store is a folder"):
            taken_in(Path(url), files[0])
    with pytest.raises(StoreError, match="is a file, and no store"):
        taken_in(tmp_path / "letter.txt", files[0])


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("", "does not say what the store holds"),
        ("[]", "does not say what the store holds"),
        ('{"layout": 1}', "does not say what the store holds"),
        (json.dumps({"layout": 1, "table": "../..", "names": {}, "forgotten": []}), "does not say"),
        (json.dumps({"layout": LAYOUT + 1}), "is a store of a later kundpuls"),
    ],
)
def test_a_mark_that_means_nothing_here(store: Path, said: str, message: str) -> None:
    (store / MARK).write_text(said, encoding="utf-8")
    with pytest.raises(StoreError, match=message):
        inputs(store)


@pytest.mark.parametrize("place", ["a folder å ä ö", "100 % [1] 'ours' & theirs*", "日本"])
def test_the_name_of_a_folder_is_no_matter(place: str, files: list[str], tmp_path: Path) -> None:
    store = tmp_path / place / "desk"
    store.parent.mkdir()
    for file in files[:2]:
        taken_in(store, file)
    assert [len(one.added) for one in log(store)] == [1, 1]
    assert reported("--store", store) == reported(*files[:2])
    forget(store, address(3), Choices())
    assert [len(one.added) for one in log(store)] == [1, 1]
    moved = tmp_path / "moved"
    store.rename(moved)
    assert len(inputs(moved, "1")) == 1
    assert taken_in(moved, *files[2:]).version == 3


@pytest.mark.parametrize("place", ["desk #1", "50%25", "why?", "to/#2/desk"])
def test_a_path_that_the_log_cannot_be_kept_under_is_refused(place: str, files: list[str], tmp_path: Path) -> None:
    if "?" in place and os.name == "nt":
        pytest.skip("no such name can be")
    with pytest.raises(StoreError, match="no store can be kept under a path with"):
        taken_in(tmp_path / place, files[0])
    assert not (tmp_path / place).exists()


def test_a_link_to_a_store_is_the_store(store: Path, files: list[str], tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(store, target_is_directory=True)
    assert taken_in(link, files[3]).version == 4
    assert forget(link, address(3), Choices()).exports == 4
    assert status(store).version == 4
    assert link.is_symlink()


@pytest.mark.parametrize("damage", ["torn", "gone"])
def test_a_log_that_is_damaged_is_no_bug(damage: str, store: Path, files: list[str]) -> None:
    commits = sorted((store / "exports-1" / "_delta_log").glob("*.json"))
    if damage == "torn":
        commits[-1].write_text('{"commitInfo":', encoding="utf-8")
    else:
        commits[1].unlink()
    for action in (lambda: inputs(store), lambda: log(store), lambda: taken_in(store, files[3])):
        with pytest.raises(StoreError, match="the log of versions is damaged, or has gone") as raised:
            action()
        assert "restore the store from a copy" in str(raised.value.hint)


def test_an_export_whose_rows_have_gone_is_said(store: Path) -> None:
    next((store / "exports-1").glob("export=*/rows.parquet")).unlink()
    with pytest.raises(ExportError, match="can no longer be read") as raised:
        read_exports([], Choices(stored=inputs(store)), frozenset())
    assert "restore the store from a copy" in str(raised.value.hint)


def test_nothing_is_written_over_a_store_or_exported_into_it(store: Path) -> None:
    before = tree(store)
    for target in (MARK, "write.lock", "exports-1/_delta_log/00000000000000000000.json", "exports-1/new.csv"):
        ended = piped("report", "--store", store, "-o", store / target)
        assert (ended.code, "is a file of a store" in ended.err) == (3, True), ended.err
    for target in (store, store / "tables", store / "exports-1"):
        with pytest.raises(StoreError, match="is in the store"):
            export(target, Choices(stored=inputs(store)))
    assert tree(store) == before
    assert piped("report", "--store", store, "-o", store / "june.json").code == 0  # people may keep reports there


def test_an_export_that_is_damaged_is_named(store: Path) -> None:
    said = next((store / "exports-1").glob("export=*/said.parquet"))
    said.write_bytes(b"PAR1")
    with pytest.raises(StoreError, match="is damaged, or has gone"):
        inputs(store)


def test_without_the_libraries_the_way_to_them_is_said(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(folder, "import_module", lacking)
    with pytest.raises(StoreError, match="which is not installed") as raised:
        inputs(store)
    assert raised.value.hint == "pip install 'kundpuls[store]'"
