"""What two spellings of one word have in common, in groups, in conditions and in KPIs of users' own."""

from collections.abc import Collection, Iterable


def one_word(word: str) -> str:
    """A word without case and superfluous blanks; a code (`a1` next to `A1`) has but one spelling."""
    is_code = len(word.split()) == 1 and any(letter.isdigit() for letter in word)
    return word if is_code else " ".join(word.split()).casefold()


def as_asked(words: Iterable[str], asked: Collection[str]) -> dict[str, str]:
    """By word the one that is asked for of which it is another spelling."""
    meant = {one_word(word): word for word in sorted(asked)}
    return {word: own for word in words if (own := meant.get(one_word(word), word)) != word and word not in asked}
