"""First contact resolution: by the replies it took, by whether it came back, or by what the customer says."""

from polars import col

from kpi_core.model.measures import Share
from kpi_core.variants.definition import catalogued, rival

_RESOLVED = col("is_resolved")
_REPLIES = col("agent_replies")
_ONCE = (col("reopens") == 0) & (col("agent_stations") == 1)
_COMMUNITY = "Freshworks community, How are First Contact Resolution and Average First Response Time defined"
_ZENDESK = "Zendesk, How are one-touch resolutions calculated"

DEFINITIONS = (
    catalogued("fcr_one_touch", "exactly one reply, of those with a reply", "ours"),
    rival("fcr_fewer_than_two_replies", "fcr_one_touch", "fewer than two replies, none counts as one touch", "zendesk", "zendesk-explore",
          formula="agent replies < 2 and solved ÷ solved",
          measure=Share(_REPLIES < 2, _RESOLVED & _REPLIES.is_not_null()), source=_ZENDESK),
    rival("fcr_first_response", "fcr_one_touch", "one reply, of everything resolved", "freshdesk", "zoho",
          formula="resolved with exactly one reply ÷ resolved, those without any reply included",
          measure=Share(_REPLIES == 1, _RESOLVED & _REPLIES.is_not_null()),
          source=f"{_COMMUNITY}; Zoho Desk, Understanding the agent performance report: FCR tickets"),
    rival("fcr_customer_silent", "fcr_one_touch", "the customer did not write again", "freshservice",
          formula="resolved with no customer message after the first description ÷ resolved, whatever number of agent replies",
          measure=Share(col("customer_replies") == 0, _RESOLVED & col("customer_replies").is_not_null()),
          source="Freshservice, How do you calculate FCR"),
    rival("fcr_closed_once", "fcr_one_touch", "closed once, by one teammate", "intercom",
          formula="never reopened and with one agent only ÷ closed, in the period they began", dated_by="created_at",
          measure=Share(_ONCE, _RESOLVED & col("reopens").is_not_null() & col("agent_stations").is_not_null()),
          source="Intercom, Reporting metrics and attributes: Closed conversations on first contact (closed ones read as the whole)"),
    catalogued("fcr_one_touch_strict", "one reply and never reopened", "strict"),
    catalogued("fcr_no_reopen", "never reopened, seen for 7 days", "trade"),
    catalogued("fcr_no_repeat", "no new ticket by the customer in 7 days", "strict"),
    catalogued("fcr_no_repeat_14", "no new ticket by the customer in 14 days", "strict"),
    catalogued("fcr_no_repeat_30", "no new ticket by the customer in 30 days", "strict"),
    catalogued("fcr_survey", "the customer says so", "customer"),
    rival("fcr_of_all", "fcr_one_touch", "one reply, of all tickets", "naive", dated_by="created_at",
          formula="exactly one reply ÷ all tickets, open ones included", measure=Share(_REPLIES == 1, _REPLIES.is_not_null())),
)  # fmt: skip
