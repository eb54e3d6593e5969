"""The benchmark: `kundpuls report` next to programs written by hand for the same figures, and to the scan that all of them need.

    python tests/bench/run.py DATA --rival 'DuckDB=python rival.py {tickets} {survey}' [--rival 'pandas=…'] [--runs 5] [--write]

DATA holds `tickets.csv` and `survey.csv` as a generator of Zendesk-like exports writes them (headers in
`mappings/bench-tickets.yaml`). A rival prints one JSON object whose `cells` are keyed `month|group` (`*` for
all); it judges no changes, so that the same figures are asked for with `--compare none`. The floor reads the columns that the figures rest on, dates as text, and adds
them up. Each round runs all once, in turn; figures are whole processes, medians, from the operating system's own accounting, and their ratios to the floor and to the
first rival. The values of all must agree before a time means anything. `--write` puts the table into the tests' README, with the day and the machine.
"""

import argparse
import json
import os
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
METRICS = {
    "tickets_created": "created",
    "tickets_resolved": "resolved",
    "resolution_rate": "resolution_rate",
    "first_reply_time_mean": "frt_mean",
    "first_reply_time": "frt_median",
    "first_reply_time_p90": "frt_p90",
    "resolution_time_mean": "res_mean",
    "resolution_time": "res_median",
    "resolution_time_p90": "res_p90",
    "fcr_one_touch_strict": "fcr",
    "nps": "nps",
    "ces": "ces",
    "backlog": "backlog",
}
ALSO = ("reopen_rate", "csat", "csat_mean", "answers_received")
"""Computed in the timed run, compared elsewhere: the rival dates and pools them otherwise, and counts no ratings inside tickets."""
MINUTES = ("frt", "res_")
README = HERE.parent / "README.md"
FLOOR = """
import sys, polars as pl
texts = ["group", "satisfaction", "created_at", "solved_at"]
numbers = ["id", "first_reply_minutes", "full_resolution_minutes", "replies", "reopens"]
sums = [*(pl.col(name).sum() for name in numbers), *(pl.col(name).str.len_bytes().sum() for name in texts)]
print(pl.scan_csv(sys.argv[1]).select(sums).collect(engine="streaming").row(0))
"""
"""The floor as a program of its own."""
FLOOR_NAME = "floor: the scan alone"


class Run(NamedTuple):
    """A whole process: seconds on the wall and of a processor, the most memory in MB, and what it printed."""

    wall: float
    cpu: float
    peak: float
    printed: str


def command(data: Path, period: str, kpis: list[str], *more: str) -> list[str]:
    """The call that is timed."""
    tool = shutil.which("kundpuls", path=str(Path(sys.executable).parent)) or "kundpuls"
    chosen = [part for kpi in kpis for part in ("--kpi", kpi)]
    return [tool, "report", str(data / "tickets.csv"), str(data / "survey.csv"), "--by", "group", "--period", period,
            "--mapping", str(HERE / "mappings" / "bench-tickets.yaml"), "--format", "json", "--quiet", *chosen, *more]  # fmt: skip


def measure(call: list[str]) -> Run:
    """What a call takes, and prints."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        start = time.perf_counter()
        process = subprocess.Popen(call, stdout=printed)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{shlex.join(call)} ended with {process.returncode}")
        printed.seek(0)
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed.read())


def differences(ours: dict[str, Any], cells: dict[str, dict[str, Any]]) -> tuple[int, list[str]]:
    """How many values were compared, and those that differ by more than one part in ten million."""
    start = ours["query"]["period"]["start"]
    month = "*" if start is None else start[:7]
    compared, wrong = 0, []
    for result in ours["results"]:
        metric = METRICS.get(result["kpi"])
        cell = cells.get(f"{month}|{result['group'].get('group', '*')}")
        if metric is None or cell is None:
            continue
        compared += 1
        theirs = cell[metric] * 60 if cell[metric] is not None and metric.startswith(MINUTES) else cell[metric]
        if not _same(result["value"], theirs):
            wrong.append(f"{month} {result['group']} {result['kpi']}: {result['value']} against {theirs}")
    return compared, wrong


def _same(ours: float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return abs(ours - theirs) <= 1e-7 * max(abs(ours), abs(theirs), 1e-12)


def checked(rivals: Mapping[str, list[str]], data: Path, periods: Sequence[str]) -> tuple[int, list[str]]:
    """How many values of ours were compared with those of every rival, and the ones that differ."""
    ours = [json.loads(measure(command(data, period, list(METRICS))).printed) for period in periods]
    total, wrong = 0, list[str]()
    for name, call in rivals.items():
        cells = json.loads(measure(call).printed)["cells"]
        for report in ours:
            compared, differing = differences(report, cells)
            total, wrong = total + compared, wrong + [f"{name}: {line}" for line in differing]
    return total, wrong


def table(runs: Mapping[str, Sequence[Run]], rival: str) -> list[str]:
    """The medians of each program's runs, and their ratios to the floor and to one rival, as lines of a table."""
    medians = {
        name: [statistics.median(getattr(run, what) for run in taken) for what in ("wall", "cpu", "peak")]
        for name, taken in runs.items()
    }
    floor, base = medians[FLOOR_NAME], medians[rival]
    ratios = (f"{what} ÷ {rival}" for what in ("wall", "cpu", "peak"))
    rows = [["", "wall s", "cpu s", "peak MB", "wall ÷ floor", *ratios], ["---", *["---:"] * 7]]
    for name, own in medians.items():
        wall, cpu, peak = own
        compared = [wall / floor[0], *(mine / other for mine, other in zip(own, base, strict=True))]
        rows.append([name, f"{wall:.2f}", f"{cpu:.2f}", f"{peak:,.0f}", *(f"{ratio:.2f}" for ratio in compared)])
    return [f"| {' | '.join(row)} |" for row in rows]


def written(lines: Sequence[str], rows: int) -> None:
    """Puts the table of so many tickets in the place of the last one of as many in the tests' README."""
    mark = f"<!-- speed of {rows} tickets -->"
    block = "\n".join([mark, "", *lines, "", mark])
    text = README.read_text(encoding="utf-8")
    found = re.sub(f"{re.escape(mark)}.*?{re.escape(mark)}", lambda _: block, text, flags=re.DOTALL)
    if mark not in text:
        raise SystemExit(f"{README} has no place for {rows} tickets: {mark} twice")
    README.write_text(found, encoding="utf-8")


def main() -> None:
    """Compares the values, then the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--rival", required=True, action="append", help="NAME=COMMAND; {tickets} and {survey} stand for the files"
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--period", default="2025-12")
    parser.add_argument("--write", action="store_true", help="into the tests' README")
    given = parser.parse_args()
    files = {"tickets": given.data / "tickets.csv", "survey": given.data / "survey.csv"}
    named = dict(each.split("=", 1) for each in given.rival)
    rivals = {name: [part.format(**files) for part in shlex.split(call)] for name, call in named.items()}
    total, wrong = checked(rivals, given.data, (given.period, "all"))
    print(f"{total} values compared, {len(wrong)} differ", *wrong[:20], sep="\n  ")
    calls = {
        FLOOR_NAME: [sys.executable, "-c", FLOOR, str(files["tickets"])],
        **rivals,
        "kundpuls, the same figures": command(given.data, given.period, [*METRICS, *ALSO], "--compare", "none"),
        "the same, changes judged": command(given.data, given.period, [*METRICS, *ALSO]),
        "kundpuls, its own report": command(given.data, given.period, []),
    }
    runs: dict[str, list[Run]] = {name: [] for name in calls}
    for _ in range(given.runs):
        for name, call in calls.items():
            runs[name].append(measure(call))
    read = json.loads(runs["kundpuls, the same figures"][0].printed)["sources"]
    rows = next(one["rows_read"] for one in read if one["table"] == "tickets")
    lines = table(runs, next(iter(rivals)))
    said = f"{rows:,} tickets, {datetime.now(tz=UTC):%Y-%m-%d}, {given.runs} rounds, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}; {total} values compared, {len(wrong)} differ:"
    print(said, *lines, sep="\n")
    if given.write:
        written([said, "", *lines], rows)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
