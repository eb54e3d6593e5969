"""Counts in words: one ticket is, thirteen tickets are; lists cut short."""

from collections.abc import Sequence

_MANY = {
    "is": "are", "has": "have", "does": "do", "falls": "fall", "lies": "lie", "shares": "share", "names": "name",
    "finds": "find", "was": "were", "stands": "stand",
}  # fmt: skip


def some(count: int, noun: str, verb: str = "", rest: str = "") -> str:
    """`1 ticket is`, `13 tickets are`, `13 tickets have no time`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("ply") else f"{noun}s"
    told = (
        f"{count:,} {noun if count == 1 else plural}",
        verb if count == 1 else _MANY.get(verb, verb),
        rest,
    )
    return " ".join(filter(None, told))


def in_short(words: Sequence[str], most: int) -> str:
    """The first of some words, and how many there are beyond: `a, b and 1,204 more`."""
    rest = len(words) - most
    return ", ".join(words[:most]) + (f" and {rest:,} more" if rest > 0 else "")
