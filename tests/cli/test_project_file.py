"""`kundpuls.yaml`: where it is found, what wins over it, and what it changes."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from invoked import piped, sample

from kpi_cli.options import project
from kpi_cli.options.settings import Defaults, ProjectFile, Quality
from kpi_core.errors import ConfigError
from kpi_core.quality.gate import Thresholds

pytestmark = pytest.mark.usefixtures("scanned_once")

EXAMPLE = Path(__file__).parents[2] / "configs" / "kundpuls.example.yaml"
TICKETS = sample("freshdesk_tickets.csv")
ZONED = "defaults: {zone: Europe/Oslo}\n"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _report(*arguments: object) -> dict[str, Any]:
    ended = piped("report", TICKETS, "--quiet", "--format", "json", *arguments)
    assert ended.code == 0
    assert [
        line for line in ended.err.splitlines() if not line.startswith(("target missed: ", "target not judged: "))
    ] == []
    document: dict[str, Any] = json.loads(ended.out)
    return document


@cache
def _plain(*arguments: str) -> dict[str, Any]:
    """What a report says by no default."""
    return {**_report(*arguments), "generated_at": ""}


def _zone(*arguments: object) -> str | None:
    zone: str | None = _report("--kpi", "tickets_created", *arguments)["query"]["time_zone"]
    return zone


def test_the_example_has_every_key_with_a_comment_and_is_valid() -> None:
    messages = project.read(EXAMPLE)
    assert messages.thresholds.reasons["duplicate key"] == 0.2
    plain = [one for one in messages.defaults["target"] if isinstance(one, str)]
    assert plain == ["csat=85%", "first_reply_time=4h", "reopen_rate=6%"]
    assert [one.kpi for one in messages.defaults["target"] if one not in plain] == ["nps", "reopen_rate"]
    assert messages.actions["csat"]["sv"] == "Call back those who were dissatisfied"
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for key in (*ProjectFile.model_fields, *Quality.model_fields, *Defaults.model_fields):
        place = next(number for number, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
        assert lines[place - 1].strip().startswith("#"), key


def test_the_example_works_as_it_stands() -> None:
    document = _report("--config", EXAMPLE, "--tz", "UTC")
    assert document["query"]["by"] == ["group", "priority"]
    assert {one["kpi"] for one in document["results"]} == {
        "tickets_created",
        "first_reply_time",
        "resolution_time",
        "csat",
    }
    assert {one["kpi"] for one in document["results"] if one["target"]} >= {"first_reply_time"}


def test_the_one_in_the_readme_is_valid(tmp_path: Path) -> None:
    blocks = (EXAMPLE.parent / "README.md").read_text(encoding="utf-8").split("```")
    text = next(block.removeprefix("yaml\n") for block in blocks if block.startswith("yaml\nquality:"))
    messages = project.read(_write(tmp_path / "kundpuls.yaml", text))
    assert messages.thresholds.match_rate == 0.5
    assert set(messages.defaults) == {"zone", "by", "target", "store"}


def test_it_is_found_upward_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path / "kundpuls.yaml", ZONED)
    for folder in ("a/b/c", "a", "."):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        monkeypatch.chdir(tmp_path / folder)
        assert _zone() == "Europe/Oslo"
    _write(tmp_path / "a" / "kundpuls.yaml", "defaults: {zone: Asia/Tokyo}\n")
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert _zone() == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("platform", "variable", "below"),
    [
        ("linux", "XDG_CONFIG_HOME", "kundpuls"),
        ("linux", "HOME", ".config/kundpuls"),
        ("darwin", "HOME", "Library/Application Support/kundpuls"),
        ("win32", "APPDATA", "kundpuls"),
    ],
)
def test_the_user_s_own_is_taken_where_no_folder_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variable: str, below: str
) -> None:
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv(variable, str(tmp_path / "own"))
    monkeypatch.setattr(project.sys, "platform", platform)
    assert project.user_folder() == tmp_path / "own" / below
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    assert project.found() is None
    mine = _write(tmp_path / "own" / below / "kundpuls.yaml", ZONED)
    assert project.found() == mine
    nearer = _write(work / "kundpuls.yaml", ZONED)
    assert project.found() == Path("kundpuls.yaml")
    assert nearer.samefile("kundpuls.yaml")


def test_a_relative_xdg_folder_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", "own")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert project.user_folder() == tmp_path / ".config" / "kundpuls"


@pytest.mark.parametrize(
    ("arguments", "environment", "zone"),
    [
        ((), {}, "Europe/Oslo"),
        ((), {"KUNDPULS_TZ": "Asia/Tokyo"}, "Asia/Tokyo"),
        (("--tz", "UTC"), {"KUNDPULS_TZ": "Asia/Tokyo"}, "UTC"),
        (("--config", "named.yaml"), {}, "Europe/Paris"),
        ((), {"KUNDPULS_CONFIG": "named.yaml"}, "Europe/Paris"),
        (("--config", "kundpuls.yaml"), {"KUNDPULS_CONFIG": "named.yaml"}, "Europe/Oslo"),
        (("--no-config",), {}, None),
        (("--no-config",), {"KUNDPULS_CONFIG": "named.yaml"}, None),
    ],
    ids=[
        "the file", "the environment before it", "a flag before both", "a file that is named", "named by the environment",
        "a flag before that", "none", "none whatever the environment says",
    ],
)  # fmt: skip
def test_flags_win_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], environment: dict[str, str], zone: str | None
) -> None:  # fmt: skip
    _write(tmp_path / "kundpuls.yaml", "defaults: {zone: Europe/Stockholm, tz: Europe/Oslo}\n")
    _write(tmp_path / "named.yaml", "defaults: {zone: Europe/Stockholm, tz: Europe/Paris}\n")
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _zone(*arguments) == zone


@pytest.mark.parametrize(
    ("defaults", "flags"),
    [
        ("zone: Europe/Oslo", ("--zone", "Europe/Oslo")),
        ("{zone: Europe/Oslo, tz: Asia/Tokyo}", ("--zone", "Europe/Oslo", "--tz", "Asia/Tokyo")),
        ("mapping: freshdesk-tickets", ("--mapping", "freshdesk-tickets")),
        ("by: group", ("--by", "group")),
        ("by: [group, priority]", ("--by", "group", "--by", "priority")),
        ("kpis: [csat, 'first_reply*']", ("--kpi", "csat", "--kpi", "first_reply*")),
        ("compare: year-ago", ("--compare", "year-ago")),
        ("compare: 2026-05", ("--compare", "2026-05")),
        ("min_n: 30", ("--min-n", "30")),
        ("confidence: 0.8", ("--confidence", "0.8")),
        ("targets: {csat: 85%, first_reply_time: 4h}", ("--target", "csat=85%", "--target", "first_reply_time=4h")),
        (
            "sla: {first_reply: 8h, 'first_reply:urgent': 2h}",
            ("--sla", "first_reply=8h", "--sla", "first_reply:urgent=2h"),
        ),
        (
            "{sla: {first_reply: {otherwise: 8h, priority: {urgent: 2h}, group: {Billing: 4h}, 'urgent,type=Bug': 1h}, resolution: {type: {'Feature request, paid': 9d}}}}",
            (
                *("--sla", "first_reply=8h", "--sla", "first_reply:urgent=2h", "--sla", "first_reply:group=Billing=4h"),
                *("--sla", "first_reply:urgent,type=Bug=1h", "--sla", 'resolution:type="Feature request, paid"=9d'),
            ),
        ),
    ],
)
def test_a_default_is_as_good_as_the_flag(tmp_path: Path, defaults: str, flags: tuple[str, ...]) -> None:
    text = f"defaults: {defaults}\n" if defaults.startswith("{") else f"defaults:\n  {defaults}\n"
    path = _write(tmp_path / "mine.yaml", text)
    shown = ("--kpi", "*") if "sla" in defaults else ()
    by_file, by_flag = (
        {**_report(*shown, *arguments), "generated_at": ""} for arguments in (("--config", path), flags)
    )
    plain = _plain(*shown)
    assert by_file == by_flag
    assert "mapping" in defaults or by_flag != plain


def test_the_language_and_the_account_may_be_defaults_too(tmp_path: Path) -> None:
    path = _write(tmp_path / "mine.yaml", "defaults: {lang: sv, source: north}\n")
    assert piped("report", TICKETS, "--config", path).out.startswith("Servicerapport, ")
    assert project.read(path).defaults["source"] == "north"


def test_a_flag_replaces_the_file_s_whole_list(tmp_path: Path) -> None:
    path = _write(tmp_path / "mine.yaml", "defaults: {by: [group, priority], targets: {csat: 85%}}\n")
    document = _report("--config", path, "--by", "agent", "--target", "resolution_time=1d")
    assert document["query"]["by"] == ["agent"]
    assert {one["kpi"] for one in document["results"] if one["target"]} == {"resolution_time"}


def test_a_mapping_of_one_s_own_lies_next_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(
        tmp_path / "town" / "requests.yaml",
        "name: requests\nlabel: Requests\nsystem: town\ntable: tickets\ncolumns: {ticket_id: Nr, created_at: Opened}\n",
    )
    _write(tmp_path / "town" / "kundpuls.yaml", "defaults: {mapping: requests.yaml}\n")
    _write(tmp_path / "town" / "deep" / "a.csv", "Nr,Opened\n1,2026-03-02 10:00\n2,2026-03-03 10:00\n")
    monkeypatch.chdir(tmp_path / "town" / "deep")
    ended = piped("report", "a.csv", "--dry-run")
    assert (ended.code, ended.out.split()[:2]) == (0, ["a.csv:", "requests"])


def test_inspect_reads_files_as_the_report_does(tmp_path: Path) -> None:
    path = _write(tmp_path / "mine.yaml", "defaults: {zone: Europe/Oslo, by: group, compare: year-ago}\n")
    record = json.loads(piped("inspect", TICKETS, "--format", "json", "--config", path).out)
    assert [one["time_zone"] for one in record["files"]] == ["Europe/Oslo"]


def test_the_demo_is_the_same_for_everybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path / "kundpuls.yaml", "defaults: {lang: sv, kpis: csat, by: group}\n")
    plain = piped("demo").out
    monkeypatch.chdir(tmp_path)
    there = piped("demo")
    assert (there.out, there.err) == (plain, "")


def test_a_file_that_was_found_is_named_on_stderr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path / "kundpuls.yaml", ZONED)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    for command in ("report", "inspect"):
        assert piped(command, TICKETS).err == f"using {Path('..', 'kundpuls.yaml')}\n"
        assert piped(command, TICKETS, "--quiet").err == ""
        assert piped(command, TICKETS, "--no-config").err == ""
        assert piped(command, TICKETS, "--config", "../kundpuls.yaml").err == ""


def test_a_faulty_file_stops_nobody_who_asks_for_help_or_does_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path / "kundpuls.yaml", "defualts: {}\n")
    monkeypatch.chdir(tmp_path)
    assert piped("report", "--help").code == 0
    assert piped("report", TICKETS, "--no-config").code == 0
    assert piped("formats", "--no-config").code == 0
    ended = piped("report", TICKETS)
    assert ended.code == 3
    assert ended.err.startswith("error: kundpuls.yaml:1: unknown key `defualts`\n\nhint: did you mean `defaults`?")


@pytest.mark.parametrize("text", ["quality:\ndefaults:\n", "quality: {}\n", "defaults: {zone: }\n"])
def test_what_is_left_empty_changes_nothing(tmp_path: Path, text: str) -> None:
    messages = project.read(_write(tmp_path / "mine.yaml", text))
    assert (messages.thresholds, dict(messages.defaults)) == (Thresholds(), {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quality:\n  refused: 5\n", "2: `5` is no share, write 5%"),
        ("quality:\n  refused: -1%\n", "2: `-1%` is no share, write 0% to 100%"),
        ("quality:\n  refused:\n", "2: a share is written as 5% or 0.05"),
        ("quality:\n  reasons:\n    no Id: lots\n", "3: `lots` is no number"),
        ("quality:\n  findings: [no-zone, nozone]\n", "2: no finding `nozone`, did you mean `no-zone`?"),
        ("defaults:\n  zone: [UTC]\n", "2: `zone` must be text, not a list"),
        ("defaults:\n  min_n: 0\n", "2: `min_n` must be "),
        ("defaults:\n  sla:\n    reply: 2h\n", "3: no promise `reply`, there are `first_reply` and `resolution`"),
        ("defaults:\n  sla:\n    resolution: soon\n", "3: `soon` is no duration, write for example 90s, 15m, 2h, 1h30m or 3d"),
        ("defaults:\n  sla:\n    first_reply: {group: [Billing]}\n", "2: `first_reply:group` is promised in no time, write for example 4h"),
        ("defaults:\n  sla:\n    first_reply: {gruop: {Billing: 2h}}\n", "3: no promise by `gruop`"),
        ("defaults:\n  sla:\n    first_reply: {priority: {asap: 2h}}\n", "3: no priority `asap`"),
        ("defaults:\n  targets:\n    csat: 85%\n    nsp: 30\n", "4: no KPI `nsp`, did you mean `nps`?"),
        ("defaults:\n  targets:\n    csat: 85\n", "3: `85` is no share, write 85%"),
        ("defaults:\n  mapping: zendesk\n", "2: no mapping `zendesk`, did you mean `zendesk-tickets`?"),
    ],
)  # fmt: skip
def test_a_fault_is_reported_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = _write(tmp_path / "mine.yaml", text)
    with pytest.raises(ConfigError) as fault:
        project.read(path)
    assert str(fault.value).startswith(f"{path}:{message}")


def test_a_working_folder_that_is_gone_or_closed_is_no_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "cwd", gone)
    assert project.found() is None

    def closed(self: Path) -> bool:
        raise PermissionError

    monkeypatch.undo()
    monkeypatch.setattr(Path, "is_file", closed)
    assert project.found() is None


def test_completion_reads_no_file(tmp_path: Path) -> None:
    _write(tmp_path / "kundpuls.yaml", "not a project file")
    settings = {
        **os.environ,
        "_KUNDPULS_COMPLETE": "complete_bash",
        "COMP_WORDS": "kundpuls report --lan",
        "COMP_CWORD": "2",
    }
    code = "import sys; sys.argv = ['kundpuls']; from kpi_cli.app import app; app(prog_name='kundpuls')"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=settings, capture_output=True, text=True, check=False
    )
    assert (ended.stdout.split(), ended.stderr) == (["--lang"], "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("defaults:\n  calendar: nope\n", "2: no calendar `nope`, did you mean `no`?"),
        ("defaults:\n  calendar: gone.yaml\n", "2: there is no file `gone.yaml`"),
        ("defaults:\n  mapping: gone.yaml\n", "2: there is no file `gone.yaml`"),
        ("defaults:\n  by: group\n  kpis_files: [gone.yaml]\n", "3: there is no file `gone.yaml`"),
        ("defaults:\n  source: ''\n", "2: is empty"),
        (
            "quality:\n  reasons:\n    duplicate kei: 5%\n",
            "3: no reason `duplicate kei`, did you mean `duplicate key`?",
        ),
        ("quality:\n  reasons:\n    no Id: 5%\n    bar*: 5%\n", "4: no reason `bar*`"),
    ],
)
def test_what_a_project_file_names_must_be_there(tmp_path: Path, text: str, fault: str) -> None:
    path = _write(tmp_path / "kundpuls.yaml", text)
    ended = piped("report", TICKETS, "--config", path)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(f"error: {path}:{fault}")


def test_a_reason_of_one_s_own_mapping_may_have_a_threshold(tmp_path: Path) -> None:
    mapping = "name: mine\nlabel: Mine\nsystem: mine\ntable: tickets\ncolumns: {ticket_id: {from: Id}, created_at: {from: Opened}}\nleave_out:\n  - {from: Id, values: [x], reason: made up}\n"
    _write(tmp_path / "mine.yaml", mapping)
    path = _write(tmp_path / "kundpuls.yaml", "defaults: {mapping: mine.yaml}\nquality: {reasons: {made up: 5%}}\n")
    assert project.read(path).thresholds.reasons == {"made up": 0.05}
