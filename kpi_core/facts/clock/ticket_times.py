"""The times of a ticket: what counts as one, which zeros are none, and what is left out of them."""

import polars as pl

from kpi_core.facts.build import Builder, Rules
from kpi_core.facts.clock.business_time import business_times
from kpi_core.facts.clock.whole_days import is_after, is_timed
from kpi_core.model.clock import literal
from kpi_core.model.columns import RECORDS, UNANSWERED, UNREAD, whole_seconds
from kpi_core.model.tables import Kind

FIRST_REPLY_COLUMNS = ("first_reply_time", "first_reply_time_business")
OF_ANY_KIND = {"first_reply_time": "first_reply_time_any", "first_reply_time_business": "first_reply_time_any_business"}
"""The times to a first reply, and those to one of any kind."""

EARLY_ANY = "_any_reply_is_early"
"""The working column of whether the first reply of any kind stands before the opening."""

ANY_BUSINESS = (("first_reply_time_any_business", "created_at", "first_any_replied_at"),)
TIMES = (
    "first_reply_time", "first_reply_time_business", "first_resolution_time", "first_resolution_time_business",
    "resolution_time", "resolution_time_business", "requester_wait_time", "requester_wait_time_business", "handle_time",
)  # fmt: skip


def keep_as_written(build: Builder) -> None:
    """The export's own first-reply columns before any rule is applied to them, for whoever takes them at face value."""
    build.add(**{f"written_{name}": pl.col(name) for name in FIRST_REPLY_COLUMNS if build.has(name)})


def leave_out_waits_for_nobody(build: Builder) -> None:
    """Takes the export's own first-reply times off contacts that nobody answered: an abandoned call has waited, no more."""
    present = [name for name in FIRST_REPLY_COLUMNS if build.has(name)]
    if present and build.has("is_answered"):
        is_answered = pl.col("is_answered").fill_null(value=True)
        build.add(**{name: pl.when(is_answered).then(name) for name in present})


def _seconds(until: str, since: str) -> pl.Expr:
    return whole_seconds(pl.col(until) - pl.col(since))


def duration(build: Builder, name: str, since: str, until: str) -> None:
    """A time by the clock: from the two instants, else the export's own column where it is not a zero for nothing."""
    has_instants = build.has(since, until) and (
        name == "first_reply_time" or build.frame[until].null_count() < build.frame.height
    )
    timed = pl.when(is_timed(build, since, until)).then(_seconds(until, since))
    parts = [_made(build, timed)] if has_instants else []
    if name in build.mapped and build.has(name):
        written = _made(build, known(build, name, pl.col(name)))
        missing = parts[0].is_null() if parts else pl.lit(value=True)
        build.instead(name, f"the export's own {name}", missing & written.is_not_null())
        parts.append(written)
    if parts:
        build.add(**{name: pl.coalesce(parts)})


def _made(build: Builder, value: pl.Expr) -> pl.Expr:
    """A value that is looked at twice, made once."""
    return pl.lit(build.frame.select(value.alias("value"))["value"])


def known(build: Builder, name: str, value: pl.Expr) -> pl.Expr:
    """A duration of the export without the zeros that mean nothing happened, and only where it has happened."""
    if name in FIRST_REPLY_COLUMNS:
        nothing = pl.lit(value=False)
        if "first_replied_at" in build.mapped:
            nothing = build.own("_dates_replies") & pl.col("first_replied_at").is_null()
        if build.has("agent_replies"):
            nothing = nothing | (pl.col("agent_replies") == 0)
        if UNANSWERED in build.mapped:
            nothing = nothing | pl.col(UNANSWERED).fill_null(value=False)
        return pl.when((value != 0) | ~nothing.fill_null(value=False)).then(value)
    if not build.has("is_resolved"):
        return value
    timed = pl.lit(value=True)
    if "resolved_at" in build.mapped:
        timed = ~build.own("_dates_resolutions") | pl.col("resolved_at").is_not_null()
    ended = pl.col("is_resolved") if name.startswith("resolution_time") else pl.lit(value=True)
    return pl.when(ended & ((value != 0) | timed)).then(value)


def leave_out_noise(build: Builder) -> int:
    """Drops the rows of merged and spam tickets; how many."""
    flags = [pl.col(name).fill_null(value=False) for name in ("is_merged", "is_spam") if build.has(name)]
    if not flags:
        return 0
    before = build.frame.height
    build.frame = build.frame.filter(~pl.any_horizontal(flags))
    return before - build.frame.height


def leave_out_negative(build: Builder) -> dict[str, int]:
    """Negative durations become missing, never zero; how many, by column."""
    present = [name for name in TIMES if build.has(name)]
    if not present or build.frame.is_empty():
        return {}
    negative = build.frame.select((pl.col(name) < 0).sum() for name in present).row(0, named=True)
    hit = [name for name, count in negative.items() if count]
    if hit:
        build.add(**{name: pl.when(pl.col(name) >= 0).then(name) for name in hit})
    return {f"negative {name}": count for name, count in negative.items() if count}


ORDERED = {
    "is_reply_in_order": ("first_replied_at", ("first_reply_time", "first_reply_time_business")),
    "is_resolution_in_order": ("resolved_at", ("resolution_time", "resolution_time_business")),
}
"""Whether what became of a ticket came after its opening: by which instant, and which times rest on it."""


def in_order(build: Builder) -> None:
    """Adds whether the first reply and the resolution of each ticket came after its opening; yes where it is unknown."""
    after = {
        name: is_after(build, until, "created_at") if build.has(until, "created_at") else pl.lit(value=True)
        for name, (until, _) in ORDERED.items()
    }
    build.add(**{name: each.fill_null(value=True) for name, each in after.items()})


def leave_out_of_order(build: Builder) -> None:
    """Takes off every time of what came before the opening, on either clock and whoever wrote it."""
    for name, (_, times) in ORDERED.items():
        present = [time for time in times if build.has(time)]
        if present and not build.frame[name].all():
            build.add(**{time: pl.when(name).then(time) for time in present})


def first_reply_sides(build: Builder, rules: Rules, wanted: frozenset[str] | None = None) -> None:
    """First replies by humans (the default) and by anyone; tickets an agent opened wait for no reply."""
    if build.has("is_outbound"):
        kept = ~pl.col("is_outbound").fill_null(value=False)
        present = [name for name in FIRST_REPLY_COLUMNS if build.has(name)]
        build.add(**{name: pl.when(kept).then(name) for name in present})
        build.add(awaits_reply=kept & ~_has_unread_reply(build))
        build.add(records_replies=_records_replies(build))
    else:
        build.add(awaits_reply=~_has_unread_reply(build), records_replies=_records_replies(build))
    if build.has("created_at", "first_reply_time"):
        _first_replies_by_time(build)
    if build.has("first_any_replied_at", "created_at"):
        _by_messages(build, rules, wanted)
    elif build.has("is_auto_replied"):
        _by_word(build)
    if build.has("sla_first_reply_met"):
        build.add(is_first_reply_judged=_is_judged(build), is_first_reply_awaited=_is_awaited(build))


def _first_replies_by_time(build: Builder) -> None:
    """When an agent first replied, by how long it took, in files that do not say it themselves."""
    own = [pl.col("first_replied_at")] if build.has("first_replied_at") else []
    lacking = ~build.own("_dates_replies") & own[0].is_null() if own else pl.lit(value=True)
    took = pl.when(lacking & pl.col("first_reply_time").is_not_null()).then("first_reply_time")
    build.instead("first_replied_at", "created_at + first_reply_time", took.is_not_null())
    build.add(first_replied_at=pl.coalesce(*own, pl.col("created_at") + pl.duration(seconds=took, time_unit="ms")))


def _records_replies(build: Builder) -> pl.Expr:
    """Whether it is known of a ticket that nobody has replied, where nothing says when.

    Not where its file has no column of it, unless it counts no replies; nor where it counts some.
    """
    is_recorded = pl.col("records_replies") if "records_replies" in build.mapped else build.own(RECORDS + "replies")
    if not build.has("agent_replies"):
        return is_recorded
    dates = [pl.col(name).is_not_null() for name in ("first_reply_time", "first_replied_at") if build.has(name)]
    replies = pl.col("agent_replies").fill_null(-1)
    return (is_recorded | (replies == 0)) & ~((replies > 0) & ~pl.any_horizontal(pl.lit(value=False), *dates))


def _has_unread_reply(build: Builder) -> pl.Expr:
    """Whether a cell says how long the first reply took, and is not readable: such a ticket is not one without a reply."""
    names = ("first_reply_time", "first_replied_at")
    unread = [pl.col(UNREAD + name).fill_null(value=False) for name in names if UNREAD + name in build.mapped]
    if not unread:
        return pl.lit(value=False)
    known = [pl.col(name).is_not_null() for name in names if build.has(name)]
    return pl.any_horizontal(unread) & ~pl.any_horizontal(pl.lit(value=False), *known)


def _by_messages(build: Builder, rules: Rules, wanted: frozenset[str] | None) -> None:
    """The times to a first reply of any kind where messages give its instant; that of an agent's is its own already."""
    build.add(first_reply_time_any=_seconds("first_any_replied_at", "created_at"))
    if wanted is None or "first_reply_time_any_business" in wanted:
        business_times(build, rules, ANY_BUSINESS)
    present = [name for name in OF_ANY_KIND.values() if build.has(name)]
    is_early = (pl.col("first_any_replied_at") < pl.col("created_at")).fill_null(value=False)
    build.frame = build.frame.with_columns(is_early.alias(EARLY_ANY))
    build.add(**{name: pl.when(pl.col("awaits_reply") & (pl.col(name) >= 0)).then(name) for name in present})


def _by_word(build: Builder) -> None:
    """The same where the export says which first replies were automatic: those are none of an agent's, on either clock."""
    present = {own: whole for own, whole in OF_ANY_KIND.items() if build.has(own)}
    build.add(**{whole: pl.col(own) for own, whole in present.items()})
    by_human = ~pl.col("is_auto_replied").fill_null(value=False)
    replies = [name for name in (*present, "first_replied_at") if build.has(name)]
    build.add(**{name: pl.when(by_human).then(name) for name in replies})


def _is_judged(build: Builder) -> pl.Expr:
    """Whether the help desk's word on the first reply stands: replied, or overdue on a ticket still open."""
    is_judged = pl.col("sla_first_reply_met")
    if "first_replied_at" not in build.mapped:
        return is_judged.is_not_null()
    is_open = ~pl.col("is_resolved") if build.has("is_resolved") else pl.lit(value=True)
    stands = pl.col("first_replied_at").is_not_null() | (is_open & ~is_judged) | ~build.own("_dates_replies")
    return is_judged.is_not_null() & stands


def _is_awaited(build: Builder) -> pl.Expr:
    """Whether an open ticket has no reply and is not overdue: the help desk calls it met, and it may be broken yet."""
    if "first_replied_at" not in build.mapped or not build.has("is_resolved"):
        return pl.lit(value=False)
    is_open = pl.col("first_replied_at").is_null() & ~pl.col("is_resolved") & build.own("_dates_replies")
    return is_open & pl.col("sla_first_reply_met").fill_null(value=False)


def untracked(build: Builder) -> None:
    """A handle time of zero for everyone means that nobody tracks it."""
    if build.has("handle_time") and not build.frame.select((pl.col("handle_time") > 0).any()).item():
        build.available.discard("handle_time")


def ages(build: Builder, rules: Rules, wanted: frozenset[str] | None = None) -> None:
    """Seconds from opening and from resolution to as_of."""
    as_of = pl.lit(None) if rules.as_of is None else literal(rules.as_of)
    as_of = as_of.cast(Kind.INSTANT.dtype)
    found = {
        name: whole_seconds(as_of - pl.col(since))
        for name, since in (("age", "created_at"), ("resolved_age", "resolved_at"))
        if build.has(since) and (wanted is None or name in wanted)
    }
    build.add(**found, **({"is_past_due": pl.col("due_at") < as_of} if build.has("due_at") else {}))
