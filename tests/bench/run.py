"""The benchmark: `kundpuls report` next to a program written by hand for the same figures.

    python tests/bench/run.py DATA --rival 'python rival.py {tickets} {survey}' [--runs 5]

DATA holds `tickets.csv` and `survey.csv` as a generator of Zendesk-like exports writes them (headers in
`mappings/bench-tickets.yaml`). The rival prints one JSON object whose `cells` are keyed `month|group` (`*` for
all); it judges no changes, so that the same figures are asked for with `--compare none`. Each round runs all once, in
turn; figures are whole processes, medians, from the operating system's own accounting. The values must agree before a
time means anything.
"""

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

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


def command(data: Path, period: str, kpis: list[str], *more: str) -> list[str]:
    """The call that is timed."""
    tool = shutil.which("kundpuls", path=str(Path(sys.executable).parent)) or "kundpuls"
    chosen = [part for kpi in kpis for part in ("--kpi", kpi)]
    return [tool, "report", str(data / "tickets.csv"), str(data / "survey.csv"), "--by", "group", "--period", period,
            "--mapping", str(HERE / "mappings" / "bench-tickets.yaml"), "--format", "json", "--quiet", *chosen, *more]  # fmt: skip


def measure(call: list[str]) -> tuple[float, float, float, str]:
    """Wall seconds, processor seconds, peak MB and what was printed."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        start = time.perf_counter()
        process = subprocess.Popen(call, stdout=printed)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{shlex.join(call)} ended with {process.returncode}")
        printed.seek(0)
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed.read()


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


def main() -> None:
    """Compares the values, then the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rival", required=True, help="a command; {tickets} and {survey} stand for the files")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--period", default="2025-12")
    given = parser.parse_args()
    files = {"tickets": given.data / "tickets.csv", "survey": given.data / "survey.csv"}
    rival = [part.format(**files) for part in shlex.split(given.rival)]
    cells = json.loads(measure(rival)[3])["cells"]
    total, wrong = 0, []
    for period in (given.period, "all"):
        compared, differing = differences(json.loads(measure(command(given.data, period, list(METRICS)))[3]), cells)
        total, wrong = total + compared, wrong + differing
    print(f"{total} values compared, {len(wrong)} differ", *wrong[:20], sep="\n  ")
    calls = {
        "rival": rival,
        "kundpuls, the same figures": command(given.data, given.period, [*METRICS, *ALSO], "--compare", "none"),
        "the same, changes judged": command(given.data, given.period, [*METRICS, *ALSO]),
        "kundpuls, its own report": command(given.data, given.period, []),
    }
    runs: dict[str, list[tuple[float, float, float, str]]] = {name: [] for name in calls}
    for _ in range(given.runs):
        for name, call in calls.items():
            runs[name].append(measure(call))
    base = statistics.median(run[0] for run in runs["rival"])
    print(f"{'':28} {'wall s':>7} {'cpu s':>7} {'peak MB':>8} {'÷ rival':>8}")
    for name, taken in runs.items():
        wall, cpu, peak = (statistics.median(run[place] for run in taken) for place in range(3))
        print(f"{name:28} {wall:7.2f} {cpu:7.2f} {peak:8.0f} {wall / base:8.2f}")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
