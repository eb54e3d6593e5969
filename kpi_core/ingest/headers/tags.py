"""Headers under which several words may be said of a row."""

from kpi_core.patterns import regex

TAGS = regex(
    r"(?:^|\s)(?:tags?|labels?|taggar|tagg|etikett(?:er)?|tagger|merker|merkelapp(?:er)?|märkning(?:ar)?|tunnisteet)$"
)
