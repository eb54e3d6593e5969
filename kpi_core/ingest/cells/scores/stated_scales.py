"""What a question's own header says of its scale: the ends, and which of them is the better one.

`CSAT (1-5)`, `from 1 (very bad) to 10 (excellent)`, `1 = mycket nöjd, 5 = mycket missnöjd`, `skala 1–6 der 6 er best`,
`lägst är bäst`, `Very easy 1 2 3 4 5 Very difficult`, `score out of 10`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from kpi_core.ingest.cells.scores.rating_words import no_opinions, normal_word, ratings
from kpi_core.ingest.cells.scores.scales import Ends
from kpi_core.ingest.cells.scores.score_cells import AMOUNTS
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_ALONE = r"(?<![\w./+-])(?<!\d,)"
_NUMBER = rf"{_ALONE}(\d{{1,3}})(?![\w%]|[.,/-]\d)"
_TO = r"\s*(?:-|–|—|−|\.{2,3}|…|to|till|til|through|bis)\s*"
_UNITS = "|".join(sorted(map(re.escape, AMOUNTS), key=len, reverse=True))
_STEPS = r"(?:\s*(?:stars?|points?|poäng|poeng|point|stjärnor|stjerner|tähteä|pistettä)(?!\w))?"
_RANGE = regex(
    rf"{_ALONE}([01]|4(?={_TO}10(?!\d)))(?:{_TO}|(?<=mellan [01])\s+och\s+|(?<=mellom [01])\s+og\s+|(?<=mellem [01])\s+og\s+|(?<=between [01])\s+and\s+)"
    rf"(\d{{1,3}})(?![\w%]|[.,/-]\d)(?!\s*(?:{_UNITS})(?!\w)){_STEPS}",
    re.IGNORECASE,
)
_RUN = regex(rf"{_ALONE}([01])((?:[\s,|–-]+\d{{1,2}})+)(?![\w%]|[.,/]\d)")
_OUT_OF = regex(
    r"(?:(?<![\w\d])(?:out\s+of|ud\s+af|of|av|af|max\.?|maks\.?|maximum)\s*:?\s*|(?<!\d)\s*/\s*)(\d{1,3})"
    + _STEPS
    + r"\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_SIGN = r"\s*(=|:|\(|-|–|—|(?:är|er|is|being|means|betyder|betyr|tarkoittaa|on)(?!\w))?\s*"
_PHRASE = r"([^\W\d_][^\d,;/()\[\]=:|–—?!\n]{0,80})"
_NUMBER_FIRST = regex(_NUMBER + _SIGN + _PHRASE, re.IGNORECASE)
_WORD_FIRST = regex(rf"{_PHRASE}\s*(=|\(|(?<!\w)(?:är|er|is))?\s*{_NUMBER}", re.IGNORECASE)
_LEVEL = regex(
    r"\b(low(?:er|est)?|lägre|lägsta?|lågt?|lave(?:re|ste?)|lavt?|pieni|pienin|matal\w*|high(?:er|est)?|högre|högsta?|högt?|høye?(?:re|ste?)?|høyt|høje?(?:re|ste?)?|højt|suuri|suurin|suurempi|korke\w*)"
    r"\s+(?:(?:score|betyg|tal|siffra|poeng|poäng|karakter|arvo|number|value)\s+)?(?:=|is|are|är|er|on|means)\s+(?:the\s+)?([^\W\d_]+)",
    re.IGNORECASE,
)
_LOW = regex(r"^(?:low|läg|låg|lav|pien|matal)")
_BETTER = frozenset({"better", "bättre", "bedre", "parempi"})
_WORSE = frozenset({"worse", "sämre", "dårligere", "verre", "værre", "huonompi"})
_BEST = frozenset(
    {"best", "bäst", "bäste", "bästa", "beste", "bedst", "bedste", "paras", "parasta", "excellent", "perfect", "perfekt",
     "utmärkt", "utmerket", "fremragende", "top", "topp", "positive", "positiv", "positivt"}
)  # fmt: skip
_WORST = frozenset(
    {"worst", "sämst", "sämsta", "dårligst", "dårligste", "verst", "verste", "værst", "værste", "huonoin", "huonointa",
     "terrible", "horrible", "botten", "negative", "negativ", "negativt"}
)  # fmt: skip
_LITTLE = frozenset(
    {"low", "lowest", "lågt", "låg", "lägst", "lägsta", "lav", "lavt", "lavest", "laveste", "matala", "matalin", "min", "minimum",
     "little", "very little", "none", "no", "liten", "litet", "lite", "lidt", "lille", "ingen", "inget", "not at all", "inte alls",
     "ikke i det hele tatt", "slet ikke", "ei lainkaan", "minst", "mindst", "vähän", "never", "aldrig", "aldri"}
)  # fmt: skip
_MUCH = frozenset(
    {"high", "highest", "hög", "högt", "högst", "högsta", "høy", "høyt", "høyest", "høyeste", "høj", "højt", "højest", "højeste",
     "korkea", "korkein", "max", "maximum", "much", "a lot", "a great deal", "great", "stor", "stort", "mycket", "mye", "meget",
     "mest", "most", "paljon", "extremely", "completely", "helt", "fully", "always", "alltid", "altid", "helt och hållet", "fullt ut", "fuldt ud", "täysin", "i hög grad", "i høy grad"}
)  # fmt: skip
_DEGREES = frozenset(
    {"very", "extremely", "mycket", "väldigt", "svært", "veldig", "meget", "erittäin", "hyvin", "the", "really", "extremt", "totally"}
)  # fmt: skip
_FILL = frozenset(
    {"där", "der", "hvor", "where", "with", "och", "og", "and", "ja", "to", "till", "til", "from", "från", "fra", "är", "er", "is",
     "being", "the", "as", "som", "scale", "skala", "på", "on", "a", "en", "of"}
)  # fmt: skip
_QUESTION_WORDS = frozenset(
    {"how", "hur", "hvor", "hvordan", "kuinka", "miten", "what", "vad", "hva", "hvad", "did", "do", "you", "du"}
)
_NUMBERING = regex(
    r"(?:\b(?:fråga|question|spørsmål|spørgsmål|kysymys|q|nr|item|step|steg)|\bno\.)[\s.#]*$", re.IGNORECASE
)
_NOT = regex(r"\b(?:not|no|inte|ej|ikke|ei|mindre|little|lite)\b")
_BAD_STEM = regex(
    r"\b(?:missnöj|misfornøy|utilfreds|dissatisf|unsatisf|tyytymät|dålig|dårlig|bad\b|poor|huono|difficult|hard\b|svår|vanskelig|svært$|vaike)"
)
_GOOD_STEM = regex(
    r"\b(?:nöjd|fornøyd|tilfreds|satisf|tyytyväi|bra\b|god\b|godt\b|good\b|hyvä|easy\b|lätt\b|enkel|lett\b|nemt\b|helppo)"
)
_LESS_STEM = regex(r"\b(?:uenig|disagree|eri mieltä|unlikely|osannolik|otrolig|usannsynlig|usandsynlig|epätoden)")
_MORE_STEM = regex(r"\b(?:enig|agree|instämm|samaa mieltä|likely|trolig|sannolik|sannsynlig|sandsynlig|todennäk)")
_COSTS = regex(r"\b(?:effort|ansträngning\w*|innsats|indsats|vaiva\w*|besvär|besvær|difficult\w*|problem\w*)$")
_HUNDRED = 100
LONGEST = 1000
"""Characters of a question; a text that is longer is none."""
_STATES_A_SCALE = regex(rf"\d|{_LEVEL.pattern}", re.IGNORECASE)
"""Without a number, and without a word for high or low, no scale is stated."""
_LEADING_TO = regex(
    r"[\s,:;(\[–—-]*(?:\b(?:on|på|från|from|fra|of|a|en|the|scale|skala|skalan|skalaen|asteikko|asteikolla|mellan|between|mellom|mellem)[\s,:(\[]*)*$",
    re.IGNORECASE,
)
"""What only leads to the scale that follows."""
_OF_AMOUNT = ("agreement", "likelihood", "degree", "yes")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What a header says of its scale.

    `highest` stands alone where no lowest step is named; `way` is the better end, `is_falling` that numbers fall with the amount
    that they measure (`1 = high, 5 = low`). `strange` are the unknown names of ends, `codes` the numbers that it calls no answer (`9 = vet ej`); `doubt` says what contradicts
    itself. `rest` is the header without a statement at its end.
    """

    ends: Ends | None = None
    highest: float | None = None
    way: str | None = None
    is_falling: bool = False
    strange: tuple[str, ...] = ()
    codes: frozenset[float] = frozenset()
    doubt: Message | None = None
    rest: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether the header says nothing of its scale."""
        return self == Stated(rest=self.rest)


@dataclass(frozen=True, kw_only=True)
class _Name:
    """A number with what the header calls it: good or bad (`value`), or much or little (`amount`); neither where it is unknown."""

    number: int
    word: str
    span: tuple[int, int]
    is_plain: bool
    value: int = 0
    amount: int = 0

    @property
    def is_known(self) -> bool:
        return bool(self.value or self.amount)


@lru_cache(maxsize=4096)
def stated(header: str) -> Stated:
    """What the header says of its scale; nothing where it says nothing, or is too long for a question."""
    if len(header) > LONGEST or not _STATES_A_SCALE.search(header):
        return Stated(rest=header)
    stretches, called, levels = _stretches(header), _names(header), list(_LEVEL.finditer(header))
    silent = [one for one in called if _trimmed(one.word) in no_opinions()]
    names = [one for one in called if one not in silent]
    written = {ends for ends, _ in stretches}
    ends = next(iter(written), None) or _ends_named(names)
    out_of = _OUT_OF.search(header) if ends is None else None
    highest = float(out_of[1]) if out_of and 3 <= int(out_of[1]) <= _HUNDRED else None
    names = [one for one in names if _is_end(one, ends, highest)]
    spans = [
        *(span for _, span in stretches),
        *(one.span for one in (*names, *silent)),
        *(level.span() for level in levels),
    ]
    rest = _rest(header, [*spans, *([out_of.span()] if out_of and highest else [])])
    if len(written) > 1:
        scales = [f"{low:g}–{high:g}" for low, high in sorted(written)]
        return Stated(doubt=Message("header-of-two-scales", scales=scales), rest=rest)
    if ends is None and highest is None:
        highest = next((float(one.number) for one in names if one.number > 1), None)
    top = ends[1] if ends else highest or 0.0
    ways = {*_ways(names, top), *_levels(levels)}
    falls = {(one.amount > 0) != _is_top(one, top) for one in names if one.amount}
    if len(ways) > 1 or len(falls) > 1:
        return Stated(ends=ends, highest=highest, doubt=Message("header-of-equal-ends"), rest=rest)
    strange = tuple(one.word for one in names if not one.is_known) if not ways and not falls else ()
    codes = frozenset(float(one.number) for one in silent)
    return Stated(codes=codes, ends=ends, highest=highest, way=next(iter(ways), None), is_falling=True in falls and not ways, strange=strange,
                  rest=rest)  # fmt: skip


def _rest(header: str, spans: Sequence[tuple[int, int]]) -> str:
    """The header without what it says of its scale, where that is the last that it says."""
    if not spans or header[max(end for _, end in spans) :].strip(" )].:;?!*\"'"):
        return header
    return _LEADING_TO.sub("", header[: min(start for start, _ in spans)])


def _stretches(header: str) -> list[tuple[Ends, tuple[int, int]]]:
    """The scales that are written as a stretch (`1-5`, `1 till 5`, `1 2 3 4 5`), and where."""
    found = [
        ((float(one[1]), float(one[2])), one.span()) for one in _RANGE.finditer(header) if 2 <= int(one[2]) <= _HUNDRED
    ]
    for one in _RUN.finditer(header):
        numbers = [int(number) for number in re.findall(r"\d+", one[0])]
        if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
            found.append(((float(numbers[0]), float(numbers[-1])), one.span()))
    return found


def _ends_named(names: list[_Name]) -> Ends | None:
    """The ends that two names or more are given to, of which the lowest is 0 or 1."""
    numbers = sorted({one.number for one in names})
    return (float(numbers[0]), float(numbers[-1])) if len(numbers) > 1 and numbers[0] <= 1 else None


def _is_end(one: _Name, ends: Ends | None, highest: float | None) -> bool:
    """Whether a name is one of an end; alone it must be stated plainly (`1 = best`)."""
    if ends is not None:
        return one.number in ends
    return one.is_plain and one.is_known and (one.number <= 1 or one.number == (highest or max(one.number, 3)))


def _is_top(one: _Name, top: float) -> bool:
    return one.number == top or one.number > 1


def _ways(names: list[_Name], top: float) -> Iterator[str]:
    for one in names:
        if one.value:
            yield "higher" if (one.value > 0) == _is_top(one, top) else "lower"


def _levels(levels: Sequence[re.Match[str]]) -> Iterator[str]:
    """What `lower is better` and `högst är bäst` say."""
    for level in levels:
        known = normal_word(level[2])
        value = 1 if known in _BETTER else -1 if known in _WORSE else meaning(known)[0]
        if value:
            yield "lower" if bool(_LOW.match(level[1].lower())) == (value > 0) else "higher"


def _names(header: str) -> list[_Name]:
    """What the header calls its numbers: by words behind them, or before them where that names more of them."""
    behind, before = _named_behind(header), _named_before(header)
    found = {**behind, **before} if len(before) > len(behind) else {**before, **behind}
    return [*found.values(), *_around(header, found)]


def _named_behind(header: str) -> dict[int, _Name]:
    """The numbers with a name behind them: `1 = best`, `5 (bra)`, `1 lågt`."""
    found: dict[int, _Name] = {}
    for match in _NUMBER_FIRST.finditer(header):
        number, sign, word = int(match[1]), match[2] or "", _trimmed(match[3])
        is_open = sign == "(" and header[match.end() : match.end() + 1] != ")"
        is_sure = sign in ("=", "(") or sign.isalpha()
        if is_open or _NUMBERING.search(header[: match.start()]) or set(word.split()) & _QUESTION_WORDS:
            continue
        if number > _HUNDRED or not (is_sure or _is_whole(word)):
            continue
        value, amount = meaning(word)
        is_plain = (is_sure and (sign == "=" or _is_whole(word))) or (word in _BEST | _WORST and not sign)
        one = _Name(
            number=number, word=match[3].strip(), span=match.span(), is_plain=is_plain, value=value, amount=amount
        )
        if one.is_known or sign in ("=", "("):
            found.setdefault(number, one)
    return found


def _named_before(header: str) -> dict[int, _Name]:
    """The numbers with a known name before them: `worst = 1`, `very satisfied (5)`, `low 1`."""
    found: dict[int, _Name] = {}
    for match in _WORD_FIRST.finditer(header):
        number, word = int(match[3]), _trimmed(match[1])
        value, amount = meaning(word)
        if _is_whole(word) and number <= _HUNDRED:
            one = _Name(
                number=number,
                word=match[1].strip(),
                span=match.span(),
                is_plain=bool(match[2]),
                value=value,
                amount=amount,
            )
            found.setdefault(number, one)
    return found


def _around(header: str, known: Mapping[int, _Name]) -> Iterator[_Name]:
    """The names before and behind steps in a row: `Very easy 1 2 3 4 5 Very difficult`."""
    for run in (*_RUN.finditer(header), *_RANGE.finditer(header)):
        numbers = [int(number) for number in re.findall(r"\d+", run[0])]
        before = re.split(r"[,;/()\[\]=:|–—?!.\n]", header[: run.start()])[-1]
        behind = re.split(r"[,;/()\[\]=:|–—?!.\n]", header[run.end() :].lstrip())[0]
        for number, text in ((numbers[0], before), (numbers[-1], behind)):
            word = _trimmed(text)
            if number not in known and _is_whole(word) and not set(word.split()) & _QUESTION_WORDS:
                value, amount = meaning(word)
                yield _Name(
                    number=number, word=text.strip(), span=run.span(), is_plain=True, value=value, amount=amount
                )


def _trimmed(phrase: str) -> str:
    """The words of a phrase without those that only lead to it or from it."""
    words = normal_word(phrase.strip(" -–—")).split()
    while len(words) > 1 and words[0] in _FILL:
        words = words[1:]
    while len(words) > 1 and words[-1] in _FILL:
        words = words[:-1]
    return " ".join(words)


def _is_whole(word: str) -> bool:
    """Whether the whole phrase is a known mark, and does not only speak of one."""
    plain = _bare(word)
    return len(word) > 1 and (word in _marks() or any(plain in words for words in (_BEST, _WORST, _LITTLE, _MUCH)))


def _bare(word: str) -> str:
    words = word.split()
    while len(words) > 1 and words[0] in _DEGREES:
        words = words[1:]
    return " ".join(words)


def meaning(word: str) -> tuple[int, int]:
    """Whether a name (normal) is good (1) or bad (-1), and whether it is much or little of what is asked; 0 for neither."""
    plain = _bare(word)
    for words, sign in ((_BEST, 1), (_WORST, -1)):
        if plain in words:
            return sign, 0
    if (cost := _COSTS.search(plain)) is not None:
        amount = _amount(_bare(plain[: cost.start()].strip()))
        return -amount, 0
    if any(mark := _marks().get(word, (0, 0))):
        return mark
    if amount := _amount(plain):
        return 0, amount
    is_not = bool(_NOT.search(word))
    if _BAD_STEM.search(word):
        return (0 if is_not else -1), 0
    if _GOOD_STEM.search(word):
        return (-1 if is_not else 1), 0
    if _LESS_STEM.search(word):
        return 0, 0 if is_not else -1
    return 0, (-1 if is_not else 1) if _MORE_STEM.search(word) else 0


def best_or_worst(word: str) -> int:
    """Whether a name (normal) is plainly that of the best step (1) or of the worst (-1); 0 for neither."""
    plain = _bare(word)
    return 1 if plain in _BEST else -1 if plain in _WORST else 0


def _amount(word: str) -> int:
    return 1 if word in _MUCH else -1 if word in _LITTLE else 0


@lru_cache(maxsize=1)
def _marks() -> Mapping[str, tuple[int, int]]:
    """Every known rating word with its meaning: above or below the middle of its scales, 0 where these differ."""
    signs: dict[str, set[tuple[int, int]]] = {}
    for scale in ratings().scales:
        middle = (scale.low + scale.high) / 2
        for word, step in scale.words().items():
            sign = (step > middle) - (step < middle)
            signs.setdefault(word, set()).add((0, sign) if scale.name.startswith(_OF_AMOUNT) else (sign, 0))
    return {word: next(iter(found)) if len(found) == 1 else (0, 0) for word, found in signs.items()}
