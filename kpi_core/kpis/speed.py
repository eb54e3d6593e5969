"""Speed: how long customers wait, by the clock and in the help desk's business hours."""

from polars import Expr, col, when

from kpi_core.kpis.waiting import FIRST_REPLY_WAITS, RESOLUTION_WAITS
from kpi_core.model.kpi import TRADE, Better, Kpi, Unit
from kpi_core.model.measures import Mean, Quantile, Share
from kpi_core.model.service_levels import Judged
from kpi_core.records import dataclass

SHOWN = frozenset(
    {"first_reply_time_business", "reply_time_business", "resolution_time_business", "sla_resolution_rate_vendor"}
)
"""Variants a report shows unasked: the help desk's own hours and word."""


NO_REPLY = "tickets without a reply, opened by an agent, or with a negative time"
NO_REPLY_OF_ANY = (
    "tickets without a reply, opened by an agent, with a negative time, or of which the files hold no messages"
)


@dataclass(frozen=True, kw_only=True)
class _Time:
    """A duration that becomes three KPIs: median, mean and 90th percentile."""

    name: str
    dated_by: str
    description: str
    formula: str
    left_out: str
    is_variant: str | None = None
    table: str = "tickets"
    only: str | None = None
    speaks_of: Expr | None = None
    reference: str = TRADE

    def kpis(self) -> tuple[Kpi, ...]:
        """The median under the plain name, then `_mean` and `_p90`."""
        fact = col(self.name) if self.only is None else when(col(self.only)).then(col(self.name))
        forms = ((self.name, "Median", "median", Quantile(fact)), (f"{self.name}_mean", "Mean", "mean", Mean(fact)),
                 (f"{self.name}_p90", "90th percentile of the", "90th percentile", Quantile(fact, at=0.9)))  # fmt: skip
        return tuple(
            Kpi(
                name=name,
                subject="speed",
                description=f"{word} {self.description}.",
                formula=f"{short} of ({self.formula})",
                table=self.table,
                dated_by=self.dated_by,
                measure=measure,
                unit=Unit.SECONDS,
                better=Better.NEITHER if self.name.startswith("handle_time") else Better.LOWER,
                worth_knowing=0.10,
                left_out=self.left_out,
                speaks_of=self.speaks_of,
                variant_of=self.is_variant if name == self.name else self.name,
                shown=name == self.name and name in SHOWN,
                reference=self.reference,
            )
            for name, word, short, measure in forms
        )


FIRST_REPLY = _Time(
    name="first_reply_time", dated_by="created_at", description="time to the first public reply by an agent, by the clock",
    formula="first reply − created", left_out=NO_REPLY,
)  # fmt: skip
FIRST_REPLY_BUSINESS = _Time(
    name="first_reply_time_business", dated_by="created_at", is_variant="first_reply_time",
    description="time to the first reply in business hours", formula="open time of --calendar, else the export's business-hours column",
    left_out=NO_REPLY,
)  # fmt: skip
FIRST_REPLY_ANY = _Time(
    name="first_reply_time_any", dated_by="created_at", is_variant="first_reply_time",
    description="time to the first reply, automatic ones included", formula="first reply of any kind − created",
    left_out=NO_REPLY_OF_ANY,
)  # fmt: skip
FIRST_REPLY_ANY_BUSINESS = _Time(
    name="first_reply_time_any_business", dated_by="created_at", is_variant="first_reply_time_any",
    description="time to the first reply in business hours, automatic ones included", left_out=NO_REPLY_OF_ANY,
    formula="open time of --calendar, else the export's business-hours column, to the first reply of any kind",
)  # fmt: skip
REPLY = _Time(
    name="reply_time", dated_by="asked_at", table="messages", only="is_turn", speaks_of=col("is_turn"),
    description="time from what a customer writes to the agent's next reply, over all turns of all cases, by the clock",
    formula="next reply by an agent − first message of the customer's turn", left_out="turns not answered",
)  # fmt: skip
REPLY_BUSINESS = _Time(
    name="reply_time_business", dated_by="asked_at", table="messages", only="is_turn", speaks_of=col("is_turn"),
    description="time from what a customer writes to the agent's next reply, in business hours", is_variant="reply_time",
    formula="open time of --calendar, else the export's business-hours column", left_out="turns not answered",
)  # fmt: skip
REQUESTER_WAIT = _Time(
    name="requester_wait_time", dated_by="resolved_at", only="is_resolved", description="time the customer waited for us, by the clock",
    formula="time in new, open and on hold by the changes of status, else the export's own requester wait time",
    left_out="tickets not resolved, or whose wait is not known",
    reference="an export's own column is Zendesk's: time in New, Open and On-hold",
)  # fmt: skip
REQUESTER_WAIT_BUSINESS = _Time(
    name="requester_wait_time_business", dated_by="resolved_at", only="is_resolved", is_variant="requester_wait_time",
    description="time the customer waited for us, in business hours", left_out="tickets not resolved, or whose wait is not known",
    formula="open time of --calendar in new, open and on hold by the changes of status, else the export's own in business hours",
    reference="an export's own column is Zendesk's: time in New, Open and On-hold",
)  # fmt: skip
RESOLUTION = _Time(
    name="resolution_time", dated_by="resolved_at", description="time from opening to the last resolution, by the clock",
    formula="last resolution − created", left_out="tickets not resolved, or without a time of opening or resolution",
)  # fmt: skip
RESOLUTION_BUSINESS = _Time(
    name="resolution_time_business", dated_by="resolved_at", is_variant="resolution_time",
    description="time to the last resolution in business hours", formula="open time of --calendar, else the export's business-hours column",
    left_out="tickets not resolved, or without a time of opening or resolution",
)  # fmt: skip
FIRST_RESOLUTION = _Time(
    name="first_resolution_time", dated_by="resolved_at", is_variant="resolution_time",
    description="time from opening to the first resolution, by the clock", formula="first resolution − created",
    left_out="tickets never resolved",
)  # fmt: skip
FIRST_RESOLUTION_BUSINESS = _Time(
    name="first_resolution_time_business", dated_by="resolved_at", is_variant="resolution_time",
    description="time to the first resolution in business hours", formula="open time of --calendar, else the export's business-hours column",
    left_out="tickets never resolved",
)  # fmt: skip


def _sla(name: str, description: str, formula: str, measure: Judged, left_out: str, variant: str | None = None) -> Kpi:
    return Kpi(
        name=name,
        subject="speed",
        description=description,
        formula=formula,
        table="tickets",
        dated_by="created_at",
        measure=measure,
        unit=Unit.SHARE,
        better=Better.HIGHER,
        worth_knowing=0.05,
        reference=TRADE,
        left_out=left_out,
        variant_of=variant,
        shown=name in SHOWN,
    )


_REPLY_LATE = col("age") > col("first_reply_target")
_UNREPLIED = col("first_replied_at").is_null() & ~col("is_resolved")
_PROMISED_REPLY = col("awaits_reply") & col("records_replies") & col("first_reply_target").is_not_null()
REPLIED_IN_TIME = Judged(
    (col("first_reply_time") <= col("first_reply_target")).fill_null(value=False),
    _PROMISED_REPLY & (col("first_reply_time").is_not_null() | (_UNREPLIED & _REPLY_LATE)),
    pending=_PROMISED_REPLY & _UNREPLIED & col("first_reply_time").is_null() & ~_REPLY_LATE,
)
RESOLVED_IN_TIME = Judged(
    (col("is_resolved") & (col("resolved_at") <= col("due_at"))).fill_null(value=False),
    col("due_at").is_not_null()
    & col("is_resolution_in_order")
    & (col("resolved_at").is_not_null() | (~col("is_resolved") & col("is_past_due"))),
    pending=col("due_at").is_not_null() & ~col("is_resolved") & ~col("is_past_due"),
)
REPLY_CALLED_MET = Judged(
    col("sla_first_reply_met"), col("awaits_reply") & col("is_first_reply_judged"),
    pending=col("awaits_reply") & col("is_first_reply_awaited"),
)  # fmt: skip
RESOLUTION_CALLED_MET = Judged(
    col("sla_resolution_met"),
    col("sla_resolution_met").is_not_null() & (col("is_resolved") | ~col("sla_resolution_met")),
    pending=col("sla_resolution_met") & ~col("is_resolved"),
)

KPIS = (
    *FIRST_REPLY.kpis(),
    *FIRST_REPLY_BUSINESS.kpis(),
    *FIRST_REPLY_ANY.kpis(),
    *FIRST_REPLY_ANY_BUSINESS.kpis(),
    *FIRST_REPLY_WAITS,
    Kpi(
        name="automated_first_reply_rate",
        subject="speed",
        description="Tickets whose first reply was automatic.",
        formula="first reply automatic ÷ replied",
        table="tickets",
        dated_by="created_at",
        measure=Share(col("is_auto_replied"), col("first_reply_time_any").is_not_null() & col("is_auto_replied").is_not_null()),
        unit=Unit.SHARE,
        better=Better.NEITHER,
        worth_knowing=0.05,
        reference=TRADE,
        left_out=NO_REPLY_OF_ANY,
    ),
    _sla("first_reply_within", "Tickets replied to within the target, unanswered ones past it counted as missed.",
         "replied within the target ÷ (replied + unanswered past the target)", REPLIED_IN_TIME,
         "tickets without a target, not yet past it, or resolved without a reply"),
    *REPLY.kpis(),
    *REPLY_BUSINESS.kpis(),
    *REQUESTER_WAIT.kpis(),
    *REQUESTER_WAIT_BUSINESS.kpis(),
    *RESOLUTION.kpis(),
    *RESOLUTION_BUSINESS.kpis(),
    *FIRST_RESOLUTION.kpis(),
    *FIRST_RESOLUTION_BUSINESS.kpis(),
    *RESOLUTION_WAITS,
    Kpi(
        name="handle_time",
        subject="speed",
        description="Mean time an agent spends on a ticket, over those where time was tracked.",
        formula="mean of handle time over handled tickets",
        table="tickets",
        dated_by="resolved_at",
        measure=Mean(when(col("handle_time") > 0).then("handle_time")),
        unit=Unit.SECONDS,
        better=Better.NEITHER,
        worth_knowing=0.10,
        reference=TRADE,
        left_out="tickets without tracked time",
    ),
    _sla("sla_first_reply_rate", "First replies within the SLA, by the help desk's own word.",
         "met ÷ (met + breached)", REPLY_CALLED_MET,
         "tickets the help desk does not judge, or judges without a reply while they are not overdue"),
    _sla("sla_resolution_rate", "Resolved by the due time; open tickets past it are breaches.",
         "resolved by due ÷ (resolved with a due time + open past due)", RESOLVED_IN_TIME,
         "tickets without a due time, or open and not yet due"),
    _sla("sla_resolution_rate_vendor", "Resolutions within the SLA, by the help desk's own word.",
         "met ÷ (met + breached), an open ticket's met not yet judged", RESOLUTION_CALLED_MET,
         "tickets the help desk does not judge, and open ones it calls met", "sla_resolution_rate"),
)  # fmt: skip
