"""Questions whose words are those of a KPI and whose meaning is another: of a competitor, of how often, of what came before.

A pattern that finds `recommend` or `solved` finds these as well. They are not read by a pattern; who means them names the column.
"""

import re
from functools import cache, lru_cache

from kpi_core.ingest.cells.scores.stated_scales import stated
from kpi_core.patterns import regex

_OTHER_THING = (
    # Somebody else, or leaving us for them.
    r"competitor|konkurrent|kilpailij"
    r"|\b(?:switch|chang|mov|byt|bytt|skift|vaihta)\w*\b.{0,40}\b(?:suppliers?|providers?|vendors?|leverantör\w*|operatör\w*|bolag\w*|leverandør\w*|selskap\w*"
    r"|selskab\w*|toimittaj\w*|operaattor\w*)"
    # Friendly to something, and not to somebody.
    r"|(?:user|mobile|eco|environment(?:ally)?|climate|family|child|pet)[- ]friendl|(?:användar|miljö|barn|familje|mobil|klimat)vänlig"
    r"|(?:bruker|bruger|miljø|barne|børne|familie|mobil)ven(?:n)?lig|(?:käyttäjä|ympäristö|lapsi)ystäväll"
    # What the customer knows, and not the agent.
    r"|knowledgeable (?:are|were|do) you|\byour (?:own )?(?:knowledge|competence)|\bdin (?:egen )?(?:kompetens|kompetanse|kompetence)"
    # Who recommended us, and what.
    r"|recommended (?:us|to you)|recommend (?:us )?to you\b|who recommended|what would you recommend|vad skulle du rekommendera|hva vil(?:le)? du anbefale"
    r"|rekommenderade (?:oss|dig)|anbefalte (?:oss|deg)|anbefalede (?:os|dig)"
    # How much it matters, and how often it was so.
    r"|\bhow important\b|\bimportance of\b|\bhur viktig\w*|\bhvor viktig\w*|\bhvor vigtig\w*|\b(?:kuinka|miten) tärke\w*|\b(?:viktighet|betydelsen av)\b"
    r"|\bhow often\b|\bhur ofta\b|\bhvor ofte\b|\b(?:kuinka|miten) usein\b"
    # The employer, asked of those who work there.
    r"|\bas an employer\b|\b(?:place|company) to work\b|\bsom (?:en )?(?:arbetsgivare|arbetsplats|arbeidsgiver|arbeidsplass|arbejdsgiver|arbejdsplads)\b"
    r"|\b(?:som|as) (?:an? |en )?(?:medarbetare|anställd|medarbeider|ansatt|medarbejder|employee|staff member|team member)\b"
    r"|\b(?:with|at|about|of|rate|recommend|med|på|om|rekommender\w*|anbefal\w*) (?:your|my|our|din|ditt|dina|min|mitt|mina|vår|vårt|dit|mit|dine|mine) (?:current |present |nuvarande |närmaste |nærmeste |nåværende |nuværende )?"
    r"(?:jobs?|work(?!\s+order)|workplace|working (?:environment|conditions)|manager|boss|team leader|employer|salary|jobb|arbete|arbetsplats|arbetsmiljö|arbetsgivare"
    r"|arbetsuppgifter|chef|lön|arbeidsplass|arbeidsmiljø|arbeidsgiver|arbeidsoppgaver|leder|sjef|lønn|arbejde|arbejdsplads|arbejdsmiljø|arbejdsgiver|løn)\b"
    r"|\b(?:jobben|sjefen|lederen|arbeidsplassen|arbeidsmiljøet|lønnen) (?:din|ditt|dine|min|mitt|mine)\b|\b(?:trivs|trives) (?:du|jag|jeg)\b"
    r"|\btyönantajana\b|\btyöpaikkana\b|\btyöntekijänä\b"
)
"""What makes any question another."""
_CONTRARY = (
    r"\b(?:not|never|inte|aldrig|ikke|aldri)\b(?! (?:at all|alls|i det hele|likely|sannolik|sandsynlig|satisf|nöjd|fornøyd|tilfreds|easy|lätt|enkel|applicable|sure"
    r"|yet|only|just|bara|kun|aktuel|relevan))"
    r"|(?:un|in|dis)(?:friendly|courteous|competent|knowledgeable)|\b(?:impolite|discourteous)\b|\botrevlig\w*|\b(?:o|u)v[äe]n+li[gc]\w*|\binkompeten\w*"
    r"|\bepäystävälli\w*|\b(?:poor|bad|rude|dåligt?|dålig[at]|dårlig\w*) (?:treatment|service|bemötande|behandling|møte)"
    r"|\b(?:lack(?:s|ed)?|saknade?r?|manglet|mangler|manglede|brist på|puuttui)\b"
)
"""What turns a question asked on a scale round, where it is not about the ends of the scale."""
_OTHER_TRUTH = (
    r"\S\s+(?:before|until|innan|före|tills|før|inden|indtil|inntil|ennen)\b"
    r"|more than (?:once|one|1)|(?:several|many|multiple|repeated|\d) times|(?:flera|många|\d) gånger|(?:mer|fler) än (?:en|1) gång|(?:flere|mange|\d) gange?r?\b"
    r"|mere? en[dn] (?:én|en|1) gang|useita kertoja|useamman kerran|useammin kuin|repeatedly|upprepade|gjentatte|gentagne"
    r"|^\W*\d*\W*(?:how|hur|hvor|kuinka|miten|why|varför|hvorfor|miksi)\b"
    r"|(?<!or )(?<!if )(?<!why )(?<!eller )(?<!om )(?<!hvis )(?<!tai )(?<!jos )\b(?:not|never|inte|aldrig|ikke|aldri|unresolved|unsolved|olöst|uløst"
    r"|ratkaisematta)\b(?! applicable| sure| yet| aktuellt| relevan)"
    r"|\b(?:was|is) (?:this|it|that) (?:your |the )?(?:very )?first|\b(?:är|var) (?:det|detta|det här) (?:din |er |den |ditt )?första"
    r"|\b(?:er|var) (?:det|dette) (?:din |deres |den )?første|\bfirst time (?:you|that you)|\bförsta gången (?:du|ni)|\bførste gang(?:en)? (?:du|dere|i)\b"
    r"|oliko (?:tämä|se) ensimmäi"
    r"|still|fortfarande|fremdeles|fortsatt|stadig|edelleen"
    # Passed on, and informed of, are not resolved.
    r"|\b(?:transferred|forwarded|passed on|kopplad|vidarekopplad|videresendt|viderekoblet|satt over|stillet om|siirre\w*|yhdistet\w*)\b"
    r"|\bdid you know\b|\bvisste du\b|\bvidste du\b|\btiesitkö\b|\binform(?:ation|ed|erad|ert|eret|asjon)\b"
)
"""What makes a question that is answered by yes or no another: how often, how long, what it took, the contrary."""
_OF_TRUTHS = regex(r"solv|l\(?[öø]|ratk|first contact|första|første|ensimmä")
"""What the patterns of such a question have."""
_ANY, _TRUTH = regex(_OTHER_THING, re.IGNORECASE), regex(f"{_OTHER_THING}|{_OTHER_TRUTH}", re.IGNORECASE)
_TURNED = regex(_CONTRARY, re.IGNORECASE)
_TURNABLE = regex(
    r"recommend|rekommender|anbefal|suosittel|förvänt|forventning|odotuks|friendly|bemötande|møte med|venlig|ystävälli|kompeten|knowledgeable|asiantunte"
)
"""What the patterns of questions have that a negation turns round: those of effort and satisfaction are read the other way."""
_FIRST = regex(r"first contact|första kontakten|første \(kontakt\|henvendelse\)|ensimmäisellä.*")
"""The patterns of the first contact alone, whose question must ask whether it was enough."""
_ENOUGH = regex(r"solv|\bl[öø]s|ratk|\bfix|help|hjälp|hjelp|hjælp|klar|\bsettled|enough|räckte|ferdig", re.IGNORECASE)
_SENTENCE = 5
"""Words from which a header is a question."""


@lru_cache(maxsize=1 << 14)
def asks(pattern: str, wording: str) -> str | None:
    """The words of a header by which a pattern finds it to ask the pattern's question; None where it asks another one."""
    found = _compiled(pattern).search(wording)
    if found is None:
        return None
    turns = (_TRUTH if _OF_TRUTHS.search(pattern) else _ANY).search(wording)
    if not turns and _TURNABLE.search(pattern):
        turns = _TURNED.search(stated(wording).rest)
    if turns and not _is_meant(pattern, turns[0]):
        return None
    is_bare = _FIRST.fullmatch(pattern) and len(wording.split()) >= _SENTENCE and not _ENOUGH.search(wording)
    return None if is_bare else found[0]


def _is_meant(pattern: str, turn: str) -> bool:
    """Whether a pattern of the user's own names the turn itself."""
    return turn.strip().casefold() in pattern.casefold()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # There are more of them than the library keeps.
    return re.compile(pattern, re.IGNORECASE)
