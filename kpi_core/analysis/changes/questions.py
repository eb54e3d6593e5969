"""The questions a report asks of the data: several KPIs are answers to one, and it is asked once.

First reply, its 90th percentile and the share replied to in time all move when customers wait longer. Asked three times, one
answer would count three times among the verdicts, and chance would have three tries at each.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import needs
from kpi_core.kpis import BY_NAME
from kpi_core.model.kpi import Kpi
from kpi_core.records import dataclass

MOST_HEADLINES = 12
"""Headline questions at most: each further one costs the others power."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What KPIs of these names have in common; `lead` is the one whose test answers it, `falling` are those that fall as it rises."""

    name: str
    lead: str
    kpis: tuple[str, ...]
    falling: tuple[str, ...] = ()

    def falls(self, kpi: Kpi) -> bool:
        """Whether a KPI falls as the lead rises."""
        return any(fnmatchcase(kpi.name, name) for name in self.falling)


FLOW, FIRST_REPLY, RESOLUTION = "flow", "first_reply", "resolution"
QUESTIONS = (
    Question(name=FLOW, lead="net_flow", kpis=("net_flow", "backlog", "backlog_days", "resolution_rate"), falling=("resolution_rate",)),
    Question(name=FIRST_REPLY, lead="first_reply_time",
        kpis=("first_reply_time*", "first_reply_within*", "sla_first_reply_rate"), falling=("first_reply_within*", "sla_*")),
    Question(name="reply", lead="reply_time", kpis=("reply_time*",)),
    Question(name="requester_wait", lead="requester_wait_time", kpis=("requester_wait_time*",)),
    Question(
        name=RESOLUTION, lead="resolution_time",
        kpis=("resolution_time*", "first_resolution_time*", "resolved_within_km", "sla_resolution_rate*"),
        falling=("resolved_within_km", "sla_*"),
    ),
    Question(name="review_reply", lead="review_reply_time", kpis=("review_reply_time*",)),
    Question(name="customers_lost", lead="churn_rate", kpis=("churn_rate", "retention_rate"), falling=("retention_rate",)),
    Question(name="customers_net", lead="net_customer_change", kpis=("net_customer_change", "customer_growth")),
    Question(name="reviews", lead="review_rating", kpis=("review_rating", "review_rating_5")),
)  # fmt: skip
"""Those that more than one KPI answers; any other KPI is a question of its own."""

HEADLINES = (
    "tickets_created", FLOW, FIRST_REPLY, "resolution", "csat", "nps", "fcr_one_touch", "handle_time", "ces", "nki",
    "reviews", "customers_lost", "response_rate", "revenue", "repurchase_rate", "cac", "reply", "tickets_resolved",
)  # fmt: skip
"""What a manager asks first, the most asked first."""


def question_of(kpi: Kpi) -> Question:
    """The question that a KPI answers; what a user has defined answers its own."""
    return (_shared(kpi.name) if kpi.known_as else None) or Question(name=kpi.name, lead=kpi.name, kpis=(kpi.name,))


@lru_cache(maxsize=1024)
def _shared(name: str) -> Question | None:
    """The question that a KPI of the catalogue answers with others."""
    return next((one for one in QUESTIONS if any(fnmatchcase(name, each) for each in one.kpis)), None)


def lead_of(question: Question, engine: Engine) -> Kpi | None:
    """The KPI whose test answers a question, as a report has it; None where its files cannot feed it."""
    lead = next((one for one in engine.kpis if one.name == question.lead), BY_NAME.get(question.lead))
    tables = engine.tables
    is_fed = lead is not None and all(
        table in tables and column in tables[table].frame.columns and column in tables[table].available
        for table, column in needs(lead)
    )
    return lead if is_fed else None


def headlines(asked: Iterable[str]) -> frozenset[str]:
    """The headline questions among those asked, twelve at most."""
    known = frozenset(asked)
    return frozenset([name for name in HEADLINES if name in known][:MOST_HEADLINES])
