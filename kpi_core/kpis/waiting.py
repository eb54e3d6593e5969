"""How long customers wait with the tickets still waiting counted too: Kaplan–Meier by the clock, in open time, and in targets."""

from polars import Expr, col, when

from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.stocks_and_survival import Survival, SurvivalMean, SurvivalShare, SurvivalTime
from kpi_core.records import dataclass

HOUR, DAY = 3600, 86_400
SHOWN = frozenset({"resolution_time_km"})
"""What a report shows unasked."""

REFERENCES: dict[type[Survival], str] = {
    SurvivalTime: "band of Brookmeyer & Crowley 1982",
    SurvivalMean: "variance of Klein & Moeschberger 2003, 4.5",
    SurvivalShare: "Greenwood's variance, band on log(−log)",
}


@dataclass(frozen=True, kw_only=True)
class _Wait:
    """What customers wait for: from `opened` until `ended`, and whether that was the event."""

    name: str
    what: str
    opened: Expr
    ended: Expr
    is_event: Expr

    def times(self, up_to: int, hours: Expr | None = None) -> tuple[Kpi, ...]:
        """Median, 90th percentile and restricted mean of the curve; by the clock, or in the open time of `hours`."""
        facts = (self.opened, self.ended, self.is_event, hours)
        most = f"{up_to // DAY} days" if hours is None else f"{up_to // HOUR} open hours"
        base = f"{self.name}_km" if hours is None else f"{self.name}_business_km"
        forms = (
            ("", "Median", "median", SurvivalTime(*facts)),
            ("_p90", "90th percentile of the", "90th percentile", SurvivalTime(*facts, at=0.9)),
            ("_mean", "Mean", f"restricted mean up to {most}", SurvivalMean(*facts, up_to=up_to)),
        )
        place = "" if hours is None else " in business hours"
        return tuple(
            self._kpi(
                f"{base}{form}",
                f"{word} time to the {self.what}{place}, {STILL_WAITING}{f', each for at most {most}' if form == '_mean' else ''}.",
                f"Kaplan–Meier {short}, {OVER}{'' if hours is None else ', in open time of --calendar'}",
                measure,
                base if form else base.removesuffix("_km"),
            )
            for form, word, short, measure in forms
        )

    def within(self, name: str, limit: str, of: str) -> Kpi:
        """The share within the target: read off the curve of the age in targets, so that tickets may have different ones."""
        measure = SurvivalShare(
            self.opened, self.ended, self.is_event, col(f"{limit}_hours"), within=col(f"{limit}_limit")
        )
        return self._kpi(
            name, f"Share of the tickets with their {self.what} within the target, {STILL_WAITING}.",
            f"1 − Kaplan–Meier at the target, {OVER}, each ticket's age in its targets", measure, of,
        )  # fmt: skip

    def _kpi(self, name: str, description: str, formula: str, measure: Survival, variant_of: str) -> Kpi:
        is_share = isinstance(measure, SurvivalShare)
        return Kpi(
            name=name,
            subject="speed",
            description=description,
            formula=formula,
            table="tickets",
            dated_by="created_at",
            measure=measure,
            unit=Unit.SHARE if is_share else Unit.SECONDS,
            better=Better.HIGHER if is_share else Better.LOWER,
            worth_knowing=0.05 if is_share else 0.10,
            left_out=f"tickets {'without a target, or ' if is_share else ''}resolved without a time",
            variant_of=variant_of,
            shown=name in SHOWN,
            reference=f"Kaplan & Meier 1958; {REFERENCES[type(measure)]}",
        )


STILL_WAITING = "with those still waiting counted for as long as they have (Kaplan–Meier)"
OVER = "late entry, over the period's window"
REPLIED = col("first_replied_at").is_not_null()
IS_DATED = ~col("is_resolved") | col("resolved_at").is_not_null()
FIRST_REPLY = _Wait(
    name="first_reply_time",
    what="first reply",
    opened=when(col("awaits_reply") & col("records_replies") & col("is_reply_in_order") & (REPLIED | IS_DATED)).then(
        col("created_at")
    ),
    ended=when(REPLIED).then(col("first_replied_at")).otherwise(col("resolved_at")),
    is_event=REPLIED,
)
RESOLUTION = _Wait(
    name="resolution_time",
    what="resolution",
    opened=when(IS_DATED & col("is_resolution_in_order")).then(col("created_at")),
    ended=col("resolved_at"),
    is_event=col("is_resolved"),
)

FIRST_REPLY_WAITS = (
    *FIRST_REPLY.times(7 * DAY),
    *FIRST_REPLY.times(40 * HOUR, col("own_hours")),
    FIRST_REPLY.within("first_reply_within_km", "first_reply", "first_reply_within"),
)
RESOLUTION_WAITS = (
    *RESOLUTION.times(30 * DAY),
    *RESOLUTION.times(160 * HOUR, col("own_hours")),
    RESOLUTION.within("resolved_within_km", "resolution", "sla_resolution_rate"),
)
