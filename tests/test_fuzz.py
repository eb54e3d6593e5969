"""The fuzz harness: the same seed makes the same cases, and what is wrong is found in how a command ends."""

import json
import random
from pathlib import Path

import pytest
from fuzz import Ended, judged
from fuzz_commands import command
from mutations import mutated

SAMPLE = Path(__file__).parents[1] / "sample_data" / "arenden_2026.csv"


def _ended(code: int = 0, out: str = "", err: str = "", line: str = "report a.csv", **more: float) -> list[str]:
    return judged(Ended(line.split(), code, out, err, more.get("seconds", 1.0), int(more.get("memory", 1))))


def test_a_case_depends_on_its_seed_alone() -> None:
    def made(seed: int) -> object:
        chance = random.Random(seed)
        content, name = mutated(SAMPLE.read_bytes(), SAMPLE.name, chance, ["Closed", "x"])
        return content, name, command([name], chance)

    assert [made(seed) for seed in range(40)] == [made(seed) for seed in range(40)]
    assert made(1) != made(2)


JSON = "report a.csv --format json"


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (_ended(1, err='File "/x/kpi_core/a.py", line 3, in read\nValueError: no 7'), "exit code 1: kpi_core/a.py/3/read: ValueError: no #"),
        (_ended(-9), "exit code -9: nowhere: "),
        (_ended(3, err="Traceback"), "a traceback: nowhere: Traceback"),
        (_ended(3, err="oh"), "exit code 3 without a message"),
        (_ended(2, out="x", err="error: x"), "report: data on stdout with exit code 2"),
        (_ended(seconds=21), "report: over 20 s"),
        (_ended(memory=2e9), "report: over 1.5 GB"),
        (_ended(out="{", line=JSON), "report: no JSON: "),
        (_ended(out="[NaN]", line=JSON), "report: no JSON: NaN is no JSON"),
        (_ended(out=json.dumps({"sources": [{"rows_read": 3, "rows_used": 1, "rows_refused": {"x": 1}}]}), line=JSON), "rows are not accounted for"),
        (_ended(out=json.dumps({"results": [{"kpi": "csat", "value": 1, "trust": {"share": 0.4}}]}), line=JSON),
         "csat: a value that rests on less than half"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(found: list[str], fault: str) -> None:
    (finding,) = found
    assert finding.startswith(fault)


def test_what_is_right_is_passed() -> None:
    source = {"rows_read": 3, "rows_used": 1, "rows_refused": {"x": 2}}
    result = {"kpi": "csat", "value": None, "trust": {"share": 0.4}}
    assert not _ended(out=json.dumps({"sources": [source], "results": [result]}), line=JSON)
    assert not _ended(3, err="error: x")
    assert not _ended(5, out="x", err="target missed: csat")
