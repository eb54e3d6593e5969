"""A customer is forgotten: no byte of the folder names them any more, in no version, and everybody else's rows are as they were."""

import json
from pathlib import Path
from typing import Any

import pytest
from kill_ingest import tree
from openpyxl import Workbook
from small_stores import ANNA, HEADER, TICKETS, address, blanked, kept_ids, left, months, reported, taken_in, two_files

from kpi_core.errors import ExportError, StoreError
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices
from kpi_core.store import reading
from kpi_core.store.exporting import export
from kpi_core.store.folder import Store, found
from kpi_core.store.forgetting import Erased, forget
from kpi_core.store.reading import inputs
from kpi_core.store.status import compact, log, name, status


def test_no_byte_names_them_and_all_else_is_as_it_was(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    for file in files:
        taken_in(store, file)
    name(store, "2", "board")
    assert left(store, address(3))
    reported("--store", store)  # which leaves scans
    lines = [line for file in files for line in Path(file).read_text(encoding="utf-8").splitlines()]
    found = forget(store, address(3).upper(), Choices())
    assert found == Erased(rows=sum(address(3) in line for line in lines), exports=4)
    assert left(store, address(3)) == []
    assert [one.number for one in log(store)] == [4, 3, 2, 1]
    blanked(files, lambda line: address(3) in line)
    assert reported("--store", store)["results"] == reported(*files)["results"]
    assert reported("--store", store, "--as-of-version", "board")["results"] == reported(*files[:2])["results"]
    assert left(store, address(3)) == []  # nor do scans of these reports
    [noted] = status(store).forgotten
    assert noted.rows == found.rows
    assert address(3) not in json.dumps(vars(noted))


def test_the_same_files_do_not_bring_them_back(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, *files)
    forget(store, address(3), Choices())
    again = taken_in(store, *files)
    assert (again.version, again.added) == (1, ())
    assert left(store, address(3)) == []


def test_who_is_in_no_row_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    store = tmp_path / "store"
    taken_in(store, *months(tmp_path / "files"))
    before = tree(store)
    assert forget(store, "nobody@example.com", Choices()) == Erased(rows=0, exports=0)
    assert tree(store) == before
    with pytest.raises(StoreError, match="no customer is named"):
        forget(store, " ", Choices())


@pytest.mark.parametrize("named", [ANNA, "17"])
def test_an_address_leads_to_the_number_and_the_number_to_the_address(named: str, tmp_path: Path) -> None:
    store = two_files(tmp_path)
    assert forget(store, named, Choices()) == Erased(rows=5, exports=2)
    # 2 by her number; 5 names her; what was answered about 1 and 2 is hers. A 17 that is no customer stays, and other addresses.
    assert kept_ids(store) == {"tickets.csv": ["3", "4", "6", "7"], "survey.csv": ["r3", "r6"]}
    assert left(store, " anna.berg@example.com", ",anna.berg@example.com", "Thanks from Anna", "070 123") == []


def test_a_number_of_a_company_leads_to_nobody(tmp_path: Path) -> None:
    text = TICKETS.replace("22,dag", "17,dag")
    (tmp_path / "tickets.csv").write_text(text, encoding="utf-8")
    taken_in(tmp_path / "store", str(tmp_path / "tickets.csv"))
    forget(tmp_path / "store", ANNA, Choices())
    assert kept_ids(tmp_path / "store") == {"tickets.csv": ["2", "3", "4", "6", "7"]}


def test_what_is_known_of_a_file_forgets_them_too(tmp_path: Path) -> None:
    # In the first rows, in a row that is torn, at the end of the file and in its name.
    file = tmp_path / f"{ANNA}.csv"
    lines = [HEADER, *(f"{n},2026-09-{1 + n % 27:02} 10:00,,,Open,North,bo@example.com,x,4" for n in range(1, 90))]
    lines += [f"99,2026-09-09 10:00,,,Open,North,bo@example.com,x,4,{ANNA},more", f"Exported by {ANNA}"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    store = tmp_path / "store"
    taken_in(store, str(file))
    assert len(left(store, ANNA)) > 1
    assert forget(store, ANNA, Choices()).exports == 1
    assert left(store, ANNA) == []
    assert [one.name[:7] for one in status(store).exports] == ["export "]
    assert len(read_exports([], Choices(stored=inputs(store)), frozenset()).tables["tickets"]) == 89


def test_a_workbook_forgets_them_on_every_sheet(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for sheet, first in ((book.active, 1), (book.create_sheet("Older"), 101)):
        sheet.append(HEADER.split(","))
        for n in range(first, first + 9):
            who = ANNA if n % 3 == 0 else "bo@example.com"
            sheet.append([n, "2026-09-01 10:00", "", "2026-09-02 10:00", "Resolved", "North", who, "x", 4])
    notes = book.create_sheet("Notes")
    notes.append([f"Made by {ANNA}"])
    file = tmp_path / "tickets.xlsx"
    book.save(file)
    store = tmp_path / "store"
    taken_in(store, str(file))
    assert forget(store, ANNA, Choices()).rows >= 6
    assert left(store, ANNA) == []
    [source] = reported("--store", store)["sources"][:1]
    assert source["rows_used"] == 12


def _records() -> list[dict[str, object]]:
    return [
        {"id": n, "created_at": f"2026-09-0{n}T10:00:00Z", "updated_at": f"2026-09-0{n}T12:00:00Z", "status": "open", "subject": "x",
         "requester": {"id": 10 + n, "email": ANNA if n in (2, 5) else f"customer{n}@example.com"}}
        for n in range(1, 9)
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["list", "document", "lines"])
def test_json_forgets_their_records(form: str, tmp_path: Path) -> None:
    records = _records()
    text = {
        "list": json.dumps(records),
        "document": json.dumps({"tickets": records, "count": 8}),
        "lines": "\n".join(map(json.dumps, records)),
    }[form]
    file = tmp_path / "tickets.json"
    file.write_text(text, encoding="utf-8")
    store = tmp_path / "store"
    taken_in(store, str(file))
    assert forget(store, ANNA, Choices()) == Erased(rows=2, exports=1)
    assert left(store, ANNA) == []
    assert read_exports([], Choices(stored=inputs(store)), frozenset()).tables["tickets"].height == 6


def test_what_breaks_off_has_erased_nothing_or_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, *files)
    expected = reported(*files)

    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write_mark", broken)
        with pytest.raises(KeyboardInterrupt):
            forget(store, address(3), Choices())
    assert {one.name for one in store.glob("exports-*")} == {"exports-1"}
    assert reported("--store", store) == expected
    # Killed when the new table was in force and the old one was not deleted yet.
    with monkeypatch.context() as patched:
        patched.setattr(Store, "sweep", lambda _: None)
        forget(store, address(3), Choices())
    assert {one.name for one in store.glob("exports-*")} == {"exports-1", "exports-2"}
    assert forget(store, address(3), Choices()) == Erased(rows=0, exports=0)
    assert left(store, address(3)) == []


def test_a_torn_row_that_names_them_goes_whole(tmp_path: Path) -> None:
    lines = [HEADER, *(f"{n},2026-09-{1 + n % 27:02} 10:00,,,Open,North,bo@example.com,x,4" for n in range(1, 90))]
    file = tmp_path / "tickets.csv"
    file.write_text(
        "\n".join([*lines, f"99,2026-09-09 10:00,,,Open,North,bo@example.com,x,4,{ANNA},more"]) + "\n", encoding="utf-8"
    )
    store = tmp_path / "store"
    taken_in(store, str(file))
    assert [one.rows for one in status(store).exports] == [90]
    assert forget(store, ANNA, Choices()) == Erased(rows=1, exports=1)
    assert left(store, ANNA) == []
    assert [one.rows for one in status(store).exports] == [89]


def test_a_name_of_a_file_or_a_version_that_names_them_is_changed(tmp_path: Path) -> None:
    file = tmp_path / f"{ANNA}.csv"
    file.write_text(TICKETS.replace(ANNA, "bo@example.com").replace("Anna.Berg", "Bo"), encoding="utf-8")
    store = tmp_path / "store"
    taken_in(store, str(file))
    name(store, "1", f"complaint of {ANNA}")
    name(store, "1", "board")
    assert forget(store, ANNA, Choices()) == Erased(rows=0, exports=1)
    assert left(store, ANNA) == []
    assert status(store).names == {"board": 1, "version-1": 1}


def test_a_header_that_names_them_stays_a_header(tmp_path: Path) -> None:
    file, store = tmp_path / "tickets.csv", tmp_path / "store"
    file.write_text(TICKETS.replace("Subject", f"Forwarded to {ANNA}"), encoding="utf-8")
    taken_in(store, str(file))
    assert forget(store, ANNA, Choices()).rows == 3  # 1, 5, and 2 by her number
    assert left(store, f" {ANNA}") == []
    assert read_exports([], Choices(stored=inputs(store)), frozenset()).tables["tickets"].height == 4


@pytest.mark.parametrize("is_alone", [True, False])
def test_an_export_of_nobody_else_is_nothing_to_read_any_more(is_alone: bool, tmp_path: Path) -> None:
    records = [{**one, "requester": {"id": 12, "email": ANNA}} for one in _records()]
    (tmp_path / "hers.json").write_text(json.dumps(records), encoding="utf-8")
    store = tmp_path / "store"
    taken_in(store, str(tmp_path / "hers.json"))
    others = months(tmp_path / "files")[:2]
    if not is_alone:
        taken_in(store, *others)
    assert forget(store, ANNA, Choices()) == Erased(rows=8, exports=1)
    assert left(store, ANNA) == []
    assert [one.rows for one in status(store).exports if one.name.endswith(".json")] == [0]
    if is_alone:
        with pytest.raises(StoreError, match="the store holds no export"):
            inputs(store)
        assert taken_in(store, *others).version == 2
    assert reported("--store", store)["results"] == reported(*others)["results"]
    assert forget(store, address(2), Choices()).exports == 2
    assert status(store).version == 2


def test_rows_that_say_how_dates_are_read_are_missed_and_said(tmp_path: Path) -> None:
    """Hers alone has a day beyond the twelfth: without it nobody knows which is the day."""
    rows = "".join(f"{n},0{n}/0{n + 1}/2026 10:00,Open,bo@example.com\n" for n in range(1, 9))
    file, store = tmp_path / "tickets.csv", tmp_path / "store"
    file.write_text(
        f"Ticket ID,Created,Status,Requester email\n9,25/03/2026 10:00,Open,{ANNA}\n{rows}", encoding="utf-8"
    )
    taken_in(store, str(file))
    before = tree(store)
    with pytest.raises(ExportError, match="cannot tell day from month"):
        forget(store, ANNA, Choices())
    assert tree(store) == before
    assert forget(store, ANNA, Choices(cells=ReadingChoices(date_order="dmy"))).rows == 1
    assert left(store, ANNA) == []


LOG = "Ticket ID,Changed at,Old status,New status,Changed by\n" + "".join(
    f"{n},2026-09-0{n} 10:00,,New,web\n{n},2026-09-0{n} 12:00,New,Solved,Bo\n" for n in range(1, 8)
)


def test_a_log_of_their_tickets_goes_with_these(tmp_path: Path) -> None:
    for file, text in {"tickets.csv": TICKETS, "log.csv": LOG}.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    store = tmp_path / "store"
    taken_in(store, str(tmp_path / "tickets.csv"), str(tmp_path / "log.csv"))
    assert forget(store, ANNA, Choices()) == Erased(rows=7, exports=2)  # 1 and 2, and 5, which names her
    assert kept_ids(store)["log.csv"] == [n for n in "34567" for _ in range(2)]


def test_a_log_in_several_files_forgets_a_number(tmp_path: Path) -> None:
    header = "number,incident_state,active,sys_mod_count,opened_at,sys_updated_at,caller_id,reopen_count\n"
    for at, state in enumerate(("New", "Resolved")):
        rows = "".join(
            f"INC{n},{state},true,{at},1{n}/09/2026 10:00,1{n}/09/2026 1{at}:00,Caller {n % 3},0\n" for n in range(1, 9)
        )
        (tmp_path / f"{state}.csv").write_text(header + rows, encoding="utf-8")
    store = tmp_path / "store"
    taken_in(store, *(str(tmp_path / f"{state}.csv") for state in ("New", "Resolved")))
    assert forget(store, "caller 2", Choices()) == Erased(rows=6, exports=2)
    assert set(kept_ids(store)["New.csv"]) == {"INC1", "INC3", "INC4", "INC6", "INC7"}
    assert left(store, "Caller 2") == []


def test_older_versions_and_exported_tables_forget_them_too(tmp_path: Path) -> None:
    """Also after a compaction, and in whatever case the address was written."""
    files = months(tmp_path / "files")
    Path(files[1]).write_text(
        Path(files[1]).read_text(encoding="utf-8").replace(address(3), address(3).title()), encoding="utf-8"
    )
    store = tmp_path / "store"
    for file in files:
        taken_in(store, file)
    compact(store)
    before = [one.at for one in log(store)]
    forget(store, f" {address(3).upper()} ", Choices())
    assert [one.at for one in log(store)] == before
    compact(store)
    for version in (1, 2, 3, 4):
        target = tmp_path / f"tables-{version}"
        export(target, Choices(stored=inputs(store, str(version))))
        assert left(target, address(3)) == []
        assert reported("--store", store, "--as-of-version", version)["sources"]
    assert [one.at for one in log(store)] == before


def test_who_reads_while_somebody_is_forgotten_is_told_to_start_again(tmp_path: Path) -> None:
    store = tmp_path / "store"
    taken_in(store, *months(tmp_path / "files"))
    early = inputs(store)
    forget(store, address(3), Choices())
    with pytest.raises(ExportError, match="can no longer be read") as raised:
        read_exports([], Choices(stored=early), frozenset())
    assert raised.value.hint is not None
    assert "start again" in raised.value.hint
    assert left(store, address(3)) == []


def test_who_opens_it_while_somebody_is_forgotten_reads_what_there_is_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    taken_in(store, *months(tmp_path / "files"))
    real, asked = reading.version_asked, []

    def meanwhile(*given: Any) -> int | None:
        if not asked:
            asked.append(given)
            forget(store, address(3), Choices())
        return real(*given)

    monkeypatch.setattr(reading, "version_asked", meanwhile)
    assert len(inputs(store)) == 4
    assert found(store).table == "exports-2"


def test_so_is_a_later_export_of_somebody_who_was_forgotten(tmp_path: Path) -> None:
    store = tmp_path / "store"
    hers = [{**one, "requester": {"id": 12, "email": ANNA}} for one in _records()]
    for file, records in {"all.json": _records(), "hers.json": hers}.items():
        (tmp_path / file).write_text(json.dumps(records), encoding="utf-8")
    taken_in(store, str(tmp_path / "all.json"))
    forget(store, ANNA, Choices())
    found = taken_in(store, str(tmp_path / "hers.json"))
    assert [(one.rows, one.left_out) for one in found.added] == [(0, 8)]
    assert left(store, ANNA) == []
    assert read_exports([], Choices(stored=inputs(store)), frozenset()).tables["tickets"].height == 6
