"""A message: the key of a sentence and the values that stand in it. The sentences lie in `configs/labels/<lang>.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from kpi_core.messages.definitions import Defined
from kpi_core.messages.sentences import render

Value: TypeAlias = "str | int | float | date | Message | Defined | tuple[Value, ...]"
Text: TypeAlias = "Message | str"
"""A message, or a name, or the user's own words: a string is data, and the same in every language."""
Given: TypeAlias = "Value | Iterable[Given]"


@dataclass(frozen=True, init=False, slots=True)
class Message:
    """A statement about data, in no language: `Message("ratings-beyond", count=3)`.

    Two messages are equal where key and values are; so a message may count things as the key of a dictionary. Lists become
    tuples. A value may be a message itself, which is then rendered in the same language.

    Attributes:
        key: the name of the sentence, under `sentences` of every `configs/labels/<lang>.yaml`.
        pairs: names and values, in the order of their names.
    """

    key: str
    pairs: tuple[tuple[str, Value], ...]

    def __init__(self, key: str, /, **values: Given) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "pairs", tuple((name, kept(values[name])) for name in sorted(values)))

    @classmethod
    def of(cls, key: str, values: "Mapping[str, Given]") -> "Message":
        """The message of a key that is data itself."""
        return cls(key, **values)

    @property
    def values(self) -> Mapping[str, Value]:
        """The values by name."""
        return dict(self.pairs)

    def render(self, lang: str = "en") -> str:
        """The sentence in a language (`en`, `sv`, `nb`)."""
        return render(self.key, self.values, lang)

    def __str__(self) -> str:
        """The sentence in English, for logs and notebooks."""
        return self.render()


def kept(given: Given) -> Value:
    """A value as a message holds it: lists as tuples."""
    if isinstance(given, str | int | float | date | Message | Defined):
        return given
    return tuple(kept(one) for one in given)
