"""Why a row does not count: a measure taken apart into its conditions, and words for the first that fails.

The conditions come from the KPI's own expressions, so that a reason is never another rule than the one that decided.
"""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from kpi_core.analysis.rows.role import as_cell
from kpi_core.facts import TIMES
from kpi_core.facts.answers import UNREAD_SCORE
from kpi_core.facts.clock.ticket_times import EARLY_ANY
from kpi_core.facts.conversations.threads import MESSAGED
from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import TIME_WORDS
from kpi_core.model.columns import UNREAD
from kpi_core.model.conditions.row_view import plain
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import (
    Count,
    Distinct,
    Kept,
    Mean,
    Measure,
    NetShare,
    Quantile,
    Share,
    Stock,
    Sum,
    Survival,
)
from kpi_core.model.stocks_and_survival import SurvivalShare

UNREAD_STATE = f"{UNREAD}is_resolved"
"""The column that marks tickets of which it is unknown whether they are resolved."""
NEGATIVE = "_negative "
"""The columns that mark the times that end before they begin, by the time's name."""

WORDS: Mapping[frozenset[str], Message] = {
    frozenset(roots.split()): words
    for roots, words in {
        "created_at": Message("row-no-opening-time"),
        "is_auto_replied": Message("row-automatic-not-known"),
        "is_resolved": Message("row-not-resolved"),
        "resolved_at": Message("row-resolved-without-a-time"),
        "is_resolved resolved_at": Message("row-resolved-without-a-time"),
        "is_resolved resolved_at age": Message("row-resolved-at-an-unknown-time"),
        "is_resolved reopens": Message("row-never-resolved"),
        "resolved_age": Message("row-resolved-too-lately-to-tell"),
        "reopens": Message("row-reopenings-not-known"),
        "customer_id": Message("row-customer-not-known"),
        "agent": Message("row-no-agent"),
        "agent_replies": Message("row-no-agent-reply"),
        "agent_stations": Message("row-lay-with-nobody"),
        "is_answered": Message("row-nobody-answered-or-not-known"),
        "is_complaint": Message("row-not-a-complaint"),
        "awaits_reply": Message("row-opened-by-an-agent"),
        "records_replies": Message("row-first-reply-not-known"),
        "records_states": Message("row-state-not-told"),
        "is_turn": Message("row-not-the-beginning-of-a-turn"),
        "reply_time": Message("row-not-answered"),
        "reply_time_business": Message("row-not-answered"),
        "is_case": Message("row-a-further-contact-of-a-case"),
        "channels": Message("row-channel-or-customer-not-known"),
        "first_replied_at is_resolved resolved_at": Message("row-resolved-undated-unanswered"),
        "first_reply_target": Message("row-no-target"),
        "first_reply_limit": Message("row-no-target"),
        "resolution_limit": Message("row-no-target"),
        "first_reply_time first_replied_at is_resolved age first_reply_target": Message("row-no-reply-not-past-target"),
        "is_first_reply_judged": Message("row-not-judged-by-the-help-desk"),
        "sla_resolution_met": Message("row-not-judged-by-the-help-desk"),
        "is_resolved sla_resolution_met": Message("row-still-open-and-not-judged-yet"),
        "due_at": Message("row-no-due-time"),
        "is_resolution_in_order": Message("row-resolved-before-it-was-opened"),
        "is_reply_in_order": Message("row-replied-to-before-it-was-opened"),
        "is_answer_in_order": Message("row-answered-early-or-not-known"),
        "resolved_at is_resolved is_past_due": Message("row-not-yet-due-or-undated"),
        "score": Message("row-not-answered"),
        "question score": Message("row-not-answered"),
        "was_asked": Message("row-not-asked"),
        "on_scale": Message("on-another-scale"),
        "scale_high": Message("row-on-another-scale"),
        "is_first_answer": Message("row-a-further-answer-of-its-response"),
        "is_response": Message("row-not-asked-or-further"),
        "currency": Message("row-in-another-currency"),
        "value": Message("row-no-amount"),
        "since": Message("row-came-or-left-on-no-known-day"),
        "acquired_at": Message("row-came-on-no-known-day"),
        "lost_at": Message("row-has-not-left"),
        "is_lost": Message("row-not-said-whether-they-left"),
        "is_kept": Message("row-paid-back"),
        "is_converted": Message("row-not-said-whether-it-converted"),
        "acquisition_cost": Message("row-not-spent-on-acquisition"),
        "support_cost": Message("row-not-spent-on-support"),
        "rescaled": Message("row-unanswered-or-unknown-scale"),
        "rating": Message("row-not-rated"),
        "rating_of_5": Message("row-not-rated"),
        "stars": Message("row-not-rated"),
        "review_reply_time": Message("row-unanswered-or-early"),
        "review_reply_time_business": Message("row-unanswered-or-early"),
    }.items()
}
"""The reason for a condition that fails, by the columns it is made of."""

NO_REPLY = (
    Message("row-no-first-reply"),
    (
        ("awaits_reply", False, Message("row-opened-by-an-agent")),
        ("records_replies", False, Message("row-first-reply-not-known")),
        ("is_answered", False, Message("row-nobody-answered")),
        ("is_auto_replied", True, Message("row-first-reply-automatic")),
    ),
)
NO_REPLY_OF_ANY = (
    Message("row-no-first-reply"),
    (
        ("awaits_reply", False, Message("row-opened-by-an-agent")),
        (EARLY_ANY, True, Message("row-negative-time")),
        (MESSAGED, False, Message("row-no-messages-of-it-in-the-files")),
        ("is_answered", False, Message("row-nobody-answered")),
    ),
)
NOT_RESOLVED: tuple[tuple[str, bool, Message], ...] = (("is_resolved", False, Message("row-not-resolved")),)
APART: Mapping[str, tuple[Message, tuple[tuple[str, bool, Message], ...]]] = {
    "first_reply_time": NO_REPLY,
    "first_reply_time_business": NO_REPLY,
    "first_reply_time_any": NO_REPLY_OF_ANY,
    "first_reply_time_any_business": NO_REPLY_OF_ANY,
    "handle_time": (Message("row-no-time-tracked"), ()),
}
"""The reason for a missing time, and the facts that refine it, the first of them first."""

UNKNOWN = Message("row-cannot-be-told")
NO_VALUE = Message("rows-without-a-value")


def conditions(measure: Measure) -> list[pl.Expr]:
    """What must hold of a row for it to count, in the order in which it is asked."""
    match measure:
        case Count():
            return list(_conjuncts(measure.among))
        case Share():
            return [*_conjuncts(measure.among), measure.of.is_not_null()]
        case NetShare():
            return [*_conjuncts(measure.among), measure.plus.is_not_null(), measure.minus.is_not_null()]
        case Mean() | Quantile() | Sum():
            return list(_gates(measure.of))
        case Distinct():
            return list(_gates(measure.key))
        case SurvivalShare():
            return [*_gates(measure.opened), measure.within.is_not_null()]
        case Stock() | Kept() | Survival():
            return list(_gates(measure.opened))
    return []


def why(kpi: Kpi, measure: Measure, columns: Iterable[str]) -> pl.Expr:
    """The words for the first condition of the measure that a row fails; null where it meets them all.

    `columns` are those at hand; times that are negative are reported where they are marked (see `NEGATIVE`).
    """
    known, reason = frozenset(columns), pl.lit(None, pl.String)
    for condition in reversed(conditions(measure)):
        fails = ~condition.fill_null(value=False)
        reason = pl.when(fails).then(_message_of(condition, kpi, known)).otherwise(reason)
    return reason


def _conjuncts(condition: pl.Expr) -> Iterator[pl.Expr]:
    """The parts of an `and`, else the condition itself."""
    parts = condition.meta.pop()
    if len(parts) == 2 and (parts[1] & parts[0]).meta.eq(condition):
        yield from _conjuncts(parts[1])
        yield from _conjuncts(parts[0])
    else:
        yield condition


def _gates(value: pl.Expr) -> Iterator[pl.Expr]:
    """What must hold for a value to be there: the conditions it is given under, and that it is not missing itself."""
    parts = value.meta.pop()
    if len(parts) == 3 and pl.when(parts[0]).then(parts[2]).meta.eq(value):
        yield from _conjuncts(parts[0])
        yield from _gates(parts[2])
    else:
        yield value.is_not_null()


def _message_of(condition: pl.Expr, kpi: Kpi, known: frozenset[str]) -> pl.Expr:
    words = _of_condition(condition, kpi, known)
    if "is_resolved" in condition.meta.root_names() and UNREAD_STATE in known:
        return pl.when(pl.col(UNREAD_STATE)).then(as_cell(Message("row-status-in-an-unknown-word"))).otherwise(words)
    return words


def _of_condition(condition: pl.Expr, kpi: Kpi, known: frozenset[str]) -> pl.Expr:
    roots = frozenset(condition.meta.root_names())
    if (written := _as_written(condition)) is not None:
        return as_cell(Message("row-not-of", condition=written))
    if len(roots) == 1 and (name := next(iter(roots))) in {*TIMES, *APART}:
        return _of_time(name, known)
    if "score" in roots and UNREAD_SCORE in known and kpi.own is None:
        is_unread = pl.col(UNREAD_SCORE).fill_null(value=False)
        return (
            pl.when(is_unread)
            .then(as_cell(Message("cannot-be-read")))
            .otherwise(as_cell(WORDS.get(roots) or _left_out(kpi)))
        )
    if roots in WORDS and kpi.own is None:
        return as_cell(WORDS[roots])
    if len(roots) == 1:
        return as_cell(Message("row-without", name=plain(next(iter(roots))).replace("_", " ")))
    return as_cell(NO_VALUE if kpi.own else _left_out(kpi))


def _left_out(kpi: Kpi) -> Message:
    """Who is left out, in the KPI's own words."""
    return Message("left-out", what=Defined("left_out", kpi.name, kpi.left_out)) if kpi.left_out else UNKNOWN


def _time(name: str) -> Message | str:
    """A time by its word; in English as it always stood."""
    return TIME_WORDS.get(name, name.replace("_", " "))


def _as_written(condition: pl.Expr) -> str | None:
    """The words of a condition that a user has defined, by which it is known; None for the catalogue's."""
    name, parts = condition.meta.output_name(raise_if_undetermined=False), condition.meta.pop()
    return name if name is not None and len(parts) == 1 and parts[0].alias(name).meta.eq(condition) else None


def _of_time(name: str, known: frozenset[str]) -> pl.Expr:
    """Why there is no time: it ends before it begins, nobody waited for it, or what ends it has not happened."""
    missing, apart = APART.get(name, (Message("row-without", name=_time(name)), NOT_RESOLVED))
    words = as_cell(missing)
    for flag, value, message in reversed(apart):
        if flag in known:
            words = pl.when(pl.col(flag).eq_missing(pl.lit(value))).then(as_cell(message)).otherwise(words)
    if NEGATIVE + name in known:
        words = pl.when(pl.col(NEGATIVE + name)).then(as_cell(Message("row-negative-time"))).otherwise(words)
    return words
