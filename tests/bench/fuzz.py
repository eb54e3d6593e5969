"""Fuzz: the commands on samples that were changed at random, each in a process of its own with its time and memory measured.

    python tests/bench/fuzz.py --minutes 30 --jobs 2 [--seed 7] [--extra FOLDER] [--keep FOLDER]
    python tests/bench/fuzz.py --seed 7 --case 123          # one case again

A case depends on the seed, its number and the samples alone. What is found is kept in a folder a finding, with the files, the
command and what came out: exit code 1, a traceback or a signal; an answer that is no JSON though JSON was asked for; rows that are not
accounted for; a value that rests on less than half of its rows; a message without `error:`; more than 20 s of
processor time or 1.5 GB.

Workers fork from a process that has imported everything and run nothing, so that a case costs no start-up.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from fuzz_commands import command, shown
from mutations import mutated

ROOT = Path(__file__).parents[2]
SECONDS = 20
MEMORY = 1_500_000_000
PATIENCE = 120
"""Seconds by the wall clock after which a case is ended, on a machine that has other things to do."""
SUFFIXES = (
    ".csv",
    ".tsv",
    ".txt",
    ".xls",
    ".xlsx",
    ".ods",
    ".json",
    ".ndjson",
    ".zip",
    ".jsonl",
    ".xlsb",
    ".xlsm",
    ".parquet",
    ".arrow",
)
LARGEST = 3_000_000
ENDS_WELL = (0, 4, 5)
ALLOWED = (*ENDS_WELL, 2, 3)


@dataclass(frozen=True)
class Ended:
    """How one command of a case ended."""

    line: Sequence[str]
    code: int
    out: str
    err: str
    seconds: float
    memory: int


def samples(extra: Sequence[Path]) -> list[Path]:
    """The files that cases begin with, in an order that does not depend on the machine."""
    folders = [ROOT / "sample_data", ROOT / "tests" / "formats", ROOT / "tests" / "cases", *extra]
    found = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES and path.is_file()
    ]
    return [
        path
        for path in found
        if ".expected" not in path.name and path.stat().st_size <= LARGEST and path.name != "truth.json"
    ]


def vocabulary(paths: Sequence[Path]) -> list[str]:
    """Words that stand in the samples."""
    words: Counter[str] = Counter()
    for path in paths:
        if path.suffix.lower() in (".csv", ".txt", ".json", ".tsv"):
            words.update(re.split(r'[,;\t\n"|]', path.read_bytes()[:20_000].decode("utf-8", "replace")))
    return sorted(word for word in words if 0 < len(word) < 40)


def run_case(
    seed: int, number: int, paths: Sequence[Path], words: Sequence[str], folder: Path
) -> tuple[list[list[str]], list[str]]:
    """Runs one case in `folder`; gives its command lines and what is wrong."""
    chance = random.Random(f"{seed}:{number}")
    folder.mkdir(parents=True)
    files = []
    for _ in range(chance.choices((1, 2, 3), (75, 20, 5))[0]):
        path = chance.choice(paths)
        content, name = mutated(path.read_bytes(), path.name, chance, words)
        (folder / name).write_bytes(content)
        files.append(name)
    lines = command(list(dict.fromkeys(files)), chance)
    faults: list[str] = []
    for line in lines:
        ended = run(line, folder)
        faults += judged(ended)
        if ended.code not in ENDS_WELL:
            break
    return lines, faults


def run(line: Sequence[str], folder: Path) -> Ended:
    """Runs a command in a fork of this process, in `folder`."""
    before = time.monotonic()
    child = os.fork()
    if child == 0:
        _become(line, folder)
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() - before > PATIENCE or _resident(child) > 2 * MEMORY:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    out, err = ((folder / name).read_bytes().decode("utf-8", "replace") for name in ("stdout", "stderr"))
    seconds = usage.ru_utime + usage.ru_stime
    return Ended(line, os.waitstatus_to_exitcode(status), out, err, seconds, usage.ru_maxrss * 1024)


def _become(line: Sequence[str], folder: Path) -> None:
    """Turns this fork into `kundpuls`; never returns."""
    try:
        os.chdir(folder)
        for descriptor, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(place, "w" if place else "r", encoding="utf-8") for place in range(3)
        )
        sys.argv = ["kundpuls", *line]
        import_module("kpi_cli.__main__").main()
    finally:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _resident(child: int) -> int:
    try:
        return int(Path(f"/proc/{child}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def judged(ended: Ended) -> list[str]:
    """What is wrong with how a command ended, in words that are the same for the same fault."""
    return list(_faults(ended))


def _faults(ended: Ended) -> Iterator[str]:
    if ended.code not in ALLOWED:
        yield f"exit code {ended.code}: {_where(ended.err)}"
    elif "Traceback" in ended.err or "panicked" in ended.err:
        yield f"a traceback: {_where(ended.err)}"
    elif ended.code in (2, 3) and "error: " not in ended.err:
        yield f"exit code {ended.code} without a message"
    if ended.seconds > SECONDS:
        yield f"{ended.line[0]}: over {SECONDS} s"
    if ended.memory > MEMORY:
        yield f"{ended.line[0]}: over {MEMORY / 1e9:g} GB"
    if ended.code in (2, 3) and ended.out and ended.line[0] != "map":
        yield f"{ended.line[0]}: data on stdout with exit code {ended.code}"
    if ended.code in ENDS_WELL and _asked(ended.line) == "json":
        try:
            document = json.loads(ended.out, parse_constant=_refuse)
        except ValueError as error:
            yield f"{ended.line[0]}: no JSON: {re.sub('[0-9]+', '#', str(error))}"
        else:
            yield from accounted(document)
            yield from trusted(document)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _asked(line: Sequence[str]) -> str:
    return line[line.index("--format") + 1] if "--format" in line and "-o" not in line else ""


def accounted(document: Any) -> Iterator[str]:
    """Files whose rows are not all accounted for, wherever the document names files."""
    if isinstance(document, dict):
        if "rows_read" in document and isinstance(document.get("rows_refused"), dict):
            accounted_for = document["rows_used"] + sum(document["rows_refused"].values())
            yield from ["rows are not accounted for"] * (document["rows_read"] != accounted_for)
        for value in document.values():
            yield from accounted(value)
    elif isinstance(document, list):
        for value in document:
            yield from accounted(value)


def trusted(document: dict[str, Any]) -> Iterator[str]:
    """Results with a value that rests on less than half of what it needs."""
    for result in document.get("results", ()):
        trust = result.get("trust") or {}
        if result.get("value") is not None and trust.get("share", 1) < 0.5:
            yield f"{result['kpi']}: a value that rests on less than half"


def _where(err: str) -> str:
    """The last place of ours in a traceback and the error, without what differs from case to case."""
    places = re.findall(r'File "[^"]*/((?:kpi_core|kpi_cli)/[^"]+)", line (\d+), in (\w+)', err)
    lines = [line for line in err.splitlines() if re.match(r"^[\w.]+(Error|Exception|Warning|Exit)\b", line)]
    error = re.sub(r"[0-9]+|'[^']*'|\"[^\"]*\"|`[^`]*`", "#", lines[-1])[:120] if lines else err.strip()[-120:]
    return f"{'/'.join(places[-1]) if places else 'nowhere'}: {error}"


def work(arguments: argparse.Namespace, worker: int, paths: Sequence[Path], words: Sequence[str], until: float) -> None:
    """Runs every so-manieth case until the time is up, and writes down what it finds."""
    number, seen = worker, set()
    place = Path(arguments.keep)
    while time.monotonic() < until:
        folder = place / f"case-{arguments.seed}-{number}"
        lines, faults = run_case(arguments.seed, number, paths, words, folder)
        (folder / "command.txt").write_text(shown(lines, folder), "utf-8")
        if new := [fault for fault in faults if fault not in seen]:
            seen.update(new)
            print(*(f"{folder.name}: {fault}" for fault in new), sep="\n", flush=True)
        else:
            shutil.rmtree(folder)
        with (place / f"tally-{worker}").open("a", encoding="utf-8") as tally:
            tally.writelines(f"{fault}\n" for fault in faults or ["ok"])
        number += arguments.jobs


def prepare() -> None:
    """Imports what every command needs; nothing may be run before the forks, for threads do not survive them."""
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    app = import_module("kpi_cli.app")
    for name in app.NAMES:
        import_module(f"kpi_cli.commands.{name}")
    core = ("analysis.report", "analysis.rows", "analysis.reconcile", "analysis.inspection", "ingest.dataset", "ingest.drafting.draft", "analysis.compare",
            "analysis.trend", "analysis.why.answer", "analysis.drivers.drivers", "analysis.voices.voices", "analysis.goals.answer", "analysis.agents.agents")  # fmt: skip
    for module in core:
        import_module(f"kpi_core.{module}")
    for module in ("documents.report_story", "html.page"):
        import_module(f"kpi_cli.{module}")


def main() -> int:
    """Fuzzes; the exit code is 1 where anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--case", type=int, default=None, help="run this case alone, and keep it")
    parser.add_argument("--extra", type=Path, action="append", default=[], help="a folder with further samples")
    parser.add_argument("--keep", type=Path, default=None, help="where findings are kept (a new folder)")
    arguments = parser.parse_args()
    arguments.seed = random.SystemRandom().randrange(10**6) if arguments.seed is None else arguments.seed
    arguments.keep = arguments.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    arguments.keep.mkdir(parents=True, exist_ok=True)
    print(f"seed {arguments.seed}, findings in {arguments.keep}", flush=True)
    paths = samples(arguments.extra)
    words = vocabulary(paths)
    prepare()
    if arguments.case is not None:
        lines, faults = run_case(
            arguments.seed, arguments.case, paths, words, arguments.keep / f"case-{arguments.seed}-{arguments.case}"
        )
        print(
            shown(lines, arguments.keep / f"case-{arguments.seed}-{arguments.case}"),
            *faults or ["nothing found"],
            sep="\n",
        )
        return bool(faults)
    until = time.monotonic() + 60 * arguments.minutes
    workers = []
    for worker in range(arguments.jobs):
        if (child := os.fork()) == 0:
            work(arguments, worker, paths, words, until)
            os._exit(0)
        workers.append(child)
    for child in workers:
        os.waitpid(child, 0)
    return summed_up(arguments.keep)


def summed_up(place: Path) -> int:
    """Prints how often what was found; 1 where anything was."""
    tally = Counter(line for path in place.glob("tally-*") for line in path.read_text("utf-8").splitlines())
    fine = tally.pop("ok", 0)
    print(f"{fine + tally.total()} results, {tally.total()} faults of {len(tally)} kinds")
    for fault, count in tally.most_common():
        print(f"{count:6} {fault}")
    return bool(tally)


if __name__ == "__main__":
    sys.exit(main())
