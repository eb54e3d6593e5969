"""Resolution rate and reopens: solved out of what, by when, and for good or not."""

from polars import col

from kpi_core.kpis.quality import DAY_SECONDS, REOPENED, can_be_within
from kpi_core.model.measures import Share
from kpi_core.variants.definition import catalogued, rival

_RESOLVED = col("is_resolved")
_WITHIN_30 = (col("resolved_at") - col("created_at")).dt.total_seconds() <= 30 * DAY_SECONDS
_EXPLORE = "Zendesk, Metrics and attributes for Zendesk Support: Reopened tickets, Solved tickets"

RESOLUTION_RATE = (
    catalogued("resolution_rate", "resolved in the period ÷ opened in it", "ours"),
    catalogued("resolution_rate_cohort", "opened in it and solved within 7 days", "strict"),
    rival("resolution_rate_cohort_30", "resolution_rate_cohort", "opened in it and solved within 30 days", "strict",
          formula="resolved within 30 days of opening ÷ created",
          measure=Share((_RESOLVED & (col("resolved_at").is_null() | _WITHIN_30)).fill_null(value=False), can_be_within(30))),
    rival("resolution_rate_of_all", "resolution_rate_cohort", "solved by now, of all rows", "naive", "zendesk-explore",
          formula="solved or closed now ÷ tickets: older periods had longer to get there",
          measure=Share(_RESOLVED, col("ticket_id").is_not_null()), source="Zendesk, Metrics and attributes for Zendesk Support: Solved tickets, Tickets"),
    catalogued("resolution_rate_of_answered", "of the contacts that were answered", "trade", source="call centres"),
    catalogued("successful_resolution_rate", "solved, not reopened, not rated bad", "strict"),
    catalogued("confirmed_resolution_rate", "the customer says so, of those who answered", "customer"),
    catalogued("confirmed_of_resolved", "the customer says so, of all resolved", "customer"),
)  # fmt: skip

REOPEN = (
    catalogued("reopen_rate", "reopened ÷ ever resolved", "ours"),
    rival("reopen_of_solved", "reopen_rate", "reopened and solved again ÷ solved", "zendesk-explore",
          formula="reopens > 0 and solved now ÷ solved now: those still open again are left out", source=_EXPLORE,
          measure=Share(REOPENED, _RESOLVED & col("reopens").is_not_null())),
    rival("reopen_of_all", "reopen_rate", "reopened ÷ all tickets", "naive",
          formula="reopens > 0 ÷ all tickets, also those never solved, which cannot come back",
          measure=Share(REOPENED, col("reopens").is_not_null())),
    catalogued("reopens_per_ticket", "times reopened, per ticket", "trade"),
)  # fmt: skip
