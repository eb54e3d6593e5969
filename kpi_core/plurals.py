"""Counts in words: one ticket is, thirteen tickets are."""

_MANY = {
    "is": "are", "has": "have", "does": "do", "falls": "fall", "lies": "lie", "shares": "share", "names": "name",
    "finds": "find", "was": "were",
}  # fmt: skip


def some(count: int, noun: str, verb: str = "", rest: str = "") -> str:
    """`1 ticket is`, `13 tickets are`, `13 tickets have no time`."""
    told = (
        f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s",
        verb if count == 1 else _MANY.get(verb, verb),
        rest,
    )
    return " ".join(filter(None, told))
