"""What a report cannot do without, each part alone in a process of its own: a lower bound of its time.

    python tests/bench/floor.py DATA [--rival 'python rival.py {tickets} {survey}'] [--runs 3]

DATA is that of `run.py`. `start` is a whole report on the first rows of both files: importing, looking at files, writing results. The
others are steps written by hand in polars and timed from within: the checksum, the columns that the figures rest on read and
typed, sums by day and group, medians, answers matched to their tickets. No checks of rows, no findings, no duplicates, no
intervals. What is printed is the least of the runs. The wall's bound is the processor time of `start`, which is one core's, and half of the rest, shared by two.
"""

import argparse
import hashlib
import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))
from run import ALSO, METRICS, command, measure

if TYPE_CHECKING:
    import polars as pl

FIRST = 50
INSTANTS = ("created_at", "updated_at", "solved_at")
WORDS = ("status", "group", "assignee", "satisfaction")
NUMBERS = ("first_reply_minutes", "full_resolution_minutes", "replies", "reopens")
DATE = "%Y-%m-%d %H:%M:%S"


def scanned(
    path: Path, instants: tuple[str, ...], words: tuple[str, ...], numbers: tuple[str, ...], *keys: str
) -> "pl.DataFrame":
    """The columns of a file that figures rest on, typed."""
    import polars as pl

    rows = pl.scan_csv(path, infer_schema=False)
    dates = pl.col(instants).str.to_datetime(DATE, time_unit="ms", strict=False, cache=False)
    typed = rows.select(
        pl.col(keys).hash(), dates, pl.col(words).cast(pl.Categorical), pl.col(numbers).cast(pl.Int32, strict=False)
    )
    return typed.collect(engine="streaming").rechunk()


def tickets(data: Path) -> "pl.DataFrame":
    """The tickets, typed."""
    return scanned(data / "tickets.csv", INSTANTS, WORDS, NUMBERS, "id", "requester_id")


def survey(data: Path) -> "pl.DataFrame":
    """The answers, typed."""
    return scanned(data / "survey.csv", ("responded_at",), (), ("nps", "csat", "ces"), "response_id", "ticket_id")


def checksum(data: Path) -> None:
    """The SHA-256 of both files."""
    for name in ("tickets.csv", "survey.csv"):
        with (data / name).open("rb") as file:
            hashlib.file_digest(file, "sha256")


def sums(rows: "pl.DataFrame", _: "pl.DataFrame") -> None:
    """The sums of two times and two truths by day and group, of the tickets opened and of those resolved."""
    import polars as pl

    for day, time_ in (("created_at", NUMBERS[0]), ("solved_at", NUMBERS[1])):
        value = pl.col(time_).cast(pl.Float64)
        powers = [(value**power).sum().alias(str(power)) for power in (1, 2, 3)]
        facts = [
            pl.len(),
            value.count().alias("n"),
            *powers,
            (pl.col("reopens") > 0).sum(),
            (pl.col("replies") <= 1).sum().alias("few"),
        ]
        rows.lazy().group_by(pl.col(day).dt.date(), "group").agg(facts).collect(engine="streaming")


def medians(rows: "pl.DataFrame", _: "pl.DataFrame") -> None:
    """Two times sorted in each month."""
    import polars as pl

    for day, time_ in (("created_at", NUMBERS[0]), ("solved_at", NUMBERS[1])):
        month = pl.col(day).dt.year().cast(pl.Int64) * 12 + pl.col(day).dt.month()
        rows.select((month * 2**32 + pl.col(time_)).sort())


def matched(rows: "pl.DataFrame", answers: "pl.DataFrame") -> None:
    """Answers with the group of their ticket."""
    known = rows.select("id", "group").join(answers.select(id="ticket_id"), on="id", how="semi")
    answers.join(known, left_on="ticket_id", right_on="id", how="left")


READ: dict[str, Callable[[Path], Any]] = {"checksum": checksum, "tickets read": tickets, "survey read": survey}
COUNTED = {"sums by day and group": sums, "medians": medians, "answers matched": matched}


def timed(part: str, data: Path) -> tuple[float, float]:
    """Wall and processor seconds of a part, in this process."""
    import polars as pl  # noqa: F401 - imported before the clock runs

    before = (tickets(data), survey(data)) if part in COUNTED else (data,)
    work: Callable[..., Any] = COUNTED.get(part) or READ[part]
    spent, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work(*before)
    now = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter() - wall, now.ru_utime + now.ru_stime - spent.ru_utime - spent.ru_stime


def alone(part: str, data: Path) -> tuple[float, float]:
    """The same in a process of its own."""
    call = [sys.executable, __file__, str(data), "--part", part]
    wall, cpu = json.loads(subprocess.run(call, capture_output=True, text=True, check=True).stdout)
    return wall, cpu


def start(data: Path) -> tuple[float, float]:
    """A whole report on the first rows of both files."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("tickets.csv", "survey.csv"):
            with (data / name).open(encoding="utf-8") as file:
                (Path(folder) / name).write_text(
                    "".join(line for line, _ in zip(file, range(FIRST), strict=False)), encoding="utf-8"
                )
        return measure(command(Path(folder), "all", [*METRICS, *ALSO], "--compare", "none"))[:2]


def main() -> None:
    """Measures each part and adds them up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rival")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--part", choices=[*READ, *COUNTED])
    given = parser.parse_args()
    if given.part:
        print(json.dumps(timed(given.part, given.data)))
        return
    os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", "4000000")
    runs = [start(given.data) for _ in range(given.runs)]
    found = {"start": (min(wall for wall, _ in runs), min(cpu for _, cpu in runs))}
    for part in (*READ, *COUNTED):
        runs = [alone(part, given.data) for _ in range(given.runs)]
        found[part] = min(wall for wall, _ in runs), min(cpu for _, cpu in runs)
    cpu = sum(spent for _, spent in found.values())
    found["bound"] = (found["start"][1] + cpu) / 2, cpu
    if given.rival:
        files = {"tickets": given.data / "tickets.csv", "survey": given.data / "survey.csv"}
        runs = [measure([part.format(**files) for part in shlex.split(given.rival)])[:2] for _ in range(given.runs)]
        found["rival"] = min(wall for wall, _ in runs), min(cpu for _, cpu in runs)
    print(f"{'':24} {'wall s':>7} {'cpu s':>7}")
    for part, (wall, spent) in found.items():
        print(f"{part:24} {wall:7.2f} {spent:7.2f}")


if __name__ == "__main__":
    main()
