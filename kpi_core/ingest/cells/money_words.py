"""Words of headers that mark columns of money: amounts, what was paid back, costs; and of numbers that are none."""

import re

from kpi_core.patterns import regex

PAID_BACK = regex(
    r"refund|återbetal|återköp|retur|kredit|credit|refusj|refusion|tilbage(?:betal|før)|tilbake(?:betal|før)|hyvity|palautu|charge\s?back",
    re.IGNORECASE,
)
AMOUNT = regex(
    r"belopp|summa|\bsum|beløp|beløb|amount|total|moms|\bmva\b|\bvat\b|\bnett?o|\bbrutto|\bgross\b|revenue|intäkt|omsättning|omsetning"
    r"|omsætning|ordervärde|\bvärde|verdi\b|værdi\b|\bvalue|liikevaihto",
    re.IGNORECASE,
)
NO_MONEY = regex(
    r"nummer|number|\bnr\b|\bno\b|\bid\b|numero|dat(?:e|um|o)\b|päivä|antal|count|\bqty\b|quantity|kpl|kort\b|card|limit|gräns|tid\b|days|dagar|dager"
    r"|dage\b|orsak|årsak|reason|syy\b|kod\b|code|%|procent|prosent|rate\b|sats|rabatt|rabat\b|discount|alennus",
    re.IGNORECASE,
)
TAX = regex(
    r"^\W*(?:varav|herav|heraf|of which|total|sum|summa)?\s*(?:\d+\s?%\s?)?(?:utgående |udgående )?(?:moms|mva|merverdiavgift|vat|gst|alv|arvonlisävero|(?:sales )?tax(?:es)?)"
    r"(?:[\s-]*(?:belopp|beløp|beløb|amount|total|summa|sum|kr|sek|nok|dkk|eur|€|\d+\s?%?|\([^()]*\)))*\W*$",
    re.IGNORECASE,
)
"""A header of value added tax itself: what the shop passes on."""
_COST = regex(
    r"cost|kostnad|kost\b|omkostning|udgift|utgift|expense|spend|spent|price|\bpris|hinta|kulu|avgift|gebyr|\bfee\b|budget|utfall|actual|kosten|ausgabe"
    r"|försäljning|\bsales\b|salg|myynti",
    re.IGNORECASE,
)


def names_money(header: str) -> bool:
    """Whether a header is one of a column of money."""
    found = AMOUNT.search(header) or PAID_BACK.search(header) or _COST.search(header)
    return found is not None and NO_MONEY.search(header) is None
