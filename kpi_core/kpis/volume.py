"""Volume and load: what comes in, what goes out, what lies there."""

from polars import col, when

from kpi_core.model.kpi import TRADE, Better, Kpi, Unit
from kpi_core.model.measures import Count, Difference, Distinct, Mean, Part, Ratio, Share, Stock, StockAge, StockDays

ALL = col("ticket_id").is_not_null()
CREATED = Count(ALL)
FOLLOWED = Count(ALL & col("records_states"))
"""The tickets of files that say where they stand: the others came in, and it is unknown whether they went out."""
RESOLVED = Count(col("is_resolved"))
OPENED = when(~col("is_resolved") | col("resolved_at").is_not_null()).then(col("created_at"))
CLOSED = when(col("is_resolved")).then(col("resolved_at"))
STATIONS = when(col("agent_stations") > 0).then(col("agent_stations") - 1)


def _age(name: str, description: str, formula: str, measure: StockAge, variant_of: str | None = None) -> Kpi:
    return Kpi(
        name=name,
        subject="volume",
        description=description,
        formula=formula,
        table="tickets",
        dated_by="created_at",
        measure=measure,
        unit=Unit.SECONDS,
        better=Better.LOWER,
        worth_knowing=0.10,
        reference=TRADE,
        variant_of=variant_of,
    )


AGES = (
    _age("backlog_age", "Median age of the tickets open at the end of the period.", "median of (end − created) over the backlog",
         StockAge(OPENED, CLOSED)),
    _age("backlog_age_p90", "Age that nine in ten tickets of the backlog are younger than.",
         "90th percentile of (end − created) over the backlog", StockAge(OPENED, CLOSED, at=0.9), "backlog_age"),
    _age("backlog_age_business", "Median age of the tickets open at the end of the period, in business hours.",
         "median of (open time of --calendar from created to the end) over the backlog",
         StockAge(OPENED, CLOSED, hours=col("own_hours")), "backlog_age"),
    _age("backlog_age_business_p90", "Age in business hours that nine in ten tickets of the backlog are younger than.",
         "90th percentile of (open time of --calendar from created to the end) over the backlog",
         StockAge(OPENED, CLOSED, at=0.9, hours=col("own_hours")), "backlog_age_business"),
)  # fmt: skip

KPIS = (
    Kpi(
        name="tickets_created",
        subject="volume",
        description="Tickets opened in the period.",
        formula="tickets created",
        table="tickets",
        dated_by="created_at",
        measure=CREATED,
        unit=Unit.COUNT,
        better=Better.NEITHER,
        worth_knowing=0.10,
        reference=TRADE,
    ),
    Kpi(
        name="tickets_resolved",
        subject="volume",
        description="Tickets resolved in the period, whenever they were opened.",
        formula="tickets whose last resolution lies in the period",
        table="tickets",
        dated_by="resolved_at",
        measure=RESOLVED,
        unit=Unit.COUNT,
        better=Better.NEITHER,
        worth_knowing=0.10,
        reference=TRADE,
        left_out="tickets that are not resolved",
    ),
    Kpi(
        name="net_flow",
        subject="volume",
        description="How many more tickets came in than were resolved.",
        formula="tickets created − tickets resolved",
        table="tickets",
        dated_by="created_at",
        measure=Difference(Part(FOLLOWED), Part(RESOLVED, dated_by="resolved_at")),
        unit=Unit.COUNT,
        better=Better.NEITHER,
        worth_knowing=0.10,
        reference=TRADE,
    ),
    Kpi(
        name="backlog",
        subject="volume",
        description="Tickets open at the end of the period, rebuilt from their last resolution.",
        formula="created before the end − resolved before the end",
        table="tickets",
        dated_by="created_at",
        measure=Stock(OPENED, CLOSED),
        unit=Unit.COUNT,
        better=Better.LOWER,
        worth_knowing=0.10,
        reference=TRADE,
        left_out="resolved tickets without a resolution time",
    ),
    *AGES,
    Kpi(
        name="backlog_days",
        subject="volume",
        description="Days it would take to clear the backlog at the pace of the last 28 days.",
        formula="backlog ÷ mean daily resolutions of the last 28 days",
        table="tickets",
        dated_by="created_at",
        measure=StockDays(OPENED, CLOSED),
        unit=Unit.DAYS,
        better=Better.LOWER,
        worth_knowing=0.10,
        reference=TRADE,
    ),
    Kpi(
        name="tickets_per_agent",
        subject="volume",
        description="Tickets of the period for each agent who had one.",
        formula="tickets created ÷ distinct agents",
        table="tickets",
        dated_by="created_at",
        measure=Ratio(Part(Count(col("agent").is_not_null())), Part(Distinct(col("agent")))),
        unit=Unit.RATIO,
        better=Better.NEITHER,
        worth_knowing=0.10,
        reference=TRADE,
        left_out="tickets without an agent",
    ),
    Kpi(
        name="handoffs",
        subject="volume",
        description="Times a resolved ticket changed hands between agents.",
        formula="mean of (agents it lay with − 1)",
        table="tickets",
        dated_by="resolved_at",
        measure=Mean(when(col("is_resolved")).then(STATIONS)),
        unit=Unit.RATIO,
        better=Better.LOWER,
        worth_knowing=0.10,
        reference=TRADE,
        left_out="tickets not resolved, or that lay with nobody",
    ),
    Kpi(
        name="handoff_rate",
        subject="volume",
        description="Resolved tickets that changed hands at least once.",
        formula="lay with 2 agents or more ÷ resolved",
        table="tickets",
        dated_by="resolved_at",
        measure=Share(STATIONS >= 1, col("is_resolved") & (col("agent_stations") > 0)),
        unit=Unit.SHARE,
        better=Better.LOWER,
        worth_knowing=0.05,
        reference=TRADE,
        left_out="tickets not resolved, or that lay with nobody",
    ),
    Kpi(
        name="channels_per_case",
        subject="volume",
        description="Channels a customer needed for one case: those they wrote by in it, else those of their contacts within 7 days.",
        formula="mean of distinct channels of the customer's messages in a case, else of their tickets within 7 days",
        table="tickets",
        dated_by="created_at",
        measure=Mean(when(col("is_case")).then(col("channels"))),
        unit=Unit.RATIO,
        better=Better.LOWER,
        worth_knowing=0.10,
        reference=TRADE,
        left_out="cases whose channel or customer is not known",
        speaks_of=col("is_case"),
    ),
    Kpi(
        name="answer_rate",
        subject="volume",
        description="Contacts that were answered: calls picked up, chats taken.",
        formula="answered ÷ contacts",
        table="tickets",
        dated_by="created_at",
        measure=Share(col("is_answered"), col("is_answered").is_not_null()),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        worth_knowing=0.05,
        reference=TRADE,
        left_out="contacts that do not say",
    ),
)
