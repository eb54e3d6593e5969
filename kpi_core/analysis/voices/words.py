"""The words of comments and pairs of words next to each other, each in its dictionary form and once a comment."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial

from kpi_core.analysis.voices.masking import without_marks
from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import ConfigError
from kpi_core.patterns import regex
from kpi_core.records import dataclass

LANGUAGES = ("en", "sv", "nb", "da", "fi")
PAIR = " "
"""What stands between the words of a pair."""
BETWEEN = " … "
"""What stands there where small words were left out."""
LONGEST_WORD = 40
RARE = 0.05
"""The share of the comments from which a language is one of theirs; words of a rarer one are taken by the commonest."""
_SENTENCE = regex(r"[.!?;:()\[\]\n\"“”»«]+")
_WORD = regex(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

Lemmas = Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True)
class Stops:
    """Words of one language that say nothing by themselves, and its words of no."""

    words: frozenset[str]
    negations: frozenset[str]

    @cached_property
    def all(self) -> frozenset[str]:
        """Both."""
        return self.words | self.negations


@dataclass(frozen=True, kw_only=True, eq=False)
class Spoken:
    """The terms of each comment (words, and pairs of them), how they were written, and the comments by language.

    `is_lemmatised` is whether words are in their dictionary forms.
    """

    terms: Sequence[frozenset[str]]
    forms: dict[str, Counter[str]]
    languages: Counter[str]
    is_lemmatised: bool

    def shown(self, term: str) -> str:
        """A word in its dictionary form, a pair as it is mostly written, `…` where small words stand between."""
        return self.forms[term].most_common(1)[0][0] if PAIR in term else term


def spoken(texts: Sequence[str], lemmas: Lemmas | None = None) -> Spoken:
    """The terms of plain or masked comments; without `lemmas` words are as they are written."""
    tokens = [[*_tokens(text)] for text in texts]
    by_language = [_languages(sentences) for sentences in tokens]
    counts = Counter(one[0] for one in by_language if len(one) == 1)
    known = {name for name, count in counts.items() if count >= RARE * max(len(texts), 1)}
    usual = counts.most_common(1)[0][0] if counts else "en"
    languages = [
        max((name for name in one if name in known), key=lambda name: counts[name], default=one[0] if one else usual)
        for one in by_language
    ]
    forms: dict[str, Counter[str]] = {}
    base = lru_cache(maxsize=200_000)(partial(_base, lemmas))
    terms = [
        frozenset(_terms(sentences, language, base, forms))
        for sentences, language in zip(tokens, languages, strict=True)
    ]
    return Spoken(terms=terms, forms=forms, languages=Counter(languages), is_lemmatised=lemmas is not None)


def dictionary_forms() -> Lemmas | None:
    """What turns a word of a language into its dictionary form; None where the library for it is not installed."""
    try:
        from simplemma import lemmatize
    except ImportError:
        return None
    return lambda word, language: str(lemmatize(word, lang=language, low_memory=True))


@lru_cache(maxsize=1)
def stop_words() -> dict[str, Stops]:
    """The words that say nothing by themselves, by language."""
    document = yaml.load(configs() / "values" / "stop_words.yaml", ConfigError)
    return {
        language: Stops(words=frozenset(listed["words"]), negations=frozenset(listed["no"]))
        for language, listed in document.data.items()
    }


def _tokens(text: str) -> Iterator[list[str]]:
    """The words of each sentence, in lower case."""
    for sentence in _SENTENCE.split(without_marks(text)):
        found = [word.casefold().replace("’", "'") for word in _WORD.findall(sentence)]
        if kept := [word for word in found if len(word) <= LONGEST_WORD]:
            yield kept


def _languages(sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The language that most of its small words are of, several that share them; none where it has none."""
    words = [word for sentence in sentences for word in sentence]
    hits = {name: sum(word in stops.all for word in words) for name, stops in stop_words().items()}
    most = max(hits.values())
    return tuple(name for name, count in hits.items() if count == most) if most else ()


def _base(lemmas: Lemmas | None, word: str, language: str) -> str:
    return word if lemmas is None else lemmas(word, language).casefold()


def _terms(
    sentences: Iterable[Sequence[str]], language: str, base: Callable[[str, str], str], forms: dict[str, Counter[str]]
) -> Iterator[str]:
    """Words that say something, and pairs of them with no more than small words between; a word of no stands in pairs alone."""
    stops = stop_words()[language]
    for sentence in sentences:
        before: tuple[str, str] | None = None
        gap = PAIR
        for word in sentence:
            is_no = word in stops.negations
            lemma = word if is_no else base(word, language)
            if not is_no and (word in stops.words or lemma in stops.words or len(lemma) < 2):
                gap = BETWEEN
                continue
            if not is_no:
                forms.setdefault(lemma, Counter())[word] += 1
                yield lemma
            if before is not None and before[0] != lemma and not (is_no and before[0] in stops.negations):
                pair = f"{before[0]}{PAIR}{lemma}"
                forms.setdefault(pair, Counter())[f"{before[1]}{gap}{word}"] += 1
                yield pair
            before, gap = (lemma, word), PAIR
