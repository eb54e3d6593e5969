"""Which KPIs a report opens with, in the order in which it shows them.

The order is one ranking over all subjects and is kept in one place; people find a number by its place, so that it never
follows the values. A project file may name others.
"""

from collections.abc import Collection, Sequence

from kpi_core.model.kpi import Kpi

MOST = 12
"""More than a dozen lines are no answer."""
PROMISED, OF_THE_HELP_DESK = "first_reply_within", "sla_first_reply_rate"
"""Where somebody says what was promised, the help desk's own verdict on another promise is not what is asked about."""
MOST_OWN = 4
"""KPIs that users have defined and that a report opens with unasked."""

ORDER = (
    "csat", "nps", "nki", "ces",
    "first_reply_time", "resolution_time",
    "first_reply_within", "sla_first_reply_rate", "sla_resolution_rate", "resolution_rate_cohort", "fcr_one_touch", "reopen_rate",
    "complaint_resolution_rate",
    "tickets_created", "backlog", "handle_time",
    "retention_rate", "churn_rate", "repurchase_rate", "revenue", "cac", "review_rating", "cost_per_ticket",
)  # fmt: skip
"""The order they stand in."""

FIRST = (
    "csat", "first_reply_within", "first_reply_time", "resolution_time", "backlog", "tickets_created", "fcr_one_touch", "nps", "nki", "ces",
    "retention_rate", "churn_rate", "repurchase_rate", "cac", "review_rating", "cost_per_ticket", "complaint_resolution_rate",
    "sla_resolution_rate", "sla_first_reply_rate", "reopen_rate", "resolution_rate_cohort", "revenue", "handle_time",
)  # fmt: skip
"""Which are chosen where files feed more than there is room for: the first of these."""


def headlines(kpis: Sequence[Kpi], wanted: Collection[str] = ()) -> tuple[str, ...]:
    """The names of the KPIs to open with, of those that have a result, in the order to show them.

    `wanted` are a user's own choice, in their order. Without one, KPIs that a user has defined come last, and where files feed
    none of the usual ones, the first there are.
    """
    names = list(dict.fromkeys(kpi.name for kpi in kpis))
    if wanted:
        return tuple(name for name in wanted if name in names)
    own = list(dict.fromkeys(kpi.name for kpi in kpis if kpi.own))[:MOST_OWN]
    known = {kpi.name for kpi in kpis if kpi.known_as}
    if PROMISED in known:
        known -= {OF_THE_HELP_DESK}
    chosen = {*[name for name in FIRST if name in known][: MOST - len(own)]}
    found = (*(name for name in ORDER if name in chosen), *own)
    return found or tuple(names[:MOST])
