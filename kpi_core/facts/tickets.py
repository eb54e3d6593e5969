"""Tickets with their facts: resolved or not, when, how long it took, and what customers answered about it."""

import re
from collections.abc import Sequence

import polars as pl

from kpi_core.facts.answers import surveyed
from kpi_core.facts.build import Builder, Facts, Rules
from kpi_core.facts.clock.business_time import business_times, hours_of_groups
from kpi_core.facts.clock.ticket_times import (
    ages,
    duration,
    first_reply_sides,
    in_order,
    keep_as_written,
    known,
    leave_out_negative,
    leave_out_noise,
    leave_out_of_order,
    leave_out_waits_for_nobody,
    untracked,
)
from kpi_core.facts.clock.whole_days import DOUBTFUL, leave_out_doubtful_due_times, mark_resolutions
from kpi_core.facts.conversations.contacts import contacts
from kpi_core.facts.impossible import DUE_EARLY, leave_out_early_due_times
from kpi_core.facts.promises import limits, promised
from kpi_core.facts.source_columns import BY_TIME
from kpi_core.facts.waits import waits
from kpi_core.model.columns import INSTEAD, OPEN_AGAIN, RECORDS, UNREAD, distinct
from kpi_core.model.report import MARKED
from kpi_core.model.tables import Kind

RESOLUTIONS = ("resolved_at", "closed_at")
"""The times by which a ticket is resolved, the first that is known."""
SEVERAL = 10
"""Blank dates from which their share decides: of a handful of tickets one blank is more than a few in a hundred."""
LIMITED = frozenset({"first_reply_limit", "resolution_limit"})
FROM_ANSWERS = frozenset({"is_rated_bad", "is_confirmed", "is_surveyed"})
"""The facts of tickets that come from customers' answers about them."""


def derive_tickets(
    frame: pl.DataFrame, rules: Rules, answers: pl.DataFrame | None = None, wanted: frozenset[str] | None = None
) -> Facts:
    """Tickets with their facts; merged and spam tickets are left out and counted.

    `wanted` names the facts that are needed: the costly ones are derived only then (None: all).
    """
    build = Builder(frame)
    counts = {"merged or spam": leave_out_noise(build)}
    keep_as_written(build)
    leave_out_waits_for_nobody(build)
    counts[DUE_EARLY] = leave_out_early_due_times(build)
    mark_resolutions(build)
    _resolution(build)
    _mark_blank_dates(build)
    in_order(build)
    counts["resolved without a time"] = _undated_resolutions(build)
    for name, since, until in (
        ("first_reply_time", "created_at", "first_replied_at"),
        ("first_resolution_time", "created_at", "first_resolved_at"),
        ("resolution_time", "created_at", "resolved_at"),
    ):
        duration(build, name, since, until)
    for name in ("first_reply_time_business", "first_resolution_time_business", "resolution_time_business"):
        if build.has(name):
            build.add(**{name: known(build, name, pl.col(name))})
    business_times(build, rules)
    waits(build, rules)
    counts |= leave_out_negative(build)
    leave_out_of_order(build)
    first_reply_sides(build, rules, wanted)
    untracked(build)
    contacts(build, wanted)
    if wanted is None or "is_complaint" in wanted:
        _complaints(build, rules)
    promised(build, rules)
    counts[DOUBTFUL] = leave_out_doubtful_due_times(build, is_promised=bool(rules.resolution_targets))
    if wanted is None or wanted & LIMITED:
        limits(build, rules)
    ages(build, rules, wanted)
    build.add(
        was_reopened=(pl.col("reopens") > 0).fill_null(value=False) if build.has("reopens") else pl.lit(value=False)
    )
    if wanted is None or wanted & FROM_ANSWERS:
        _from_answers(build, answers)
    if rules.calendar is not None and (wanted is None or "own_hours" in wanted):
        build.add(own_hours=hours_of_groups(build, rules))
    counts = {reason: count for reason, count in counts.items() if count}
    return Facts(frame=build.frame, available=frozenset(build.available), counts=counts, open_hours=rules.open_hours)


def _resolution(build: Builder) -> None:
    """is_resolved and the instant: the last resolution, else the closing, else created_at + the export's duration."""
    instants = [name for name in RESOLUTIONS if build.has(name)]
    at = pl.coalesce(instants) if instants else None
    _state(build, at)
    if not build.has("is_resolved"):
        return
    by_duration = None
    if build.has("created_at", "resolution_time"):
        by_duration = pl.col("created_at") + pl.duration(
            seconds=pl.when(pl.col("resolution_time") > 0).then("resolution_time")
        )
    if at is None and by_duration is None:
        build.frame = build.frame.with_columns(resolved_at=pl.lit(None, Kind.INSTANT.dtype))
        if build.mapped & {"resolved_at", "closed_at"}:
            build.available.add("resolved_at")
        return
    if by_duration is not None and at is not None and not _lacks(build, at):
        by_duration = None  # mostly so: as long as a column takes to make, no row needs it
    _stand_ins(build, instants, by_duration)
    last = pl.coalesce(one for one in (at, by_duration) if one is not None)
    if "resolved_at" in build.mapped:
        _first_resolution(build)
    build.add(resolved_at=pl.when(pl.col("is_resolved")).then(last.cast(Kind.INSTANT.dtype)))


def _lacks(build: Builder, at: pl.Expr) -> bool:
    """Whether a resolved ticket has no instant of its resolution."""
    return bool(build.frame.select((pl.col("is_resolved") & at.is_null()).any()).item())


def _state(build: Builder, at: pl.Expr | None) -> None:
    """Whether each ticket is resolved: by its status, else by an instant of resolution.

    Neither where its status is in an unknown word and there is no such instant, or its file has no column of either
    (`records_states`): it is no open ticket.
    """
    is_recorded = build.own(RECORDS + "states")
    times = [pl.col(UNREAD + name).fill_null(value=False) for name in RESOLUTIONS if UNREAD + name in build.mapped]
    if not build.has("status") and UNREAD + "status" not in build.mapped:
        if at is None:
            build.add(records_states=is_recorded)
        else:
            _mark(build, BY_TIME, at.is_null(), times)
            is_unread = pl.col(UNREAD + BY_TIME) if times else pl.lit(value=False)
            is_resolved = pl.when(is_recorded & ~is_unread).then(at.is_not_null())
            build.add(records_states=is_recorded, is_resolved=is_resolved)
            build.instead("is_resolved", "the time of resolution", at.is_not_null())
        return
    known = pl.col("status").is_not_null()
    by_status = pl.when(known).then(pl.col("status").is_in(["solved", "closed"]))
    by_time = at.is_not_null() if at is not None else pl.lit(value=False)
    _open_again(build, ~by_status & by_time)
    build.instead("is_resolved", "the time of resolution", ~known & by_time)
    words = [pl.col(UNREAD + "status").fill_null(value=False)] if UNREAD + "status" in build.mapped else []
    _mark(build, "is_resolved", ~known & ~by_time, words)
    _mark(build, BY_TIME, ~known & ~by_time, times)
    if words or times:
        by_time = pl.when(known | by_time | ~pl.any_horizontal(*words, *times)).then(by_time)
    is_resolved = pl.when(is_recorded).then(pl.coalesce(by_status, by_time))
    build.add(records_states=is_recorded, is_resolved=is_resolved)
    _mark(build, "resolved_at", (by_time.is_null() | ~by_time) & pl.col("is_resolved").fill_null(value=True), times)


def _mark(build: Builder, name: str, rows: pl.Expr, unread: Sequence[pl.Expr]) -> None:
    """Marks a column as unread in those of some rows in which a cell that it depends on is."""
    if unread:
        build.frame = build.frame.with_columns((rows & pl.any_horizontal(unread)).alias(UNREAD + name))


def _open_again(build: Builder, rows: pl.Expr) -> None:
    """Marks the tickets that are open by their status and were resolved by their date, but those that are counted as reopened."""
    if build.has("reopens"):
        rows &= ~(pl.col("reopens") > 0).fill_null(value=False)
    marked = build.frame.select(rows.fill_null(value=False).alias(OPEN_AGAIN))
    if marked[OPEN_AGAIN].any():
        build.frame = build.frame.with_columns(marked)


def _stand_ins(build: Builder, instants: Sequence[str], by_duration: pl.Expr | None) -> None:
    """Marks the resolved tickets whose last resolution is taken for something else."""
    lacking = pl.col("is_resolved")
    for name in instants:
        if name != "resolved_at":
            build.instead("resolved_at", name, lacking & pl.col(name).is_not_null())
        lacking = lacking & pl.col(name).is_null()
    if by_duration is not None:
        build.instead("resolved_at", "created_at + resolution_time", lacking & by_duration.is_not_null())


def _first_resolution(build: Builder) -> None:
    """The first resolution where the last is known to be it: never reopened, or reopened once and not resolved since."""
    first = [pl.col("first_resolved_at")] if build.has("first_resolved_at") else []
    lacking = pl.col("first_resolved_at").is_null() if first else pl.lit(value=True)
    if build.has("reopens"):
        reopens = pl.col("reopens")
        is_first = (reopens == 0) | (~pl.col("is_resolved") & (reopens <= 1))
        build.instead("first_resolved_at", "resolved_at", lacking & is_first & pl.col("resolved_at").is_not_null())
        build.add(first_resolved_at=pl.coalesce(*first, pl.when(is_first).then("resolved_at")))
    else:
        build.instead("first_resolved_at", "resolved_at", lacking & pl.col("resolved_at").is_not_null())
        build.frame = build.frame.with_columns(first_resolved_at=pl.coalesce(*first, "resolved_at"))


def _mark_blank_dates(build: Builder) -> None:
    """Marks blank openings, and blank times of what is resolved, as unread where they are a large share: what rests on them is of the others alone.

    A ticket whose time to the resolution the export gives itself lacks no opening for it.
    """
    if build.has("created_at"):
        blank = pl.col("created_at").is_null()
        for name in ("resolution_time", "resolution_time_business"):
            blank = blank & pl.col(name).is_null() if build.has(name) else blank
        _mark_if_many(build, "created_at", blank, pl.int_range(pl.len()) >= 0)
    if build.has("is_resolved", "resolved_at"):
        is_resolved = pl.col("is_resolved").fill_null(value=False)
        _mark_if_many(build, "resolved_at", is_resolved & pl.col("resolved_at").is_null(), is_resolved)


def _mark_if_many(build: Builder, name: str, blank: pl.Expr, among: pl.Expr) -> None:
    """Marks a column as unread in blank rows that are more than a small share of some."""
    count, whole = build.frame.select(blank.sum(), among.sum().alias("whole")).row(0)
    if count >= SEVERAL and count > MARKED * whole:
        known = (
            pl.col(UNREAD + name).fill_null(value=False)
            if UNREAD + name in build.frame.columns
            else pl.lit(value=False)
        )
        build.frame = build.frame.with_columns((known | blank).alias(UNREAD + name))


def _undated_resolutions(build: Builder) -> int:
    if not build.has("is_resolved"):
        return 0
    return int(build.frame.select((pl.col("is_resolved") & pl.col("resolved_at").is_null()).sum()).item())


COMPLAINT = "is_complaint"
_PARTS = r"\s*[-–—:/>|,;(]\s*"
"""What stands between the parts of a type."""
_OR = r"\s*(?:[/&+,]|\s(?:och|eller|samt|and|or|og|ja|tai|sekä)\s)\s*"
_NO_COMPLAINT = (
    r"(?:beröm|ros|berøm|skryt|kiitos|kiitokset|kehu|tack|takk|tak|praise|compliments?|thanks?|thank you|kudos|feedback|återkoppling|tilbakemelding|"
    r"palaute|synpunkt(?:er)?|åsikt(?:er)?|förslag|forslag|idéer?|ideer|suggestions?|ideas?|frågor|fråga|spørsmål|questions?|enquiry|inquiry|kysymys)"
)
"""What a ticket is about that is no complaint: of a type that names both it is unknown which a ticket is."""


def _complaints(build: Builder, rules: Rules) -> None:
    """A complaint by its type or a part of it (`Reklamation - transport`), or by one of its tags, which exports split by commas or blanks.

    Unknown for a ticket whose type names a complaint and its opposite (`Beröm/klagomål`).
    """
    words = "|".join(re.escape(word) for word in rules.complaint_words)
    matches, either = [], []
    if build.has("type"):
        both = re.compile(rf"(?:{words}){_OR}{_NO_COMPLAINT}|{_NO_COMPLAINT}{_OR}(?:{words})", re.IGNORECASE)
        types = build.frame["type"].drop_nulls().unique().cast(pl.String).to_list()
        either = [word for word in types if both.fullmatch(word.strip())]
        matches.append(_says(build.frame["type"], rf"(?i)(?:^|{_PARTS})(?:{words})(?:$|{_PARTS})"))
    if build.has("tags"):
        matches.append(_says(build.frame["tags"], rf"(?i)(?:^|[,\s])(?:{words})(?:$|[,\s])"))
    if matches:
        is_complaint = pl.any_horizontal(matches).fill_null(value=False)
        build.frame = build.frame.with_columns(is_complaint.alias(COMPLAINT))
        if either:
            is_either = pl.col("type").cast(pl.String).is_in(either).fill_null(value=False)
            unknown = {COMPLAINT: pl.when(~is_either).then(COMPLAINT), UNREAD + COMPLAINT: is_either}
            build.frame = build.frame.with_columns(**unknown)
        if build.frame[COMPLAINT].any():
            build.available.add(COMPLAINT)


def _says(column: pl.Series, pattern: str) -> pl.Expr:
    """Whether a cell of a column fits a pattern; each of its different texts is looked at once."""
    texts = distinct(column)
    fitting = texts.filter(texts.cast(pl.String).str.contains(pattern))
    return pl.col(column.name).is_in(fitting.implode()) if len(fitting) else pl.lit(value=False)


def _from_answers(build: Builder, answers: pl.DataFrame | None) -> None:
    """What customers answered about a ticket: anything at all, rated bad, and confirmed as resolved."""
    if answers is None or "ticket_id" not in answers.columns or "ticket_id" not in build.frame.columns:
        return
    by_address = f"{INSTEAD}ticket_id:customer_email"
    asked = ("ticket_id", "question", "score", "scale_low", "scale_high", by_address)
    given = answers.lazy().filter(pl.col("ticket_id").is_not_null() & pl.col("score").is_not_null())
    linked = given.select(name for name in asked if name in answers.columns).collect()
    if linked.height:
        build.add(is_surveyed=pl.col("ticket_id").is_in(surveyed(answers).implode()))
        if by_address in linked.columns:
            about = linked.filter(pl.col(by_address).fill_null(value=False))["ticket_id"].unique()
            build.instead("answered", "customer_email", pl.col("ticket_id").is_in(about.implode()))
        if not build.frame["is_surveyed"].any():
            build.available.discard("is_surveyed")
    if UNREAD + "score" in answers.columns:
        _unread_answers(build, answers)
    levels = pl.col("scale_high") - pl.col("scale_low") + 1
    is_bad = pl.col("score") < pl.col("scale_low") + (levels / 2).floor()
    for name, question, says_so in (
        ("is_rated_bad", "csat", is_bad),
        ("is_confirmed", "resolved", pl.col("score") == 1),
    ):
        rows = linked.filter(pl.col("question") == question)
        if rows.height:
            # Any of a ticket's answers will do: not for each of them what all say, but which tickets one says it of.
            some, of = (each["ticket_id"].implode() for each in (rows.filter(says_so), rows))
            ticket = pl.col("ticket_id")
            build.add(**{name: pl.when(ticket.is_in(some)).then(True).when(ticket.is_in(of)).then(False)})


def _unread_answers(build: Builder, answers: pl.DataFrame) -> None:
    """Marks the tickets of which an answer says something unreadable."""
    unread = answers.filter(pl.col(UNREAD + "score").fill_null(value=False) & pl.col("score").is_null())
    for fact, question in (("is_rated_bad", "csat"), ("is_confirmed", "resolved")):
        about = unread.filter(pl.col("question") == question)["ticket_id"].drop_nulls().unique()
        if len(about):
            marked = pl.col("ticket_id").is_in(about.implode()).alias(UNREAD + fact)
            build.frame = build.frame.with_columns(marked)
