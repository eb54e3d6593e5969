"""Rows as a reader wants them: keys as written, instants on the report's clock, and the columns a KPI rests on."""

from collections.abc import Sequence

import polars as pl

from kpi_core.analysis.report import Prepared
from kpi_core.analysis.rows import provenance as places
from kpi_core.analysis.rows.role import PLACE, ROLES
from kpi_core.engine.state_cache import home
from kpi_core.facts import TIMES
from kpi_core.ingest.file_read import sheets_of
from kpi_core.ingest.files.workbooks.sheets import with_sheets
from kpi_core.model.conditions.row_view import plain
from kpi_core.model.conditions.sql import columns_of, parse_condition
from kpi_core.model.measures import Part
from kpi_core.model.tables import TABLES, Kind
from kpi_core.quality.implausible_times import BY_CLOCK

GIVEN = {
    "role": ROLES, "reason": pl.String(), "part": pl.String(), "table": pl.String(), "file": pl.String(), "row": pl.UInt32(),
    "id": pl.String(), "date": pl.Datetime("ms"), "value": pl.Float64(),
}  # fmt: skip
"""The columns every listing begins with."""

HIDDEN = frozenset(
    {
        "is_turn",
        "reply_time",
        "reply_time_business",
        "is_case",
        "records_replies",
        "records_states",
        "top",
        "levels",
        "is_first_answer",
        "is_response",
        "is_monthly",
        "acquisition_cost",
        "support_cost",
        "value",
        "own_hours",
        "first_reply_hours",
        "resolution_hours",
    }
)
"""Facts that a measure rests on and that mean nothing to a reader."""

EXTRA_COLUMNS = {"answers": ("ticket_id",), "messages": ("ticket_id", "author", "replied_at")}
"""What is shown of a table's rows whatever they are asked for."""

GIVEN_AS = {"rescaled": "score"}
"""What was given, in the place of what it was turned into."""

KEYS = frozenset(column.name for table in TABLES.values() for column in table.columns if column.kind is Kind.KEY)
TIMED = frozenset(
    {"age", "resolved_age", "repeat_after"}
    | {f"{name}{clock}" for name in ("first_reply_time_any", "review_reply_time") for clock in ("", "_business")}
    | {"first_reply_target", "first_reply_limit", "resolution_limit"}
    | {column.name for table in TABLES.values() for column in table.columns if column.kind is Kind.DURATION}
)
"""The columns that are seconds."""


def rests_on(prepared: Prepared, leaf: Part) -> list[str]:
    """The columns that show why a measure's rows count: its own, those of the split and the condition, an answer's ticket.

    For a time by the clock these are the instants that end it, and what the export itself says of it.
    """
    table, dated_by = home(leaf)
    frame, raw = prepared.engine.tables[table].frame, prepared.dataset.tables[table]
    names: list[str] = []
    for name in (plain(name) for fact in leaf.measure.facts() for name in fact.meta.root_names() if name not in HIDDEN):
        names += BY_CLOCK.get(name, ())
        names += [GIVEN_AS.get(name, name)] if name not in TIMES or name in raw.columns else []
    names += prepared.request.by
    names += columns_of(parse_condition(prepared.request.where)) if prepared.request.where else ()
    names += EXTRA_COLUMNS.get(table, ())
    taken = {TABLES[table].key, dated_by}
    return [name for name in dict.fromkeys(names) if name not in taken and name in frame.columns]


def listing(rows: pl.DataFrame, columns: Sequence[str], prepared: Prepared) -> pl.DataFrame:
    """Rows with what a reader is shown of them: the columns of `GIVEN`, then `columns` (`date (column)` for a header `date`).

    Instants carry the report's zone where one is known; times are seconds; keys are as the files write them.
    """
    files = pl.DataFrame({"file": [read.name for read in prepared.dataset.reads]}).with_row_index(places.READ)
    files = files.with_columns(pl.col(places.READ).cast(pl.UInt16))
    numbered = rows.with_row_index("_line").join(files, on=places.READ, how="left", maintain_order="left")
    parts = [
        _with_columns(part, str(table), columns, prepared)
        for (table,), part in numbered.partition_by("table", as_dict=True, maintain_order=True).items()
    ]
    if not parts:
        return pl.DataFrame(schema={**GIVEN, **dict.fromkeys(map(_title, columns), pl.String())})
    whole = pl.concat(parts, how="diagonal_relaxed").sort("_line").rename({"_row": "row"})
    whole = with_sheets(whole, sheets_of(prepared.dataset.reads))
    return _on_clock(whole.select(*GIVEN, *map(_title, columns)), prepared.query.time_zone)


def _with_columns(rows: pl.DataFrame, table: str, columns: Sequence[str], prepared: Prepared) -> pl.DataFrame:
    """The rows of one table with its columns and its keys as written."""
    frame, raw = prepared.engine.tables[table].frame, prepared.dataset.tables[table]
    own = [name for name in columns if name in frame.columns]
    keys = [name for name in own if name in KEYS]
    spelled = places.written(prepared.dataset, rows, ["id", *keys], table)
    rows = rows.join(spelled, on=[places.READ, "_row"], how="left", maintain_order="left")
    written = [name for name in own if name in TIMES and name in raw.columns]
    facts = [name for name in own if name not in {*keys, *written}]
    rows = rows.hstack(_taken(frame, facts, rows["_at"])).hstack(_taken(raw, written, rows[PLACE]))
    return _with_tickets(rows, prepared) if table == "answers" and "ticket_id" in own else rows


def _taken(frame: pl.DataFrame, names: Sequence[str], places: pl.Series) -> pl.DataFrame:
    """Some columns of some rows, words as text; nulls where there is no row."""
    words = [name for name in names if isinstance(frame.schema[name], pl.Categorical | pl.Enum)]
    return (
        frame.select(names).select(pl.all().gather(places)).with_columns(pl.col(words).cast(pl.String)).rename(_title)
    )


def _title(name: str) -> str:
    """A column's name in the listing, distinct from the names every listing has."""
    return f"{name} (column)" if name in GIVEN else name


def _with_tickets(rows: pl.DataFrame, prepared: Prepared) -> pl.DataFrame:
    """Answers with the ticket each is about as the ticket's own file writes it, where that is among the files."""
    spots = places.ticket_places(prepared.dataset, prepared.dataset.tables["answers"])
    wanted = spots.filter(pl.col(PLACE).is_in(rows[PLACE].drop_nulls().implode()))
    keyed = wanted.join(places.written(prepared.dataset, wanted, ["id"]), on=[places.READ, "_row"])
    found = rows.join(keyed.select(PLACE, _ticket="id"), on=PLACE, how="left", maintain_order="left")
    return found.with_columns(ticket_id=pl.coalesce("_ticket", "ticket_id")).drop("_ticket")


def _on_clock(rows: pl.DataFrame, zone: str | None) -> pl.DataFrame:
    """Instants on the report's clock, with its zone where one is known."""
    if zone is None:
        return rows
    instants = [name for name, kind in rows.schema.items() if kind == pl.Datetime]
    return rows.with_columns(pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(zone) for name in instants)
