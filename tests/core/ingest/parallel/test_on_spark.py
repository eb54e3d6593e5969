"""Files read on a cluster: a master and two workers on this machine, where Spark and Java are installed."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from invoked import SAMPLES, piped

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.parallel.on_spark import heard, said, state_of

CORES = 1
SECONDS = 900
"""Patience for what takes seconds on a machine that has nothing else to do."""
needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="NOT TESTED: no cluster without pyspark and Java 17 (pip install 'kundpuls[spark]')",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of fourteen files: pieces of an export, and a survey."""
    folder = tmp_path_factory.mktemp("desk")
    header, *lines = (SAMPLES / "zendesk_tickets.csv").read_text(encoding="utf-8-sig").splitlines()
    for place in range(13):
        rows = lines[place * 70 : place * 70 + 90]
        (folder / f"tickets {place:02}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    shutil.copy(SAMPLES / "surveymonkey_responses.csv", folder)
    return folder


class Cluster:
    """A master and its workers, each with what it starts in a process group of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self._folder = f"spark://127.0.0.1:{port}", folder
        (folder / "conf").mkdir()
        (folder / "conf" / "spark-defaults.conf").write_text(
            "spark.executor.memory 512m\nspark.driver.memory 512m\nspark.worker.timeout 20\n"
        )
        self.env = {
            **os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_CONF_DIR": str(folder / "conf"), "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_WORKER_DIR": str(folder / "work"), "PYSPARK_PYTHON": sys.executable,
        }  # fmt: skip
        self._started = [
            self._start("master", "master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        ]
        self.workers = [
            self._start(f"worker {place}", "worker.Worker", self.url, "--host", "127.0.0.1", "-c", str(CORES), "-m", "600m", "--webui-port", "0")
            for place in range(2)
        ]  # fmt: skip
        self._until("master", r"Registering worker(?:.|\n)*Registering worker")

    def _start(self, name: str, what: str, *arguments: str) -> "subprocess.Popen[bytes]":
        import pyspark

        program = Path(pyspark.__file__).parent / "bin" / "spark-class"
        with (self._folder / f"{name}.log").open("wb") as log:
            started = subprocess.Popen(
                [str(program), f"org.apache.spark.deploy.{what}", *arguments], env=self.env, stdout=log, stderr=log, start_new_session=True
            )  # fmt: skip
        self.__dict__.setdefault("_started", []).append(started)
        return started

    def _until(self, name: str, said: str) -> None:
        """Waits until a log says something."""
        for _ in range(SECONDS * 5):
            if re.search(said, (self._folder / f"{name}.log").read_text(errors="replace")):
                return
            time.sleep(0.2)
        raise TimeoutError((self._folder / f"{name}.log").read_text(errors="replace")[-2000:])

    def until_it_works(self, application: int) -> None:
        """Waits until both workers have a task of an application, counted from 0."""
        for _ in range(SECONDS * 5):
            logs = list((self._folder / "work").glob(f"app-*-{application:04}/*/stderr"))
            if sum("Starting Python task" in log.read_text(errors="replace") for log in logs) == len(self.workers):
                return
            time.sleep(0.2)
        raise TimeoutError

    def kill(self, worker: int) -> None:
        """Ends a worker, and what it has started, without a word."""
        os.killpg(self.workers[worker].pid, signal.SIGKILL)

    def end(self) -> None:
        for one in self._started:
            with suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    started = Cluster(tmp_path)
    try:
        yield started
    finally:
        started.end()


def _report(folder: Path, cluster: Cluster, *files: str) -> "subprocess.Popen[str]":
    line = [
        sys.executable,
        "-m",
        "kpi_cli",
        "report",
        *files,
        "--engine",
        cluster.url,
        "--format",
        "json",
        "--quiet",
        "--no-config",
    ]
    return subprocess.Popen(
        line, cwd=folder, env=cluster.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _without_stamp(text: str) -> str:
    return re.sub(r'"generated_at": "[^"]*"', "", text)


@needs_spark
@pytest.mark.slow
def test_the_report_is_that_of_one_machine_though_a_worker_is_killed(
    desk: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    on_one = piped("report", ".", "--format", "json", "--no-config")
    assert on_one.code == 0
    out, err = _report(desk, cluster, ".").communicate(timeout=SECONDS)
    assert (_without_stamp(out), err) == (_without_stamp(on_one.out), "")
    again = _report(desk, cluster, ".")
    cluster.until_it_works(1)
    cluster.kill(0)
    out, _ = again.communicate(timeout=SECONDS)
    assert _without_stamp(out) == _without_stamp(on_one.out)


@needs_spark
@pytest.mark.slow
def test_what_a_worker_cannot_read_is_said_as_here(
    desk: Path, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder := tmp_path / "desk").mkdir()
    shutil.copy(desk / "tickets 00.csv", folder)
    (folder / "page.csv").write_text("<html><body>Sign in</body></html>", encoding="utf-8")
    monkeypatch.chdir(folder)
    for named in (("page.csv", "tickets 00.csv"), (".",)):
        here = piped("report", *named, "--format", "json", "--no-config", "--quiet")
        there = _report(folder, cluster, *named)
        out, err = there.communicate(timeout=SECONDS)
        assert (there.returncode, _without_stamp(out), err) == (here.code, _without_stamp(here.out), here.err)


def test_a_cluster_without_spark_is_named_with_the_way_out(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    ended = piped("report", desk, "--engine", "spark://127.0.0.1:7077", "--no-config")
    assert (ended.code, "kundpuls[spark]" in ended.err) == (3, True)


@pytest.mark.parametrize("given", ["flink://x", "spark:", "local[x]", ""])
def test_an_address_that_is_none_is_refused(desk: Path, given: str) -> None:
    assert piped("report", desk, "--engine", given, "--no-config").code == 2


def test_standard_input_is_on_no_cluster() -> None:
    ended = piped("report", "-", "--engine", "local[2]", "--no-config")
    assert (ended.code, "standard input" in ended.err) == (3, True)


def test_a_task_gives_the_pieces_of_a_state_or_why_there_is_none(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # which a task leaves for the folder of the report
    pieces = list(state_of("tickets 00.csv", str(desk), Choices(), frozenset()))
    assert [error for _, error in pieces] == [None]
    assert (pieces[0][0] or b"").startswith(b"PK")
    ((nothing, error),) = state_of("none.csv", str(desk), Choices(), frozenset())
    assert (nothing, "no file or folder" in (error or "")) == (None, True)
    ((_, error),) = state_of("x.csv", str(tmp_path / "none"), Choices(), frozenset())
    assert "on the cluster" in str(heard(error or ""))


@pytest.mark.parametrize("error", [ExportError("x", where="a:3", hint="h"), UnreadableError("y")])
def test_an_error_comes_back_as_it_was(error: ExportError) -> None:
    back = heard(said(error))
    assert (type(back), back.message, back.where, back.hint) == (type(error), error.message, error.where, error.hint)
