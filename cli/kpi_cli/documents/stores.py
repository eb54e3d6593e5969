"""What a store holds, its versions, and what was done to it."""

import shlex
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kpi_cli.documents.blocks import Column, Page, Tone
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import PageBuilder, text_column
from kpi_cli.documents.wording import Wording
from kpi_core.store.exports import StoredExport
from kpi_core.store.ingesting import Ingested
from kpi_core.store.status import LogEntry, Status

MEGABYTE = 1_000_000


class IngestedDocument(Document):
    """Which files are in the store now, and which were there already."""

    def __init__(self, place: Path, found: Ingested, wording: Wording) -> None:
        self.place, self.found, self.wording = place, found, wording

    def record(self) -> Record:
        """The version, and every file with what became of it."""
        found = self.found
        new = [{**_record(one), "is_new": True} for one in found.added]
        known = [{**_record(one), "is_new": False} for one in found.known.values()]
        return {
            "store": str(self.place), "version": found.version, "exports": found.exports, "files": [*new, *known],
            "set_aside": [{"file": one.where, "reason": one.message} for one in found.aside],
        }  # fmt: skip

    def page(self) -> Page:
        """How many are new, what they are, and what was left alone."""
        page, found, word = PageBuilder(), self.found, self.wording.word
        page.title(word("ingested_title"))
        counts = {"version": found.version, "store": str(self.place), "all": found.exports}
        if found.added:
            page.say(word("ingested_some", count=len(found.added), **counts), Tone.STRONG)
        else:
            page.say(word("ingested_none", **counts), Tone.STRONG)
        page.table(_columns(self.wording), _rows(found.added, self.wording))
        _say_left_out(page, found.added, self.place, self.wording)
        for file, one in found.known.items():
            page.say(word("ingested_known" if file == one.name else "ingested_known_as", file=file, name=one.name))
        for message in found.passed_over:
            page.say(self.wording.render(message), Tone.QUIET)
        for error in found.aside:
            page.say(word("ingested_aside", file=error.where or "", why=error.message), Tone.WARNING)
        page.say(word("ingested_next", store=shlex.quote(str(self.place))), Tone.QUIET)
        return page.page()


class StatusDocument(Document):
    """What a store holds, or held in a version."""

    def __init__(self, found: Status, wording: Wording) -> None:
        self.found, self.wording = found, wording

    def record(self) -> Record:
        """Every export, the names of versions, and when something was forgotten."""
        found = self.found
        return {
            "store": str(found.place), "version": found.version, "bytes": found.size, "names": dict(found.names),
            "exports": [_record(one) for one in found.exports],
            "forgotten": [{"at": one.at, "rows": one.rows} for one in found.forgotten],
        }  # fmt: skip

    def page(self) -> Page:
        """How much it holds, and a row an export."""
        page, found, word = PageBuilder(), self.found, self.wording.word
        page.title(word("stored_title"))
        size = self.wording.number(found.size / MEGABYTE, 1)
        page.say(word("stored_count", count=len(found.exports), version=found.version, store=str(found.place), size=size), Tone.STRONG)  # fmt: skip
        page.table(_columns(self.wording), _rows(found.exports, self.wording), sheet=word("stored_title"))
        _say_left_out(page, found.exports, found.place, self.wording)
        for called, version in found.names.items():
            page.say(word("stored_name", version=version, name=called))
        for one in found.forgotten:
            at = self.wording.instant(datetime.fromisoformat(one.at).astimezone())
            page.say(word("stored_forgotten", at=at, count=one.rows), Tone.QUIET)
        return page.page()


class LogDocument(Document):
    """The versions of a store, the newest first."""

    def __init__(self, place: Path, found: Sequence[LogEntry], wording: Wording) -> None:
        self.place, self.found, self.wording = place, found, wording

    def record(self) -> Record:
        """A line a version."""
        versions = [
            {"version": one.number, "at": _stamp(one.at), "names": list(one.names), "added": [each.name for each in one.added]}
            for one in self.found
        ]  # fmt: skip
        return {"store": str(self.place), "versions": versions}

    def page(self) -> Page:
        """A row a version."""
        page, word = PageBuilder(), self.wording.word
        page.title(word("stored_log"))
        if not self.found:
            page.say(word("stored_empty"))
        heads: tuple[Column, ...] = (
            text_column(word("stored_version"), is_right=True), text_column(word("stored_at")), text_column(word("stored_called")),
            text_column(word("stored_brought"), folds=True),
        )  # fmt: skip
        rows = [
            (one.number, self.wording.instant(one.at.astimezone()), ", ".join(one.names), ", ".join(each.name for each in one.added))
            for one in self.found
        ]  # fmt: skip
        page.table(heads, rows, sheet=word("stored_log"))
        return page.page()


class DoneDocument(Document):
    """What was done to a store, in a sentence, with its figures for programs."""

    def __init__(self, place: Path, did: str, wording: Wording, **values: Any) -> None:
        self.place, self.did, self.values, self.wording = place, did, values, wording

    def record(self) -> Record:
        """The action and its figures."""
        return {"store": str(self.place), "did": self.did, **self.values}

    def page(self) -> Page:
        """The sentence."""
        page, values = PageBuilder(), dict(self.values)
        page.title(self.wording.word("stored_title"))
        before = values.pop("before", None)
        key = f"stored_did_{self.did}" if before is None else "stored_did_forget_before"
        at = None if before is None else self.wording.instant(datetime.fromisoformat(before).astimezone())
        page.say(self.wording.word(key, store=str(self.place), at=at, **values), Tone.STRONG)
        return page.page()


class ExportedDocument(Document):
    """The tables that were written."""

    def __init__(self, place: Path, tables: Iterable[tuple[str, Path, int]], wording: Wording) -> None:
        self.place, self.tables, self.wording = place, tuple(tables), wording

    def record(self) -> Record:
        """A line a table."""
        return {"store": str(self.place), "tables": [dict(zip(("table", "path", "rows"), (name, str(path), rows), strict=True)) for name, path, rows in self.tables]}  # fmt: skip

    def rows(self) -> Rows:
        """The same."""
        return as_rows(self.record()["tables"])

    def page(self) -> Page:
        """A row a table."""
        page, word = PageBuilder(), self.wording.word
        page.title(word("stored_title"))
        page.say(word("stored_did_export", count=len(self.tables)), Tone.STRONG)
        heads = (
            text_column(word("table")),
            text_column(word("stored_rows"), is_right=True),
            text_column(word("stored_file"), folds=True),
        )
        page.table(heads, [(name, rows, str(path)) for name, path, rows in self.tables])
        page.say(word("stored_export_lacks"), Tone.QUIET)
        return page.page()


def _say_left_out(page: PageBuilder, exports: Iterable[StoredExport], place: Path, wording: Wording) -> None:
    """How many rows of forgotten customers exports came with."""
    for one in exports:
        if one.left_out:
            line = wording.word("stored_left_out", file=one.name, count=one.left_out, store=shlex.quote(str(place)))
            page.say(line, Tone.WARNING)


def _record(one: StoredExport) -> Record:
    return {
        "export": one.id, "name": one.name, "sha256": one.sha256, "rows": one.rows, "bytes": one.size,
        "taken": one.taken.isoformat(), "taken_from": one.evidence, "left_out": one.left_out,
    }  # fmt: skip


def _columns(wording: Wording) -> tuple[Column, ...]:
    word = wording.word
    return (
        text_column(word("stored_file"), folds=True), text_column(word("stored_rows"), is_right=True),
        text_column(word("stored_taken"), priority=1), text_column(word("stored_evidence"), priority=2),
    )  # fmt: skip


def _rows(exports: Iterable[StoredExport], wording: Wording) -> list[tuple[str | int, ...]]:
    return [
        (one.name, one.rows, wording.instant(one.taken), wording.word(f"stored_by_{one.evidence.split()[-1]}"))
        for one in exports
    ]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
