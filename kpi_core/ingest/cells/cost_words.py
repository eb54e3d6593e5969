"""Words that say what costs were for: of a header of amounts, a sheet or a file."""

import re

FOR = {"acquisition": ("cac*",), "support": ("cost_per_ticket*",)}
"""The KPIs that costs of each kind feed."""
_WORDS = {
    "acquisition": re.compile(
        r"(?i)market|marknads|markeds|markkin|advert|\bads?\b|annons|reklam|mainon|ka(?:m|)mpan|campaign|acqui|kundvärv|kundehverv"
        r"|(?:sales|sälj|salgs?|försäljnings?|myynti)[ -]?(?:cost|expense|spend|kost|utgift|omkost|kustann)"
    ),
    "support": re.compile(
        r"(?i)support|kundtjänst|kunde?service|kundestøtte|kundesenter|kundecenter|customer[ _-](?:service|care)|help[ _-]?desk|service[ _-]?desk"
        r"|asiakaspalvel|asiakastuki"
    ),
}
_OTHERWISE = re.compile(r"(?i)revenue|income|sales(?! cost)|intäkt|inntekt|omsättning|omsetning|utan|without|exkl|excl|\bej\b|\binte\b|\bikke\b|\bnot?\b")  # fmt: skip
"""Words next to which a header says no such thing."""


def said_kind(words: str) -> str | None:
    """The one kind that some words name; None where they name none, several, or something else."""
    found = [kind for kind, pattern in _WORDS.items() if pattern.search(words)]
    return found[0] if len(found) == 1 and not _OTHERWISE.search(words) else None
