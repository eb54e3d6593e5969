"""What a user sees when something is wrong, and what the shell gets."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from kpi_cli.app import COMMANDS, NAMES, app
from kpi_cli.boundary import ExitCode, UsageError
from kpi_cli.jobs.loading import command_called
from kpi_cli.options.delivery import Delivery
from kpi_cli.options.positionals import Files
from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_cli.writing import atomic_path, atomic_text
from kpi_core.errors import DefinitionError, ExportError, KpiError

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line with `command` in place of `report`; gives exit code, stdout, stderr."""

    def runs(line: str, command: Callable[..., object] = _all_options) -> tuple[int, str, str]:
        module = ModuleType("kpi_cli.commands.report")
        module.command = command  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr("kpi_cli.app.command_called", command_called.__wrapped__)
        result = CliRunner().invoke(app, line.split(), prog_name="kundpuls")
        return result.exit_code, result.stdout, result.stderr

    return runs


def test_the_module_of_a_command_with_a_hyphen_has_an_underscore(monkeypatch: pytest.MonkeyPatch) -> None:
    def limits() -> None:
        """The limits."""

    module = ModuleType("kpi_cli.commands.chart_limits")
    module.command = limits  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert command_called.__wrapped__("chart-limits").name == "chart-limits"


def _all_options(files: Files, question: Question, reading: Reading, delivery: Delivery) -> None:
    """The figures."""
    groups = {"files": files, **vars(question), **vars(reading), **vars(delivery)}
    print({name: value for name, value in groups.items() if value not in (None, (), False)})


@pytest.mark.parametrize(
    ("line", "error", "hint"),
    [
        ("repot x.csv", "no command `repot`", "did you mean `report`?"),
        ("nonsense", "no command `nonsense`", f"there are {', '.join(NAMES)}"),
        ("README.md", "`README.md` is a file, not a command", "to read a file: `kundpuls report README.md`"),
        ("report x --as-of today", "`--as-of`: `today` is no instant, write 2026-10-31 or 2026-10-31T17:00", ...),
        ("report x --tz Europe/Stokholm",
         "`--tz`: no time zone `Europe/Stokholm`, did you mean `Europe/Stockholm`?", ...),
        ("report x --target csat",
         "`--target`: `csat` is not of the form NAME=VALUE, write for example csat=85% or first_reply_time=2h", ...),
        ("report x --sla reply=2h", "`--sla`: no promise `reply`, there are `first_reply` and `resolution`", ...),
        ("report x --sla first_reply:top=2h",
         "`--sla`: no priority `top`, there are `low`, `normal`, `high`, `urgent`", ...),
        ("report x --sla first_reply=soon",
         "`--sla`: `soon` is no duration, write for example 90s, 15m, 2h, 1h30m or 3d", ...),
        ("report x --fail-on late", "`--fail-on`: no gate `late`, there are `quality`, `target`, `target-point`", ...),
        ("report x --encoding utf9",
         "`--encoding`: no encoding `utf9`, write for example utf-8, cp1252, latin-1 or utf-16", ...),
        ("report x --delimiter abc",
         "`--delimiter`: `abc` is not one character, write it or comma, semicolon, tab, pipe, space, blanks", ...),
        ("report x --date-format european",
         "`--date-format`: `european` is no date format, write dmy, mdy, excel or a pattern such as %d.%m.%Y %H:%M", ...),
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_reported_on_stderr_with_the_way_out(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, error: str, hint: object
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").touch()
    expected = f"error: {error}\n"
    if hint is not None:
        expected += f"\nhint: {'`kundpuls report --help` shows what it takes' if hint is ... else hint}\n"
    assert run(line) == (ExitCode.USAGE, "", expected)


@pytest.mark.parametrize(
    ("line", "named", "hint"),
    [
        ("--verzion", ["`--verzion`"], "did you mean `--version`?"),
        ("report x --gain week", ["`--gain`"], "did you mean `--grain`?"),
        ("report x --zzz", ["`--zzz`"], ...),
        ("report x -z", ["`-z`"], ...),
        ("report", ["`FILES`"], ...),
        ("report x --by", ["`--by`"], ...),
        ("report x --quiet=1", ["`--quiet`"], ...),
        ("report x --grain weak", ["`--grain`", "`weak`", "`week`", "`month`"], ...),
        ("report x --confidence 95", ["`--confidence`", "0.999"], ...),
        ("report x --confidence high", ["`--confidence`"], ...),
        ("report x --min-n 0", ["`--min-n`", "1"], ...),
        ("report x --skip-lines two", ["`--skip-lines`"], ...),
        ("report x --lang de", ["`--lang`", "`de`", "`en`", "`sv`", "`nb`"], ...),
        ("report x --color blue", ["`--color`", "`blue`", "`never`"], ...),
        ("report x --decimal ;", ["`--decimal`", "`;`", "`.`", "`,`"], ...),
    ],
)
def test_what_the_parser_refuses_is_one_line_that_names_it(run: Run, line: str, named: list[str], hint: object) -> None:
    # The sentence is typer's, reworded: what it names and the hint are ours.
    code, out, err = run(line)
    assert (code, out) == (ExitCode.USAGE, "")
    sentence, *rest = err.splitlines()
    assert sentence.startswith("error: ")
    assert not sentence.endswith(".")
    assert [name for name in named if name not in sentence] == []
    if hint is ...:
        hint = "`kundpuls report --help` shows what it takes"
    assert rest == ([] if hint is None else ["", f"hint: {hint}"])


def test_options_arrive_as_what_they_mean(run: Run) -> None:
    line = (
        "report a.csv b.csv --grain week --by group --by agent --as-of 2026-10-31 --target csat=85% "
        "--sla first_reply:urgent=1h30m --fail-on quality,target --column created_at=Opened --encoding latin1 "
        "--delimiter tab --decimal , --date-format dmy"
    )
    code, out, err = run(line)
    assert (code, err) == (0, "")
    for result in (
        "'files': ['a.csv', 'b.csv']",
        "'grain': <Grain.WEEK: 'week'>",
        "'by': ('group', 'agent')",
        "datetime.date(2026, 10, 31)",
        "Target(kpi='csat', value='85%'",
        "Promise(of='first_reply', within=5400, among=(('priority', 'urgent'),))",
        "Heading(column='created_at', header='Opened')",
        "'encoding': 'iso8859-1'",
        r"'delimiter': '\t'",
    ):
        assert result in out


def _raising(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ExportError("no header row", where="a.csv:1"), 3, f"error: a.csv:1: no header row\n\nhint: {ExportError.WAY}\n"),
        (DefinitionError("no KPI `csta`, did you mean `csat`?"), 3, "error: no KPI `csta`, did you mean `csat`?\n"),
        (DefinitionError("no KPI `csta`", hint="did you mean `csat`?"), 3,
         "error: no KPI `csta`\n\nhint: did you mean `csat`?\n"),
        (KpiError("first\nb.yaml:7: second", where="b.yaml:3", hint="this\nor that"), 3,
         "error: b.yaml:3: first\nb.yaml:7: second\n\nhint: this\nhint: or that\n"),
        (KpiError("`\x1b[31mred\x07` is no status", hint="see"), 3, "error: `[31mred` is no status\n\nhint: see\n"),
        (UsageError("`--by` needs `--period`", hint="name one"), 2, "error: `--by` needs `--period`\n\nhint: name one\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)  # fmt: skip
def test_what_a_command_raises_becomes_a_message_and_an_exit_code(
    run: Run, error: BaseException, code: int, message: str
) -> None:
    assert run("report", _raising(error)) == (code, "", message)


def test_a_bug_keeps_its_traceback_and_says_what_to_do_with_it(run: Run) -> None:
    code, out, err = run("report", _raising(ZeroDivisionError("division by zero")))
    assert (code, out) == (ExitCode.BUG, "")
    assert "Traceback" in err
    assert "ZeroDivisionError: division by zero" in err
    assert err.rstrip().splitlines()[-1].startswith("this is a bug in kundpuls 0.1.0: please report")


@pytest.mark.parametrize("code", [ExitCode.DONE, ExitCode.QUALITY, ExitCode.TARGET])
def test_a_command_may_return_its_exit_code(run: Run, code: ExitCode) -> None:
    assert run("report", lambda: code)[0] == code


def test_a_command_that_returns_nothing_is_done(run: Run) -> None:
    assert run("report", lambda: None) == (0, "", "")


def test_without_a_command_the_help_goes_to_stderr(run: Run) -> None:
    code, out, err = run("")
    assert (code, out) == (ExitCode.USAGE, "")
    assert err.startswith("Customer-service KPIs")


def test_help_begins_with_examples_names_every_command_and_ends_with_the_exit_codes(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    headings = [line for line in out.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings[0] == "Examples:"
    assert headings[-1] == "Exit codes:"
    assert all(f"\n  {name} " in out for name in NAMES)
    assert all(f"\n{question}\n" in out and question.endswith("?") for question in COMMANDS), "by what they answer"
    listed = out.partition("Exit codes:\n")[2].splitlines()
    assert [int(line.split()[0]) for line in listed] == [code.value for code in ExitCode]
    assert max(map(len, out.splitlines())) <= 80


def _python(code: str, **environment: str) -> subprocess.Popen[bytes]:
    setting = {**os.environ, **environment}
    return subprocess.Popen([sys.executable, "-c", code], env=setting, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


_WRITER = """
import sys, types
module = types.ModuleType("kpi_cli.commands.report")
def command():
    import sys, time
    {body}
module.command = command
sys.modules[module.__name__] = module
sys.argv = ["kundpuls", {arguments}]
from kpi_cli.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
@pytest.mark.parametrize(
    ("body", "arguments"),
    [
        ("print('x' * 10_000_000)", "'report'"),
        ("time.sleep(0.3); print('x')", "'report'"),
        ("pass", "'--help'"),
        ("pass", "'report', '--help'"),
    ],
)
def test_a_reader_that_had_enough_is_no_fault(body: str, arguments: str) -> None:
    process = _python(_WRITER.format(body=body, arguments=arguments))
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert (process.wait(timeout=300), process.stderr.read()) == (0, b"")
    process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child there")
def test_an_interrupt_ends_quietly_with_130() -> None:
    process = _python(_WRITER.format(body="print('ready', flush=True); time.sleep(300)", arguments="'report'"))
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert (process.wait(timeout=300), process.stderr.read()) == (130, b"")
    process.stdout.close()
    process.stderr.close()


_INTERRUPTED_AT = """
import os, signal, sys
class At:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, At())
sys.argv = ["kundpuls", "demo"]
from kpi_cli.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child there")
@pytest.mark.parametrize("module", ["kpi_cli.app", "typer", "polars", "kpi_core.engine.compute"])
def test_an_interrupt_while_modules_are_loaded_is_as_quiet(module: str) -> None:
    process = _python(_INTERRUPTED_AT.format(module=module))
    assert (process.communicate(timeout=300), process.returncode) == ((b"", b""), 130)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child there")
def test_an_interrupt_that_no_exception_can_carry_ends_the_run_too() -> None:
    body = (
        "class Dying:\n        def __del__(self): import os; os.kill(os.getpid(), 2); print('on')\n"
        "    Dying(); print('went on')"
    )
    process = _python(_WRITER.format(body=body, arguments="'report'"))
    assert (process.communicate(timeout=300), process.returncode) == ((b"", b""), 130)


@pytest.mark.parametrize("environment", [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {}])
def test_pipes_get_utf_8_whatever_the_locale(environment: dict[str, str]) -> None:
    process = _python(_WRITER.format(body=r"print('n\u00f6jd \u2013 \u25b2')", arguments="'report'"), **environment)
    out, err = process.communicate(timeout=300)
    assert (out.decode("utf-8"), err) == ("nöjd – ▲\n", b"")


def test_a_file_is_replaced_only_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("old")
    path.chmod(0o640)
    with contextlib.suppress(ZeroDivisionError), atomic_text(path) as stream:
        print("half", 1 / 0, file=stream)
    assert path.read_text() == "old"
    with atomic_text(path) as stream:
        stream.write("å\n")
    assert path.read_bytes() == "å\n".encode()
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["report.csv"]


def test_a_draft_has_the_extension_libraries_look_at(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "report.xlsx") as draft:
        assert draft.suffix == ".xlsx"
        draft.write_bytes(b"PK")
    assert (tmp_path / "report.xlsx").read_bytes() == b"PK"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "real.csv").touch()
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    with atomic_text(tmp_path / "link.csv") as stream:
        stream.write("x")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "x"


def test_no_path_and_a_dash_are_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    for path in (None, Path("-")):
        with atomic_text(path) as stream:
            stream.write("x")
    assert capsys.readouterr().out == "xx"


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(KpiError, match="is a folder"), atomic_path(tmp_path):
        pass
    with pytest.raises(KpiError, match="there is no folder"), atomic_path(tmp_path / "no" / "report.csv"):
        pass
