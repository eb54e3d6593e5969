"""English words that stand in no Swedish or Norwegian sentence, and what is English, or looks it, in every language."""

import re

WORDS = re.compile(
    r"\b(the|of|and|or|is|are|was|were|be|been|a|as|it|its|this|that|these|those|they|them|their|there|which|who|whose|what|when|where|why|how|"
    r"with|without|within|from|by|not|no|none|nothing|nobody|than|then|into|only|also|else|each|every|both|more|less|least|same|"
    r"has|have|had|does|do|did|can|cannot|could|would|says?|said|told|found|read|written|left|counts|counted|used|refused|missing|needs?|"
    r"rows?|tickets?|files?|answers?|replies|reply|resolved|opened|closed|created|unknown|columns?|headers?|questions?|words?|dates?|days?|hours?|"
    r"times|value|first|last|mean|higher|lower|better|worse|share|score|scale|customers?|agents|orders|costs|reviews?|messages?|"
    r"warning|yes|everything|known|different|because|between|before|after|but|if|one|two|out|about|against|"
    r"automatic|business|clock|sheets?|zeros?|cells|looked|likely|reason|judged|written|kept|shorter|longer|equal)\b",
    re.IGNORECASE,
)  # fmt: skip
NAMED = re.compile(
    r"`[^`]*`|\"[^\"]*\"|--[a-z][\w-]*(?:[ =][\w=<>-]+)?|\b[a-z]+(?:_[a-z0-9]+)+\b|\{[^}]*\}|kundpuls \w+(?: [a-z_]+)?|"
    r"\b[\w/.-]+\.(?:csv|xlsx?|ya?ml|json|md|zip|html?)\b"
)
"""What stands in a sentence as it is in every language: names in a file, options, names of KPIs, values, commands, files."""


def english(text: str) -> list[str]:
    """The English words of a text, names and options aside."""
    return WORDS.findall(NAMED.sub(" ", text))
