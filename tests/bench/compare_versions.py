"""Whether two installed versions give the same figures: every KPI of every file, value by value.

    python tests/bench/compare_versions.py OLD/bin/kundpuls NEW/bin/kundpuls FILE_OR_FOLDER... [-- OPTIONS]

Each file is reported alone, with `--kpi '*'`, and by every dimension in `--by`. A difference of more than one part in a
thousand million, a figure that one of them has not, and an exit code of another are reported; the exit code says whether there was any.
"""

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

COMPARED = ("value", "n", "numerator", "denominator", "low", "high", "change", "change_low", "change_high", "verdict")
Key = tuple[str, str | None, str, str]


def figures(tool: str, file: Path, options: list[str]) -> tuple[int, dict[Key, dict[str, Any]]]:
    """The exit code, and the results by KPI, currency, period and group."""
    line = [tool, "report", str(file), "--kpi", "*", "--format", "json", "--quiet", "--no-config", *options]
    ended = subprocess.run(line, capture_output=True, text=True, check=False)
    if ended.returncode:
        return ended.returncode, {}
    results = json.loads(ended.stdout)["results"]
    return 0, {
        (one["kpi"], one["currency"], json.dumps(one["period"]), json.dumps(one["group"], sort_keys=True)): one
        for one in results
    }


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, numbers to nine digits."""
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)


def differences(old: tuple[int, dict[Key, Any]], new: tuple[int, dict[Key, Any]]) -> Iterator[str]:
    """What differs, a line each."""
    if old[0] != new[0]:
        yield f"exit code {old[0]} became {new[0]}"
        return
    for key in sorted({*old[1], *new[1]}, key=str):
        before, after = old[1].get(key), new[1].get(key)
        name = " ".join(part for part in (key[0], key[1], key[3]) if part and part != "{}")
        if before is None or after is None:
            yield f"{name}: {'new' if before is None else 'gone'}"
            continue
        for part in COMPARED:
            if not same(before[part], after[part]):
                yield f"{name}: {part} {before[part]} became {after[part]}"


def main() -> int:
    """Compares; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("files", nargs="+", type=Path)
    cut = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    given, options = parser.parse_args(sys.argv[1:cut]), sys.argv[cut + 1 :]
    files = [
        one for path in given.files for one in (sorted(path.rglob("*")) if path.is_dir() else [path]) if one.is_file()
    ]
    count = 0
    for file in files:
        found = list(differences(*(figures(tool, file, options) for tool in (given.old, given.new))))
        count += len(found)
        for line in found:
            print(f"{file}: {line}")
    print(f"{len(files)} files, {count} differences")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
