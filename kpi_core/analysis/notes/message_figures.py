"""What must be said beside figures that rest on messages: what nobody can tell from them, and which of them count for nothing."""

from collections.abc import Iterable, Mapping

from kpi_core.config.plurals import some
from kpi_core.facts import Facts
from kpi_core.facts.conversations.messages import NEGATIVE_REPLY, NOISE, UNTOLD, WRITTEN
from kpi_core.facts.conversations.threads import CHANNELS, DIFFERS, tells_apart
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import MARKED, WITHHELD

OF_FIRST_REPLIES = ("first_reply_time", "first_reply_within", "sla_first_reply_rate")
"""What the names of KPIs of first replies begin with."""
UNSORTED = "the export cannot tell automatic first replies from an agent's"
TICKETS_OWN = "the first replies are the ticket export's own, which may count automatic ones; how many were, the messages tell (automated_first_reply_rate)"
REPLY_KPIS = ("reply_time", "reply_time_mean", "reply_time_p90")
TOLD = {
    NOISE: ("merged-or-spam", "message", "is", "left out: of merged or spam tickets"),
    UNTOLD: ("messages-untold", "message", "does", "not say of which case, when or by whom: in no turn, and no reply"),
    WRITTEN: ("written-reply-time", "reply", "stands", "without the question: the reply time is the export's own"),
    NEGATIVE_REPLY: ("negative-time", "reply", "has", "a reply time under 0: left out of it"),
}
"""What is said of messages, by the reason their facts count them under."""


def message_findings(facts: Mapping[str, Facts]) -> list[Finding]:
    """The messages that count for nothing, and the times that are not the turns' own."""
    messages, tickets = facts.get("messages"), facts.get("tickets")
    if messages is None:
        return []
    found = [
        Finding(code=code, text=some(count, noun, verb, rest), kpis=REPLY_KPIS)
        for reason, count in messages.counts.items()
        for code, noun, verb, rest in [TOLD[reason]]
    ]
    return found if tickets is None else [*found, *_two_replies(tickets)]


def _two_replies(tickets: Facts) -> list[Finding]:
    """What is said where the first replies of the tickets' own column are not those of their messages."""
    if DIFFERS not in tickets.frame.columns:
        return []
    both = tickets.frame[DIFFERS].drop_nulls()
    if not len(both) or (share := float(both.sum()) / len(both)) <= MARKED:
        return []
    text = (
        f"the first reply in the tickets' own column is not that of their messages in {int(both.sum()):,} of {some(len(both), 'ticket')}"
        " that have both: the column counts in first reply times, the messages in reply times"
    )
    kpis = ("first_reply*", "reply_time*")
    return [Finding(code="two-first-replies", text=text, kpis=kpis, share=share, is_serious=share > WITHHELD)]


def message_notes(kpi: Kpi, estimate: Estimate, facts: Mapping[str, Facts]) -> Iterable[str]:
    """The notes of a result that rests on messages, or on what stands in for them."""
    messages, tickets = facts.get("messages"), facts.get("tickets")
    if (
        kpi.known_as.startswith(OF_FIRST_REPLIES)
        and estimate.n
        and tickets is not None
        and not _sorts_replies(kpi, tickets)
    ):
        yield TICKETS_OWN if "is_auto_replied" in tickets.available else UNSORTED
    if kpi.known_as.startswith("reply_time") and estimate.n and messages is not None and not tells_bots(messages):
        yield "the export cannot tell automatic replies from an agent's"
    if kpi.known_as == "channels_per_case" and tickets is not None and CHANNELS not in tickets.frame.columns:
        yield "without messages: a customer's tickets within 7 days of the first of them count as one case"


def _sorts_replies(kpi: Kpi, tickets: Facts) -> bool:
    """Whether automatic first replies are told apart; those of any kind are only had where they are."""
    if "is_auto_replied" not in tickets.available:
        return False
    return kpi.known_as.startswith("first_reply_time_any") or tells_apart(tickets.frame)


def tells_bots(messages: Facts) -> bool:
    """Whether some of the messages are said to be a bot's."""
    return "author" in messages.frame.columns and bool((messages.frame["author"] == "bot").any())
