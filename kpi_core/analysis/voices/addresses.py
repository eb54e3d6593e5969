"""Where a person lives and when they were born, as people write it in Swedish, Norwegian, Danish and English.

Each pattern needs a figure; a match is hidden whole.
"""

from kpi_core.patterns import regex

_PLACE = r"(?!(?:SEK|NOK|DKK|EUR|USD|GBP|KWH|MWH|MB|GB)\b)[A-ZÅÄÖÆØ](?:[\w'’-]{1,30})"
_HOUSE = r"\d{1,4}(?:[A-Za-z]\b|\s[A-H]\b)?(?!\d)"
_NORDIC = r"(?:gatan|gata|gaten|vägen|väg|veien|vegen|vei|veg|gränd|gränden|stigen|torget|torvet|vej|vejen|gade|gaden|stræde|vænget|allén|alléen|katu|kuja|polku)"
_STREETS = (
    rf"\b[A-ZÅÄÖÆØ][\w'-]{{0,40}}(?:gate|plan|torg|plass|plads|allé|alle|tie|tunet|haugen|bakken|backen|lia|svingen|kroken|krogen|sväng|liden)\s?{_HOUSE}",
    rf"\b(?:{_PLACE}\s){{0,2}}[^\W\d_][\w'-]{{0,40}}{_NORDIC}\s?{_HOUSE}",
    rf"\b[^\W\d_][\w'-]{{0,40}}[^\Wie]gate\s{_HOUSE}",
    rf"\b(?:{_PLACE}\s){{1,3}}(?:gata|gatan|gate|gaten|väg|vägen|vei|veien|veg|vegen|vej|vejen|gade|plass|plan|torg|allé|Street|St|Road|Rd|Avenue|Ave|Lane|Drive)\.?\s?{_HOUSE}",
    rf"\b{_HOUSE}\s(?:[A-Z][\w'-]{{1,30}}\s){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Court|Crescent|Terrace|Way|Gardens|Place|Square)\b",
    r"(?i:\b\d{1,4}\s[a-z][\w'-]{2,30}\s(?:street|road|avenue|lane)\b)",
)
_BOXES = r"(?i:\b(?:postboks|postbox|p\.?\s?o\.?\s?box|boks|pb)\s?\d{1,5}\b)|\bBox\s\d{2,5}\b"
_HOMES = (
    r"(?i:\b(?:lgh|lägenhet(?:snummer|snr|en)?|leil\.?|leilighet(?:snummer|en)?|lejlighed(?:en)?|lejl\.?|bolignummer|bruksenhet|apartment|apt\.?|flat|asunto|as\.)\s?(?:nr|no|nummer|number)?[.:#\s]{0,3}[a-z]?\d{1,5}[a-z]?\b)",
    r"\b[HKLU]0[1-9]\d{2}\b",
    r"(?i:\b\d{1,2}\.\s?(?:sal\b[\s,.]{0,2})?(?:th|tv|mf)\b\.?)",
)
_POSTCODES = (
    rf"\b(?:SE?|FI|FIN)[- ]\d{{3}}\s?\d{{2}}(?:\s{{1,2}}{_PLACE})?",
    rf"\b\d{{3}}\s?\d{{2}}\s{{1,2}}{_PLACE}(?:\s(?:[A-ZÖ]\b|[A-ZÅÄÖÆØ][\w-]{{2,20}}))?",
    rf"\b(?:NO?|DK)[- ]\d{{4}}(?:\s{{1,2}}{_PLACE})?",
    rf"\b(?!(?:19|20)\d\d)\d{{4}}\s{{1,2}}{_PLACE}(?:\s[A-ZÅÄÖÆØ]\b)?",
    rf"(?<=,\s)\d{{4}}\s{{1,2}}{_PLACE}(?:\s[A-ZÅÄÖÆØ]\b)?",
    r"(?<![\d.,])0\d{3}\s[a-zåäöæø]{3,30}\b",
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b",
)
_STATED = r"(?i:\b(?:adress(?:en|a)?|adresse(?:n)?|address|osoite(?:eni)?)\s{0,2}(?:är|er|is|on|:)\s{1,2}(?:\d{1,4}[a-z]?\s[^\n.!?,\ue000\d]{2,40}|[^\n.!?\ue000]{0,50}?\d{1,4}\s?[a-z]?\b))"
_ADDRESS = regex("|".join((_STATED, *_STREETS)))
_MAY_BE_A_STREET = regex(r"[^\W\d_][.:]?\s?\d{1,4}[A-Za-z]?\b(?!\d)|\b\d{1,4}[A-Za-z]?\s[^\W\d_]{2}")
_HOME = regex("|".join((_BOXES, *_HOMES, *_POSTCODES)))
_LONG_AGO_YEAR = regex(r"19\d\d|200\d")

_MONTH = (
    r"(?:jan(?:uari?|uary|uar)?|feb(?:ruari?|ruary|ruar)?|mars|mar(?:ch|ts)?|apr(?:il)?|maj|mai|may|jun[ie]?|juli?|july|aug(?:usti|ust)?|sep(?:t|tember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|de[cs](?:ember)?"
    r"|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)(?:kuuta|kuun)?\.?"
)
_DAY = r"(?:den\s)?[0-3]?\d(?:st|nd|rd|th|\.|:e)?"
_YEAR = r"(?:19\d\d|20[01]\d)"
_BORN = regex(
    rf"(?i)\b(?:född(?:es)?|fødd|født|born|fødselsda(?:to|g)(?:en)?|födelseda(?:tum|g)(?:et|en)?|birth(?:day|date)?|date\sof\sbirth|d\.?o\.?b|syntynyt|syntymäaika(?:ni)?|f)\b[.:,]?\s{{0,2}}(?:är|er|is|on|in|i|år|den|the)?[:\s]{{0,3}}"
    rf"({_DAY}\s(?:of\s)?{_MONTH}(?:,?\s?['’]?\d{{2,4}})?|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s?['’]?\d{{2,4}})?|[0-3]?\d[./-]\s?[0-3]?\d(?:[./-]\s?\d{{2,4}})?|['’-]?{_YEAR}|['’-]\d\d)(?![\d])"
)
_LONG_AGO = regex(
    rf"(?i)\b(?:{_DAY}\s(?:of\s)?{_MONTH},?\s(?:19\d\d|200\d)|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19\d\d|200\d))\b"
)
"""A day in words before 2010: hardly that of a case."""


def without_births(text: str, mark: str) -> str:
    """A text with a mark for each day of birth."""
    text = _BORN.sub(lambda found: found.group()[: found.start(1) - found.start()] + mark, text)
    return _LONG_AGO.sub(mark, text) if _LONG_AGO_YEAR.search(text) else text


def without_addresses(text: str, mark: str) -> str:
    """A text with a mark for each street with a number, postal code with a place, box and home."""
    if _MAY_BE_A_STREET.search(text):
        text = _ADDRESS.sub(mark, text)
    return _HOME.sub(mark, text)
