"""The report's results as CSV, one row each: the JSON's values under the JSON's paths (`baseline.value`).

Never localised. A cell of text that begins with `= + - @ '`, a tab or a carriage return gets one apostrophe in
front, so that no spreadsheet runs what a customer wrote; dropping one leading apostrophe gives the text back. The same sign
gets one inside a text where a reader that splits at `;`, tabs or line ends would begin a cell with it. Signs of full width
count, and so do those behind characters without width.
"""

import csv
import re
from collections.abc import Iterator
from typing import Any, TextIO

from kpi_cli import terminal
from kpi_cli.documents.phrases import substituted
from kpi_cli.documents.wording import Wording
from kpi_cli.outputs import json
from kpi_core.model.report import Report

_BEFORE = ("kpi", "definition", "period.start", "period.end", "by")
_AFTER = (
    *("value", "unit", "currency", "n", "numerator", "denominator", "low", "high"),
    *("beyond", "naive.value", "naive.n", "naive.difference", "naive.unfinished", "naive.opened_before"),
    *("judged.met", "judged.breached", "judged.pending", "final", "final_at"),
    *(f"newest_final.{name}" for name in ("period.start", "period.end", "value", "n", "low", "high")),
    *("baseline.value", "baseline.n", "baseline.low", "baseline.high"),
    *(
        "change",
        "change_low",
        "change_high",
        "change_calendar",
        "change_detectable",
        "rows_needed",
        "verdict",
        "target.value",
        "target.status",
        "suppressed",
    ),
    *(
        "trust.share",
        "trust.unread",
        "trust.of",
        "trust.refused",
        "trust.read",
        "trust.marked",
        "trust.reasons",
        "substitutions",
        "notes",
    ),
)
_PARTED = ("naive", "judged", "newest_final", "baseline", "target", "trust")
"""What has columns of its own for its parts."""

_UNSEEN = r'[\s"\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]*'
_SIGNS = r"[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
RISKY = rf"^(?:[\t\r\n']|{_UNSEEN}{_SIGNS})"
"""What a cell of text may not begin with as it stands, as polars reads patterns."""
RISKY_INSIDE = rf"([;\t\r\n]{_UNSEEN})({_SIGNS})"
"""Where a reader with another delimiter would begin a cell of its own."""
_AT_START = re.compile(re.sub(r"\\x\{(\w+)\}", lambda code: f"\\u{code[1]:0>4}", RISKY))
_INSIDE = re.compile(re.sub(r"\\x\{(\w+)\}", lambda code: f"\\u{code[1]:0>4}", RISKY_INSIDE))


def columns(report: Report) -> tuple[str, ...]:
    """The header: a `group.<dimension>` column for each dimension of the report, the rest always the same.

    `by` names the dimensions a row is split by (empty for totals), so that an empty `group.` cell under it is
    a group without a name, and any other is not that dimension's row.
    """
    dimensions = dict.fromkeys(name for result in report.results for name in result.group)
    return (*_BEFORE, *(f"group.{name}" for name in dimensions), *_AFTER)


def write(report: Report, target: TextIO, wording: Wording) -> None:
    """Writes header and rows. The wording is not used: machines read one language."""
    writer = csv.DictWriter(target, columns(report), restval="", lineterminator="\n")
    writer.writeheader()
    for result in report.results:
        record = json.result(result, report.query)
        record.pop("trend", None)
        record["by"] = "+".join(record["group"])
        record["notes"] = "; ".join(record["notes"])
        record["suppressed"] = "true" if result.suppressed else "false"
        if record["trust"]:
            record["trust"]["reasons"] = "; ".join(
                f"{count} {what}" for what, count in record["trust"]["reasons"].items()
            )
            record["trust"]["marked"] = str(record["trust"]["marked"]).lower()
        record["substitutions"] = "; ".join(map(substituted, result.substitutions)) if not result.suppressed else ""
        record["final"] = "" if record["final"] is None else str(record["final"]).lower()
        writer.writerow({path: cell(value, target) for path, value in _flat(record)})


def _flat(record: json.Record, path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{key}.")
        elif f"{path}{key}" not in _PARTED:
            yield f"{path}{key}", value


def guarded(value: object) -> object:
    """A value as a cell: text that a spreadsheet would run with an apostrophe in front, nothing for None."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = _INSIDE.sub(r"\1'\2", value)
    return f"'{text}" if _AT_START.match(text) else text


def cell(value: object, target: TextIO) -> object:
    """A guarded value for a stream: a terminal sees what would move its text or turn it round."""
    found = guarded(value)
    return terminal.escaped(found) if isinstance(found, str) and target.isatty() else found
