"""Words of costs: what they were for, by a header of amounts, a sheet or a file; and of columns next to them that say no more of what was spent."""

import re

from kpi_core.patterns import regex

FED_BY = {"acquisition": ("cac*",), "support": ("cost_per_ticket*",)}
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
_CAME_IN = "revenue|income|intäkt|inntekt|omsättning|omsetning"
_OTHERWISE = re.compile(rf"(?i){_CAME_IN}|sales(?! cost)|utan|without|exkl|excl|\bej\b|\binte\b|\bikke\b|\bnot?\b")  # fmt: skip
"""Words next to which a header says no such thing."""
PLANNED = regex(
    r"budget|budsjett|budjetti|\bplan|prognos|forecast|\bmål\b|\btarget|\bavvik|afvig|\bdiff|varian[cs]|poikkeama|ennuste|acku|akku|\back\b|\bakk\b|cumulat|\bytd\b"
    r"|last year|föregående|i fjor|forrige|edellinen",
    re.IGNORECASE,
)
"""A header of money that was not spent then: planned, expected, a difference, a running sum, of another year."""
INCOME = regex(
    r"^(?!.*(?:cost|kost|expense|utgift|udgift|kulu|kustann))"
    rf".*(?:{_CAME_IN}|omsætning|försäljning|\bsales\b|salg|myynti|liikevaihto|ordervärde)",
    re.IGNORECASE,
)
"""A header of what came in, next to what was spent."""
UNIT_PRICE = regex(r"\bper\b|\bpr\b|/|\bà\b|pris(?:er)?\b|\bprices?\b|hinta\b|\beach\b", re.IGNORECASE)
"""A header of what one of a thing costs, of which the amount is a sum."""


def said_kind(words: str) -> str | None:
    """The one kind that some words name; None where they name none, several, or something else."""
    found = [kind for kind, pattern in _WORDS.items() if pattern.search(words)]
    return found[0] if len(found) == 1 and not _OTHERWISE.search(words) else None
