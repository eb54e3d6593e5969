"""The facts messages must have, in plain Python: each conversation read from its first message to its last.

A message is a dict of canonical column names. Messages of one instant stand in the order customer, agent, bot.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from reference import KPIS, Row, View, mean, quantile, since, winners

WEEK = timedelta(days=7)
WRITERS = ("customer", "agent", "bot")


def conversations(messages: Sequence[Row]) -> dict[str, list[Row]]:
    """The public messages of each case in order; those of no case, time or writer are in none."""
    threads: dict[str, list[Row]] = {}
    for message in winners(messages, "message_id", ("sent_at",)):
        if message["ticket_id"] and message["sent_at"] and message["author"] and message["is_public"] is not False:
            threads.setdefault(message["ticket_id"], []).append(message)
    for thread in threads.values():
        thread.sort(key=lambda message: (message["sent_at"], WRITERS.index(message["author"])))
    return threads


def turns(messages: Sequence[Row]) -> list[Row]:
    """The customers' turns: when each began, and how long until an agent answered."""
    return [turn for thread in conversations(messages).values() for turn in walk(thread)]


def walk(thread: Sequence[Row]) -> Iterator[Row]:
    """The turns of one conversation, one step at a time."""
    waiting: Row | None = None
    for message in thread:
        if message["author"] == "customer":
            waiting = waiting or message
        elif message["author"] == "agent" and waiting:
            yield waiting | {
                "asked_at": waiting["sent_at"],
                "reply_time": since(waiting["sent_at"], message["sent_at"]),
            }
            waiting = None
    if waiting:
        yield waiting | {"asked_at": waiting["sent_at"], "reply_time": None}


def made_tickets(messages: Sequence[Row]) -> list[Row]:
    """A ticket for each conversation in which a customer has written, with when it was answered and by whom."""
    threads = conversations(messages)
    marks_bots = any(message["author"] == "bot" for thread in threads.values() for message in thread)
    return [
        made_ticket(number, thread, marks_bots=marks_bots)
        for number, thread in threads.items()
        if any(message["author"] == "customer" for message in thread)
    ]


def made_ticket(number: str, thread: Sequence[Row], *, marks_bots: bool) -> Row:
    opening = next(message for message in thread if message["author"] != "bot")
    created, asked = opening["sent_at"], first(thread, "customer")
    replies = [
        message
        for message in thread
        if message["author"] != "customer" and (message["sent_at"] >= asked or message["sent_at"] > created)
    ]
    by_agent, by_anyone = first(replies, "agent"), min((one["sent_at"] for one in replies), default=None)
    waits = opening["author"] == "customer"
    is_automatic = by_anyone is not None and (by_agent is None or by_anyone < by_agent)
    writers = [message["agent"] for message in thread if message["author"] == "agent" and message["agent"]]
    return {
        "ticket_id": number, "created_at": created, "first_replied_at": by_agent, "group": opening["group"],
        "agent": writers[-1] if writers else None, "resolved_at": None,
        "first_reply_time": since(created, by_agent) if waits else None,
        "first_reply_time_any": since(created, by_anyone) if waits and marks_bots else None,
        "is_auto_replied": is_automatic if marks_bots and by_anyone else None,
        "channels": len({one["channel"] for one in thread if one["author"] == "customer" and one["channel"]}) or None,
    }  # fmt: skip


def first(thread: Iterable[Row], author: str) -> datetime | None:
    """When someone first wrote."""
    return min((message["sent_at"] for message in thread if message["author"] == author), default=None)


def contacts(tickets: Sequence[Row]) -> list[Row]:
    """Tickets that stand for a case: the first of a customer's within 7 days, with the channels used in them."""
    cases = [row | {"channels": None} for row in tickets if not row["customer_id"] or not row["created_at"]]
    open_cases: dict[str, Row] = {}
    known = (ticket for ticket in tickets if ticket["customer_id"] and ticket["created_at"])
    for ticket in sorted(known, key=lambda row: row["created_at"]):
        case = open_cases.get(ticket["customer_id"])
        if case is None or ticket["created_at"] - case["created_at"] > WEEK:
            case = open_cases[ticket["customer_id"]] = ticket | {"used": set()}
            cases.append(case)
        case["used"] |= {ticket["channel"]} - {None}
    return [case | {"channels": len(case["used"]) or None} if "used" in case else case for case in cases]


def _channels(view: View) -> tuple[float | None, int]:
    result = view.tickets if view.turns else contacts(view.tickets)
    return mean(row["channels"] for row in view.dated(result, "created_at"))


for _name in ("reply_time", "reply_time_business"):
    KPIS[_name] = lambda view, name=_name: quantile((row[name] for row in view.dated(view.turns, "asked_at")), 0.5)
    KPIS[f"{_name}_mean"] = lambda view, name=_name: mean(row[name] for row in view.dated(view.turns, "asked_at"))
    KPIS[f"{_name}_p90"] = lambda view, name=_name: quantile(
        (row[name] for row in view.dated(view.turns, "asked_at")), 0.9
    )
KPIS["channels_per_case"] = _channels
