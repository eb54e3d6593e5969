"""`kundpuls map`: the draft on stdout or in a file, what is noted with it, and what is refused."""

from pathlib import Path

import pytest
from invoked import piped, sample

from kpi_cli.app import NAMES
from kpi_cli.boundary import ExitCode
from kpi_cli.options.single import TABLES
from kpi_core.ingest.formats.mapping import load_mapping
from kpi_core.model import tables

REQUESTS = """\
Ref no,open_dt,closed_dt,case_status,handled_by_team
R1,2026-01-05 09:00:00,2026-01-06 10:00:00,Closed,North
R2,2026-01-06 09:00:00,2026-01-08 10:00:00,Closed,South
R3,2026-01-07 09:00:00,,Open,South
"""


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    path = tmp_path / "City requests.csv"
    path.write_text(REQUESTS, encoding="utf-8")
    return path


def test_the_draft_goes_to_stdout_and_nothing_else_does(requests: Path, tmp_path: Path) -> None:
    ended = piped("map", requests)
    assert (ended.code, ended.err) == (ExitCode.DONE, "")
    path = tmp_path / "city-requests.yaml"
    path.write_text(ended.out, encoding="utf-8")
    assert load_mapping(path).columns["ticket_id"].headers == ("Ref no",)
    assert "kundpuls report 'City requests.csv' --mapping city-requests.yaml" in ended.out


def test_a_draft_in_a_file_is_reported_on_at_once(requests: Path, tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text("an older one", encoding="utf-8")
    ended = piped("map", requests, "-o", path, "--force")
    assert (ended.code, ended.out, ended.err) == (ExitCode.DONE, "", f"wrote {path}\n")
    report = piped("report", requests, "--mapping", path, "--period", "all", "--format", "csv", "--kpi", "tickets_*")
    assert report.code == ExitCode.DONE
    assert sorted(tmp_path.iterdir()) == [requests, path]


@pytest.mark.parametrize("name", ["draft.yaml", "linked.yml"])
def test_a_mapping_that_may_have_been_worked_on_is_not_overwritten(requests: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text("name: mine\n", encoding="utf-8")
    (tmp_path / "linked.yml").symlink_to(path)
    ended = piped("map", requests, "-o", tmp_path / name)
    assert (ended.code, ended.out, "--force" in ended.err) == (ExitCode.USAGE, "", True)
    assert path.read_text(encoding="utf-8") == "name: mine\n"


def test_an_empty_file_is_no_mapping_to_be_kept(requests: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").touch()
    assert piped("map", requests, "-o", tmp_path / "draft.yaml").code == ExitCode.DONE


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("zendesk_tickets.csv", "zendesk-tickets"),
        ("freshdesk_tickets.xls", "freshdesk-tickets"),
        ("surveymonkey_responses.csv", "surveymonkey-answers"),
        ("google_forms_responses.csv", "google_forms-answers"),
    ],
)
def test_a_known_format_is_reported_as_one(name: str, known: str) -> None:
    ended = piped("map", sample(name))
    assert ended.code == ExitCode.DONE
    assert f"note: the file is known as `{known}` already; the draft starts from that\n" in ended.err
    assert f"extends: {known}" in ended.out
    assert piped("map", sample(name), "--quiet").err == ""


def test_what_is_reported_about_reading_stands_in_the_draft(requests: Path) -> None:
    ended = piped("map", requests, "--zone", "Europe/Oslo", "--source", "city", "--column", "type=handled_by_team")
    assert "zone: Europe/Oslo\n" in ended.out
    assert "system: city\n" in ended.out
    assert "  type: handled_by_team" in ended.out


def test_options_that_no_mapping_holds_are_repeated_for_the_report(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(("a note\n" + REQUESTS.replace(",", "#")).encode("utf-16"))
    ended = piped("map", path, "--delimiter", "#", "--encoding", "utf-16", "--skip-lines", "1")
    assert ended.code == ExitCode.DONE
    output = next(line for line in ended.out.splitlines() if "kundpuls report" in line)
    assert output.endswith("--mapping odd.yaml --encoding utf-16 --delimiter '#' --skip-lines 1")


def test_the_table_can_be_given(requests: Path) -> None:
    assert "table: leads" in piped("map", requests, "--table", "leads").out


def test_the_tables_are_the_canonical_ones() -> None:
    assert set(TABLES) == set(tables.TABLES)
    assert "map" in NAMES


def test_standard_input_is_drafted_too(requests: Path) -> None:
    from typer.testing import CliRunner

    from kpi_cli.app import app

    result = CliRunner().invoke(app, ["map", "-"], input=requests.read_bytes(), prog_name="kundpuls")
    assert result.exit_code == ExitCode.DONE
    assert "ticket_id: Ref no" in result.stdout


def test_the_same_file_gives_the_same_bytes(requests: Path) -> None:
    assert piped("map", requests).out == piped("map", requests).out


@pytest.mark.parametrize(
    ("arguments", "code", "error", "hint"),
    [
        (("missing.csv",), ExitCode.UNREADABLE, "no file or folder `missing.csv`", None),
        (("picture.csv",), ExitCode.UNREADABLE, "picture.csv: is not a text file or a workbook", "export it as CSV"),
        (("page.csv",), ExitCode.UNREADABLE, "page.csv: is a web page", "save it as CSV"),
        (("empty.csv",), ExitCode.UNREADABLE, "empty.csv: is empty", None),
        (("single.csv",), ExitCode.UNREADABLE, "single.csv: only one column: no table", "pass --delimiter"),
        (("land.csv",), ExitCode.UNREADABLE, "land.csv: cannot tell what its rows are", "pass --table with one of"),
        (
            ("land.csv", "--column", "type=Colour", "--table", "tickets"),
            ExitCode.UNREADABLE,
            "land.csv: no column `Colour`",
            None,
        ),
        (("land.csv", "--table", "tics"), ExitCode.USAGE, "`--table`: no table `tics`", None),
        (("land.csv", "-o", "draft.txt"), ExitCode.USAGE, "`.txt` is no mapping", "name it draft.yaml"),
        (
            ("land.csv", "--table", "tickets", "-o", "gone/draft.yaml"),
            ExitCode.UNREADABLE,
            "gone/draft.yaml: there is no folder",
            "create it first",
        ),
        (("folder",), ExitCode.USAGE, "`folder` holds 2 exports", "name one, for example"),
        ((), ExitCode.USAGE, "missing argument `FILE`", None),
    ],
)
def test_what_cannot_be_drafted_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: ExitCode,
    error: str,
    hint: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("picture.csv").write_bytes(bytes(range(32)) * 200)
    Path("page.csv").write_text("<html><table><tr><td>1</td></tr></table></html>", encoding="utf-8")
    Path("empty.csv").write_text("\n", encoding="utf-8")
    Path("single.csv").write_text("Ticket ID\n1\n2\n", encoding="utf-8")
    Path("land.csv").write_text("Region,Hectares\nNorth,12\nSouth,40\n", encoding="utf-8")
    Path("folder").mkdir()
    for name in ("a", "b"):
        Path("folder", f"{name}.csv").write_text(REQUESTS, encoding="utf-8")
    ended = piped("map", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert f"error: {error}" in ended.err
    if hint is not None:
        assert hint in ended.err.partition("hint: ")[2]


def test_nothing_from_a_file_reaches_the_terminal_raw(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text(
        "Ticket ID,Created,Status,\x1b[31mred\u202e\n1,2026-01-05,\x1b[1mOpen,x\n2,2026-01-06,Closed,y\n",
        encoding="utf-8",
    )
    ended = piped("map", path)
    assert ended.code == ExitCode.DONE
    assert ended.out.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "note: the file is known as `freshdesk-tickets` already; the draft starts from that\n"),
        ("sv", "note: filen känns redan igen som `freshdesk-tickets`; utkastet utgår från det\n"),
        ("nb", "note: filen gjenkjennes allerede som `freshdesk-tickets`; utkastet tar utgangspunkt i det\n"),
    ],
)
def test_what_there_is_to_say_of_a_draft_is_reported_in_the_language(lang: str, message: str) -> None:
    assert piped("map", sample("freshdesk_tickets.csv"), "--lang", lang).err == message
