"""First reply: median or mean, calendar or business hours, and what an unanswered ticket counts as."""

from polars import col, when

from kpi_core.model.measures import Mean, Quantile
from kpi_core.variants.definition import catalogued, rival

_CALCULATING = "Zendesk, Calculating first reply time"
_GORGIAS = "Gorgias, How metrics are calculated"
_ZEROS = "the help desk writes 00:00:00 for no reply, and here that is a time of nothing"

DEFINITIONS = (
    catalogued("first_reply_time", "median by the clock, answered tickets, by a human", "ours", "intercom",
               source="Intercom, Responsiveness report: median by default, by the day the conversation began"),
    rival("first_reply_time_gorgias", "first_reply_time", "the same, in the period of the reply", "gorgias",
          formula="median of (first reply − created), dated by the reply; tickets an agent opened left out", source=_GORGIAS,
          measure=Quantile(when(col("first_replied_at").is_not_null()).then(col("first_reply_time"))), dated_by="first_replied_at"),
    rival("first_reply_time_zendesk", "first_reply_time", "Zendesk's calendar column, agents' own tickets too", "zendesk", "zendesk-explore",
          formula="median of the export's own calendar column, tickets opened by an agent included", source=_CALCULATING,
          measure=Quantile(col("written_first_reply_time"))),
    catalogued("first_reply_time_mean", "mean instead of median", "zoho",
               source="Zoho Desk, Understanding the agent performance report: First response time [Avg]"),
    catalogued("first_reply_time_km", "unanswered tickets count for as long as they have waited", "strict"),
    catalogued("first_reply_time_any", "automatic replies count", "trade"),
    catalogued("first_reply_time_business", "median of the business-hours column, zeros for no reply left out", "ours", "zendesk-explore",
               source=_CALCULATING),
    catalogued("first_reply_time_business_mean", "mean of the business-hours column, zeros for no reply left out", "freshdesk",
               source="Freshworks community, How are First Contact Resolution and Average First Response Time defined"),
    rival("first_reply_time_as_written", "first_reply_time", "calendar column as written, zeros too", "naive",
          formula=f"median of every cell of the calendar column: {_ZEROS}", measure=Quantile(col("written_first_reply_time"))),
    rival("first_reply_time_office_as_written", "first_reply_time", "business-hours column as written, zeros too", "naive",
          formula=f"median of every cell of the business-hours column: {_ZEROS}",
          measure=Quantile(col("written_first_reply_time_business"))),
    rival("first_reply_time_office_mean_as_written", "first_reply_time", "mean of the business-hours column as written", "naive",
          formula=f"mean of every cell of the business-hours column: {_ZEROS}",
          measure=Mean(col("written_first_reply_time_business"))),
    rival("first_reply_time_over_all", "first_reply_time", "sum of the times over all tickets", "naive",
          formula="sum of (first reply − created) ÷ all tickets, unanswered ones included",
          measure=Mean(when(col("awaits_reply")).then(col("first_reply_time").fill_null(0)))),
)  # fmt: skip
