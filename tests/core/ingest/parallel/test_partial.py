"""States of exports: however files are split among them, and in whatever order they are merged, the report is that on the files."""

import json
import random
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from examples import few
from hypothesis import given
from hypothesis import strategies as st
from invoked import SAMPLES, Ended, piped

from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.files import states


def _said(*arguments: object) -> Ended:
    ended = piped(*arguments, "--format", "json")
    return Ended(
        code=ended.code, out=re.sub(r'"generated_at": "[^"]*"', '"generated_at": ""', ended.out), err=ended.err
    )


def _state(target: Path, *arguments: object) -> Path:
    ended = piped("partial", *arguments, "-o", target, "--quiet")
    assert (ended.code, ended.out) == (0, ""), ended.err
    return target


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Overlapping pieces of one export, a survey, another system's export, messages as columns: as a folder lists them."""
    folder = tmp_path_factory.mktemp("desk")
    header, *lines = (SAMPLES / "zendesk_tickets.csv").read_text(encoding="utf-8-sig").splitlines()
    for place, (first, last) in enumerate(((0, 150), (100, 320), (310, 500))):
        (folder / f"tickets {place}.csv").write_text("\n".join([header, *lines[first:last]]) + "\n", encoding="utf-8")
    (folder / "b.csv").write_bytes((SAMPLES / "surveymonkey_responses.csv").read_bytes())
    rows = pl.read_csv(SAMPLES / "freshdesk_tickets.csv", infer_schema=False)
    rows.head(200).write_parquet(folder / "freshdesk.parquet")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.write(folder / "tickets 0.csv", "again/tickets.csv")
        archive.writestr("again/empty.csv", "")
    return sorted(folder.iterdir())


@few(8)
@given(seed=st.integers(0, 1 << 30), pieces=st.integers(1, 5))
def test_any_split_into_states_in_any_order_is_the_report_on_the_files(
    desk: list[Path], tmp_path_factory: pytest.TempPathFactory, seed: int, pieces: int
) -> None:
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("split")
    files = chance.sample(desk, len(desk))
    ends = sorted(chance.sample(range(1, len(files)), pieces - 1))
    parts = [files[first:last] for first, last in zip([0, *ends], [*ends, len(files)], strict=True)]
    made = [_state(folder / f"{place}.state", *part) for place, part in enumerate(parts)]
    chance.shuffle(made)
    assert _said("merge", *made, "--by", "group") == _said("report", *desk, "--by", "group")


def test_other_questions_may_be_asked_of_states(desk: list[Path], tmp_path: Path) -> None:
    made = _state(tmp_path / "a.state", *desk)
    asked = ("--where", "priority = 'high'", "--by", "Satisfaction Score", "--column", "resolved_at=Updated at")
    assert _said("merge", made, *asked) == _said("report", *desk, *asked)
    for question in (("inspect",), ("trend", "tickets_created"), ("rows", "csat", "--period", "all"), ("kpis", "csat")):
        files = [path for path in desk if path.suffix != ".zip"]
        assert _said(*question, _state(tmp_path / "b.state", *files)) == _said(*question, *files)


@pytest.mark.parametrize("name", ["freshdesk_tickets.xls", "messages_2026.csv", "zendesk_tickets.csv"])
def test_a_scan_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    on_the_file = _said("report", SAMPLES / name)
    made = _state(tmp_path / "a.state", SAMPLES / name)
    scanned: list[object] = []
    usual = narrow_scan._scanned

    def counting(raw: object, *rest: object) -> object:
        scanned.append(raw)
        return usual(raw, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(narrow_scan, "_scanned", counting)
    assert _said("merge", made) == on_the_file
    assert scanned == []
    monkeypatch.setattr("kpi_core.ingest.files.columnar.kept_scans._machine", lambda: ["another machine"])
    assert _said("merge", made) == on_the_file
    assert scanned


def test_an_export_in_two_states_is_read_once_and_a_copy_of_it_is_named(desk: list[Path], tmp_path: Path) -> None:
    tickets = next(path for path in desk if path.name == "tickets 1.csv")
    (copy := tmp_path / "copy.csv").write_bytes(tickets.read_bytes())
    one, other = _state(tmp_path / "1.state", tickets, copy), _state(tmp_path / "2.state", tickets)
    both = sorted([tickets, copy])
    assert _said("merge", one, other) == _said("merge", other, one) == _said("report", *both)
    assert "holds the same" in _said("report", *both).out


def test_a_file_of_the_same_name_that_holds_something_else_is_another(
    desk: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for place in range(2):
        (folder := tmp_path / f"{place}").mkdir()
        shutil.copy(next(path for path in desk if path.name == f"tickets {place}.csv"), folder / "tickets.csv")
        monkeypatch.chdir(folder)
        made.append(_state(folder / "a.state", "tickets.csv"))
    found = _said("merge", *made)
    assert found == _said("merge", *made[::-1])
    assert {source["path"] for source in json.loads(found.out)["sources"]} == {"tickets.csv", "tickets.csv (2)"}


def test_states_can_be_put_together_and_read_with_files(desk: list[Path], tmp_path: Path) -> None:
    halves = [_state(tmp_path / f"{place}.state", *part) for place, part in enumerate((desk[:3], desk[3:]))]
    whole = _state(tmp_path / "whole.state", *halves)
    assert _said("merge", whole) == _said("report", *desk) == _said("report", halves[0], *desk[3:])


def test_options_by_which_files_are_cut_are_those_of_the_state(tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").write_text(
        "made today\n" + (SAMPLES / "zendesk_tickets.csv").read_text(encoding="utf-8-sig"), encoding="utf-8"
    )
    made = _state(tmp_path / "a.state", path, "--skip-lines", "1", "--delimiter", ",")
    assert _said("merge", made).out == _said("report", path, "--skip-lines", "1", "--delimiter", ",").out
    refused = piped("merge", made, "--delimiter", ";")
    assert (refused.code, "cannot change" in refused.err) == (3, True)
    assert piped("partial", path, "--sheet", "1", "-o", made).code == 3


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _written(path: Path, members: dict[str, bytes], packed: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for place, (name, content) in enumerate(members.items()):
            archive.writestr(name, content, packed if place else zipfile.ZIP_STORED)
    return path


def _spoilt(path: Path, whole: Path) -> Iterator[tuple[str, Path]]:
    """States that are none, each with what is wrong."""
    content, members = whole.read_bytes(), _members(whole)
    first, said = next(iter(members)), json.loads(next(iter(members.values())))
    for end in (60, len(content) // 3, len(content) - 1):
        path.write_bytes(content[:end])
        yield f"cut at {end}", path
    place = content.index(b"PAR1")
    path.write_bytes(content[: place + 200] + b"\0\0\0\0" + content[place + 204 :])
    yield "rows that are others", path
    yield "packed members", _written(path, members, zipfile.ZIP_DEFLATED)
    yield "a way out of the folder", _written(path, {**members, "scans/../../x.arrow": b""})
    yield "no rows", _written(path, {name: each for name, each in members.items() if not name.startswith("rows")})
    for changed in (
        {**said, "format": states.FORMAT + 1},
        {"format": states.FORMAT},
        {**said, "files": [{"name": 1}]},
        {**said, "passed_over": ["x"]},
    ):
        yield str(changed)[:60], _written(path, {**members, first: json.dumps(changed).encode()})
    meta = {**said["files"][0]["meta"], "parts": [{"kind": "map", "value": []}]}
    yield (
        "parts of nothing",
        _written(
            path, {**members, first: json.dumps({**said, "files": [{**said["files"][0], "meta": meta}]}).encode()}
        ),
    )
    yield "rows that are none", _written(path, {**members, "rows/0.parquet": b"PAR1"})


def test_a_state_that_is_none_ends_with_one_line_and_the_way_out(tmp_path: Path) -> None:
    whole = _state(tmp_path / "whole.state", SAMPLES / "arenden_2026.csv")
    for what, path in _spoilt(tmp_path / "spoilt.state", whole):
        ended = piped("merge", path)
        assert ended.code == 3, what
        error, *hint = ended.err.strip().split("\n\n")
        assert (error.startswith("error: "), "\n" in error, len(hint)) == (True, False, 1), (what, ended.err)
    assert not (tmp_path.parent / "x.arrow").exists()


def test_a_scan_that_is_damaged_is_made_again(tmp_path: Path) -> None:
    whole = _state(tmp_path / "whole.state", SAMPLES / "arenden_2026.csv")
    for spoil in (
        lambda name, content: content[:-50] if name.endswith(".arrow") else content,
        lambda name, content: b"{}" if name.startswith("scans") and name.endswith(".json") else content,
    ):
        members = {name: spoil(name, content) for name, content in _members(whole).items()}
        assert _said("merge", _written(tmp_path / "a.state", members)) == _said("report", SAMPLES / "arenden_2026.csv")


TICKETS = str(SAMPLES / "arenden_2026.csv")
REFUSED = {
    "no file": ("partial", "none.csv", "-o", "a.state"),
    "nothing to write to": ("partial", TICKETS),
    "stdout": ("partial", TICKETS, "-o", "-"),
    "no state": ("merge", TICKETS),
    "an empty file": ("partial", "empty.csv", "-o", "a.state"),
    "a folder that is not there": ("partial", TICKETS, "-o", "none/a.state"),
    "the file that is read": ("partial", "empty.csv", "-o", "empty.csv"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_done_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.csv").touch()
    ended = piped(*REFUSED[kind])
    assert ended.code in (2, 3)
    assert "Traceback" not in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["empty.csv"]
