"""`ingest`, `store` and `--store` on the command line."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from invoked import on_terminal, piped
from openpyxl import load_workbook
from small_stores import HEADER, address, months, reported

from kpi_cli.options.storing import Stored
from kpi_core.store import folder
from kpi_core.store.folder import LAYOUT, MARK


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The exports of four months."""
    return months(tmp_path_factory.mktemp("files"))


@pytest.fixture
def store(files: list[str], tmp_path: Path) -> Path:
    """A store of three months."""
    assert piped("ingest", *files[:3], "--store", tmp_path / "desk").code == 0
    return tmp_path / "desk"


def test_an_ingest_says_what_is_new_and_what_was_there(store: Path, files: list[str]) -> None:
    record = json.loads(piped("ingest", *files, "--store", store, "--format", "json").out)
    assert (record["version"], record["exports"]) == (2, 4)
    assert [(one["name"], one["is_new"]) for one in record["files"]] == [
        (files[3], True),
        *((file, False) for file in files[:3]),
    ]
    page = piped("ingest", *files, "--store", store).out
    assert f"Nothing is new: the store {store} stays at version 2, with 4 exports." in page
    assert f"{files[0]} is in the store already." in page


def test_when_an_export_was_taken_is_said_with_its_zone(tmp_path: Path) -> None:
    """The newest event of this file is at 12:30 in Stockholm."""
    (tmp_path / "a.csv").write_text(
        "Ticket ID,Created at,Solved at,Status,Updated at\n"
        "1,2026-09-01 08:00,2026-09-01 12:00,solved,2026-09-01 12:30\n"
        "2,2026-08-31 08:00,2026-08-31 12:00,solved,2026-08-31 12:30\n",
        encoding="utf-8",
    )
    piped("ingest", tmp_path / "a.csv", "--store", tmp_path / "desk", "--zone", "Europe/Stockholm")
    page = piped("store", "status", "--store", tmp_path / "desk").out
    assert "Taken (UTC)" in page
    assert "1 Sep 2026 10:30" in page


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("sv", "1 export är ny: arkivet {store} är nu i version 2, med 4 exporter."),
        ("nb", "1 eksport er ny: arkivet {store} er nå i versjon 2, med 4 eksporter."),
    ],
)
def test_in_other_languages(store: Path, files: list[str], lang: str, said: str) -> None:
    assert said.format(store=store) in piped("ingest", files[3], "--store", store, "--lang", lang).out


def test_the_actions_of_a_store(store: Path, files: list[str], tmp_path: Path) -> None:
    piped("ingest", files[3], "--store", store)
    assert "4 exports in version 2" in piped("store", "status", "--store", store).out
    assert "3 exports in version 1" in piped("store", "status", "--store", store, "--as-of-version", "1").out
    assert "is called board from now on" in piped("store", "name", "1", "board", "--store", store).out
    versions = json.loads(piped("store", "log", "--store", store, "--format", "json").out)["versions"]
    assert [(one["version"], one["names"], len(one["added"])) for one in versions] == [(2, [], 1), (1, ["board"], 3)]
    written = piped("store", "export", tmp_path / "tables", "--store", store).out
    assert "1 table was written." in written  # ratings are in the tickets, as they were
    assert "`kundpuls report FOLDER` gives the figures of the store" in written
    assert reported(tmp_path / "tables")["results"] == reported("--store", store)["results"]
    spaced = piped("report", "--store", tmp_path / "no desk").err
    assert f"kundpuls ingest FILES --store '{tmp_path / 'no desk'}'" in spaced
    forgotten = json.loads(piped("store", "forget", address(2), "--store", store, "--format", "json").out)
    assert (forgotten["did"], forgotten["exports"]) == ("forget", 4)
    assert "0 bytes were freed" in piped("store", "compact", "--store", store).out
    assert "was forgotten in" in piped("store", "forget", address(2), "--store", store).out
    anew = tmp_path / "anew.csv"
    anew.write_bytes(Path(files[0]).read_bytes().replace(b"\n", b"\r\n"))
    said = f"{anew}: 6 rows of customers who were forgotten are left out; `kundpuls store remember CUSTOMER --store {store}`"
    assert said in piped("ingest", anew, "--store", store).out
    assert said in piped("store", "status", "--store", store).out
    assert "forgotten customer 6" in piped("report", "--store", store, "--notes").out
    assert "keep the rows of that customer" in piped("store", "remember", address(2), "--store", store).out


def test_the_store_of_the_project_file_is_read_where_no_files_are_named(
    store: Path, files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("kundpuls.yaml").write_text(
        "defaults: {store: desk, zone: UTC}\njobs: {monthly: {store: desk, outputs: '{period}.json'}}\n",
        encoding="utf-8",
    )
    line = ("--format", "json", "--quiet")
    of_store = json.loads(piped("report", *line).out)
    assert [one["path"] for one in of_store["sources"] if one["table"] == "tickets"] == files[:3]
    of_files = json.loads(piped("report", files[3], *line).out)
    assert {one["path"] for one in of_files["sources"]} == {files[3]}
    assert piped("run", "--quiet").code == 0
    [written] = tmp_path.glob("2026-*.json")
    assert json.loads(written.read_text(encoding="utf-8"))["results"] == of_store["results"]


def test_other_commands_read_a_store_too(store: Path, files: list[str]) -> None:
    def without_stamp(text: str) -> dict[str, object]:
        return {name: value for name, value in json.loads(text).items() if name != "generated_at"}

    for command in (
        ("trend", "csat"),
        ("inspect",),
        ("rows", "csat"),
        ("voices", "csat"),
        ("define", "resolution_rate"),
    ):
        options = ("--zone", "UTC", "--format", "json")
        over_store, over_files = piped(*command, "--store", store, *options), piped(*command, *files[:3], *options)
        assert (over_store.code, over_files.code) in ((0, 0), (3, 3)), over_store.err
        assert over_files.code or without_stamp(over_store.out) == without_stamp(over_files.out)


SUGGESTED = re.compile(r"kundpuls (?:inspect|report|rows|why|targets|trend|voices|drivers|compare|agents)\b[^`\n]*")
"""A command that a page or a hint suggests, which reads a store as it reads files."""


def suggested(text: str) -> list[str]:
    """The commands that a text suggests, one to a line."""
    return [found.strip() for found in SUGGESTED.findall(text)]


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
@pytest.mark.parametrize("form", ["table", "text", "md", "html", "xlsx"])
def test_what_a_page_suggests_reads_the_store_again(form: str, lang: str, store: Path, tmp_path: Path) -> None:
    target = tmp_path / f"page.{form}"
    line = (
        "report",
        "--store",
        store,
        "--as-of-version",
        "1",
        "--period",
        "2026-08",
        "--target",
        "csat=99%",
        "--notes",
    )
    assert piped(*line, "--format", form, "--lang", lang, "-o", target).code == 0
    if form == "xlsx":
        cells = [str(cell.value) for sheet in load_workbook(target) for row in sheet for cell in row if cell.value]
        page = "\n".join(cells)
    else:
        page = unescape(target.read_text(encoding="utf-8")).replace("\\_", "_")
    found = suggested(page)
    assert found or form in ("html", "text")  # pages to forward suggest nothing
    assert all(f"--store {store} --as-of-version 1" in one for one in found), found
    assert not re.search(r"\bFILE[SR]\b", page)


QUESTIONS = [
    ("trend", "csat,tickets_created"), ("compare", "csat"), ("why", "csat"), ("drivers", "csat"), ("voices", "csat"), ("agents",),
    ("targets", "--target", "csat=99%"), ("targets", "--suggest"),
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_so_does_what_other_pages_and_hints_suggest(question: tuple[str, ...], store: Path) -> None:
    ended = piped(*question, "--store", store)
    assert not re.search(r"\bFILES?\b", ended.out + ended.err)
    assert all(f"--store {store}" in one for one in suggested(ended.out + ended.err))


@pytest.mark.parametrize(
    ("hint", "has_files", "expected"),
    [
        ("`kundpuls inspect FILE` shows it", False, "`kundpuls inspect --store desk` shows it"),
        ("`kundpuls inspect FILES` lists the words", True, "`kundpuls inspect FILES --store desk` lists the words"),
        ("`kundpuls kpis ces FILES` says what it needs", False, "`kundpuls kpis ces` says what it needs"),
        ("`kundpuls ingest FILES --store other` makes one", False, "`kundpuls ingest FILES --store other` makes one"),
        ("`kundpuls map FILE` drafts one", False, "`kundpuls map FILE` drafts one"),
        ("--refused FILE takes them", False, "--refused FILE takes them"),
        (None, False, None),
    ],
)
def test_hints_of_errors_name_the_store(hint: str | None, has_files: bool, expected: str | None) -> None:
    assert Stored(store=Path("desk")).hint(hint, has_files=has_files) == expected
    assert Stored().hint(hint, has_files=has_files) == hint


def test_so_does_an_error_of_a_command(store: Path) -> None:
    ended = piped("agents", "--store", store, "--kpi", "sla_first_reply_rate")
    assert (ended.code, "hint: `kundpuls kpis sla_first_reply_rate` says what it needs" in ended.err) == (3, True), (
        ended.err
    )


def test_files_that_are_read_with_a_store_are_named_with_it(
    store: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(files[0]).parent)
    page = piped("report", "2026-09.csv", "--store", store).out
    assert f"2026-09.csv --store {store}" in page.splitlines()[-1]
    page = piped("report", files[3], "--store", store).out
    assert f"FILES --store {store}" in page.splitlines()[-1]


def test_a_page_of_states_suggests_the_states(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(files[0]).parent)
    assert piped("partial", "2026-06.csv", "-o", tmp_path / "june.state").code == 0
    monkeypatch.chdir(tmp_path)
    assert " june.state" in piped("merge", "june.state").out.splitlines()[-1]


def test_a_page_on_a_store_is_no_wider_than_the_terminal(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store.parent)
    far = Path("a folder of the support team/exports of the help desk since January 2024")
    far.parent.mkdir()
    store.rename(far)
    for width in (80, 100):
        shown = on_terminal(monkeypatch, width, "report", "--store", far)
        assert [line for line in shown.splitlines() if len(line) > width] == []


def test_the_rows_of_an_export_are_those_that_a_report_reads(tmp_path: Path) -> None:
    """Without header lines, a title above them and blank lines, and each of them used or refused."""
    lines = [
        "Tickets of the north",
        "",
        HEADER,
        *(f"{n},2026-08-0{n} 10:00,,,Open,North,a{n}@b.se,x,4" for n in range(1, 9)),
    ]
    lines += ["", ",,,,,,,,", "99,no date,,,Open,North,z@b.se,x,", "7,2026-08-07 10:00,,,Open,North,a7@b.se,x,4"]
    file, store = tmp_path / "odd.csv", tmp_path / "desk"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    [taken_in] = json.loads(piped("ingest", file, "--store", store, "--format", "json").out)["files"]
    [kept] = json.loads(piped("store", "status", "--store", store, "--format", "json").out)["exports"]
    source = json.loads(piped("report", "--store", store, "--format", "json").out)["sources"][0]
    refused = dict(source["rows_refused"])
    blank = refused.pop("blank row")
    assert (taken_in["rows"], kept["rows"], blank) == (10, 10, 2)
    assert source["rows_used"] + sum(refused.values()) == 10
    piped("store", "forget", "a7@b.se", "--store", store)
    [kept] = json.loads(piped("store", "status", "--store", store, "--format", "json").out)["exports"]
    assert kept["rows"] == 8


USAGE = [
    (("report", "--as-of-version", "1"), "missing argument `FILES`"),
    (("report", "FILE", "--as-of-version", "1"), "`--as-of-version` is about a store, and none is named"),
    (("report", "--store", "STORE", "--as-of-version", "1", "--as-ingested", "2026-10-01"), "either --as-of-version or --as-ingested"),
    (("ingest", "FILE"), "no store is named"),
    (("ingest", "--store", "STORE"), "missing argument `FILES`"),
    (("store", "status"), "no store is named"),
    (("store", "forget", "--store", "STORE"), "`store forget` takes one word, and 0 are given"),
    (("store", "forget", "custmer2@example.com", "--store", "STORE"), "hint: did you mean `customer2@example.com`?"),
    (("store", "forget", "Invoice", "--store", "STORE"), "hint: several people may have one name"),
    (("store", "forget", "nobody", "--store", "STORE"), "no row in the store names a customer `nobody`: nothing was changed"),
    (("store", "remember", "nobody", "--store", "STORE"), "no customer `nobody` was forgotten"),
    (("store", "log", "x", "--store", "STORE"), "`store log` takes no words, and 1 are given"),
    (("store", "log", "--store", "STORE", "--as-of-version", "1"), "`store log` is about all versions"),
    (("store", "mend", "--store", "STORE"), "`mend` is not one of"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), USAGE, ids=[message for _, message in USAGE])
def test_a_line_that_means_nothing(store: Path, files: list[str], line: tuple[str, ...], message: str) -> None:
    ended = piped(*({"STORE": store, "FILE": files[0]}.get(word, word) for word in line))
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert message in ended.err


def test_what_is_no_store_ends_with_the_way_out(store: Path, files: list[str], tmp_path: Path) -> None:
    cases = [
        (("report", "--store", tmp_path / "nowhere"), "there is no store here", "`kundpuls ingest FILES --store"),
        (
            ("report", "--store", Path(files[0]).parent),
            "is a folder, and no store",
            f"name the folder that holds `{MARK}`",
        ),
        (
            ("ingest", files[0], "--store", Path(files[0]).parent),
            "is no store, and holds `2026-06.csv`",
            "name an empty folder",
        ),
        (("report", store), "is a store, and no folder of exports", f"read it with --store {store}"),
        (("report", store / "exports-1"), "is a store, and no folder of exports", f"read it with --store {store}"),
        (("report", "--store", files[0]), "is a file, and no store", "name a folder"),
        (("report", "--store", store, "--as-of-version", "9"), "has no version `9`", "there are 1"),
        (("report", "--store", store, "--sheet", "One"), "which --sheet One cannot change", "leave --sheet out"),
    ]
    for line, message, way in cases:
        ended = piped(*line)
        assert (ended.code, ended.out) == (3, ""), ended.err
        assert message in ended.err
        assert way in ended.err


def test_a_store_of_a_later_kundpuls(store: Path) -> None:
    said = json.loads((store / MARK).read_text(encoding="utf-8"))
    (store / MARK).write_text(json.dumps({**said, "layout": LAYOUT + 1}), encoding="utf-8")
    for line in (("report",), ("store", "status"), ("store", "compact")):
        ended = piped(*line, "--store", store)
        assert (ended.code, "is a store of a later kundpuls" in ended.err) == (3, True), ended.err


def test_without_the_extra(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(folder, "import_module", lacking)
    for line in (("report",), ("store", "log"), ("store", "compact")):
        ended = piped(*line, "--store", store)
        assert ended.code == 3
        assert "hint: pip install 'kundpuls[store]'" in ended.err


def test_a_store_is_compared_with_the_files_of_another(store: Path, files: list[str]) -> None:
    line = ("--with", files[2], "--period", "2026-08", "--zone", "UTC", "--format", "json")
    over_store, over_files = (
        piped("compare", "tickets_created", *ours, *line) for ours in (("--store", store), files[:3])
    )
    assert over_files.code == 0, over_files.err
    ours, theirs = (json.loads(one.out) for one in (over_store, over_files))
    assert (ours["sides"]["new"], theirs["sides"]["new"]) == ("desk", "2026-06")
    assert ours["results"] == theirs["results"]


def test_a_store_is_the_report_of_its_files_on_the_command_line(store: Path, files: list[str]) -> None:
    assert reported("--store", store) == reported(*files[:3])
