"""Lines that say which rows a list holds and which it lacks: `Endast lösta ärenden`, `Exkl. Norge`, `Stickprov 10 %`, `View: My tickets`.

A list of other rows than all gives every figure of its table for these alone. A choice of days is none: the period of a report is one too.
"""

from collections.abc import Sequence

from kpi_core.patterns import regex

LONGEST = 160
"""Characters of such a line; a longer one is a text that speaks of something else."""
_ALL = r"(?:all|alla|alle|allt|hele|whole|everything|none|no|inga|ingen|inget|kaikki|ei mitään|\*|-+)"
_ROWS = r"(?:tickets?|cases?|rows?|orders?|answers?|responses?|customers?|messages?|reviews?|ärenden|rader|ordrar|svar|kunder|saker|sager|rækker|henvendelser|tiketit)"
_NAMED = regex(
    r"(?i)^\W*(?:filter(?:s|ed by)?|filtrerat(?: på)?|filtrert(?: på)?|filtreret(?: på)?|urval|utvalg|udvalg|selection|suodatin|where|view|vy|visning)\s*[:=]\s*"
    rf"(?!{_ALL}(?:\s+{_ROWS})?\W*$)(?P<what>\S.*)"
)
_WORDED = regex(
    r"(?i)^\W*(?:endast|bara|enbart|kun|bare|only|solely|vain|ainoastaan)\s+(?!(?:för|for|til|avse\w*|intended|intern\w*)\b)(?P<only>[^\W\d_].*)"
    r"|^.{0,60}(?<!\w)(?:filtrera[dt]e?|filtrerte?|filtreret|filtered|suodatettu)(?:\s+(?:på|efter|etter|by|on|to|for))?[:\s]\s*(?P<by>\S.*)"
    r"|^.{0,60}(?<!\w)(?:exkl|exklusive|exkluderat|ekskl|eksklusive|excl|excluding|excluded|undantaget|utom|unntatt|undtagen|except|lukuun ottamatta|pois lukien)\.?:?\s+(?P<less>[^\W\d_].*)"
    r"|^.{0,60}(?<!\w)(?:stickprov\w*|stikkprøve\w*|stikprøve\w*|slumpmässig\w*|slumpvis\w*|slump(?:ur|ut)val|tilfeldig utval\w*|tilfældig\w* udval\w*|(?:random|systematic) (?:sample|selection)|sample of|satunnaisotos|otanta)(?!\w)"
    r"|^\W*(?:topp|top)[\s-]*\d+(?!\w)"
)
_COUNT = regex(r":\s*[\d\s.,]+%?$")
"""The end of a row of a summary, which counts what its words name."""
_OF_MONEY = regex(
    r"(?i)^(?:\w+\s)?(?:moms|mva|vat|taxe?s?|alv|skatt\w*|avgift\w*|frakt|shipping|freight|porto|öre|øre|tips|rabatt\w*|discounts?|duties|tull|toll)\b"
)
"""What amounts are with or without, which is about cells and not about rows."""
_OF_DAYS = (
    r"period|perioden|datum|dato|dates?|days?|dag|dagar|dager|dage|weeks?|vecka|veckor|uker?|uge|months?|månad|månader|måned|måneder|years?|år|quarter|kvartal",
    r"created|skapad|skapat|opprettet|oprettet|luotu|opened|öppnad|submitted|updated|uppdaterad|oppdatert|last|senaste|siste|seneste|viimeiset|this|previous|current",
    r"at|on|in|is|är|er|of|between|mellan|mellom|mellem|from|från|fra|to|till|til|and|och|og|since|sedan|siden|after|before|efter|etter|före|før|the|tom|fom|t\.?o\.?m|f\.?o\.?m|hela|hele|whole|all|alla|alle",
    r"(?:jan|feb|mar|apr|maj|mai|may|jun|jul|aug|sep|sept|okt|oct|nov|dec|des)\w*|q[1-4]|[vw]\d{1,2}|\d+\w{0,2}",
)
_DAYS = regex(rf"(?i)^[\W_]*(?:(?:{'|'.join(_OF_DAYS)})(?![^\W_])[\W_]*)+$")
_DATE = regex(
    r"(?i)\d|q[1-4]\b|\b(?:this|last|previous|current|senaste|siste|seneste|period|year|år|month|månad|måned|week|vecka|uke)\b"
)
PRELIMINARY = regex(
    r"(?i)^\W*(?:(?:preliminär\w*|foreløpig\w*|preliminary|provisional|alustava\w*)(?:\s+\w+){0,3}|utkast|draft|kladd|luonnos)\W*(?:v?\d[\d.]*)?\W*$"
)
"""Lines that call a list no final one."""


def selection(lines: Sequence[str]) -> str | None:
    """The first line that names a choice of rows by something else than days; None where none does."""
    return next((line for line in lines if len(line) <= LONGEST and _is_choice(line)), None)


def of_days(lines: Sequence[str]) -> str | None:
    """The first line that names a choice of days."""
    return next((line for line in lines if len(line) <= LONGEST and _NAMED.match(line) and not _is_choice(line)), None)


def _is_choice(line: str) -> bool:
    found = _NAMED.match(line) or _WORDED.search(line)
    if found is None or _COUNT.search(line):
        return False
    parts = found.groupdict()
    if _OF_MONEY.match(parts.get("less") or ""):
        return False
    what = next((text for text in parts.values() if text), "")
    return not (_DAYS.match(what) and _DATE.search(what))
