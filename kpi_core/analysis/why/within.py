"""What stands in for a quantile, which no segments add up to: the share of rows within a limit."""

from dataclasses import replace

from kpi_core.messages.labels import LANGUAGES
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Better, Kpi, Own, Unit
from kpi_core.model.measures import Quantile, Share

TURNED = {Better.LOWER: Better.HIGHER, Better.HIGHER: Better.LOWER, Better.NEITHER: Better.NEITHER}
"""Which way is good news for the share within, by which way is for the value."""
WORTH = 0.05


def within(kpi: Kpi, limit: float) -> Kpi:
    """The share of a quantile's rows that lie within a limit (in the value's own unit): a KPI that is a question of its own."""
    measure = kpi.measure
    assert isinstance(measure, Quantile)
    label = Message("why-within", limit=limit)
    return replace(
        kpi,
        name=f"{kpi.name}_within",
        measure=Share(measure.of <= limit, measure.of.is_not_null()),
        unit=Unit.SHARE,
        better=TURNED[kpi.better],
        worth_knowing=WORTH,
        variant_of=kpi.name,
        own=Own(pack="why", place="", labels={lang: label.render(lang) for lang in LANGUAGES}, columns={}, assumed={}),
    )
