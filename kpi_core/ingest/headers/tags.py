"""Headers under which a row may have several words."""

from kpi_core.patterns import regex

TAGS = regex(
    r"(?:^|\s)(?:tags?|labels?|taggar|tagg|etikett(?:er)?|tagger|merker|merkelapp(?:er)?|märkning(?:ar)?|tunnisteet)$"
)
