"""Agents that are no people: rules, robots and the system itself, whom a help desk lists among its staff."""

from kpi_core.patterns import regex

WHOLE = frozenset({
    "api", "no-reply", "noreply", "system", "systemadministrator", "systemanvändare", "systembruker", "systemet", "system user",
    "virtual agent", "virtual assistant", "virtuell agent", "virtuell assistent", "järjestelmä",
})  # fmt: skip
"""Names that are of no person, whole."""
WORDS = frozenset({
    "automaatti", "automated", "automatic", "automatisk", "automatiskt", "automation", "automatisering", "autoreply", "autoresponder",
    "autosvar", "bot", "botti", "chatbot", "chatbotti", "chatrobot", "chattbot", "helpbot", "robot", "robotti", "servicebot", "supportbot",
    "voicebot",
})  # fmt: skip
"""Words that are in no person's name: Talbot and Abbot are other words."""
_APART = regex(r"[^\w]+|_")


def is_automatic(name: str) -> bool:
    """Whether an agent is called as no person is: `System`, `Support-bot`, `Answer Bot`."""
    plain = " ".join(name.casefold().split())
    return plain in WHOLE or any(word in WORDS for word in _APART.split(plain))
