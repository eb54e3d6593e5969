"""Tables as they stood at an as_of that was asked for: what came later has not happened yet.

Rows that had not come about are gone; of the others, what happened later is blank and their state is what it was.
What a file does not date (a count of replies) is blank where the ticket's end came later, since it may have changed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.columns import EARLIER, GONE_AT, WAITED
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES, Kind

BEGUN = {
    "tickets": ("created_at",),
    "messages": ("sent_at",),
    "customers": ("acquired_at",),
    "orders": ("ordered_at",),
    "reviews": ("reviewed_at",),
    "leads": ("created_at",),
    "costs": ("spent_at", "month"),
}
"""When a row of each table comes about; of answers see `_answers`."""

ENDS = {"customers": ("lost_at", "is_lost"), "leads": ("converted_at", "is_converted")}
"""What may become of a row, and the truth that it makes."""

LATER = {"tickets": ("updated_at", GONE_AT), "reviews": ("replied_at", "updated_at"), "messages": ("replied_at",)}
"""Other instants that may lie ahead."""

OF_REPLY = (
    "first_replied_at",
    "first_reply_time",
    "first_reply_time_business",
    "is_auto_replied",
    "sla_first_reply_met",
)
OF_FIRST_RESOLUTION = ("first_resolved_at", "first_resolution_time", "first_resolution_time_business")
OF_RESOLUTION = (
    "resolved_at", "closed_at", "resolution_time", "resolution_time_business", "requester_wait_time",
    "requester_wait_time_business", "handle_time", "sla_resolution_met", "reopens", "agent_replies", "customer_replies",
    "agent_stations", "group_stations",
)  # fmt: skip
"""What the columns of a ticket wait for."""


def as_written(
    tables: Mapping[str, pl.DataFrame], older: Mapping[str, pl.DataFrame], as_of: datetime | None
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Every table with those of its rows that were written after as_of as an older row of the files has them, and the notes on it."""
    done, findings = dict(tables), list[Finding]()
    for name, rows in older.items() if as_of is not None else ():
        frame, key = tables[name], TABLES[name].key
        late = frame.filter(pl.col("updated_at") > as_of)[key]
        then = rows.filter((pl.col("updated_at") <= as_of) & pl.col(key).is_in(late.implode()))
        if then.is_empty():
            continue
        then = then.sort("updated_at", maintain_order=True).unique(key, keep="last", maintain_order=True)
        both = [column for column in then.columns if column in frame.columns and column != key]
        joined = frame.join(
            then.select(key, *both, _then=pl.lit(value=True)), on=key, how="left", suffix=" then", maintain_order="left"
        )
        was = [pl.when("_then").then(f"{column} then").otherwise(column).alias(column) for column in both]
        done[name] = joined.with_columns(was).select(frame.columns)
        text = Message("older-rows", count=then.height, table=called(name))
        findings.append(Finding(code="older-rows", message=text))
    return done, findings


def all_known(tables: Mapping[str, pl.DataFrame], as_of: datetime | None) -> dict[str, pl.DataFrame]:
    """Every table as `as_known` gives it."""
    return {name: as_known(frame, name, as_of) for name, frame in tables.items()}


def as_known(frame: pl.DataFrame, table: str, as_of: datetime | None) -> pl.DataFrame:
    """The rows that had come about, in the state they were in; all as it is where no as_of was asked for."""
    if as_of is None:
        return frame
    begun = [name for name in BEGUN.get(table, ()) if name in frame.columns]
    frame = frame.filter(pl.all_horizontal(~_is_later(pl.col(name), as_of) for name in begun)) if begun else frame
    frame = _CUTS.get(table, _ends(table))(frame, as_of)
    later = [name for name in LATER.get(table, ()) if name in frame.columns]
    return frame.with_columns(pl.when(pl.col(name) <= as_of).then(name) for name in later)


def _is_later(instant: pl.Expr, as_of: datetime) -> pl.Expr:
    return (instant > as_of).fill_null(value=False)


def _ends(table: str) -> Callable[[pl.DataFrame, datetime], pl.DataFrame]:
    """What blanks the end of a table's rows where it came later, and takes back the truth it makes."""

    def cut(frame: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
        ended, state = ENDS.get(table, ("", ""))
        if ended not in frame.columns:
            return frame
        undone = _is_later(pl.col(ended), as_of)
        states = [state] if state in frame.columns else []
        return frame.with_columns(
            pl.when(~undone).then(ended),
            *(pl.when(undone).then(pl.lit(value=False)).otherwise(name).alias(name) for name in states),
        )

    return cut


def _answers(frame: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """An invitation answered later is unanswered; an answer of which nothing says when it was asked is gone."""
    if "answered_at" not in frame.columns:
        return frame
    is_later = _is_later(pl.col("answered_at"), as_of)
    is_asked = pl.lit(value=False)
    if "offered_at" in frame.columns:
        is_asked = (pl.col("offered_at") <= as_of).fill_null(value=False)
        is_later = is_later | (pl.col("answered_at").is_null() & (pl.col("offered_at") > as_of).fill_null(value=False))
    given = [name for name in ("score", "answered_at") if name in frame.columns]
    kept = frame.filter(~is_later | is_asked)
    return kept.with_columns(pl.when(~_is_later(pl.col("answered_at"), as_of)).then(name) for name in given)


def _tickets(frame: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Tickets without the replies and resolutions that came later, open where they were."""
    replied = _happened(frame, ("first_replied_at",), "first_reply_time")
    first = _happened(frame, ("first_resolved_at",), "first_resolution_time")
    resolved = _happened(frame, ("resolved_at", "closed_at"), "resolution_time")
    marks = {"_replied": replied, "_first": first, "_resolved": resolved}
    marked = frame.with_columns(**{name: _is_later(at, as_of) for name, at in marks.items()})
    cuts = {name: mark for mark, names in zip(marks, (OF_REPLY, OF_FIRST_RESOLUTION, OF_RESOLUTION), strict=True)
            for name in names if name in frame.columns}  # fmt: skip
    known: list[pl.Expr] = [pl.when(~pl.col(mark)).then(name) for name, mark in cuts.items() if name != "closed_at"]
    if "closed_at" in frame.columns:
        known.append(pl.when(pl.col("closed_at") <= as_of).then("closed_at"))
    if "status" in frame.columns:
        known.append(_status(frame, as_of))
    cut = marked.with_columns(known)
    if "agent_replies" in frame.columns:
        # Whose first reply came later had none.
        cut = cut.with_columns(agent_replies=pl.when("_replied").then(0).otherwise("agent_replies"))
    cut = cut.drop(marks)
    for spans in (WAITED, EARLIER):
        cut = _over(cut, spans, as_of) if set(spans) <= set(frame.columns) else cut
    return cut


def _over(frame: pl.DataFrame, spans: tuple[str, str], as_of: datetime) -> pl.DataFrame:
    """Those of the spans of each ticket (lists of where they begin, and where they end) that were over by then."""
    rows = frame.select(*spans).with_row_index("_at")
    over = rows.drop_nulls(spans).explode(spans).filter(pl.col(spans[1]) <= as_of)
    kept = rows.select("_at").join(
        over.group_by("_at", maintain_order=True).agg(spans), on="_at", how="left", maintain_order="left"
    )
    none = pl.lit(pl.Series([[]], dtype=frame.schema[spans[0]]))
    return frame.with_columns(
        pl.when(pl.col(name).is_not_null()).then(pl.coalesce(kept[name], none)).alias(name) for name in spans
    )


def _status(frame: pl.DataFrame, as_of: datetime) -> pl.Expr:
    """Where a ticket stood: open before its resolution, solved before its closing."""
    kind = frame.schema["status"]
    is_closed = ~_is_later(pl.col("closed_at"), as_of) if "closed_at" in frame.columns else pl.lit(value=True)
    known = pl.when(is_closed).then("status").otherwise(pl.lit("solved", kind))
    return pl.when("_resolved").then(pl.lit("open", kind)).otherwise(known).alias("status")


def _happened(frame: pl.DataFrame, instants: tuple[str, ...], lasted: str) -> pl.Expr:
    """When something happened: by its instant, else by the opening and the time it took, of which open time is less."""
    parts = [pl.col(name) for name in instants if name in frame.columns]
    if "created_at" in frame.columns:
        took = [pl.col(name) for name in (lasted, f"{lasted}_business") if name in frame.columns]
        parts += [pl.col("created_at") + pl.duration(seconds=pl.when(time > 0).then(time)) for time in took]
    return pl.coalesce(parts) if parts else pl.lit(None, Kind.INSTANT.dtype)


_CUTS: Mapping[str, Callable[[pl.DataFrame, datetime], pl.DataFrame]] = {"tickets": _tickets, "answers": _answers}
