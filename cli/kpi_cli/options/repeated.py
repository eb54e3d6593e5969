"""Options that may be given again, and may not say two things of one."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from kpi_cli.boundary import UsageError

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def once(option: str, pairs: "Iterable[tuple[Key, Value]]") -> "dict[Key, Value]":
    """What an option that repeats says of each thing.

    Raises:
        UsageError: it says two things of one.
    """
    found: dict[Key, Value] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            name = " ".join(part for part in key if part) if isinstance(key, tuple) else key
            raise UsageError(f"`{option}` says two things of `{name}`", hint="leave one of them out")
        found[key] = value
    return found
