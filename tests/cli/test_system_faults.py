"""Ordinary faults of the system: one line, the way out, exit code 3, and nothing but data on stdout."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from invoked import piped, sample

from kpi_cli.system_faults import explained, is_ordinary
from kpi_core.errors import ExportError
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.files import spool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="shell and devices of Linux")

FILE = "freshdesk_tickets.csv"
COMMAND = f"{sys.executable} -m kpi_cli"


def _shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    line = line.replace("K ", f"{COMMAND} ").replace("F ", f"{sample(FILE)} ")
    return subprocess.run(["bash", "-c", line], capture_output=True, env=os.environ | environment, check=False)


@pytest.mark.parametrize(
    ("line", "code", "error"),
    [
        ("K report F >&-", 3, "standard output: the stream is closed"),
        ("K report F >&- 2>&-", 3, None),
        ("K report - <&-", 3, "standard input is closed"),
        ("K report F >/dev/full", 3, "standard output: there is no room left on the disk"),
        ("K report F >/dev/full 2>/dev/full", 3, None),
        ("K report F -o /dev/full --format csv", 3, "/dev/full: there is no room left on the disk"),
        ("K report F -o /dev/full --format xlsx", 3, "/dev/full: there is no room left on the disk"),
        ("K kpis >/dev/full", 3, "standard output: there is no room left on the disk"),
        ("K report --help >/dev/full", 3, "standard output: there is no room left on the disk"),
        ("K --version >/dev/full", 3, "standard output: No space left on device"),
        ("K report /proc/self/mem ", 3, "/proc/self/mem: cannot be read: Input/output error"),
        ("ulimit -f 1; K report F -o /tmp/kundpuls-too-large.csv", 3,
         "/tmp/kundpuls-too-large.csv: the file would be larger than the system allows"),
        ("TMPDIR=/dev/full/no TEMP= TMP= K report - <F ", 0, None),
    ],
)  # fmt: skip
def test_a_fault_of_the_system_is_one_line_and_exit_code_3(line: str, code: int, error: str | None) -> None:
    ended = _shell(line)
    output = ended.stderr.decode()
    assert ended.returncode == code
    assert b"Traceback" not in ended.stderr
    assert "bug" not in output
    if error is not None:
        assert (ended.stdout, output.splitlines()[0]) == (b"", f"error: {error}")


def test_an_answer_to_a_file_needs_no_stdout(tmp_path: Path) -> None:
    ended = _shell(f"K report F -o {tmp_path}/a.csv >&- 2>&- <&-")
    assert ended.returncode == 0
    assert (tmp_path / "a.csv").read_text().startswith("kpi,")


def test_what_goes_to_stderr_never_ends_in_stdout() -> None:
    closed, opened = _shell("K report F 2>&-"), _shell("K report F ")
    assert (closed.returncode, closed.stdout) == (0, opened.stdout)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_a_run_and_its_temporary_files(tmp_path: Path, number: int, code: int) -> None:
    (tmp_path / "pipe").touch()
    body = (
        "from kpi_core.ingest.files import spool; from kpi_cli.writing import atomic_path; import time, pathlib\n"
        f"    spool.spool_folder(); draft = atomic_path(pathlib.Path({str(tmp_path / 'out.csv')!r}))\n"
        "    with draft: print('ready', flush=True); time.sleep(30)"
    )
    code_text = (
        "import sys, types\nmodule = types.ModuleType('kpi_cli.commands.report')\n"
        f"def command():\n    {body}\nmodule.command = command\nsys.modules[module.__name__] = module\n"
        "sys.argv = ['kundpuls', 'report']\nfrom kpi_cli.__main__ import main\nmain()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code_text], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=os.environ | {"TMPDIR": str(tmp_path)})  # fmt: skip
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline() == b"ready\n"
    assert len(list(tmp_path.iterdir())) == 3
    time.sleep(0.1)
    process.send_signal(number)
    assert (process.wait(timeout=30), process.stderr.read()) == (code, b"")
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
    process.stdout.close()
    process.stderr.close()


@pytest.mark.parametrize(
    "change", [Path.unlink, lambda path: os.truncate(path, 3000), lambda path: path.write_text("id\n")],
    ids=["deleted", "cut short", "rewritten"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_that_changes_while_it_is_read_gives_no_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, change: Callable[[Path], object]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(Path(sample(FILE)).read_text("utf-8"), encoding)
    scan = narrow_scan.scan

    def scanned(*arguments: object, **more: object) -> object:
        change(path)
        return scan(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(narrow_scan, "scan", scanned)
    ended = piped("report", path)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.splitlines()[0] == f"error: {path}: was changed or deleted while it was read"


def test_without_a_place_for_copies_it_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    spool.spool_folder.cache_clear()
    monkeypatch.setattr("tempfile.TemporaryDirectory", none)
    with pytest.raises(ExportError, match="no temporary copies can be made") as fault:
        spool.spool_folder()
    assert "TMPDIR" in str(fault.value.hint)


def test_without_room_for_copies_it_is_reported() -> None:
    def fill() -> None:
        with spool.copying(".csv"):
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(ExportError, match="no room for a temporary copy"):
        fill()


class _Panic(BaseException):
    """As a library in Rust raises."""


_Panic.__name__ = "PanicException"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.EMFILE, "x", "a.csv"), "a.csv: too many files are open"),
        (PermissionError(errno.EACCES, "x", b"a.csv"), "a.csv: permission denied"),
        (OSError("something else"), "something else"),
        (MemoryError(), "there is not enough memory"),
        (ImportError(f"a.so: {os.strerror(errno.EMFILE)}"), "too many files are open"),
        (_Panic('`Err` value: Os { code: 24, kind: TooManyOpenFiles, message: "" }'), "too many files are open"),
        (_Panic("No space left on device (os error 28)"), "there is no room left on the disk"),
    ],
)
def test_faults_of_the_system_are_distinguished_from_bugs(error: BaseException, message: str) -> None:
    assert is_ordinary(error)
    assert str(explained(error)) == message


@pytest.mark.parametrize("error", [ValueError("x"), ImportError("no module"), _Panic("index out of bounds")])
def test_bugs_stay_bugs(error: BaseException) -> None:
    assert not is_ordinary(error)
