"""A project file for exports as they are: what is known of them stands in it, what only its reader knows stands as a comment."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from kpi_cli.documents.defined import format_label
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.inspection import InspectedFile, Inspection
from kpi_core.kpis.headlines import headlines
from kpi_core.model.findings import BLANK

DIMENSIONS = ("group", "channel", "type", "product", "priority")
"""What a report is split by, the first that the files know."""
TARGETS = {"csat": "85%", "nps": "30", "first_reply_time": "4h", "resolution_time": "3d", "resolution_rate_cohort": "90%", "orders_per_customer": "2"}  # fmt: skip
"""Targets that stand as examples, for KPIs that the files can feed."""


def draft(
    found: Inspection, files: Sequence[str], wording: Wording, folder: Path | None, mapping: Sequence[str], zone: str | None
) -> str:  # fmt: skip
    """The text of a project file.

    Args:
        found: what the exports were understood as.
        files: paths, folders and patterns as they were typed.
        folder: where the project file will lie, which its paths are written from; None where it is unknown.
        mapping: the formats that were asked for, as typed.
        zone: the zone that was given for the exports.
    """
    word = wording.word
    lines = [*_comment(word("config_opening")), ""]
    lines += ["jobs:", f"  {word('config_job')}:", *_files(found, files, wording, folder)]
    lines += [*_comment(word("config_period"), 4), "    # period: last-month"]
    lines += [*_comment(word("config_by"), 4), *_by(found)]
    lines += [*_comment(word("config_outputs"), 4), "    outputs:", "      - '{period}.xlsx'", "      - '{period}.html'", "    # subject: subject.txt"]  # fmt: skip
    able = [kpi for kpi, n in found.able if n]
    names = headlines(able)
    lines += [
        "",
        *_comment(word("config_headlines")),
        f"headlines: [{', '.join(names)}]" if names else "# headlines: []",
    ]
    lines += ["", "defaults:", *_zone(found, wording, zone), f"  lang: {wording.lang}"]
    if mapping:
        lines.append(
            f"  mapping: [{', '.join(_quoted(_from(one, folder) if Path(one).exists() else one) for one in mapping)}]"
        )
    lines += [*_comment(word("config_calendar"), 2), f"  # calendar: {CALENDARS[wording.lang]}"]
    lines += [*_comment(word("config_targets"), 2), "  # targets:"]
    lines += [f"  #   {name}: {value}" for name, value in TARGETS.items() if name in {kpi.name for kpi in able}]
    return "\n".join(lines) + "\n"


CALENDARS = {"en": "se", "sv": "se", "nb": "no"}
"""A calendar that stands as an example, by language."""


def _comment(comment: str, indent: int = 0) -> Iterator[str]:
    for line in comment.splitlines():
        yield f"{' ' * indent}# {line}"


def _files(found: Inspection, files: Sequence[str], wording: Wording, folder: Path | None) -> Iterator[str]:
    """The patterns as typed, and under them what each file is, as a comment."""
    yield "    files:"
    read = dict.fromkeys(one.path for one in found.files) if found.diagnoses else files
    yield from (f"      - {_quoted(_from(name, folder))}" for name in read)
    for one in found.files:
        yield from _comment(_what(one, wording), 6)
    for unread in found.diagnoses:
        yield from _comment(wording.word("config_unread", file=unread.path), 6)


def _what(one: InspectedFile, wording: Wording) -> str:
    """What a file is: `tickets.csv: Zendesk tickets, 1,500 rows, 1 Apr to 30 Sep 2026`; a blank line is no row."""
    source = one.sources[0] if one.sources else None
    rows = wording.number(source.rows_read - source.rows_refused.get(BLANK, 0) if source else 0)
    days = f", {one.first} – {one.last}" if one.first is not None and one.last is not None else ""
    return (
        wording.word("config_file", file=one.path, format=format_label(one.mapping, one.label, wording), rows=rows)
        + days
    )


def _by(found: Inspection) -> Iterator[str]:
    known = {
        column.field for one in found.files for column in one.columns if column.filled and (column.different or 0) != 1
    }
    own = [name for name in DIMENSIONS if name in known]
    yield f"    by: {own[0]}" if own else "    # by: group"
    if own[1:]:
        yield f"    # by: [{', '.join(own)}]"


def _zone(found: Inspection, wording: Wording, zone: str | None) -> Iterator[str]:
    """The zone that was given; else that the files name none, and what that means."""
    if zone is not None:
        yield f"  zone: {zone}"
    elif any(one.zone is None for one in found.files) or any(one.code in NO_ZONE for one in found.findings):
        yield from _comment(wording.word("config_no_zone"), 2)
        yield f"  # zone: {ZONES[wording.lang]}"


NO_ZONE = frozenset({"assumed-zone", "no-zone"})
"""Findings that files name no zone."""
ZONES = {"en": "Europe/London", "sv": "Europe/Stockholm", "nb": "Europe/Oslo"}
"""A zone that stands as an example, by language."""


def _from(name: str, folder: Path | None) -> str:
    """A path as it is called from a folder."""
    if folder is None or Path(name).is_absolute() or str(folder) in ("", "."):
        return name
    return os.path.relpath(name, folder)


def _quoted(text: str) -> str:
    """A text as YAML has it: bare where nothing in it means something else."""
    is_plain = text and all(one.isalnum() or one in "._/-åäöæøÅÄÖÆØ" for one in text) and text[0].isalnum()
    return text if is_plain else json.dumps(text, ensure_ascii=False)
