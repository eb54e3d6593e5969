"""Whose definitions there are and which KPIs have several: what the command line offers before it computes anything."""

OURS = "ours"
NAIVE = "naive"
OWNERS: dict[str, str] = {
    OURS: "this tool's own",
    "zendesk": "Zendesk's exports and help pages",
    "zendesk-explore": "Zendesk's reporting",
    "freshdesk": "Freshdesk",
    "freshservice": "Freshservice",
    "intercom": "Intercom",
    "gorgias": "Gorgias",
    "hubspot": "HubSpot",
    "helpscout": "Help Scout",
    "zoho": "Zoho Desk",
    "customer": "the customer's own word",
    "strict": "the one that is hardest to look good by",
    "trade": "common in the trade, nobody's in particular",
    NAIVE: "what a spreadsheet gives that does not ask",
}
"""Whose a definition may be, and what that means."""

NOT_TOOLS = frozenset({"customer", "strict", "trade", NAIVE})
"""Owners that no product stands behind."""

FAMILIES: dict[str, str] = {
    "first_reply": "how long until a customer first hears from us",
    "fcr": "whether one contact was enough",
    "csat": "how many customers are satisfied",
    "reopen": "how often a solved case comes back",
    "resolution_rate": "how many cases are solved",
    "nps": "how many would recommend us, less those who would not",
    "last_7_days": "which days `the last 7 days` are",
}
"""The KPIs that mean different things to different tools."""

_PREFIXES: dict[str, tuple[str, ...]] = {
    "first_reply": ("first_reply_time",),
    "fcr": ("fcr_",),
    "csat": ("csat",),
    "reopen": ("reopen",),
    "resolution_rate": ("resolution_rate", "successful_resolution", "confirmed_"),
    "nps": ("nps",),
    "last_7_days": (),
}


def family_of(kpi: str) -> str | None:
    """The family a KPI, or a family itself, belongs to: `fcr_one_touch` → `fcr`; None where nobody disagrees on it."""
    if kpi in FAMILIES:
        return kpi
    return next((family for family, prefixes in _PREFIXES.items() if kpi.startswith(prefixes)), None)
