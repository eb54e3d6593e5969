"""Growth for programs: revenue as three factors, what each adds, and years ahead."""

from typing import Any

from kpi_cli.documents.records import report as results
from kpi_core.analysis.growth.outlook import Business, Name, Net, Outlook
from kpi_core.analysis.growth.split import Growth
from kpi_core.messages import records as messages

Record = dict[str, Any]


def document(found: Growth, base_year: int | None) -> Record:
    """All there is, with its keys in their fixed order."""
    net = None if found.net is None else {**_net(found.net), "at_start": found.at_start}
    return {
        **results.heading(found.report),
        "currency": found.currency,
        "refused": None if found.refused is None else str(found.refused),
        "refused_message": None if found.refused is None else messages.record(found.refused),
        "revenue": None if found.revenue is None else results.result(found.revenue, found.query),
        "now": None if found.now is None else business(found.now),
        "change": None if found.change is None else outlook(found.change, None),
        "customers": net,
        "what_if": None if found.outlook is None else outlook(found.outlook, base_year),
    }


def outlook(found: Outlook, base_year: int | None) -> Record:
    """A business before and after, what each factor adds, and years ahead. Shares are 0..1, amounts as they were given."""
    return {
        "base": business(found.base),
        "raised": business(found.raised),
        "growth": found.growth,
        "parts": dict(zip((name.value for name in Name), found.parts, strict=True)),
        "customers": None if found.net is None else _net(found.net),
        "base_year": base_year,
        "ahead": [
            {"years": one.years, "rate": one.rate, "from_base": one.of_base, "from_raised": one.of_raised}
            for one in found.ahead
        ],
    }


def business(one: Business) -> Record:
    """The three factors and their values."""
    return {**dict(zip((name.value for name in Name), one.factors, strict=True)), "revenue": one.revenue}


def _net(one: Net) -> Record:
    return {"new": one.new, "lost": one.lost, "net": one.change}
