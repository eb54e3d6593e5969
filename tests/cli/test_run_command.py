"""`kundpuls run` and `kundpuls config`: the jobs of a project file, made, checked, shown; several outputs of one reading."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from invoked import piped, sample
from yaml import safe_load

from kpi_cli.documents.wording import LANGUAGES
from kpi_cli.options.settings import Defaults, ProjectFile
from kpi_cli.outputs.text import MOST
from kpi_core.config import yaml

TICKETS = Path(sample("freshdesk_tickets.csv"))
JOBS = """jobs:
  monthly:
    files: [exports/*.csv]
    by: group
    outputs: ['out/{period}.xlsx', 'out/{period}.html', out/latest.json, out/latest.text]
    subject: out/subject.txt
  weekly: {files: exports/tickets.csv, period: last-week, lang: sv, outputs: out/week.md, fail_on: target}
defaults:
  zone: Europe/Stockholm
  targets: {first_reply_time: 1m}
"""

pytestmark = pytest.mark.usefixtures("scanned_once")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export, a folder for what is written, and a project file."""
    for name in ("exports", "out"):
        (tmp_path / name).mkdir()
    (tmp_path / "exports" / "tickets.csv").write_bytes(TICKETS.read_bytes())
    (tmp_path / "kundpuls.yaml").write_text(JOBS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _written(folder: Path) -> dict[str, bytes]:
    """What lies there, but for the instant at which it says that it was made."""
    stamp = re.compile(rb'"generated_at": "[^"]*"')
    return {
        path.name: stamp.sub(b"", path.read_bytes()) for path in folder.iterdir() if path.suffix not in (".xlsx", ".html")
    }  # fmt: skip


def test_all_jobs_are_made_from_any_folder_and_end_with_the_gravest_code(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "elsewhere").mkdir()
    monkeypatch.chdir(desk / "elsewhere")
    ended = piped("run")
    assert ended.code == 5
    assert ended.out == ""
    assert "job monthly" in ended.err
    assert "target missed: first_reply_time" in ended.err
    names = {path.name for path in (desk / "out").iterdir()}
    assert names == {"2026-09.xlsx", "2026-09.html", "latest.json", "latest.text", "subject.txt", "week.md"}
    assert (desk / "out" / "week.md").read_text(encoding="utf-8").startswith("# Servicerapport, v. 39")
    subject = (desk / "out" / "subject.txt").read_text(encoding="utf-8")
    assert re.fullmatch(r"Service report, September 2026 against August 2026: .+\n", subject)
    first = _written(desk / "out")
    assert piped("run", "--quiet").code == 5
    assert _written(desk / "out") == first


def test_a_job_is_the_command_line_that_is_shown(desk: Path) -> None:
    shown = piped("config", "show").out
    line = next(one for one in shown.splitlines() if one.endswith("# monthly")).removesuffix("# monthly")
    piped("run", "monthly", "-q")
    made = _written(desk / "out")
    for path in (desk / "out").iterdir():
        path.unlink()
    ended = piped(*shlex.split(line)[1:])
    assert ended.code == 0, ended.err
    assert _written(desk / "out") == made


def test_one_job_that_fails_keeps_none_of_the_others(desk: Path) -> None:
    text = JOBS.replace("exports/*.csv", "nothing/*.csv").replace(", fail_on: target", "")
    (desk / "kundpuls.yaml").write_text(text, encoding="utf-8")
    ended = piped("run")
    assert ended.code == 3
    assert "job monthly of kundpuls.yaml was not run" in ended.err
    assert (desk / "out" / "week.md").exists()


@pytest.mark.parametrize(("first", "code"), [("out/x.md", 3), ("out/{period}.md", 3)])
def test_no_job_takes_the_place_of_another_s_answer(desk: Path, first: str, code: int) -> None:
    """Also where only the data show that two names are one."""
    second = "out/x.md" if first == "out/x.md" else "out/2026-09.md"
    text = f"jobs:\n  a: {{files: exports/tickets.csv, outputs: '{first}'}}\n  b: {{files: exports/tickets.csv, outputs: {second}, lang: sv}}\n"
    (desk / "kundpuls.yaml").write_text(text, encoding="utf-8")
    ended = piped("run")
    assert ended.code == code
    assert "both write" in ended.err or "was written by another job" in ended.err
    assert not (desk / second).exists() or "Service report" in (desk / second).read_text(encoding="utf-8")
    assert piped("run", "a").code == (code if first == second else 0)


def test_an_export_that_cannot_be_read_is_reported_even_quietly(desk: Path) -> None:
    (desk / "exports" / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (desk / "kundpuls.yaml").write_text("jobs: {a: {files: exports/, outputs: out/a.md}}\n", encoding="utf-8")
    ended = piped("run", "-q")
    assert ended.code == 0
    assert "not read: " in ended.err
    assert "broken.xlsx" in ended.err


def test_a_dry_run_says_what_would_be_read_and_written_and_writes_nothing(desk: Path) -> None:
    ended = piped("run", "weekly", "--dry-run")
    assert ended.code == 0
    assert "exports/tickets.csv: freshdesk-tickets" in ended.out
    assert "would write out/week.md" in ended.out
    assert not list((desk / "out").iterdir())


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("jobs: {a: {files: t.csv}}", "kundpuls.yaml:1", "outputs"),
        ("jobs:\n  a: {files: t.csv, outputs: out.docx}", "kundpuls.yaml:2", "no ending that says its format"),
        ("jobs:\n  a:\n    files: t.csv\n    outputs: o.md\n    perod: 2026-09", "kundpuls.yaml:5", "period"),
        ("jobs:\n  a: {files: t.csv, outputs: o.md, kpis: [cast]}", "kundpuls.yaml:2", "cast"),
        ("jobs:\n  a: {files: t.csv, outputs: o.md, period: last-wek}", "kundpuls.yaml:2", "last-wek"),
        ("jobs:\n  a: {files: t.csv, outputs: o.md, lang: fi}", "kundpuls.yaml:2", "lang"),
    ],
)
def test_what_is_wrong_with_a_job_is_reported_with_its_line(desk: Path, text: str, where: str, message: str) -> None:
    (desk / "kundpuls.yaml").write_text(text + "\n", encoding="utf-8")
    for command in (("run",), ("config", "check")):
        ended = piped(*command)
        assert (ended.code, ended.out) == (3, "")
        assert where in ended.err
        assert message in ended.err


def test_what_only_a_run_can_show_is_reported_by_a_check_under_the_job_s_name(desk: Path) -> None:
    (desk / "kundpuls.yaml").write_text(JOBS.replace("fail_on: target", "fail_on: targt"), encoding="utf-8")
    ended = piped("config", "check")
    assert ended.code == 2
    assert "targt" in ended.err
    assert "job weekly of kundpuls.yaml would not run" in ended.err
    assert "nothing is wrong" not in ended.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("by: zork", "no column `zork`"),
        ("where: zork = 1", "no column `zork`"),
        ("where: subject = 'never'", "no row meets"),
    ],
)
def test_a_check_asks_the_rows_whether_they_have_what_a_job_wants(desk: Path, line: str, message: str) -> None:
    text = f"jobs:\n  weekly: {{files: exports/tickets.csv, outputs: out/week.md, {line}}}\n"
    (desk / "kundpuls.yaml").write_text(text, encoding="utf-8")
    ended = piped("config", "check")
    assert (ended.code, message in ended.err, "nothing is wrong" in ended.err) == (3, True, False)
    assert not (desk / "out" / "week.md").exists()


def test_without_a_project_file_or_jobs_the_way_on_is_reported(desk: Path) -> None:
    (desk / "kundpuls.yaml").write_text("defaults:\n", encoding="utf-8")
    assert (piped("run").code, "describes no jobs" in piped("run").err) == (2, True)
    (desk / "kundpuls.yaml").write_text(JOBS, encoding="utf-8")
    ended = piped("run", "weakly")
    assert (ended.code, "did you mean `weekly`" in ended.err) == (2, True)
    (desk / "kundpuls.yaml").unlink()
    ended = piped("run")
    assert (ended.code, "config init" in ended.err) == (2, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_project_file_is_written_for_the_exports_and_runs_as_it_stands(desk: Path, lang: str) -> None:
    refused = piped("config", "init", "exports/")
    assert (refused.code, "--force" in refused.err) == (2, True)
    ended = piped("config", "init", "exports/", "--force", "--lang", lang, "--zone", "Europe/Oslo")
    assert ended.code == 0, ended.err
    text = (desk / "kundpuls.yaml").read_text(encoding="utf-8")
    assert "tickets.csv: Freshdesk" in text
    messages = yaml.load(desk / "kundpuls.yaml").data
    assert messages["defaults"] == {"zone": "Europe/Oslo", "lang": lang}
    assert messages["headlines"][0] == "csat"
    [job] = messages["jobs"].values()
    assert job == {"files": ["exports/"], "by": "group", "outputs": ["{period}.xlsx", "{period}.html"]}
    assert piped("config", "check").code == 0
    assert piped("run", "-q").code == 0
    assert {path.name for path in desk.iterdir()} >= {"2026-09.xlsx", "2026-09.html"}
    below = [line for line in text.splitlines() if line.strip().startswith("#") and "{period}" in line]
    assert all("{{" not in line for line in below)


def test_each_commented_line_of_it_may_be_taken_as_it_stands(desk: Path) -> None:
    """What stands as an example means something where the comment sign is taken away."""
    piped("config", "init", "exports/", "--force")
    text = (desk / "kundpuls.yaml").read_text(encoding="utf-8")
    bare = re.sub(
        r"^( *)# ((?:  )*(?:period|subject|zone|calendar|targets|[a-z_]+): *\S*)$", r"\1\2", text, flags=re.MULTILINE
    )
    assert bare.count("#") < text.count("#") - 4
    (desk / "kundpuls.yaml").write_text(bare, encoding="utf-8")
    ended = piped("config", "check")
    assert ended.code == 0, ended.err


def test_an_export_that_is_not_read_is_named_in_it(desk: Path) -> None:
    (desk / "exports" / "notes.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    ended = piped("config", "init", "exports/", "-o", "-")
    assert ended.code in (0, 3), ended.err
    assert ended.code == 0
    assert "notes.csv" in ended.out
    piped("config", "init", "exports/", "--force")
    assert piped("run", "-q").code == 0, "what is not read is not asked for"


def _fits(value: object, node: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether a value is one of a schema, by the words that this one uses."""
    if "$ref" in node:
        return _fits(value, schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in node:
        return any(_fits(value, one, schema) for one in node["anyOf"])
    kinds = {
        "string": (str, date),
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
        "array": list,
        "object": dict,
    }
    named = node.get("type", [])
    if named and not any(isinstance(value, kinds[kind]) for kind in ([named] if isinstance(named, str) else named)):
        return False
    if "enum" in node and value not in node["enum"]:
        return False
    if isinstance(value, list):
        return all(_fits(one, node.get("items", {}), schema) for one in value)
    if isinstance(value, dict):
        known, others = node.get("properties", {}), node.get("additionalProperties", {})
        if not set(node.get("required", ())) <= set(value) or (others is False and not set(value) <= set(known)):
            return False
        return all(_fits(one, known.get(name, others or {}), schema) for name, one in value.items())
    return True


def test_the_schema_takes_what_the_file_takes_and_knows_every_key(desk: Path) -> None:
    schema = json.loads(piped("config", "schema").out)
    assert set(schema["properties"]) == set(ProjectFile.model_fields)
    assert set(schema["$defs"]["Defaults"]["properties"]) == set(Defaults.model_fields)
    example = (Path(__file__).parents[2] / "configs" / "kundpuls.example.yaml").read_text(encoding="utf-8")
    for text in (
        example,
        JOBS,
        "defaults:\n",
        "defaults: {calendar: no, zone: UTC}\njobs: {a: {files: t.csv, outputs: o.md, as_of: 2026-09-30}}",
    ):
        assert _fits(safe_load(text), schema, schema), text
    for text in (
        "defalts: {}",
        "jobs: {a: {files: t.csv}}",
        "jobs: {a: {files: t.csv, outputs: o.md, perod: 1}}",
        "quality: [1]",
        "defaults: {lang: fi}",
    ):
        assert not _fits(safe_load(text), schema, schema), text


def test_several_outputs_are_written_of_one_reading(desk: Path) -> None:
    line = ("report", "exports/tickets.csv", "--zone", "UTC")
    ended = piped(*line, "-o", "out/{period}.csv", "-o", "out/a.md", "-o", "-")
    assert ended.code == 0, ended.err
    assert ended.out == piped(*line).out
    assert (desk / "out" / "2026-09.csv").read_text(encoding="utf-8") == piped(*line, "--format", "csv").out
    assert (desk / "out" / "a.md").read_text(encoding="utf-8") == piped(*line, "--format", "md").out
    ended = piped(*line, "-o", "out/a.md", "-o", "out/b.md", "--format", "md")
    assert (ended.code, "--format" in ended.err) == (2, True)
    ended = piped(*line, "-o", "out/a.md", "-o", "out/a.md")
    assert (ended.code, "both name" in ended.err) == (2, True)


def test_a_period_in_a_name_never_leads_to_what_is_read(desk: Path) -> None:
    source = desk / "2026-09.csv"
    source.write_bytes(TICKETS.read_bytes())
    ended = piped("report", source, "--zone", "UTC", "-o", "{period}.csv")
    assert (ended.code, "would overwrite a file that is read" in ended.err) == (2, True)
    assert source.read_bytes() == TICKETS.read_bytes()
    ended = piped("formats", "-o", "{period}.json")
    assert (ended.code, "has no period" in ended.err) == (2, True)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("more", [(), ("--by", "group"), ("--all", "--notes", "--by", "group")], ids=" ".join)
def test_the_text_is_short_and_begins_with_the_answer(desk: Path, lang: str, more: tuple[str, ...]) -> None:
    line = ("report", "exports/tickets.csv", "--zone", "UTC", "--lang", lang, *more)
    lines = piped(*line, "--format", "text").out.splitlines()
    assert len(lines) <= MOST
    shown = piped(*line).out.splitlines()
    assert lines[0] == shown[0]
    assert lines[2] in (shown[2], *shown[:6])
    assert not any(line.startswith(("|", "#", "─")) or line.endswith(": ") for line in lines)


def test_the_example_makes_all_of_it_twice_the_same(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the byte, where the instant that it is made at is given."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    (desk / "exports" / "survey.csv").write_bytes(Path(sample("surveymonkey_responses.csv")).read_bytes())
    (desk / "reports").mkdir()
    configs = Path(__file__).parents[2] / "configs"
    text = (configs / "kundpuls.example.yaml").read_text(encoding="utf-8").replace("survey.xlsx", "survey.csv")
    (desk / "kundpuls.yaml").write_text(text, encoding="utf-8")
    (desk / "kpis.example.yaml").write_bytes((configs / "kpis.example.yaml").read_bytes())

    def made() -> dict[str, bytes]:
        assert piped("run", "-q").code == 5
        return {path.name: path.read_bytes() for path in (desk / "reports").iterdir()}

    first = made()
    assert {*first} >= {"2026-09.xlsx", "2026-09.html", "2026-09.text", "subject.txt", "actions.md", "week.md"}
    assert "Nordlys AB" in first["2026-09.html"].decode("utf-8")
    assert made() == first


def test_any_order_of_hashes_gives_the_same_bytes(tmp_path: Path) -> None:
    """In processes of their own: within one the order of a set is always the same."""
    made = []
    for seed in ("1", "2", "3"):
        names = [tmp_path / f"{seed}.{ending}" for ending in ("xlsx", "html", "json", "csv", "md")]
        line = [
            sys.executable,
            "-m",
            "kpi_cli",
            "demo",
            "-q",
            "--by",
            "group",
            *(word for name in names for word in ("-o", name)),
        ]
        subprocess.run(
            line,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1790000000"},
            capture_output=True,
        )
        parts = {name.suffix: name.read_bytes() for name in names}
        made.append(parts)
    assert {name for name in made[0] if not made[0][name] == made[1].get(name) == made[2].get(name)} == set()


def _blocks(kind: str) -> list[str]:
    """What stands in the blocks of a kind in the README of the command line."""
    text = (Path(__file__).parents[2] / "cli" / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no cron")
def test_the_crontab_line_of_the_readme_runs_as_cron_runs_it(tmp_path: Path) -> None:
    """With next to no environment, in a shell, from another folder."""
    (line,) = _blocks("crontab")
    when, command = re.fullmatch(r"((?:[\d*]+ ){5}) (.*)\n", line).groups()  # type: ignore[union-attr]
    assert when.split() == ["15", "6", "*", "*", "1"]
    assert "%" not in command, "to cron the end of the line"
    program, folder = tmp_path / ".local" / "bin" / "kundpuls", tmp_path / "kundpuls"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m kpi_cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (folder / "exports").mkdir(parents=True)
    (folder / "exports" / "tickets.csv").write_bytes(TICKETS.read_bytes())
    (folder / "out").mkdir()
    job = "jobs:\n  week: {files: exports/tickets.csv, outputs: ['out/{period}.html', out/week.text], lang: sv}\n"
    (folder / "kundpuls.yaml").write_text(job, encoding="utf-8")
    shell = {"HOME": str(tmp_path), "LOGNAME": "nobody", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(["/bin/sh", "-c", command], env=shell, cwd=tmp_path, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    assert {path.name for path in (folder / "out").iterdir()} == {"2026-09.html", "week.text"}
    (unit,) = [block for block in _blocks("ini") if "ExecStart" in block]
    (started,) = re.findall("ExecStart=(.*)", unit)
    assert started.replace("%h", "$HOME") == command


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd is here that reads units")
def test_the_units_of_the_readme_are_ones(tmp_path: Path) -> None:
    service, timer = _blocks("ini")
    (tmp_path / "kundpuls.service").write_text(re.sub("ExecStart=.*", "ExecStart=/bin/true", service), encoding="utf-8")
    (tmp_path / "kundpuls.timer").write_text(timer, encoding="utf-8")
    units = [str(tmp_path / name) for name in ("kundpuls.service", "kundpuls.timer")]
    shell = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    line = ["systemd-analyze", "--user", "verify", *units]
    ended = subprocess.run(line, env=shell, capture_output=True, check=False, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    (when,) = re.findall("OnCalendar=(.*)", timer)
    subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, check=True)


def test_a_drafted_file_counts_rows_as_a_store_does(tmp_path: Path) -> None:
    """A blank line in the middle is no row of either."""
    drafted = piped("config", "init", sample("arenden_2026.csv"), "--no-config", "-o", "-").out
    taken_in = json.loads(
        piped("ingest", sample("arenden_2026.csv"), "--store", tmp_path / "desk", "--format", "json").out
    )
    assert taken_in["files"][0]["rows"] == 480
    assert "480 rows" in drafted


DEFAULTS = """defaults: {by: [group, priority], lang: sv}
jobs:
  weekly: {files: zendesk_tickets.csv, period: last-week, outputs: week.md}
"""


def test_what_a_run_warns_of_is_in_english_and_defaults_are_shown_as_they_are_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(sample("zendesk_tickets.csv"), tmp_path)
    (tmp_path / "kundpuls.yaml").write_text(DEFAULTS, encoding="utf-8")
    assert "--by group --by priority" in piped("config", "show").out.splitlines()
    assert "warning: last-week means 2026-W39 here" in piped("run", "--quiet").err
    assert "Ärenden" in (tmp_path / "week.md").read_text(encoding="utf-8") or "ärenden" in (
        tmp_path / "week.md"
    ).read_text(encoding="utf-8")
