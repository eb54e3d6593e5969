"""Lists of a help desk's agents or groups: no rows of theirs are cases or messages, though they have dates and names."""

from collections.abc import Sequence

from kpi_core.ingest.headers.header_rows import normal

AGENTS = frozenset(
    {
        *("agent id", "agent role", "role", "roles", "user role", "roll", "rolle", "last login", "last login at", "last active", "last active at", "last seen"),
        *("last sign in", "last signed in", "license", "licence", "license type", "licens", "lisens", "seat", "seat type", "default group", "two factor", "2fa"),
        *("senast inloggad", "senaste inloggning", "senast aktiv", "sist innlogget", "siste innlogging", "sist aktiv", "behörighet", "tilgang", "signature"),
    }
)  # fmt: skip
LOGGED_IN = frozenset(header for header in AGENTS if header.startswith(("last ", "sena", "sist")))
WHO = frozenset(
    {
        "name",
        "full name",
        "agent name",
        "agent",
        "email",
        "e-mail",
        "email address",
        "namn",
        "navn",
        "e-post",
        "epost",
        "e-postadress",
        "e-postadresse",
    }
)
GROUPS = frozenset({"group id", "team id", "queue id", "grupp-id", "gruppe-id"})
OF_GROUPS = frozenset(
    {
        "description",
        "members",
        "agents",
        "agent count",
        "number of agents",
        "beskrivning",
        "beskrivelse",
        "medlemmar",
        "medlemmer",
    }
)
CASES = (
    "ticket",
    "case",
    "conversation",
    "ärende",
    "sak",
    "sag",
    "subject",
    "message",
    "order",
    "answer",
    "score",
    "rating",
)
"""What a header of a list of anything else speaks of."""
FEWEST = 2


def staff_list(headers: Sequence[str]) -> str:
    """What a list is of by its headers: `agents` or `groups`; empty where it is of something else."""
    names = {normal(header) for header in headers if header}
    if any(word in name for name in names for word in CASES):
        return ""
    if names & WHO and len(names & AGENTS) >= FEWEST and (names & LOGGED_IN or "agent id" in names):
        return "agents"
    return "groups" if names & GROUPS and names & OF_GROUPS else ""
