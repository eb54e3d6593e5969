"""Which of the known scales a column's words are from."""

from collections.abc import Sequence
from itertools import combinations

from kpi_core.ingest.cells.scores.rating_words import Scale, ratings
from kpi_core.ingest.cells.scores.scale_names import called
from kpi_core.ingest.cells.scores.scales import Ends
from kpi_core.messages.message import Message

TWO_STEPS = 2
FEW_STEPS = 3
"""A scale of so few steps is taken wherever it has all the words: longer ones have no simpler reading of them."""
FOUR_STEPS = 4
FALL_TOGETHER = "words-fall-together"
"""The key of the message about two words of one step."""

Found = tuple[list[Scale], tuple[str, ...], Message | None]
"""The scales taken, the names of others that give some of the words another score, and why no single one can be taken."""


def candidates(words: set[str], scale: Ends | None) -> Found:
    """The scales that speak of the words.

    A scale that has all the words: one of two steps (good or bad, yes or no), else the one of the declared length, else the one that keeps most of them apart, else the
    shortest. Without any, those that have two words or more; without those either, each known word goes by the scale of
    the declared length, else the shortest. Where another scale would make another word one of the best marks, and the
    words are few of either, it is in doubt.
    """
    hits = [(entry, len(words & entry.words().keys())) for entry in ratings().scales if entry.may_have(words)]
    whole = [entry for entry, count in hits if count and count == len(words)]
    declared = [entry for entry in whole if len(entry.steps) == TWO_STEPS] or [
        entry for entry in whole if entry.ends == scale
    ]
    if declared:
        declared.sort(key=lambda entry: _shared(entry, words))
        return declared[:1], (), _fallen_together(declared[0], words)
    if whole:
        whole.sort(key=lambda entry: (_shared(entry, words), len(entry.steps)))
        fit = _misfit(whole[0], words)
        others = tuple(
            one
            for one in whole[1:]
            if _differ(whole[0], one, words)
            and _misfit(one, words) <= fit
            and len(words) <= len(one.steps)  # six words are no scale of five
        )
        if len({whole[0].words()[word] for word in words}) == len(whole[0].steps):
            others = ()
        doubt = _doubt(whole[0], others, words) or _fallen_together(whole[0], words)
        return whole[:1], tuple(entry.name for entry in others), doubt
    several = sorted((entry for entry in hits if entry[1] > 1), key=lambda entry: -entry[1])
    if several:
        return [entry for entry, _ in several], (), _fallen_together(several[0][0], words)
    return *_one_by_one(words, scale), None


def _shared(entry: Scale, words: set[str]) -> int:
    """How many of the words share their step with another one."""
    return len(words) - len({entry.words()[word] for word in words})


def _misfit(entry: Scale, words: set[str]) -> int:
    """How badly a scale fits: steps between the outermost words that none of them is, and an end that is not used."""
    used = sorted({place for place, step in enumerate(entry.ordered()) if words & step})
    is_whole = used[0] == 0 and used[-1] == len(entry.steps) - 1
    return used[-1] - used[0] + 1 - len(used) + (not is_whole)


def _doubt(taken: Scale, others: Sequence[Scale], words: set[str]) -> Message | None:
    """Why the scale taken may be the wrong one; None where the others agree on which marks are the best."""
    if len(taken.steps) <= FEW_STEPS:
        return None
    for other in others:
        apart = sorted(word for word in words if _is_top(taken, word) != _is_top(other, word))
        if apart:
            return Message("words-of-two-scales", one=called(taken.name), other=called(other.name), word=apart[0])
    return None


def _fallen_together(taken: Scale, words: set[str]) -> Message | None:
    """Which words of one column fall on one step while another step stays empty: then its scale is another one.

    Words of the middle step are names of one thing, and so are words that have nothing to do with one another: those of two languages.
    """
    steps = [sorted(words & step) for step in taken.ordered()]
    if len(steps) <= FEW_STEPS or all(steps):
        return None
    outer = [step for place, step in enumerate(steps) if 2 * place != len(steps) - 1]
    for first, second in (pair for step in outer for pair in combinations(step, 2)):
        if _is_graded(first, second):
            return Message("words-fall-together", first=first, second=second)
    return None


def _is_graded(one: str, other: str) -> bool:
    """Whether two words are grades of one: `Nöjd` and `Ganska nöjd`, `Dålig` and `Mindre bra`."""
    first, second = one.split(), other.split()
    return first[-1] == second[-1] or (len(first) == 1) != (len(second) == 1)


def _is_top(entry: Scale, word: str) -> bool:
    """Whether a word is one of the marks that count as satisfied: the best of a few steps, the two best of four or more."""
    low, high = entry.ends
    return entry.words()[word] >= high - (1 if len(entry.steps) >= FOUR_STEPS and high - low > 1 else 0)


def _one_by_one(words: set[str], scale: Ends | None) -> tuple[list[Scale], tuple[str, ...]]:
    """The scale of each known word, and the names of others that give it another score.

    Nothing where most of the words are unknown: those are remarks, not ratings.
    """
    chosen: dict[str, Scale] = {}
    others: dict[str, None] = {}
    known = 0
    for word in sorted(words):
        having = [entry for entry in ratings().scales if entry.may_have(words) and word in entry.words()]
        having.sort(key=lambda entry: (entry.ends != scale, len(entry.steps)))
        known += bool(having)
        chosen |= {entry.name: entry for entry in having[:1]}
        if having and having[0].ends != scale:
            others |= {entry.name: None for entry in having[1:] if _differ(having[0], entry, {word})}
    return (list(chosen.values()), tuple(others)) if 2 * known >= len(words) else ([], ())


def _differ(one: Scale, other: Scale, words: set[str]) -> bool:
    """Whether two scales give the words other scores."""
    first, second = one.words(), other.words()
    return any(first[word] != second[word] for word in words)
