"""Which of several questions about satisfaction asks for it overall: a survey asks of the waiting time and the price too."""

import re
from collections.abc import Collection, Sequence

from kpi_core.ingest.cells.scores.rating_words import known_words, normal_word
from kpi_core.ingest.formats.recognise import Match
from kpi_core.messages.message import Message
from kpi_core.patterns import regex

OVERALL = regex(
    r"\b(?:overall|in general|generally|all in all|altogether|as a whole|totalt|totala|överlag|helhet\w*|generellt?|allmänt|sammantaget"
    r"|sammanfattningsvis|på det hela taget|all?t i all?t|samlet|samlede|i det store og hele|helhedsindtryk|kokonaisuu\w*"
    r"|kaiken kaikkiaan|yleisesti)\b"
)
_ASPECT = regex(
    r"\b(?:\w*(?:waiting time|response time|handling time|opening hours|speed|prices?|pricing|cost|delivery|website|product|competence|knowledge|friendliness)"
    r"|\w*(?:väntetid|svarstid|handläggningstid|öppettid|tillgänglighet|snabbhet|pris|kostnad|leverans|webbplats|hemsida|produkt|bemötande|kompetens)"
    r"|\w*(?:ventetid|saksbehandlingstid|åpningstid|tilgjengelighet|hurtighet|kostnad|levering|nettside|kompetanse)"
    r"|\w*(?:sagsbehandlingstid|åbningstid|tilgængelighed|hjemmeside|kompetence|imødekommenhed)"
    r"|(?:odotusai|vastausai|hinta|hinna|toimituks|verkkosivu|tuottee|ystävällisyy|asiantuntemu))\w*"
)
_SUPPORT = regex(
    r"\b\w*(?:support|service|servicen|helpdesk|help desk|kundtjänst|kundservice|kundeservice|kundesenter|kundestøtte|asiakaspalvel|tukipalvel)\w*"
)
OF_ALL, OF_SUPPORT, OF_SOMETHING, OF_AN_ASPECT = range(4)
"""What a question is about, the likeliest first."""


def about(wording: str) -> int:
    """What a question of satisfaction is about."""
    text = wording.casefold()
    if OVERALL.search(text):
        return OF_ALL
    if _ASPECT.search(text):
        return OF_AN_ASPECT
    return OF_SUPPORT if _SUPPORT.search(text) else OF_SOMETHING


def overall(match: Match, patterns: Sequence[str], taken: Collection[int]) -> tuple[int | None, Message | None, bool]:
    """The place of the question that asks for satisfaction overall, the note on the choice, and whether that is serious.

    A row of a grid stands for a question only where no other does; of questions alike the first is taken.
    """
    found: dict[int, tuple[bool, int, int, int]] = {}
    wordings: dict[int, str] = {}
    others_of_one = _further_options(match)
    for row, pattern in enumerate(patterns):
        for named in (match.headers, match.labels):
            for place, header in enumerate(named):
                if place not in (*taken, *found, *others_of_one) and re.search(pattern, header, re.IGNORECASE):
                    found[place] = (header.endswith("]"), about(header), row, place)
                    wordings[place] = header
    if not found:
        return None, None, False
    chosen = min(found, key=lambda place: found[place])
    theme = found[chosen][1]
    others = [wordings[place] for place in sorted(found) if place != chosen]
    is_unsure = theme == OF_AN_ASPECT or (bool(others) and theme == OF_SOMETHING) or _has_equal(found, chosen)
    return chosen, _message(wordings[chosen], others, theme, is_unsure=is_unsure), is_unsure


def _further_options(match: Match) -> set[int]:
    """The columns of options (`How satisfied are you? - Satisfied`) that are not the first of their question."""
    questions: dict[str, int] = {}
    further = set()
    for place, header in enumerate(match.headers):
        question, between, option = header.rpartition(" - ")
        if between and normal_word(option) in known_words() and questions.setdefault(question, place) != place:
            further.add(place)
    return further


def _has_equal(found: dict[int, tuple[bool, int, int, int]], chosen: int) -> bool:
    return any(place != chosen and rank[:2] == found[chosen][:2] for place, rank in found.items())


def _message(wording: str, others: Sequence[str], theme: int, *, is_unsure: bool) -> Message | None:
    if not others:
        return Message("satisfaction-with-one-thing", wording=wording) if is_unsure else None
    if is_unsure:
        return Message("satisfaction-unsure", wording=wording, others=others)
    return Message(
        "satisfaction-overall" if theme == OF_ALL else "satisfaction-with-support", wording=wording, others=others
    )
