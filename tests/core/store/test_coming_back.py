"""A customer who was forgotten comes back with a later export: the rows are left out again, and it is said how many."""

import json
from pathlib import Path

import pytest
from kill_ingest import tree
from small_stores import ANNA, SURVEY, TICKETS, address, blanked, kept_ids, left, months, reported, taken_in, two_files

from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.store.folder import found
from kpi_core.store.forgetting import forget
from kpi_core.store.reading import inputs
from kpi_core.store.status import log, name, status
from kpi_core.store.suppressing import recognised, remember


def saved_anew(file: str, called: Path) -> str:
    """A file that says the same in other bytes."""
    called.write_bytes(Path(file).read_bytes().replace(b"\n", b"\r\n"))
    return str(called)


def test_an_export_that_has_them_again_is_taken_in_without_them(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, *files[:3])
    forget(store, address(3), Choices())
    again = [saved_anew(files[0], tmp_path / "june anew.csv"), files[3]]
    ingested = taken_in(store, *again)
    assert left(store, address(3)) == []
    hers = [sum(address(3) in line for line in Path(file).read_text(encoding="utf-8").splitlines()) for file in again]
    assert [(one.name, one.left_out) for one in ingested.added] == list(zip(again, hers, strict=True))
    assert {one.name: one.left_out for one in status(store).exports if one.left_out} == dict(
        zip(again, hers, strict=True)
    )
    # The report accounts for every row that the files had, and is that of the files without her.
    found = reported("--store", store)
    accounts = {one["path"]: one for one in found["sources"] if one["table"] == "tickets"}
    for file, gone in zip(again, hers, strict=True):
        account = accounts[file]
        assert account["rows_refused"]["forgotten customer"] == gone
        assert account["rows_read"] == account["rows_used"] + sum(account["rows_refused"].values())
    blanked([*files, again[0]], lambda line: address(3) in line)
    assert found["results"] == reported(*files, again[0])["results"]
    assert [one.rows + one.left_out for one in ingested.added] == [len(Path(one).read_text("utf-8").splitlines()) - 1 for one in again]  # fmt: skip


def test_whoever_is_remembered_comes_with_the_next_export(tmp_path: Path) -> None:
    files = months(tmp_path / "files")
    store = tmp_path / "store"
    taken_in(store, *files[:2])
    forget(store, address(3), Choices())
    forget(store, address(4), Choices())
    assert remember(store, "nobody@example.com") == 0
    assert remember(store, f" {address(3).upper()}") == 1
    assert taken_in(store, files[2]).added[0].left_out > 0  # the other one's
    assert left(store, address(3)) != []
    assert left(store, address(4)) == []


def test_their_number_and_their_cases_are_known_too(tmp_path: Path) -> None:
    store = two_files(tmp_path)
    forget(store, ANNA, Choices())
    before = kept_ids(store)
    # The survey alone has numbers of tickets, and the tickets without addresses the customer's number.
    survey, tickets = tmp_path / "survey 2.csv", tmp_path / "tickets 2.csv"
    survey.write_text(SURVEY + "r9,7,2026-09-09 10:00,4,Fine\n", encoding="utf-8")
    tickets.write_text(TICKETS.replace(ANNA, "").replace("Anna.Berg@example.com", ""), encoding="utf-8")
    assert [one.left_out for one in taken_in(store, str(survey)).added] == [2]
    assert kept_ids(store) == {**before, "survey 2.csv": ["r3", "r6", "r9"]}
    assert [one.left_out for one in taken_in(store, str(tickets)).added] == [2]  # 1 and 2
    assert left(store, "Thanks from Anna", "070 123") == []


def test_an_export_of_nobody_else_is_empty_and_one_of_others_is_as_it_was(tmp_path: Path) -> None:
    store = two_files(tmp_path)
    forget(store, ANNA, Choices())
    header, first, *_ = TICKETS.splitlines(keepends=True)
    alone, others = tmp_path / f"board_{ANNA}.csv", tmp_path / "others.csv"
    alone.write_text(header + first, encoding="utf-8")
    others.write_text(header + first.replace("1,", "77,", 1).replace(ANNA, "joanna.berg@example.com").replace("17", "18"), encoding="utf-8")  # fmt: skip
    [one, other] = taken_in(store, str(alone), str(others)).added
    assert (one.rows, one.left_out, one.name[:7]) == (0, 1, "export ")
    assert (other.rows, other.left_out, other.name) == (1, 0, str(others))
    assert left(store, f" {ANNA}", f",{ANNA}", f"_{ANNA}") == []


@pytest.mark.parametrize("called", ["survey_{}.csv", "{}-board.csv", "Re-{}(2).csv"])
def test_names_of_files_and_versions_forget_them(called: str, tmp_path: Path) -> None:
    file = tmp_path / called.format(ANNA)
    file.write_text(TICKETS, encoding="utf-8")
    store = tmp_path / "store"
    taken_in(store, str(file))
    name(store, "1", f"board-{ANNA}")
    name(store, "1", "q3")
    read_exports([], Choices(stored=inputs(store)), frozenset({"customer_email"}))  # which leaves scans
    forget(store, ANNA, Choices())
    assert status(store).names == {"q3": 1, "version-1": 1}
    assert [one.added[0].name[:7] for one in log(store)] == ["export "]
    assert left(store, f"_{ANNA}", f"-{ANNA}", f"{ANNA}-", f"{ANNA}(", f"/{ANNA}") == []


def test_what_is_noted_tells_nobody_who_it_was(tmp_path: Path) -> None:
    store = two_files(tmp_path)
    forget(store, ANNA, Choices())
    forget(store, "dag@example.com", Choices())
    notes = found(store).forgotten
    said = json.dumps([vars(one) for one in notes])
    assert not [word for word in (ANNA, "anna", "dag@", '"17"', '"1"') if word in said]
    assert {note.salt for note in notes} == {notes[0].salt}  # so that what an export holds is hashed once
    theirs = recognised(notes, [ANNA, "17", "18", "dag@example.com", "joanna.berg@example.com"])
    assert theirs == {ANNA: notes[0], "17": notes[0], "dag@example.com": notes[1]}


WAYS = [
    ("ana.berg@example.com", "did you mean `anna.berg@example.com`?"),
    ("no such address here", "name an e-mail address (`anna@example.com`) or a customer's number, as they stand in `Requester ID`, `Requester email`"),
    ("hi", "several people may have one name: name an e-mail address or a number; rows with these words are of `18`, `19`, `anna.berg@example.com.au` and 1 more"),
]  # fmt: skip


@pytest.mark.parametrize(("named", "way"), WAYS)
def test_who_is_not_there_is_answered_with_the_way_out(named: str, way: str, tmp_path: Path) -> None:
    store = two_files(tmp_path)
    before = tree(store)
    assert forget(store, named, Choices()).way == way
    assert tree(store) == before
    forget(store, ANNA, Choices())
    assert forget(store, ANNA, Choices()).before == status(store).forgotten[0].at
