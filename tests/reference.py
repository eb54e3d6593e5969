"""The value every KPI must have, in plain Python over plain dicts: slow, short, one function a definition.

Nothing here knows polars, files or the engine. A row is a dict of canonical column names; None is missing. Every
function of a KPI gives (value, n), and (None, 0) where there are no rows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Result = tuple[float | None, int]
Test = Callable[[Row], Any]
OpenTime = Callable[[Row, datetime, datetime], int]
"""Open seconds from one instant to a later one, in the hours that a row goes by."""

NONE: Result = (None, 0)
WEEK = timedelta(days=7)
COMPLAINTS = {"complaint", "complaints", "klagomål", "klage", "klager", "reklamation", "reklamasjon"}
CLOCK_TIMES = {
    "first_reply_time": "first_replied_at",
    "first_resolution_time": "first_resolved_at",
    "resolution_time": "resolved_at",
}
BUSINESS_TIMES = tuple(f"{name}_business" for name in CLOCK_TIMES)
FIRST_REPLIES = (
    "first_reply_time",
    "first_reply_time_business",
    "first_reply_time_any",
    "first_reply_time_any_business",
)
WAITS = ("requester_wait_time", "requester_wait_time_business")


# Rows with one key


def winners(rows: Sequence[Row], key: str, events: Sequence[str]) -> list[Row]:
    """One row a key: the newest updated_at, else the newest event, else the most filled cells."""

    def rank(row: Row) -> tuple[datetime, datetime, int]:
        newest = max((row[event] for event in events if row.get(event)), default=datetime.min)
        return row.get("updated_at") or datetime.min, newest, sum(value is not None for value in row.values())

    best: dict[str, Row] = {}
    for row in rows:
        if row[key] not in best or rank(row) > rank(best[row[key]]):
            best[row[key]] = row
    return list(best.values())


# Tickets and answers with what is derived from them


def ticket_facts(
    rows: Sequence[Row],
    answers: Sequence[Row],
    as_of: datetime | None,
    targets: Mapping[str, int],
    open_time: OpenTime | None = None,
) -> list[Row]:
    """Tickets that are neither merged nor spam, with what KPIs ask of them."""
    kept = [dict(row) for row in rows if not row["is_merged"] and not row["is_spam"]]
    openings = [(row["customer_id"], row["created_at"]) for row in kept if row["customer_id"] and row["created_at"]]
    for row, is_early in zip(kept, precedes(kept, "due_at", "created_at"), strict=True):
        row["due_at"] = None if is_early else row["due_at"]
    for row in kept:
        _resolve(row)
        row["resolved_in_order"] = is_in_order(row, "resolved_at")
        row["replied_in_order"] = is_in_order(row, "first_replied_at")
        _time(row, open_time)
        _reply(row)
        row["age"] = since(row["created_at"], as_of)
        row["as_of"] = as_of
        row["target"] = targets.get(row["priority"], targets.get(""))
        row["resolution_target"] = targets.get("resolution")
        row["next_ticket"] = min(
            (
                at
                for who, at in openings
                if who == row["customer_id"]
                and row["resolved_at"]
                and at > max(row["resolved_at"], row["created_at"] or at.min)
            ),
            default=None,
        )
        shown = [
            answer for answer in answers if answer["ticket_id"] == row["ticket_id"] and answer["score"] is not None
        ]
        row["surveyed"] = any(answer["ticket_id"] == row["ticket_id"] and is_given(answer) for answer in answers)
        row["rated_bad"] = any(answer["question"] == "csat" and is_bad(answer) for answer in shown)
        row["confirmed"] = any(answer["question"] == "resolved" and answer["score"] == 1 for answer in shown)
    return kept


def _resolve(row: Row) -> None:
    """Resolved when solved or closed, or dated so under a status nobody knows; when: the resolution, closing or duration.

    Neither resolved nor open (None) where the status is a word nobody knows and there is no such date.
    """
    duration = row["resolution_time"]
    at = row["resolved_at"] or row["closed_at"]
    is_unknown = "status" in row.get("unread", ()) and at is None
    by_date = None if is_unknown else at is not None
    row["is_resolved"] = row["status"] in ("solved", "closed") if row["status"] else by_date
    if at is None and row["created_at"] and duration is not None and duration > 0:
        at = row["created_at"] + timedelta(seconds=duration)
    # The last resolution is the first one too if the ticket was never opened again, or once and not resolved since.
    is_first = row["reopens"] == 0 or (row["reopens"] == 1 and is_open(row))
    row["first_resolved_at"] = row["first_resolved_at"] or (row["resolved_at"] if is_first else None)
    row["resolved_at"] = at if row["is_resolved"] else None


def is_open(row: Row) -> bool:
    """Whether a ticket is known not to be resolved."""
    return row["is_resolved"] is False


def _time(row: Row, open_time: OpenTime | None) -> None:
    """Times by the clock, else the export's own unless its zero means that nothing happened; negative ones are missing.

    Of those in business hours the calendar's take the place of the export's own where there is one.
    """
    for name in (*CLOCK_TIMES, *BUSINESS_TIMES):
        written = row[name]
        if name.startswith("first_reply"):
            is_nothing = written == 0 and (row["first_replied_at"] is None or row["agent_replies"] == 0)
            if is_nothing or row["is_answered"] is False:
                written = None
        elif (name.startswith("resolution") and not row["is_resolved"]) or (
            written == 0 and row["resolved_at"] is None
        ):
            written = None
        by_clock = since(row["created_at"], row[CLOCK_TIMES[name]]) if name in CLOCK_TIMES else None
        row[name] = by_clock if by_clock is not None else written
    for name, until in CLOCK_TIMES.items() if open_time else ():
        by_clock = since(row["created_at"], row[until])
        is_time = by_clock is not None and by_clock >= 0
        row[f"{name}_business"] = open_time(row, row["created_at"], row[until]) if open_time and is_time else None
    for name in (*CLOCK_TIMES, *BUSINESS_TIMES, *WAITS, "handle_time"):
        if row[name] is not None and row[name] < 0:
            row[name] = None
    for name, is_possible in (
        ("resolution_time", row["resolved_in_order"]),
        ("first_reply_time", row["replied_in_order"]),
    ):
        if not is_possible:
            row[name] = row[f"{name}_business"] = None


def is_in_order(row: Row, until: str) -> bool:
    """Whether something came after the opening, as far as both are known."""
    return not (row["created_at"] and row[until] and row[until] < row["created_at"])


def precedes(rows: Sequence[Row], later: str, earlier: str) -> list[bool]:
    """Whether each row's later instant came first; by the day alone where its column knows no more."""
    slack = timedelta(days=1) if knows_days_alone(rows, later) else timedelta()
    return [
        bool(row[later] and row[earlier])
        and (row[later] + slack <= row[earlier] if slack else row[later] < row[earlier])
        for row in rows
    ]


def knows_days_alone(rows: Sequence[Row], name: str) -> bool:
    """Whether a column has one full hour of the day only, or two that follow each other, over three days or more."""
    known = [row[name] for row in rows if row[name]]
    times = sorted({at.hour * 3600 + at.minute * 60 + at.second for at in known})
    is_one = len(times) == 1 or (len(times) == 2 and times[1] - times[0] == 3600)
    return is_one and not any(time % 3600 for time in times) and len({at.date() for at in known}) >= 3


def _reply(row: Row) -> None:
    """Nobody waits for a reply to a ticket that an agent opened; an automatic reply is not an agent's."""
    if row["is_outbound"]:
        row["first_reply_time"] = row["first_reply_time_business"] = None
    # Replies that are counted and not dated: when the first of them came, nobody knows.
    row["reply_unknown"] = (
        bool(row["agent_replies"]) and row["first_reply_time"] is None and row["first_replied_at"] is None
    )
    for name in ("first_reply_time", "first_reply_time_business"):
        row[name.replace("first_reply_time", "first_reply_time_any")] = row[name]
        if row["is_auto_replied"]:
            row[name] = None


def is_bad(answer: Row) -> bool:
    """The lower half of the scale: bad of good and bad, 1–2 of 5, 1–3 of 7, 1–5 of 10."""
    return bool(answer["score"] < answer["scale_low"] + levels(answer) // 2)


def answer_facts(answers: Sequence[Row]) -> list[Row]:
    """Answers, each knowing whether it is on its question's commonest scale."""
    scales = Counter((answer["question"], *scale(answer)) for answer in answers if answer["score"] is not None)
    common: dict[str, tuple[Any, ...]] = {}
    for (question, *ends), often in scales.items():
        if (often, *ends) > common.get(question, (0,)):
            common[question] = (often, *ends)
    return [
        answer
        | {
            "on_scale": answer["question"] in common and scale(answer) == common[answer["question"]][1:],
            "offered_at": answer["offered_at"] or answer["answered_at"],
        }
        for answer in answers
    ]


def scale(answer: Row) -> tuple[float, float]:
    return (answer["scale_low"], answer["scale_high"])


def levels(answer: Row) -> float:
    return float(answer["scale_high"] - answer["scale_low"] + 1)


def is_top(answer: Row) -> bool:
    """The best of two or three steps, the two best of more."""
    return bool(answer["score"] >= answer["scale_high"] - (1 if levels(answer) >= 4 else 0))


def is_easy(answer: Row) -> bool:
    """The easier part of the scale without its middle: 1–2 of 5, 1–3 of 7, mirrored where higher is easier."""
    steps = floor((levels(answer) - 3) / 2)
    if answer["direction"] == "lower":
        return bool(answer["score"] <= answer["scale_low"] + steps)
    return bool(answer["score"] >= answer["scale_high"] - steps)


def since(earlier: datetime | None, later: datetime | None) -> int | None:
    """Whole seconds between two instants; None without both."""
    return None if earlier is None or later is None else int((later - earlier).total_seconds())


def everyone(_row: Row) -> bool:
    return True


# One period of one group


@dataclass(frozen=True, kw_only=True)
class View:
    """What one result looks at.

    `start` None is everything, undated rows included; `keep` picks the group; `events` are all instants of each table.
    """

    tickets: Sequence[Row]
    answers: Sequence[Row]
    as_of: datetime | None
    events: Mapping[str, Sequence[datetime]]
    start: date | None = None
    end: date | None = None
    zone: str | None = None
    keep: Test = everyone
    currency: str | None = None
    customers: Sequence[Row] = ()
    orders: Sequence[Row] = ()
    reviews: Sequence[Row] = ()
    leads: Sequence[Row] = ()
    costs: Sequence[Row] = ()
    turns: Sequence[Row] = ()
    open_time: OpenTime | None = None

    def since(self, day: date) -> "View":
        """The same from another day on."""
        return replace(self, start=day)

    def day(self, instant: datetime) -> date:
        """The local day of an instant."""
        return (
            instant.date() if self.zone is None else instant.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).date()
        )

    def dated(self, rows: Sequence[Row], by: str) -> list[Row]:
        """The group's rows whose date lies in the period."""
        return [
            row
            for row in rows
            if self.keep(row) and (self.start is None or (row[by] and self.start <= self.day(row[by]) < self.end))
        ]

    def covered_days(self, table: str) -> int:
        """Days of the period on which the table could have had rows: from its first event of any kind to its last."""
        days = [self.day(instant) for instant in self.events.get(table, ())]
        if not days:
            return 0
        newest = min([max(days), *([self.day(self.as_of)] if self.as_of else [])])
        first = max(min(days), self.start or date.min)
        last = min(newest, self.end - timedelta(days=1) if self.end else date.max)
        return max((last - first).days + 1, 0)

    def midnight(self, day: date) -> datetime:
        """The instant at which a local day begins."""
        at = datetime(day.year, day.month, day.day)
        return at if self.zone is None else at.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC).replace(tzinfo=None)

    def looked_at(self) -> datetime | None:
        """When a stock is counted: the period's end, or as_of where that is earlier."""
        if self.end is None:
            return self.as_of
        return self.midnight(self.end) if self.as_of is None else min(self.midnight(self.end), self.as_of)

    def is_now(self, at: datetime) -> bool:
        """Whether it is as_of, with the period still going on."""
        return at == self.as_of and (self.end is None or at < self.midnight(self.end))


# One function a kind of measure


def count(view: View, table: str, rows: Sequence[Row], by: str, among: Test) -> Result:
    """None, not 0, where the table does not cover the period."""
    n = sum(bool(among(row)) for row in view.dated(rows, by))
    return (n, n) if n or view.covered_days(table) else NONE


def share(rows: Iterable[Any], of: Callable[[Any], Any], among: Callable[[Any], Any]) -> Result:
    judged = [bool(of(row)) for row in rows if among(row)]
    return (sum(judged) / len(judged), len(judged)) if judged else NONE


def mean(values: Iterable[float | None]) -> Result:
    rows = [value for value in values if value is not None]
    return (sum(rows) / len(rows), len(rows)) if rows else NONE


def quantile(values: Iterable[float | None], at: float) -> Result:
    """Type 7: linear interpolation between the two nearest of the sorted values."""
    rows = sorted(value for value in values if value is not None)
    if not rows:
        return NONE
    place = (len(rows) - 1) * at
    below, above = rows[floor(place)], rows[min(floor(place) + 1, len(rows) - 1)]
    return below + (above - below) * (place - floor(place)), len(rows)


def net_share(rows: Iterable[Row], plus: Test, minus: Test, among: Test) -> Result:
    asked = [row for row in rows if among(row)]
    return (sum(bool(plus(row)) - bool(minus(row)) for row in asked) / len(asked), len(asked)) if asked else NONE


def index(rows: Iterable[Row], parts: Sequence[str]) -> Result:
    """The mean over respondents who answered every part of the mean of (q − 1)/9, times 100."""
    responses: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["question"] in parts and row["score"] is not None:
            responses.setdefault(row["response_id"], {})[row["question"]] = (row["score"] - 1) / 9
    return mean(sum(kept.values()) / len(parts) * 100 for kept in responses.values() if len(kept) == len(parts))


def ratio(first: Result, second: Result, n: int) -> Result:
    return NONE if first[0] is None or not second[0] else (first[0] / second[0], n)


def backlog(view: View) -> list[Row] | None:
    """Tickets created and not resolved at that moment; None before coverage starts."""
    end = view.looked_at()
    watched = [row for row in view.tickets if row["created_at"] and (is_open(row) or row["resolved_at"])]
    if end is None or not watched or (view.end and view.end <= view.day(min(row["created_at"] for row in watched))):
        return None
    return [
        row for row in watched if view.keep(row) and _began(row["created_at"], end, view) and not _ended(row, end, view)
    ]


def _began(at: datetime, end: datetime, view: View) -> bool:
    """Periods end exclusive; as_of is the newest event and belongs to the data."""
    return at <= end if view.is_now(end) else at < end


def open_age(view: View, row: Row) -> int | None:
    """How old a ticket of the backlog is, in the hours it goes by."""
    end = view.looked_at()
    return None if end is None or view.open_time is None else view.open_time(row, row["created_at"], end)


def _ended(row: Row, end: datetime, view: View) -> bool:
    """A closing before the opening counts at the opening."""
    return bool(row["resolved_at"]) and _began(max(row["resolved_at"], row["created_at"]), end, view)


# One line a KPI

KPIS: dict[str, Callable[[View], Result]] = {}


def _stocks() -> None:
    def size(view: View) -> Result:
        rows = backlog(view)
        return NONE if rows is None else (len(rows), len(rows))

    def age(at: float) -> Callable[[View], Result]:
        return lambda view: quantile((since(row["created_at"], view.looked_at()) for row in backlog(view) or []), at)

    def days(view: View) -> Result:
        rows, end = backlog(view), view.looked_at()
        if rows is None or end is None:
            return NONE
        cleared = sum(
            _ended(row, end, view) and not _ended(row, end - timedelta(days=28), view)
            for row in view.tickets
            if view.keep(row) and row["created_at"]
        )
        return (len(rows) / (cleared / 28) if cleared else None), len(rows)

    def open_ages(at: float) -> Callable[[View], Result]:
        return lambda view: quantile((open_age(view, row) for row in backlog(view) or []), at)

    KPIS.update({"backlog": size, "backlog_age": age(0.5), "backlog_age_p90": age(0.9), "backlog_days": days})
    KPIS.update({"backlog_age_business": open_ages(0.5), "backlog_age_business_p90": open_ages(0.9)})


def _flows() -> None:
    def created(view: View) -> Result:
        return count(view, "tickets", view.tickets, "created_at", everyone)

    def resolved(view: View) -> Result:
        return count(view, "tickets", view.tickets, "resolved_at", lambda row: row["is_resolved"])

    def net(view: View) -> Result:
        opened, closed = created(view), resolved(view)
        return NONE if opened[0] is None or closed[0] is None else (opened[0] - closed[0], opened[1] + closed[1])

    def per_agent(view: View) -> Result:
        tickets = count(view, "tickets", view.tickets, "created_at", lambda row: row["agent"])
        agents = {row["agent"] for row in view.dated(view.tickets, "created_at") if row["agent"]}
        return ratio(tickets, (len(agents), len(agents)), tickets[1])

    KPIS.update(tickets_created=created, tickets_resolved=resolved, net_flow=net, tickets_per_agent=per_agent)
    KPIS["resolution_rate"] = lambda view: ratio(resolved(view), created(view), created(view)[1])
    KPIS["answers_received"] = _received


def _received(view: View) -> Result:
    """Answers that the files give no date of at all lie in no period, which then has no number of them."""
    rows = _first_answers(view)
    if (
        view.start is not None
        and any(row["is_first"] for row in rows)
        and all(row["answered_at"] is None for row in rows)
    ):
        return NONE
    return count(view, "answers", rows, "answered_at", lambda row: row["is_first"])


def _first_answers(view: View) -> list[Row]:
    """Answers, one of each response marked as its first."""
    seen: set[str] = set()
    rows = []
    for row in view.answers:
        is_first = is_given(row) and row["response_id"] not in seen
        seen |= {row["response_id"]} if is_first else set()
        rows.append(row | {"is_first": is_first})
    return rows


def _times() -> None:
    def add(name: str, by: str, of: Test) -> None:
        KPIS[name] = lambda view: quantile(map(of, view.dated(view.tickets, by)), 0.5)
        KPIS[f"{name}_mean"] = lambda view: mean(map(of, view.dated(view.tickets, by)))
        KPIS[f"{name}_p90"] = lambda view: quantile(map(of, view.dated(view.tickets, by)), 0.9)

    for name in FIRST_REPLIES:
        add(name, "created_at", lambda row, name=name: row[name])
    for name in (
        "resolution_time",
        "resolution_time_business",
        "first_resolution_time",
        "first_resolution_time_business",
    ):
        add(name, "resolved_at", lambda row, name=name: row[name])
    for name in WAITS:
        add(name, "resolved_at", lambda row, name=name: row[name] if row["is_resolved"] else None)
    KPIS["handle_time"] = lambda view: mean(
        row["handle_time"] or None for row in view.dated(view.tickets, "resolved_at")
    )


def _ticket_share(name: str, by: str, of: Test, among: Test) -> None:
    KPIS[name] = lambda view: share(view.dated(view.tickets, by), of, among)


def has_reply(row: Row) -> bool:
    """An agent has replied, even if before the opening."""
    return row["first_reply_time"] is not None or (row["first_replied_at"] is not None and not row["is_auto_replied"])


def is_overdue(row: Row) -> bool:
    """Nobody has replied, the ticket is open, and its target has passed."""
    return not has_reply(row) and is_open(row) and row["age"] is not None and row["age"] > row["target"]


def does_stand(row: Row) -> bool:
    """The help desk's word on the first reply, where an agent replied or an open ticket is overdue."""
    is_replied = row["first_replied_at"] is not None and not row["is_auto_replied"]
    return bool(is_replied or (is_open(row) and not row["sla_first_reply_met"]))


def is_judged(row: Row) -> bool:
    """Resolved with a due time, or open past it, and not before it was opened."""
    return bool(
        row["due_at"]
        and row["resolved_in_order"]
        and (row["resolved_at"] or (is_open(row) and row["as_of"] and row["due_at"] < row["as_of"]))
    )


def _promises() -> None:
    _ticket_share(
        "answer_rate", "created_at", lambda row: row["is_answered"], lambda row: row["is_answered"] is not None
    )
    _ticket_share("automated_first_reply_rate", "created_at", lambda row: row["is_auto_replied"],
                  lambda row: row["is_auto_replied"] is not None and row["first_reply_time_any"] is not None)  # fmt: skip
    _ticket_share("first_reply_within", "created_at",
                  lambda row: row["first_reply_time"] is not None and row["first_reply_time"] <= row["target"],
                  lambda row: not row["is_outbound"] and not row["reply_unknown"] and row["target"] is not None and (row["first_reply_time"] is not None or is_overdue(row)))  # fmt: skip
    _ticket_share("sla_first_reply_rate", "created_at", lambda row: row["sla_first_reply_met"],
                  lambda row: not row["is_outbound"] and row["sla_first_reply_met"] is not None and does_stand(row))  # fmt: skip
    _ticket_share(
        "sla_resolution_rate",
        "created_at",
        lambda row: row["resolved_at"] and row["resolved_at"] <= row["due_at"],
        is_judged,
    )
    _ticket_share("sla_resolution_rate_vendor", "created_at", lambda row: row["sla_resolution_met"],
                  lambda row: row["sla_resolution_met"] is not None and (row["is_resolved"] or not row["sla_resolution_met"]))  # fmt: skip


def is_soon(row: Row) -> bool:
    """Resolved within a week of opening; one without a time was where the ticket is no older."""
    if not row["is_resolved"] or row["resolved_at"] is None:
        return bool(row["is_resolved"])
    return row["created_at"] is not None and row["resolved_at"] - row["created_at"] <= WEEK


def is_decided_soon(row: Row) -> bool:
    """Whether the order is possible and both times known, the later one unless the ticket is too young for it to matter."""
    is_young = row["age"] is not None and row["age"] <= WEEK.total_seconds()
    is_known = is_open(row) or row["resolved_at"] is not None or (is_young and row["is_resolved"])
    return bool(row["created_at"] is not None and row["resolved_in_order"] and is_known)


def is_complaint(row: Row) -> bool:
    tags = {tag.strip().lower() for tag in (row["tags"] or "").split(",")}
    return bool(COMPLAINTS & {*tags, (row["type"] or "").lower()})


def has_reopened(row: Row) -> bool:
    return (row["reopens"] or 0) > 0


def has_failed(row: Row) -> bool:
    """Opened again or rated bad: no success, whatever its state."""
    return has_reopened(row) or bool(row["rated_bad"])


def was_resolved(row: Row) -> bool:
    """Resolved now, or so once and opened again; unknown without a count of reopenings."""
    return row["reopens"] is not None and (row["is_resolved"] or has_reopened(row))


def _resolutions() -> None:
    _ticket_share("resolution_rate_cohort", "created_at", is_soon, is_decided_soon)
    _ticket_share(
        "complaint_resolution_rate", "created_at", is_soon, lambda row: is_complaint(row) and is_decided_soon(row)
    )
    _ticket_share(
        "resolution_rate_of_answered",
        "created_at",
        lambda row: row["is_resolved"],
        lambda row: row["is_answered"] and row["is_resolved"] is not None,
    )
    _ticket_share("successful_resolution_rate", "created_at",
                  lambda row: row["is_resolved"] and not has_failed(row), lambda row: row["is_resolved"] is not None or has_failed(row))  # fmt: skip
    _ticket_share(
        "response_rate_of_resolved", "resolved_at", lambda row: row["surveyed"], lambda row: row["is_resolved"]
    )
    _ticket_share("confirmed_of_resolved", "resolved_at", lambda row: row["confirmed"], lambda row: row["is_resolved"])
    _ticket_share("fcr_one_touch", "resolved_at", lambda row: row["agent_replies"] == 1, is_replied)
    _ticket_share("fcr_one_touch_strict", "resolved_at", lambda row: row["agent_replies"] == 1 and row["reopens"] == 0,
                  lambda row: is_replied(row) and row["reopens"] is not None)  # fmt: skip
    _ticket_share("fcr_no_reopen", "resolved_at", lambda row: row["reopens"] == 0,
                  lambda row: row["reopens"] is not None and row["resolved_at"] and row["as_of"] - row["resolved_at"] >= WEEK)  # fmt: skip
    for days in (7, 14, 30):
        _ticket_share("fcr_no_repeat" if days == 7 else f"fcr_no_repeat_{days}", "resolved_at",
                      lambda row, days=days: row["next_ticket"] is None or row["next_ticket"] - row["resolved_at"] > timedelta(days=days),
                      lambda row: row["resolved_at"] and row["customer_id"])  # fmt: skip
    _ticket_share("reopen_rate", "created_at", has_reopened, was_resolved)
    _ticket_share("handoff_rate", "resolved_at", lambda row: row["agent_stations"] >= 2, has_stations)
    KPIS["reopens_per_ticket"] = lambda view: mean(
        row["reopens"] for row in view.dated(view.tickets, "created_at") if was_resolved(row)
    )
    KPIS["handoffs"] = lambda view: mean(
        row["agent_stations"] - 1 for row in view.dated(view.tickets, "resolved_at") if has_stations(row)
    )


def is_replied(row: Row) -> bool:
    return bool(row["is_resolved"] and (row["agent_replies"] or 0) >= 1)


def has_stations(row: Row) -> bool:
    return bool(row["is_resolved"] and (row["agent_stations"] or 0) > 0)


def rated(question: str) -> Test:
    return lambda row: row["question"] == question and row["score"] is not None


def asked(question: str) -> Test:
    return lambda row: row["question"] == question and was_asked(row)


def was_asked(row: Row) -> bool:
    """As far as the row's own survey shows who was asked at all."""
    return bool(row["is_offered"]) or (is_given(row) and row["is_offered"] is not None)


def is_given(row: Row) -> bool:
    """Whether there is an answer, if only one that cannot be read."""
    return row["score"] is not None or row.get("is_unread", False)


def rescaled(row: Row) -> float:
    return float((row["score"] - row["scale_low"]) / (row["scale_high"] - row["scale_low"]) * 100)


def responses(rows: Iterable[Row]) -> list[list[bool]]:
    """For each response that was asked for or given, in a survey that shows who was asked, which of its questions were answered."""
    answered: dict[str, list[bool]] = {}
    for row in rows:
        if was_asked(row):
            answered.setdefault(row["response_id"], []).append(is_given(row))
    return list(answered.values())


def _answer_share(name: str, of: Test, among: Test, by: str = "answered_at") -> None:
    KPIS[name] = lambda view: share(view.dated(view.answers, by), of, among)


def _answer_mean(name: str, of: Test, among: Test) -> None:
    KPIS[name] = lambda view: mean(of(row) for row in view.dated(view.answers, "answered_at") if among(row))


def _surveys() -> None:
    for name in ("csat", "ces", "treatment", "competence"):
        _answer_mean("csat_mean" if name == "csat" else name, lambda row: row["score"],
                     lambda row, name=name: rated(name)(row) and row["on_scale"])  # fmt: skip
    for name in ("csat", "treatment", "competence"):
        _answer_share("csat" if name == "csat" else f"{name}_top2", is_top, rated(name))
    _answer_mean("csat_mean_100", rescaled, rated("csat"))
    _answer_mean("nki_single", rescaled, rated("nki_satisfaction"))
    _answer_share("csat_lower_bound", lambda row: row["score"] is not None and is_top(row), asked("csat"), "offered_at")
    _answer_share("csat_upper_bound", lambda row: row["score"] is None or is_top(row), asked("csat"), "offered_at")
    _answer_share("ces_easy_rate", is_easy, rated("ces"))
    _answer_share("confirmed_resolution_rate", lambda row: row["score"] == 1, rated("resolved"))
    _answer_share("fcr_survey", lambda row: row["score"] == 1, rated("first_contact"))
    KPIS["response_rate"] = lambda view: share(responses(view.dated(view.answers, "offered_at")), any, len)
    _answer_share("nps_promoters", lambda row: row["score"] >= 9, rated("nps"))
    _answer_share("nps_passives", lambda row: row["score"] in (7, 8), rated("nps"))
    _answer_share("nps_detractors", lambda row: row["score"] <= 6, rated("nps"))
    KPIS["nps"] = lambda view: net_share(
        view.dated(view.answers, "answered_at"),
        lambda row: row["score"] >= 9,
        lambda row: row["score"] <= 6,
        rated("nps"),
    )
    KPIS["nps_of_asked"] = lambda view: net_share(
        view.dated(view.answers, "offered_at"), lambda row: (row["score"] or 0) >= 9,
        lambda row: row["score"] is not None and row["score"] <= 6, asked("nps"),
    )  # fmt: skip
    KPIS["nki"] = lambda view: index(
        view.dated(view.answers, "answered_at"), ("nki_satisfaction", "nki_expectation", "nki_ideal")
    )
    KPIS["nki_four"] = lambda view: index(
        view.dated(view.answers, "answered_at"), ("nki_satisfaction", "nki_expectation", "nki_ideal", "nki_fourth")
    )


# Unfinished cases: a product of what is left at each age at which something ended


def curve(rows: Sequence[tuple[float | None, float, bool]]) -> tuple[list[tuple[float, float]], float | None, int]:
    """Ages with the share left after each, the last age at which five were watched, and how many were watched at all.

    A row is the age at which watching began (None: from the start), at which it ended, and whether by the event.
    """
    kept = [row for row in rows if row[1] >= 0 and (row[0] is None or row[1] > row[0])]
    left, steps, last = 1.0, [], None
    for age in sorted({ended for _, ended, _ in kept}):
        risk = sum((began is None or began < age) and ended >= age for began, ended, _ in kept)
        done = sum(ended == age and is_event for _, ended, is_event in kept)
        if risk >= 5:
            last = age
            if done:
                left *= 1 - done / risk
                steps.append((age, left))
    return steps, last, len(kept)


def watched(view: View, of: Test) -> list[tuple[float | None, float, bool]]:
    """The rows under watch in the period. `of` gives opening, end, whether that was the event, and one unit of age."""
    end = view.looked_at()
    start = None if view.start is None else view.midnight(view.start)
    found: list[tuple[float | None, float, bool]] = []
    for row in view.tickets:
        opened, ended, is_event, unit = of(row)
        if end is None or not view.keep(row) or opened is None or not unit:
            continue
        if opened >= end or (start and ended and ended <= start):
            continue
        began = int((start - opened).total_seconds()) / unit if start and opened < start else None
        age = int((min(ended or end, end) - opened).total_seconds()) / unit
        found.append((began, age, bool(is_event and ended and ended <= end)))
    return found


def _ended_by_reply(row: Row) -> tuple[datetime | None, datetime | None, bool]:
    replied = None if row["is_auto_replied"] else row["first_replied_at"]
    known = replied or is_open(row) or row["resolved_at"]
    opened = (
        row["created_at"]
        if known and not (row["is_outbound"] or row["reply_unknown"]) and row["replied_in_order"]
        else None
    )
    return opened, replied or row["resolved_at"], bool(replied)


def _ended_by_resolution(row: Row) -> tuple[datetime | None, datetime | None, bool]:
    is_dated = is_open(row) or row["resolved_at"]
    opened = row["created_at"] if is_dated and row["resolved_in_order"] else None
    return opened, row["resolved_at"], row["is_resolved"]


def _curves() -> None:
    def age(of: Test, at: float) -> Callable[[View], Result]:
        def found(view: View) -> Result:
            steps, _, n = curve(watched(view, lambda row: (*of(row), 1)))
            return (next((age for age, left in steps if left <= 1 - at + 1e-12), None), n)

        return found

    def area(of: Test, up_to: int) -> Callable[[View], Result]:
        def found(view: View) -> Result:
            steps, last, n = curve(watched(view, lambda row: (*of(row), 1)))
            if last is None or (up_to > last and (not steps or steps[-1][1] > 0)):
                return None, n
            edges = [(0.0, 1.0), *((min(age, up_to), left) for age, left in steps), (float(up_to), 0.0)]
            return sum((after - age) * left for (age, left), (after, _) in pairwise(edges)), n

        return found

    def share_done(of: Test, target: Test) -> Callable[[View], Result]:
        def found(view: View) -> Result:
            steps, last, n = curve(watched(view, lambda row: (*of(row), target(row))))
            if last is None or (last < 1 and (not steps or steps[-1][1] > 0)):
                return None, n
            return 1 - next((left for age, left in reversed(steps) if age <= 1), 1.0), n

        return found

    for name, of, up_to in (
        ("first_reply_time_km", _ended_by_reply, 7 * 86400),
        ("resolution_time_km", _ended_by_resolution, 30 * 86400),
    ):
        KPIS[name], KPIS[f"{name}_p90"], KPIS[f"{name}_mean"] = age(of, 0.5), age(of, 0.9), area(of, up_to)
    KPIS["first_reply_within_km"] = share_done(_ended_by_reply, lambda row: row["target"])
    KPIS["resolved_within_km"] = share_done(_ended_by_resolution, lambda row: row["resolution_target"])


for _chapter in (_stocks, _flows, _times, _promises, _resolutions, _surveys, _curves):
    _chapter()
