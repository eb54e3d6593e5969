"""Canonical rows to facts: the columns KPIs speak of, derived once, with the trade's rules about missing data.

Each derived column is built from whatever the export offers, best evidence first. One that cannot be built is
simply absent, and the KPIs that need it are reported as unavailable, with what they lack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from kpi_core.tables import Kind

DAY = 86_400
COMPLAINT_WORDS = ("complaint", "complaints", "klagomål", "klage", "klager", "reklamation", "reklamasjon")
FIRST_REPLY_COLUMNS = ("first_reply_time", "first_reply_time_business")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What definitions leave to the help desk: windows, words and targets.

    Targets are seconds by priority (`""` for the rest). A resolution target takes the place of the export's due time.
    """

    as_of: datetime | None = None
    complaint_words: tuple[str, ...] = COMPLAINT_WORDS
    first_reply_targets: Mapping[str, int] | None = None
    resolution_targets: Mapping[str, int] | None = None
    resolved_within: timedelta = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """A table ready for the engine: the frame, the columns that can be used, and counts worth telling."""

    frame: pl.DataFrame
    available: frozenset[str]
    counts: Mapping[str, int]


WANTS: dict[str, tuple[str, ...]] = {
    "is_resolved": ("status or resolved_at",),
    "resolved_at": ("resolved_at, closed_at or resolution_time",),
    "first_reply_time": ("created_at with first_replied_at, or first_reply_time",),
    "first_replied_at": ("first_replied_at, or created_at with first_reply_time",),
    "resolution_time": ("created_at with resolved_at, or resolution_time",),
    "first_resolution_time": ("created_at with first_resolved_at, or first_resolution_time",),
    "first_reply_time_any": ("is_auto_replied",),
    "repeat_after": ("customer_id", "created_at"),
    "is_complaint": ("type or tags with complaints",),
    "is_rated_bad": ("csat answers with ticket_id",),
    "is_confirmed": ("answers to `resolved` with ticket_id",),
    "first_reply_target": ("a target: --sla first_reply=4h",),
    "age": ("created_at",),
    "resolved_age": ("resolved_at",),
    "is_past_due": ("due_at",),
    "has_offers": ("is_offered or offered_at",),
    "is_offered": ("is_offered or offered_at",),
}
"""What a derived column needs, in words, where it is not itself a column of the export."""


def _seconds(until: str, since: str) -> pl.Expr:
    return (pl.col(until) - pl.col(since)).dt.total_seconds().cast(pl.Int32)


class _Builder:
    """Adds columns to a frame and keeps the account of which can be used."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        filled = frame.select(pl.all().is_not_null().any()).row(0, named=True) if frame.height else {}
        self.available = {name for name, any_filled in filled.items() if any_filled}
        self.mapped = frozenset(frame.columns)

    def has(self, *names: str) -> bool:
        """Whether all the columns can be used."""
        return all(name in self.available for name in names)

    def add(self, **columns: pl.Expr) -> None:
        """Adds columns that can be used."""
        self.frame = self.frame.with_columns(**columns)
        self.available |= set(columns)


def derive_tickets(
    frame: pl.DataFrame, rules: Rules, answers: pl.DataFrame | None = None, wanted: frozenset[str] | None = None
) -> Facts:
    """Tickets with their facts; merged and spam tickets are left out and counted.

    `wanted` names the facts that are needed: the costly ones are derived only then (None: all).
    """
    build = _Builder(frame)
    counts = {"merged or spam": _leave_out_noise(build)}
    _resolution(build)
    counts["resolved without a time"] = _undated_resolutions(build)
    for name, since, until in (
        ("first_reply_time", "created_at", "first_replied_at"),
        ("first_resolution_time", "created_at", "first_resolved_at"),
        ("resolution_time", "created_at", "resolved_at"),
    ):
        _duration(build, name, since, until)
    for name in ("first_reply_time_business", "first_resolution_time_business", "resolution_time_business"):
        if build.has(name):
            build.add(**{name: _known(build, name, pl.col(name))})
    counts |= _leave_out_negative(build)
    _first_reply_sides(build)
    _untracked(build)
    if build.has("customer_id", "created_at", "resolved_at") and (wanted is None or "repeat_after" in wanted):
        build.frame = build.frame.with_columns(_repeat_after(build.frame))
        build.available.add("repeat_after")
    if wanted is None or "is_complaint" in wanted:
        _complaints(build, rules)
    _targets(build, rules)
    _ages(build, rules)
    build.add(was_reopened=(pl.col("reopens") > 0).fill_null(value=False) if build.has("reopens") else pl.lit(value=False))
    if wanted is None or wanted & {"is_rated_bad", "is_confirmed"}:
        _from_answers(build, answers)
    return Facts(frame=build.frame, available=frozenset(build.available), counts={k: v for k, v in counts.items() if v})


def _leave_out_noise(build: _Builder) -> int:
    flags = [pl.col(name).fill_null(value=False) for name in ("is_merged", "is_spam") if build.has(name)]
    if not flags:
        return 0
    before = build.frame.height
    build.frame = build.frame.filter(~pl.any_horizontal(flags))
    return before - build.frame.height


def _resolution(build: _Builder) -> None:
    """is_resolved and the instant: the last resolution, else the closing, else created_at + the export's duration."""
    instants = [pl.col(name) for name in ("resolved_at", "closed_at") if build.has(name)]
    at = pl.coalesce(instants) if instants else None
    if build.has("status"):
        resolved = pl.col("status").is_in(["solved", "closed"])
        resolved = pl.when(pl.col("status").is_not_null()).then(resolved)
        by_time = at.is_not_null() if at is not None else pl.lit(value=False)
        build.add(is_resolved=pl.coalesce(resolved, by_time))
    elif at is not None:
        build.add(is_resolved=at.is_not_null())
    if not build.has("is_resolved"):
        return
    if build.has("created_at", "resolution_time"):
        by_duration = pl.col("created_at") + pl.duration(seconds=pl.when(pl.col("resolution_time") > 0).then("resolution_time"))
        at = by_duration if at is None else pl.coalesce(at, by_duration)
    if at is None:
        build.frame = build.frame.with_columns(resolved_at=pl.lit(None, Kind.INSTANT.dtype))
        if build.mapped & {"resolved_at", "closed_at"}:
            build.available.add("resolved_at")
        return
    if "resolved_at" in build.mapped:
        # Set on a ticket that is not resolved now, it was resolved then and reopened since.
        first = [pl.col("first_resolved_at")] if build.has("first_resolved_at") else []
        build.add(first_resolved_at=pl.coalesce(*first, "resolved_at"))
        if not first and not build.has("reopens"):
            build.available.discard("first_resolved_at")
    build.add(resolved_at=pl.when(pl.col("is_resolved")).then(at.cast(Kind.INSTANT.dtype)))


def _undated_resolutions(build: _Builder) -> int:
    if not build.has("is_resolved"):
        return 0
    return int(build.frame.select((pl.col("is_resolved") & pl.col("resolved_at").is_null()).sum()).item())


def _duration(build: _Builder, name: str, since: str, until: str) -> None:
    """A time by the clock: from the two instants, else the export's own column where it is not a zero for nothing."""
    parts = [_seconds(until, since)] if build.has(since, until) and build.frame[until].null_count() < build.frame.height else []
    if name in build.mapped and build.has(name):
        parts.append(_known(build, name, pl.col(name)))
    if parts:
        build.add(**{name: pl.coalesce(parts)})


def _known(build: _Builder, name: str, value: pl.Expr) -> pl.Expr:
    """A duration of the export without the zeros that mean nothing happened, and only where it has happened."""
    if name in FIRST_REPLY_COLUMNS:
        nothing = pl.lit(value=False)
        if "first_replied_at" in build.mapped:
            nothing = nothing | pl.col("first_replied_at").is_null()
        if build.has("agent_replies"):
            nothing = nothing | (pl.col("agent_replies") == 0)
        return pl.when((value != 0) | ~nothing.fill_null(value=False)).then(value)
    if not build.has("is_resolved"):
        return value
    timed = pl.lit(value=True)
    if "resolved_at" in build.mapped:
        timed = pl.col("resolved_at").is_not_null()
    ended = pl.col("is_resolved") if name.startswith("resolution_time") else pl.lit(value=True)
    return pl.when(ended & ((value != 0) | timed)).then(value)


TIMES = (
    "first_reply_time", "first_reply_time_business", "first_resolution_time", "first_resolution_time_business",
    "resolution_time", "resolution_time_business", "requester_wait_time", "requester_wait_time_business", "handle_time",
)  # fmt: skip


def _leave_out_negative(build: _Builder) -> dict[str, int]:
    """Negative durations become missing, never zero; how many, by column."""
    present = [name for name in TIMES if build.has(name)]
    if not present or build.frame.is_empty():
        return {}
    negative = build.frame.select((pl.col(name) < 0).sum() for name in present).row(0, named=True)
    hit = [name for name, count in negative.items() if count]
    if hit:
        build.add(**{name: pl.when(pl.col(name) >= 0).then(name) for name in hit})
    return {f"negative {name}": count for name, count in negative.items() if count}


def _first_reply_sides(build: _Builder) -> None:
    """First replies by humans (the default) and by anyone; tickets an agent opened wait for no reply."""
    if build.has("is_outbound"):
        kept = ~pl.col("is_outbound").fill_null(value=False)
        present = [name for name in FIRST_REPLY_COLUMNS if build.has(name)]
        build.add(**{name: pl.when(kept).then(name) for name in present})
        build.add(awaits_reply=kept)
    else:
        build.add(awaits_reply=pl.lit(value=True))
    if build.has("is_auto_replied", "first_reply_time"):
        by_human = ~pl.col("is_auto_replied").fill_null(value=False)
        build.add(first_reply_time_any=pl.col("first_reply_time"))
        build.add(first_reply_time=pl.when(by_human).then("first_reply_time"))
    if not build.has("first_replied_at") and build.has("created_at", "first_reply_time"):
        build.add(first_replied_at=pl.col("created_at") + pl.duration(seconds="first_reply_time"))


def _untracked(build: _Builder) -> None:
    """A handle time of zero for everyone means that nobody tracks it."""
    if build.has("handle_time") and not build.frame.select((pl.col("handle_time") > 0).any()).item():
        build.available.discard("handle_time")


def _ages(build: _Builder, rules: Rules) -> None:
    """Seconds from opening and from resolution to as_of."""
    as_of = pl.lit(rules.as_of, Kind.INSTANT.dtype)
    for name, since in (("age", "created_at"), ("resolved_age", "resolved_at")):
        if build.has(since):
            build.add(**{name: (as_of - pl.col(since)).dt.total_seconds().cast(pl.Int32)})
    if build.has("due_at"):
        build.add(is_past_due=pl.col("due_at") < as_of)


def _repeat_after(frame: pl.DataFrame) -> pl.Series:
    """Seconds from each resolution to the same customer's next new ticket; null without one.

    Customer and time are packed in one integer, so that one sorted search answers for all.
    """
    customer = frame["customer_id"].rank("dense").cast(pl.Int64)
    parts = frame.select(
        opened=pl.col("created_at").dt.epoch("s"), ended=pl.col("resolved_at").dt.epoch("s"), customer=customer
    )
    packed = parts.select(opening=pl.col("customer") * 2**33 + pl.col("opened"), ending=pl.col("customer") * 2**33 + pl.col("ended"))
    openings = packed["opening"].drop_nulls().sort()
    if openings.is_empty():
        return pl.Series("repeat_after", [None] * frame.height, pl.Int64)
    place = openings.search_sorted(packed["ending"].fill_null(0), side="right")
    following = pl.Series(openings.extend_constant(None, 1)).gather(place)
    after = pl.DataFrame({"next": following, "ending": packed["ending"], "ended": parts["ended"]})
    same = pl.col("next") // 2**33 == pl.col("ending") // 2**33
    return after.select(pl.when(same).then(pl.col("next") - pl.col("ending")).alias("repeat_after")).to_series()


def _complaints(build: _Builder, rules: Rules) -> None:
    words = list(rules.complaint_words)
    told = []
    if build.has("type"):
        told.append(pl.col("type").cast(pl.String).str.to_lowercase().is_in(words))
    if build.has("tags"):
        tags = pl.col("tags").cast(pl.String).str.to_lowercase().str.split(",").list.eval(pl.element().str.strip_chars())
        told.append(tags.list.eval(pl.element().is_in(words)).list.any())
    if told:
        build.frame = build.frame.with_columns(is_complaint=pl.any_horizontal(told).fill_null(value=False))
        if build.frame["is_complaint"].any():
            build.available.add("is_complaint")


def _targets(build: _Builder, rules: Rules) -> None:
    """Each ticket's targets: for the first reply, and for the resolution as its due time."""
    if rules.first_reply_targets:
        build.add(first_reply_target=_target(build, rules.first_reply_targets))
    if rules.resolution_targets and build.has("created_at"):
        target = _target(build, rules.resolution_targets)
        build.add(due_at=pl.col("created_at") + pl.duration(seconds=target))


def _target(build: _Builder, targets: Mapping[str, int]) -> pl.Expr:
    """Seconds for each ticket: its priority's, else the one for the rest, else null."""
    named = {name: value for name, value in targets.items() if name}
    rest = pl.lit(targets.get(""), pl.Int32)
    if not named or not build.has("priority"):
        return rest
    priority = pl.col("priority").cast(pl.String)
    return pl.coalesce(priority.replace_strict(named, default=None, return_dtype=pl.Int32), rest)


def _from_answers(build: _Builder, answers: pl.DataFrame | None) -> None:
    """What customers said of a ticket: rated bad, and confirmed as resolved."""
    if answers is None or "ticket_id" not in answers.columns or "ticket_id" not in build.frame.columns:
        return
    linked = answers.filter(pl.col("ticket_id").is_not_null() & pl.col("score").is_not_null())
    levels = pl.col("scale_high") - pl.col("scale_low") + 1
    is_bad = pl.col("score") < pl.col("scale_low") + (levels / 2).floor()
    bad = linked.filter(pl.col("question") == "csat").group_by("ticket_id").agg(is_rated_bad=is_bad.any())
    said = linked.filter(pl.col("question") == "resolved").group_by("ticket_id").agg(is_confirmed=(pl.col("score") == 1).any())
    for name, frame in (("is_rated_bad", bad), ("is_confirmed", said)):
        if frame.height:
            build.frame = build.frame.join(frame, on="ticket_id", how="left", maintain_order="left")
            build.available.add(name)


def derive_answers(frame: pl.DataFrame) -> Facts:
    """Answers with their facts: position in the scale, main question, first answer of a response."""
    build = _Builder(frame)
    if "answered_at" not in frame.columns:
        build.frame = build.frame.with_columns(answered_at=pl.lit(None, Kind.INSTANT.dtype))
    dates = [pl.col(name) for name in ("offered_at", "answered_at") if name in build.frame.columns]
    levels = pl.col("scale_high") - pl.col("scale_low") + 1
    build.frame = build.frame.with_columns(offered_at=pl.coalesce(dates), levels=levels)
    offered = build.frame.filter(pl.col("is_offered"))
    build.add(
        top=pl.col("scale_high") - pl.when(levels >= 4).then(1).otherwise(0),
        rescaled=(pl.col("score") - pl.col("scale_low")) / (pl.col("scale_high") - pl.col("scale_low")) * 100,
        is_first_answer=pl.col("score").is_not_null() & pl.when(pl.col("score").is_not_null()).then("response_id").is_first_distinct(),
    )
    if offered.height:
        main = offered["question"].mode().sort()[0]
        build.add(is_main=pl.col("question") == pl.lit(main, Kind.QUESTION.dtype), has_offers=pl.lit(value=True))
    for question in build.frame.filter(pl.col("score").is_not_null())["question"].unique().cast(pl.String).to_list():
        build.available.add(f"question:{question}")
    return Facts(frame=_one_scale(build.frame), available=frozenset(build.available), counts={})


def _one_scale(frame: pl.DataFrame) -> pl.DataFrame:
    """`on_scale`: whether an answer is on its question's most used scale and direction; raw means use only those."""
    scale = ["question", "scale_low", "scale_high", "direction"]
    used = frame.filter(pl.col("score").is_not_null()).group_by(scale).len().sort("len", *scale[1:], descending=True, nulls_last=True)
    main = used.unique("question", keep="first", maintain_order=True).drop("len").with_columns(on_scale=pl.lit(value=True))
    joined = frame.join(main, on=scale, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col("on_scale").fill_null(value=False))

