"""What names a person, or could lead to one, taken out of what customers wrote.

It goes by form, and takes rather too much than too little: whatever has five figures or more is masked, be it a phone number, a
personal identity number or an order. Names are known by what stands before them (`Hi`, `mvh`, `spoke to`), by lists of first names, where the files name agents, and by two
capitalised words in the middle of a sentence; one may still stay, and every page says so.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from kpi_core.analysis.voices.addresses import without_addresses, without_births
from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import ConfigError
from kpi_core.patterns import regex

OPEN, CLOSE = "\ue000", "\ue001"
"""Around the kind of what was masked, until an output says it in its language; no text has them."""
KINDS = ("email", "phone", "id", "card", "number", "name", "address", "link")
LONGEST = 20_000
"""Letters of a comment that are read."""
_MASKED = regex(f"{OPEN}([a-z]+){CLOSE}")

_INVISIBLE = regex("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ue000-\uf8ff]")
_CONTROL = regex("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_TAG = regex(r"<(?:br|/?p|/?div|/?li)\b[^<>]{0,300}>", re.IGNORECASE), regex(r"</?[a-zA-Z!][^<>]{0,2000}>")
_SCRIPT = regex(r"<(script|style)\b.{0,20000}?</\1\s{0,9}>", re.IGNORECASE | re.DOTALL)

_LINK = regex(
    r"(?i)\b(?:https?|ftps?|mailto|tel)\s?:\s?/{0,2}\S{1,2000}|\bwww\.\S{1,2000}|\b[\w-]{2,60}(?:\.[\w-]{2,60}){0,4}\.(?:se|no|dk|fi|com|net|org|io|eu|nu|app|info|me|ly)\b(?:/\S{0,2000})?"
)
_AT = r"(?:\s?(?:@|＠|\(\s?(?:at|a|@|alfakrøll|snabel-?a)\s?\)|\[\s?(?:at|a|@)\s?\]|\{\s?(?:at|@)\s?\})\s?|\s(?:at|på|snabel-?a|krøllalfa|alfakrøll|ät-merkki|miuku)\s)"
_DOT = r"(?:\s?[.]\s?|\s?[(\[]\s?(?:dot|punkt|prikk|piste)\s?[)\]]\s?|\s(?:dot|punkt|prikk|piste)\s)"
_EMAIL = regex(
    rf"(?i)(?<![\w.+-])(?:[\w+-]{{1,64}}\s(?:punkt|prikk|dot|piste)\s){{0,2}}[\w.+%'-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,63}}){{1,4}}"
)
_BARE_EMAIL = regex(r"(?<![\w.+-])[\w.+%'-]{1,64}@[\w.-]{1,255}")
_HANDLE = regex(r"(?<![\w@])@[A-Za-z_][\w.]{1,30}")

_FIGURE = regex(r"\d")
_MAY_BE_EMAIL = regex(r"(?i)@|[\[({]\s?a|\bat\b|\bpå\b|snabel|krøll|merkki|miuku")
"""What a text must have for one of the longer patterns to be tried."""
_GAP = r"(?:[\s\-‐-―−./()·:_*+]{0,3}|,)"
_FIGURES = regex(rf"(?<![\w])[+(]{{0,2}}\d(?:{_GAP}\d){{4,40}}(?![\d])")
_HETU = regex(r"(?<!\w)\d{6}\s?[-+A-FU-Ya-fu-y]\s?\d{3}[0-9A-Za-z]\b")
_IBAN = regex(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,9}\b")
_CODE = regex(r"(?<![\w-])(?=[\d-]{0,40}[^\W\d])(?=(?:[^\W\d]|-){0,12}(?:\d(?:[^\W\d]|-){0,12}){5})[\w-]{6,60}")
_PLATE = regex(r"\b[A-ZÅÄÖÆØ]{2,3}[ -]?\d{2}[0-9A-Z]\b")
_LABELLED = regex(
    r"(?i)\b(?:order|ordre|tilaus|faktura|invoice|lasku|kund|kunde|customer|asiakas|ärende|sak|sag|case|ticket|konto|account|booking|boknings?|bestilling|paket|sändning|sendings?|member|medlems?)"
    r"[\s-]?(?:nr|no|nummer|number|num|id|ref|numero|#)?[.:#\s]{1,3}#?([A-Za-z]{0,4}-?\d[\w-]{2,30})"
)
_SECRET = regex(
    r"(?i)\b(?:cvv|cvc|pin|pin-?kode?|kode?|code|lösenord(?:et)?|passord(?:et)?|password|salasana)\b[\s:=]{1,3}(?:är|er|is|on)?\s{0,2}((?=\S{0,40}\d)\S{3,40})"
)
_ISO_DAY = regex(r"20[1-9]\d-[01]\d-[0-3]\d")
_AMOUNT = regex(r"\d{1,3}(?:[\s.,]\d{3}){1,2}(?:[.,]\d{1,2})?|\d{5,6}(?:[.,]\d{1,2})?|\d{2,4}[.,]\d{2}")
_MONEY = regex(r"\s?(?:kr\b|kronor|kroner|:-|SEK|NOK|DKK|EUR|€|euro|dollar|USD|\$|%)", re.IGNORECASE)

_CAPITAL = r"[A-ZÅÄÖÆØÉÜÁČĐŊŠŦŽ]"
_NAME = rf"{_CAPITAL}[\w'’-]{{0,30}}(?:[ \t]{{1,2}}(?:av|af|von|van|de|da)?[ \t]?{_CAPITAL}[\w'’-]{{0,30}}){{0,3}}"
_BEFORE = (
    rf"(?:(?i:\b(?:hej|hejsan|hei|heisann|hallo|hallå|halloj|hi|hello|hey|dear|kära|käre|bäste|bästa|kjære|kære|moi|moikka|hei|terve|hyvä|god\s?(?:dag|morgon|morgen|kväll|kveld)|good\s(?:morning|day|evening|afternoon))\b[\s,!]{{1,3}})({_NAME}))",
    rf"(?:(?i:\b(?:tack|takk|tak|thanks|thank\syou|thx|kiitos|kiitän|kram(?:ar)?|klem)\b[\s,!]{{1,3}}(?:till|til|to|so\smuch|så\smycket|for|för|alla)?[\s,!]{{0,2}})({_NAME}))",
    rf"(?:(?i:\b(?:med|with|to|till|til|av|by|from|från|fra|hos|för|for|than|än|enn|ask(?:ed)?\sfor|agent(?:en)?|handläggaren?|saksbehandleren?|säljaren?|selgeren?|tekniker(?:n|en)?|asiakaspalvelija|son|sonen|sønn|dotter|datter|man|mann|make|fru|kone|hustru|sambo|mamma|mor|pappa|far|bror|syster|søster|kollega|chef|sjef|husband|wife|daughter|mother|father|brother|sister|boss|colleague|herr|mr|mrs|ms|dr|miss)\b[.\s]{{1,2}})({_NAME}))",
    rf"(?:({_CAPITAL}[\w'’-]{{1,30}}(?:[ \t]{_CAPITAL}[\w'’-]{{1,30}}){{0,2}})(?=\s(?i:på|i|at|from|hos|in)\s(?i:kundtjänst|kundservice|kundeservice|support|supporten|customer|reception|växeln|sentralbordet|asiakaspalvelu)))",
)
_BEFORES = tuple(regex(_BEFORE[at]) for at in (2, 0, 1, 3))
"""Titles first: `Dear Mr. Smith`."""
_CALLED = regex(
    r"(?i)\b(?:jag\sheter|mitt\snamn\sär|mitt\snamn|my\sname\sis|my\sname['’]?s|i\sam\scalled|jeg\sheter|jeg\shedder|mitt\snavn\ser|mit\snavn\ser|navnet\smitt\ser|nimeni\son|namn\s?:|navn\s?:|name\s?:|nimi\s?:)\s{0,2}"
    r"([^\W\d_][\w'’-]{0,30}(?:[ \t]{1,2}[^\W\d_][\w'’-]{0,30}){0,2})"
)
_SIGNED = regex(
    r"(?i)(?:\b(?:mvh|vh|m\.v\.h\.?|(?:med\s)?(?:vänliga?|bästa|varma|snälla)\s(?:hälsning(?:ar)?)|hälsningar|hälsn\.?|(?:med\s)?(?:vennlig|venlig|beste|hjertelig)\shilsen|hilsen|hilsner|(?:kind|best|warm)?\s?regards|best\swishes|yours\s(?:sincerely|truly|faithfully)|sincerely|cheers|rgds|br|sent\sfrom\smy\s\w{1,20}|skickat\sfrån\smin\s\w{1,20}|sendt\sfra\smin\s\w{1,20}|(?:ystävällisin\s)?terveisin|terv\.?|t\.)(?![\w])[\s,.:!;–—-]{0,8}|(?<![\w:/])/{1,2}\s?)"
    r"([^\W\d_][\w'’.-]{0,30}(?:[ \t]{1,2}(?:&[ \t])?[^\W\d_][\w'’.-]{0,30}){0,3})(?=[\s.!,)]{0,4}(?:$|\n|\ue000|\())"
)
_SIGNED_BEFORE_MORE = regex(
    rf"(?i:\b(?:mvh|vh|m\.v\.h\.?|hälsningar?|hälsn\.?|hilsen|hilsner|regards|best\swishes|sincerely|cheers|rgds|terveisin|terv\.?))[\s,.:!;–—-]{{1,8}}({_NAME})"
)
"""With a capital the name need not end the line: `Hilsen Kari Nordmann, tlf …`."""
_AM = regex(
    rf"(?i:\b(?:jag\sär|jeg\ser|i\sam|i['’]m|(?:det|dette|detta|här|her)\s(?:är|er)|this\sis|ring(?:de|te|er|t|a)?|call(?:ed)?|phone[d]?|kontakt(?:a|ade|et|ede)?|contact(?:ed)?|maila(?:de)?|mejla(?:de)?|spør|spurte|fråga(?:de)?|møtte|träffade|met)\s)({_NAME})"
)
_WORD_OF_NAME = rf"{_CAPITAL}[\w'’]{{0,30}}(?:-{_CAPITAL}[\w'’]{{0,30}}){{0,2}}"
_CAPITALS, _SMALL = regex(_CAPITAL), regex(r"[a-zåäöæø]{2}")
"""In a text of capitals alone they mark no names."""
_WORDS = regex(rf"(?<![\w{OPEN}]){_WORD_OF_NAME}(?: {_WORD_OF_NAME}){{0,5}}(?!\w)")
_PAIR = regex(rf"(?<=[a-zåäöæø0-9,;] ){_WORD_OF_NAME}(?: {_WORD_OF_NAME}){{1,3}}(?!\w)")
_NEXT_TO_NAME = regex(
    rf"{OPEN}name{CLOSE}(?: (?:av|af|von|van|de|da))?(?:[ -](?:{OPEN}name{CLOSE}|{_CAPITAL}(?:[\w'’-]{{1,30}}|\.)?(?![\w])))+"
)
_AHEAD = regex(rf"(?<=[a-zåäöæø,;] )({_CAPITAL}[\w'’-]{{1,30}}) (?={OPEN}name{CLOSE})")
_NOT_NAMES = frozenset(
    {
        *("alla", "allihop", "all", "there", "igen", "igjen", "team", "teamet", "support", "supporten", "kundtjänst", "kundservice", "kundeservice", "customer"),
        *("everyone", "folks", "och", "og", "and", "jag", "jeg", "i", "vi", "we", "det", "den", "de", "du"),
        *("ni", "dere", "är", "er", "is", "are", "the", "a", "an", "en", "ett", "et", "att", "at"),
        *("å", "to", "tack", "takk", "thanks", "thank", "hej", "hei", "hi", "hello", "varför", "hvorfor", "why", "när"),
        *("når", "when", "hur", "hvordan", "how", "vad", "hva", "what", "där", "der", "för", "for", "snabb", "snabbt"),
        *("fort", "fast", "very", "väldigt", "veldig", "mycket", "mye", "so", "så", "ok", "okej", "okay", "men", "but"),
        *("bra", "good", "great", "help", "hjälp", "hjelp", "hjälpen", "sverige", "norge", "danmark", "suomi", "finland", "stockholm", "oslo"),
        *("göteborg", "malmö", "bergen", "no", "not", "inte", "ikke", "ingen", "my", "min", "mitt", "our", "vår", "var"),
        *("can", "could", "kan", "will", "skal", "ska", "it", "its", "this", "that", "detta", "dette", "these", "nothing"),
        *("inget", "ingenting", "please", "snälla", "vennligst", "nu", "nå", "now", "sedan", "after", "before", "since", "as", "if"),
        *("om", "tills", "till", "til", "from", "fra", "av", "med", "på", "mail", "email", "e-post", "epost", "sms"),
        *("chat", "chatten", "telefon", "phone"),
    }
)  # fmt: skip
"""Words that follow a greeting or a preposition, with a capital or in a text of capitals, and are nobody's name."""


def plain(text: str) -> str:
    """A comment as its writer saw it: without markup and letters that cannot be seen, letters of other widths as usual ones."""
    text = text[:LONGEST]
    if "<" in text or "&" in text:
        text = html.unescape(text)
        text = _SCRIPT.sub(" ", text)
        text = _TAG[1].sub(" ", _TAG[0].sub("\n", text))
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = _CONTROL.sub(" ", text)
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def masked(text: str, names: Collection[str] = ()) -> str:
    """A plain comment without what could lead to a person; `names` are of people that the files name, in lower case."""
    has_figures = _FIGURE.search(text) is not None
    if has_figures:
        text = _SECRET.sub(_number, _LABELLED.sub(_number, text))
    if _MAY_BE_EMAIL.search(text):
        text = _EMAIL.sub(_marked("email"), text)
        text = _BARE_EMAIL.sub(_marked("email"), text)
    if "." in text or ":" in text:
        text = _LINK.sub(_marked("link"), text)
    if has_figures:
        text = _with_figures(text)
    text = _HANDLE.sub(_marked("name"), text)
    text = _CALLED.sub(_named, text)
    text = _SIGNED.sub(_named, text)
    text = _SIGNED_BEFORE_MORE.sub(_unless_a_word, text)
    for pattern in (*_BEFORES, *((_AM,) if _has_two_cases(text) else ())):
        text = pattern.sub(_unless_a_word, text)
    if names:
        text = _known(frozenset(names)).sub(_marked("name"), text)
    return _in_sentences(text)


def _in_sentences(text: str) -> str:
    """A text without common first names, two capitalised words in a row and capitalised words next to a masked name."""
    if not _has_two_cases(text):
        return text
    text = _WORDS.sub(_first_name, text)
    text = _PAIR.sub(_pair, text)
    text = _NEXT_TO_NAME.sub(f"{OPEN}name{CLOSE}", text)
    return _AHEAD.sub(_unless_a_word, text)


def _has_two_cases(text: str) -> bool:
    return _CAPITALS.search(text) is not None and _SMALL.search(text) is not None


def _first_name(found: re.Match[str]) -> str:
    """A row of capitalised words masked from its first common name on."""
    words = found.group().split(" ")
    alone, before_another = _first_names()
    for at, word in enumerate(words):
        name = re.sub(r"['’]?s$", "", word.casefold())
        has_next = at + 1 < len(words) and words[at + 1].casefold() not in _NOT_NAMES
        if word.casefold() in alone or name in alone or (has_next and word.casefold() in before_another):
            return " ".join([*words[:at], f"{OPEN}name{CLOSE}"])
    return found.group()


def _pair(found: re.Match[str]) -> str:
    """Two or more capitalised words in the middle of a sentence masked, unless one is a word of a language."""
    words = [word.casefold() for word in found.group().split()]
    return found.group() if any(word in _NOT_NAMES for word in words) else f"{OPEN}name{CLOSE}"


@lru_cache(maxsize=1)
def _first_names() -> tuple[frozenset[str], frozenset[str]]:
    """Common first names in lower case, and those that are words too."""
    document = yaml.load(configs() / "values" / "first_names.yaml", ConfigError).data
    return tuple(frozenset(str(name).casefold() for name in document[key]) for key in ("names", "also_words"))  # type: ignore[return-value]


def _with_figures(text: str) -> str:
    """A text in which some figure stands, without accounts, identities, numbers, plates and addresses."""
    text = without_addresses(without_births(text, f"{OPEN}id{CLOSE}"), f"{OPEN}address{CLOSE}")
    text = _IBAN.sub(_marked("number"), _HETU.sub(_marked("id"), text))
    text = _FIGURES.sub(_figures, text)
    text = _CODE.sub(_marked("number"), text)
    return _PLATE.sub(_marked("number"), text)


def _marked(kind: str) -> Callable[[re.Match[str]], str]:
    return lambda _: f"{OPEN}{kind}{CLOSE}"


def _inside(found: re.Match[str], kind: str, group: int = 1) -> str:
    """The whole match with one of its groups masked."""
    start, end = found.start(group) - found.start(), found.end(group) - found.start()
    whole = found.group()
    return f"{whole[:start]}{OPEN}{kind}{CLOSE}{whole[end:]}"


def _number(found: re.Match[str]) -> str:
    return _inside(found, "number")


def _named(found: re.Match[str]) -> str:
    return found.group() if OPEN in found.group(1) else _inside(found, "name")


def _unless_a_word(found: re.Match[str]) -> str:
    """A name masked, unless it begins with a word that begins sentences, or is a word in a text of capitals."""
    first = re.split(r"[\s'’-]", found.group(1), maxsplit=1)[0]
    return found.group() if first.casefold() in _NOT_NAMES else _inside(found, "name")


def _figures(found: re.Match[str]) -> str:
    text = found.group()
    digits = re.sub(r"\D", "", text)
    behind = found.string[found.end() : found.end() + 8]
    if _ISO_DAY.fullmatch(text) or (len(digits) <= 8 and _AMOUNT.fullmatch(text) and _MONEY.match(behind)):
        return text
    return f"{OPEN}{_kind(text, digits)}{CLOSE}"


def _kind(text: str, digits: str) -> str:
    """What a row of figures most likely is; each kind is masked."""
    if 13 <= len(digits) <= 19 and not text.startswith(("+", "00")):
        return "card"
    if len(digits) in (10, 11, 12) and _begins_with_a_day(digits) and not text.startswith(("+", "0")):
        return "id"
    if text.startswith(("+", "(", "0")) and 7 <= len(digits) <= 15:
        return "id" if re.fullmatch(r"[0-3]\d[01]\d\d\d[-+ ]?\d{4,5}", text) else "phone"
    return "number"


def _begins_with_a_day(digits: str) -> bool:
    """Whether figures begin as a personal identity number of a Nordic country does; of a coordination number the day is 60 more."""
    if len(digits) == 12:
        digits = digits[2:]
    year_first, day_first = (digits[2:4], digits[4:6]), (digits[2:4], digits[0:2])
    return any(
        1 <= int(month) <= 12 and (1 <= int(day) <= 31 or 61 <= int(day) <= 91 or 41 <= int(day) <= 71)
        for month, day in (year_first, day_first)
    )


@lru_cache(maxsize=4)
def _known(names: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?i)(?<![\w{OPEN}])(?:{words})(?:s|'s|’s)?(?!\w)")


def parts_of_names(names: Collection[str]) -> frozenset[str]:
    """The words that people's names are made of, in lower case: each of three letters or more."""
    return frozenset(
        word.casefold()
        for name in names
        for word in re.findall(r"[^\W\d_]{3,}", name.split("@")[0])
        if word.casefold() not in _NOT_NAMES
    )


def kinds(text: str) -> Iterator[str]:
    """The kinds of what was masked in a text, each as often as it was."""
    return (found.group(1) for found in _MASKED.finditer(text))


def spelt(text: str, word: Callable[[str], str]) -> str:
    """A masked text with a word in brackets where something was: `[e-mail]`."""
    return _MASKED.sub(lambda found: f"[{word(found.group(1))}]", text)


def without_marks(text: str) -> str:
    """A masked text with nothing where something was."""
    return _MASKED.sub(" . ", text)
