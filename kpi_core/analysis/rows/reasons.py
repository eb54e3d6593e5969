"""Why a row does not count: a measure taken apart into its conditions, and words for the first that fails.

The conditions come from the KPI's own expressions, so that a reason is never another rule than the one that decided.
"""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from kpi_core.facts import TIMES
from kpi_core.facts.answers import UNREAD_SCORE
from kpi_core.facts.clock.ticket_times import EARLY_ANY
from kpi_core.facts.conversations.threads import MESSAGED
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
"""The column that marks tickets of which nobody knows whether they are resolved."""
NEGATIVE = "_negative "
"""The columns that mark the times that end before they begin, by the time's name."""

WORDS: Mapping[frozenset[str], str] = {
    frozenset(roots.split()): words
    for roots, words in {
        "created_at": "no opening time",
        "is_auto_replied": "not known whether the reply was automatic",
        "is_resolved": "not resolved",
        "resolved_at": "resolved without a time",
        "is_resolved resolved_at": "resolved without a time",
        "is_resolved resolved_at age": "resolved at an unknown time",
        "is_resolved reopens": "never resolved",
        "resolved_age": "resolved too lately to tell",
        "reopens": "reopenings not known",
        "customer_id": "customer not known",
        "agent": "no agent",
        "agent_replies": "no agent reply",
        "agent_stations": "lay with nobody",
        "is_answered": "nobody answered, or not known",
        "is_complaint": "not a complaint",
        "awaits_reply": "opened by an agent",
        "tells_replies": "first reply not known",
        "tells_states": "its file does not say where it stands",
        "is_turn": "not the beginning of a turn",
        "reply_time": "not answered",
        "reply_time_business": "not answered",
        "is_case": "a further contact of a case",
        "channels": "channel or customer not known",
        "first_replied_at is_resolved resolved_at": "resolved without a time, and not replied to",
        "first_reply_target": "no target",
        "first_reply_limit": "no target",
        "resolution_limit": "no target",
        "first_reply_time first_replied_at is_resolved age first_reply_target": "no reply, and not past the target",
        "is_first_reply_judged": "not judged by the help desk",
        "sla_resolution_met": "not judged by the help desk",
        "is_resolved sla_resolution_met": "still open, and not judged yet",
        "due_at": "no due time, one before the opening, or met or missed at an unknown time of its day",
        "is_resolution_in_order": "resolved before it was opened",
        "is_reply_in_order": "replied to before it was opened",
        "is_answer_in_order": "answered before it was written, or not known",
        "resolved_at is_resolved is_past_due": "open and not yet due, or resolved without a time",
        "score": "not answered",
        "question score": "not answered",
        "was_asked": "not asked",
        "on_scale": "on another scale than most",
        "scale_high": "on another scale",
        "is_first_answer": "a further answer of its response",
        "is_response": "not asked, or a further answer of its response",
        "currency": "in another currency",
        "value": "no amount",
        "since": "came, or left, on no known day",
        "acquired_at": "came on no known day",
        "lost_at": "has not left",
        "is_lost": "not said whether they left",
        "is_kept": "paid back",
        "is_converted": "not said whether it converted",
        "acquisition_cost": "not spent on acquisition",
        "support_cost": "not spent on support",
        "rescaled": "not answered, or on a scale nobody knows",
        "rating": "not rated",
        "rating_of_5": "not rated",
        "stars": "not rated",
        "review_reply_time": "not answered, or before it was written",
        "review_reply_time_business": "not answered, or before it was written",
    }.items()
}
"""What is said of a condition that fails, by the columns it is made of."""

NO_REPLY = (
    "no first reply",
    (
        ("awaits_reply", False, "opened by an agent"),
        ("tells_replies", False, "first reply not known"),
        ("is_answered", False, "nobody answered"),
        ("is_auto_replied", True, "first reply automatic"),
    ),
)
NO_REPLY_OF_ANY = (
    "no first reply",
    (
        ("awaits_reply", False, "opened by an agent"),
        (EARLY_ANY, True, "negative time"),
        (MESSAGED, False, "no messages of it in the files"),
        ("is_answered", False, "nobody answered"),
    ),
)
NOT_RESOLVED: tuple[tuple[str, bool, str], ...] = (("is_resolved", False, "not resolved"),)
APART: Mapping[str, tuple[str, tuple[tuple[str, bool, str], ...]]] = {
    "first_reply_time": NO_REPLY,
    "first_reply_time_business": NO_REPLY,
    "first_reply_time_any": NO_REPLY_OF_ANY,
    "first_reply_time_any_business": NO_REPLY_OF_ANY,
    "handle_time": ("no time tracked", ()),
}
"""What is said of a missing time, and the facts that tell it apart, the first of them first."""

UNTOLD = "cannot be told"
NO_VALUE = "rows without a value"


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

    `columns` are those at hand; times that are negative are told where they are marked (see `NEGATIVE`).
    """
    known, told = frozenset(columns), pl.lit(None, pl.String)
    for condition in reversed(conditions(measure)):
        fails = ~condition.fill_null(value=False)
        told = pl.when(fails).then(_said(condition, kpi, known)).otherwise(told)
    return told


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


def _said(condition: pl.Expr, kpi: Kpi, known: frozenset[str]) -> pl.Expr:
    words = _of_condition(condition, kpi, known)
    if "is_resolved" in condition.meta.root_names() and UNREAD_STATE in known:
        return pl.when(pl.col(UNREAD_STATE)).then(pl.lit("status in an unknown word")).otherwise(words)
    return words


def _of_condition(condition: pl.Expr, kpi: Kpi, known: frozenset[str]) -> pl.Expr:
    roots = frozenset(condition.meta.root_names())
    if (written := _as_written(condition)) is not None:
        return pl.lit(f"not of `{written}`")
    if len(roots) == 1 and (name := next(iter(roots))) in {*TIMES, *APART}:
        return _of_time(name, known)
    if "score" in roots and UNREAD_SCORE in known and kpi.own is None:
        is_unread = pl.col(UNREAD_SCORE).fill_null(value=False)
        return (
            pl.when(is_unread)
            .then(pl.lit("cannot be read"))
            .otherwise(pl.lit(WORDS.get(roots, kpi.left_out or UNTOLD)))
        )
    if roots in WORDS and kpi.own is None:
        return pl.lit(WORDS[roots])
    if len(roots) == 1:
        return pl.lit(f"no {plain(next(iter(roots))).replace('_', ' ')}")
    return pl.lit(NO_VALUE if kpi.own else kpi.left_out or UNTOLD)


def _as_written(condition: pl.Expr) -> str | None:
    """The words of a condition that a user has defined, by which it is known; None for the catalogue's."""
    name, parts = condition.meta.output_name(raise_if_undetermined=False), condition.meta.pop()
    return name if name is not None and len(parts) == 1 and parts[0].alias(name).meta.eq(condition) else None


def _of_time(name: str, known: frozenset[str]) -> pl.Expr:
    """Why there is no time: it ends before it begins, nobody waited for it, or what ends it has not happened."""
    told, apart = APART.get(name, (f"no {name.replace('_', ' ')}", NOT_RESOLVED))
    words = pl.lit(told)
    for flag, value, said in reversed(apart):
        if flag in known:
            words = pl.when(pl.col(flag).eq_missing(pl.lit(value))).then(pl.lit(said)).otherwise(words)
    if NEGATIVE + name in known:
        words = pl.when(pl.col(NEGATIVE + name)).then(pl.lit("negative time")).otherwise(words)
    return words
