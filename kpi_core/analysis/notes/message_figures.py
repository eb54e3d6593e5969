"""The notes on figures that rest on messages: what they do not show, and which of them count for nothing."""

from collections.abc import Iterable, Mapping

from kpi_core.facts import Facts
from kpi_core.facts.conversations import messages as conversations
from kpi_core.facts.conversations.threads import CHANNELS, DIFFERS, separates_automatic_replies
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import MARKED, WITHHELD

OF_FIRST_REPLIES = ("first_reply_time", "first_reply_within", "sla_first_reply_rate")
"""What the names of KPIs of first replies begin with."""
UNSORTED = Message("first-replies-unsorted")
TICKETS_OWN = Message("first-replies-of-tickets")
REPLY_KPIS = ("reply_time", "reply_time_mean", "reply_time_p90")


def message_findings(facts: Mapping[str, Facts]) -> list[Finding]:
    """The messages that count for nothing, and the times that are not the turns' own."""
    messages, tickets = facts.get("messages"), facts.get("tickets")
    if messages is None:
        return []
    found = [
        Finding(code=code, message=message, kpis=REPLY_KPIS)
        for reason, count in messages.counts.items()
        for code, message in [_counted(reason, count)]
    ]
    return found if tickets is None else [*found, *_two_replies(tickets)]


def _counted(reason: str, count: int) -> tuple[str, Message]:
    """The code and message of messages that their facts count under a reason."""
    match reason:
        case conversations.NOISE:
            return "merged-or-spam", Message("messages-of-merged-or-spam", count=count)
        case conversations.UNIDENTIFIED:
            return "messages-untold", Message("messages-untold", count=count)
        case conversations.WRITTEN:
            return "written-reply-time", Message("replies-without-question", count=count)
        case _:
            return "negative-time", Message("negative-reply-times", count=count)


def _two_replies(tickets: Facts) -> list[Finding]:
    """The finding where the first replies of the tickets' own column are not those of their messages."""
    if DIFFERS not in tickets.frame.columns:
        return []
    both = tickets.frame[DIFFERS].drop_nulls()
    if not len(both) or (share := float(both.sum()) / len(both)) <= MARKED:
        return []
    message = Message("two-first-replies", unlike=int(both.sum()), count=len(both))
    kpis = ("first_reply*", "reply_time*")
    return [Finding(code="two-first-replies", message=message, kpis=kpis, share=share, is_serious=share > WITHHELD)]


def message_notes(kpi: Kpi, estimate: Estimate, facts: Mapping[str, Facts]) -> Iterable[Message]:
    """The notes of a result that rests on messages, or on what stands in for them."""
    messages, tickets = facts.get("messages"), facts.get("tickets")
    if (
        kpi.known_as.startswith(OF_FIRST_REPLIES)
        and estimate.n
        and tickets is not None
        and not _sorts_replies(kpi, tickets)
    ):
        yield TICKETS_OWN if "is_auto_replied" in tickets.available else UNSORTED
    if kpi.known_as.startswith("reply_time") and estimate.n and messages is not None and not marks_bots(messages):
        yield Message("replies-unsorted")
    if kpi.known_as == "channels_per_case" and tickets is not None and CHANNELS not in tickets.frame.columns:
        yield Message("cases-without-messages")


def _sorts_replies(kpi: Kpi, tickets: Facts) -> bool:
    """Whether automatic first replies are distinguished; those of any kind are only had where they are."""
    if "is_auto_replied" not in tickets.available:
        return False
    return kpi.known_as.startswith("first_reply_time_any") or separates_automatic_replies(tickets.frame)


def marks_bots(messages: Facts) -> bool:
    """Whether some of the messages are marked as a bot's."""
    return "author" in messages.frame.columns and bool((messages.frame["author"] == "bot").any())
