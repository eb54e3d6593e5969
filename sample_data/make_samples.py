"""Writes the sample exports: `python sample_data/make_samples.py [FOLDER]`, by default next to this script.

The exports are those of one invented company's three desks and two surveys, April to September 2026, taken on
the morning of October 2. The same bytes come out of every run on every system.
"""

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

import freshdesk
import messages
import spreadsheet
import surveys
import truth
import zendesk
from company import FRESHDESK, SEED, SPREADSHEET, ZENDESK, customers
from desk import seen, simulate

EXPORTED_AT = datetime(2026, 10, 2, 7, 5)
EXPORTED_AGAIN_AT = datetime(2026, 10, 2, 11, 40)
SECOND_EXPORT_FROM = datetime(2026, 8, 1)


def make_samples(folder: Path) -> None:
    """Writes all sample files and `truth.json` into `folder`, which must exist."""
    known = {**_freshdesk(folder), **_zendesk(folder), **_spreadsheet(folder)}
    _write(folder / "truth.json", json.dumps(known, ensure_ascii=False, indent=2) + "\n")


def _freshdesk(folder: Path) -> dict[str, truth.Truth]:
    cases = simulate(FRESHDESK, customers())
    first = [seen(case, EXPORTED_AT) for case in cases]
    second = [seen(case, EXPORTED_AGAIN_AT) for case in cases if case.opened_at >= SECOND_EXPORT_FROM]
    responses = surveys.monkey_responses(first, EXPORTED_AT)
    sent = messages.messages(second, EXPORTED_AGAIN_AT)
    _write(folder / "freshdesk_tickets.xls", freshdesk.spreadsheetml(freshdesk.rows(first)))
    _write(folder / "freshdesk_tickets.csv", _csv([freshdesk.HEADER, *freshdesk.rows(second)], "\r\n"))
    _write(
        folder / "surveymonkey_responses.csv",
        _csv([*surveys.MONKEY_HEADERS, *surveys.monkey_rows(responses)], "\n"),
    )
    _write(folder / "messages_2026.csv", _csv([messages.HEADER, *messages.rows(sent)], "\n"))
    return {
        "freshdesk_tickets.xls": truth.of_freshdesk(first),
        "freshdesk_tickets.csv": {**truth.of_freshdesk(second), **truth.of_newer_export(first, second)},
        "surveymonkey_responses.csv": {**truth.of_survey(responses), "csat": truth.of_satisfaction(responses)},
        "messages_2026.csv": truth.of_messages(sent),
    }


def _zendesk(folder: Path) -> dict[str, truth.Truth]:
    snapshots = [seen(case, EXPORTED_AT) for case in simulate(ZENDESK, customers())]
    _write(folder / "zendesk_tickets.csv", _csv([zendesk.HEADER, *zendesk.rows(snapshots)], "\r\n"))
    return {"zendesk_tickets.csv": truth.of_zendesk(snapshots)}


def _spreadsheet(folder: Path) -> dict[str, truth.Truth]:
    snapshots = [seen(case, EXPORTED_AT) for case in simulate(SPREADSHEET, customers())]
    spoilt = Random(f"{SEED}:spoilt").sample(range(len(snapshots)), 5)
    undated, unnumbered = spoilt[:3], spoilt[3:]
    responses = surveys.forms_responses(snapshots, EXPORTED_AT)
    ghost = [""] * len(spreadsheet.HEADER)
    listed = [spreadsheet.HEADER, *spreadsheet.rows(snapshots, undated, unnumbered), ghost]
    _write(folder / "arenden_2026.csv", _csv(listed, "\r\n", delimiter=";"), encoding="cp1252")
    _write(folder / "google_forms_responses.csv", _csv([surveys.FORMS_HEADER, *surveys.forms_rows(responses)], "\n"))
    return {
        "arenden_2026.csv": truth.of_spreadsheet(snapshots, spoilt, len(undated)),
        "google_forms_responses.csv": {**truth.of_survey(responses), "nki": truth.of_index(responses)},
    }


def _csv(rows: Iterable[Sequence[str]], line_end: str, *, delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def _write(path: Path, text: str, encoding: str = "utf-8") -> None:
    path.write_bytes(text.encode(encoding))


if __name__ == "__main__":
    make_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
