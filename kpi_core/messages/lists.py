"""Lists in messages: what is named of many things, and how many more there are."""

from collections.abc import Sequence

from kpi_core.messages.message import Given, Message, kept


def first_of(names: Sequence[Given], most: int, of: int | None = None) -> Message:
    """The first of some names, or of messages, and how many there are beyond: `a, b and 1,204 more`.

    A message holds no more names than it says. `of` is how many there are in all, where not all of them are given.
    """
    rest = (len(names) if of is None else of) - min(len(names), most)
    shown = kept(names[:most])
    return Message("first-of", names=shown, more=rest) if rest > 0 else Message("all-of", names=shown)
