"""The export formats in words: the list of them, and one in full."""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from typing import Any

from kpi_cli.documents.blocks import Page, Tone
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import PageBuilder, text_column
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.specs import AnswerSpec, ColumnSpec
from kpi_core.model.tables import TABLES

EVIDENCE = {"real": "real exports", "documented": "its documentation"}


def recognition(mapping: Mapping) -> str:
    """What tells the format, in a sentence."""
    rule = mapping.recognised_by
    told = []
    if rule.every:
        told.append("headers " + " and ".join(map(spellings, rule.every)))
    if rule.some:
        least = "one" if rule.at_least == 1 else str(rule.at_least)
        told.append(
            f"{'at least ' if told else 'headers: at least '}{least} of " + ", ".join(map(spellings, rule.some))
        )
    if rule.second_row:
        told.append("a second header row with " + " or ".join(map(spellings, rule.second_row)))
    if rule.none:
        told.append("none of " + ", ".join(map(spellings, rule.none)))
    return "; ".join(told) or "common column names, where no other format fits"


def in_short(mapping: Mapping) -> str:
    """The headers that must be there, each in its first spelling, and how many of the others."""
    rule = mapping.recognised_by
    told = ", ".join(f"`{header.partition('|')[0]}`" for header in rule.every)
    more = f"{rule.at_least} of {len(rule.some)} others" if rule.some else ""
    return " and ".join(filter(None, (told, more))) or "common column names"


def spellings(header: str) -> str:
    """`` `Timestamp` or `Tidsmerke` `` of `Timestamp|Tidsmerke`."""
    return " or ".join(f"`{one}`" for one in header.split("|"))


class FormatsDocument(Document):
    """Every format: what it is, which table it feeds, how well it is known and what tells it."""

    def __init__(self, mappings: Sequence[Mapping]) -> None:
        self.mappings = mappings

    def record(self) -> Record:
        """A line each."""
        return {"formats": [summary(one) for one in self.mappings]}

    def page(self) -> Page:
        """A table, and how to go on."""
        page = PageBuilder()
        columns = (text_column("Format"), text_column("What it is", folds=True), text_column("Table", priority=1), text_column("Known from", priority=3),
                   text_column("Recognised by", folds=True, priority=2))  # fmt: skip
        rows = [(one.name, one.label, one.table, EVIDENCE[one.evidence], in_short(one)) for one in self.mappings]
        page.table(columns, rows, sheet="Formats")
        page.say("`kundpuls formats NAME` shows one in full; --mapping FILE reads one of your own.", Tone.QUIET)
        return page.page()


class FormatDocument(Document):
    """One format in full: every field with the headers tried in order, and what its words mean."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping

    def record(self) -> Record:
        """All that the mapping says."""
        return {"format": record(self.mapping)}

    def rows(self) -> Rows:
        """A row a column: its field, a header that is tried, and how it is read."""
        return as_rows(
            [
                {"field": name, "headers": list(spec.headers), "read": _read(spec) or None}
                for name, spec in self.mapping.columns.items()
                if spec.headers
            ]
        )

    def page(self) -> Page:
        """What it is, its columns, its questions and its notes."""
        page, mapping = PageBuilder(), self.mapping
        page.title(f"{mapping.label} ({mapping.name})")
        page.pairs(_facts(mapping))
        page.title("Columns")
        columns = (text_column("Field"), text_column("Headers, tried in order", folds=True), text_column("How it is read", folds=True))  # fmt: skip
        page.table(
            columns, [*_columns(mapping), *((name, "(always)", word) for name, word in mapping.constants.items())]
        )
        if mapping.answers:
            page.title("Survey questions")
            heads = (text_column("Question"), text_column("Headers, or words in them", folds=True), text_column("How it is read", folds=True))  # fmt: skip
            page.table(heads, [(spec.question, _asked(spec), _answered(spec)) for spec in mapping.answers])
        if mapping.notes:
            page.title("Notes")
            for note in mapping.notes:
                page.say(note)
        return page.page()


def _facts(mapping: Mapping) -> tuple[tuple[str, str], ...]:
    return (
        ("Table", f"{mapping.table}: {TABLES[mapping.table].row}"),
        ("Known from", EVIDENCE[mapping.evidence]),
        ("Recognised by", recognition(mapping)),
        ("Header rows", str(mapping.header_rows) if mapping.header_rows > 1 else ""),
        ("Time zone", mapping.zone or "not said by the export: --zone names it"),
        ("Dates", {"dmy": "day first", "mdy": "month first"}.get(mapping.date_order or "", "")),
        ("Decimal sign", mapping.decimal or ""),
        ("Missing", ", ".join(f"`{word}`" for word in mapping.missing)),
    )


def _columns(mapping: Mapping) -> list[tuple[str, str, str]]:
    return [(name, ", ".join(spec.headers), _read(spec)) for name, spec in mapping.columns.items() if spec.headers]


def _read(spec: ColumnSpec) -> str:
    parts = [f"time of day from {', '.join(spec.time)}"] if spec.time else []
    parts += [{"clock": "h:mm:ss"}.get(spec.unit, f"in {spec.unit}")] if spec.unit else []
    parts += [f"as {', '.join(spec.formats)}"] if spec.formats else []
    parts += [f"`{word}` = {meaning or 'missing'}" for word, meaning in spec.values.items()]
    parts += [f"/{pattern}/ = {meaning or 'missing'}" for pattern, meaning in spec.patterns.items()]
    parts += [f"missing: {', '.join(f'`{word}`' for word in spec.missing)}"] if spec.missing else []
    return "; ".join(parts)


def _asked(spec: AnswerSpec) -> str:
    return ", ".join([*spec.headers, *(f"/{pattern}/" for pattern in spec.matching)])


def _answered(spec: AnswerSpec) -> str:
    parts = ["scale {:g}–{:g}".format(*spec.scale)] if spec.scale else []
    parts += [f"{spec.direction} is better"] if spec.direction else []
    parts += [f"`{word}` = {score:g}" for word, score in spec.words.items()]
    parts += [f"offered: {', '.join(f'`{word}`' for word in spec.offered)}"] if spec.offered else []
    return "; ".join(parts)


def summary(mapping: Mapping) -> dict[str, Any]:
    """One format of the list, for programs."""
    return {
        "name": mapping.name,
        "label": mapping.label,
        "system": mapping.system,
        "table": mapping.table,
        "evidence": mapping.evidence,
        "is_fallback": mapping.fallback,
        "recognised_by": recognition(mapping),
    }


def record(mapping: Mapping) -> dict[str, Any]:
    """One format in full, for programs."""
    return {
        **summary(mapping),
        "header_rows": mapping.header_rows,
        "zone": mapping.zone,
        "date_order": mapping.date_order,
        "decimal": mapping.decimal,
        "missing": list(mapping.missing),
        "columns": {name: _said(spec.model_dump(mode="json", by_alias=True)) for name, spec in mapping.columns.items()},
        "constants": dict(mapping.constants),
        "answers": [_said(spec.model_dump(mode="json", by_alias=True)) for spec in mapping.answers],
        "notes": list(mapping.notes),
    }


def _said(keys: Map[str, Any]) -> dict[str, Any]:
    """What a mapping file says, without the keys that say nothing."""
    return {name: value for name, value in keys.items() if value not in (None, [], {})}
