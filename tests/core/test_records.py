"""Classes of fields: as the standard library's in everything that the code relies on."""

import dataclasses
import pickle
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from typing import Any

import pytest

from kpi_core.records import dataclass

KINDS = {"ours": dataclass, "theirs": dataclasses.dataclass}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A reply with fields of every kind."""

    ticket: str
    minutes: int = 5
    tags: list[str] = field(default_factory=list)
    source: str = field(default="", repr=False, compare=False)
    known: Mapping[str, int] = field(default_factory=dict, init=False)


@dataclass(frozen=True, kw_only=True)
class Rated(Reply):
    """One with a score."""

    score: int


@dataclass()
class Tally:
    """One that may be changed, and counts what is made of it."""

    n: int
    step: int = 1
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.total = self.n * self.step


def _written(kind: Callable[..., Any], **options: bool) -> Any:
    class Pair:
        """Two values."""

        left: int
        right: int = 2
        noted: list[int] = field(default_factory=list, compare=False)

    return kind(**options)(Pair)


@pytest.mark.parametrize(
    "options", [{}, {"frozen": True}, {"kw_only": True}, {"eq": False}, {"frozen": True, "eq": False}]
)
@pytest.mark.parametrize(
    "ask",
    [
        lambda made: repr(made(left=1)),
        lambda made: made(1, 3),
        lambda made: made(),
        lambda made: made(left=1, middle=2),
        lambda made: made(left=1) == made(left=1),
        lambda made: made(left=1) == made(left=1, noted=[4]),
        lambda made: made(left=1) != made(left=2),
        lambda made: made(left=1) == 1,
        lambda made: len({made(left=1), made(left=1)}),
        lambda made: replace(made(left=1), right=7).right,
        lambda made: asdict(made(left=1)),
        lambda made: setattr(made(left=1), "left", 2),
        lambda made: delattr(made(left=1), "left"),
        lambda made: made(left=1).noted is made(left=1).noted,
        lambda made: made(left=1, noted=None).noted,
        lambda made: [(each.name, each.kw_only, each.init) for each in fields(made)],
        lambda made: made.__match_args__,
        lambda made: made.right,
    ],
)  # fmt: skip
def test_it_answers_as_the_standard_library_s_does(options: dict[str, bool], ask: Callable[[Any], Any]) -> None:
    shown = []
    for kind in KINDS.values():
        try:
            shown.append(repr(ask(_written(kind, **options))))
        except (TypeError, AttributeError) as fault:
            shown.append(f"{type(fault).__name__}: {fault}")
    assert shown[0] == shown[1]


def test_one_derived_from_another_has_the_fields_of_both() -> None:
    rated = Rated(ticket="T1", score=4)
    assert (rated.ticket, rated.minutes, rated.tags, rated.known, rated.score) == ("T1", 5, [], {}, 4)
    assert rated == replace(rated, source="survey")
    assert rated != Reply(ticket="T1")
    assert repr(rated) == "Rated(ticket='T1', minutes=5, tags=[], known={}, score=4)"


def test_one_that_was_never_made_here_can_be_read_from_a_pickle() -> None:
    sent = pickle.dumps(Reply(ticket="T1", tags=["a"]))
    assert pickle.loads(sent) == Reply(ticket="T1", tags=["a"])


def test_what_is_done_after_the_fields_are_set_is_done() -> None:
    tally = Tally(3, step=2)
    assert tally.total == 6
    tally.n = 4
    assert tally != Tally(4, 2)
    with pytest.raises(TypeError):
        hash(tally)


def test_a_frozen_one_stays_as_it_is() -> None:
    reply = Reply(ticket="T1")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'minutes'"):
        reply.minutes = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'minutes'"):
        del reply.minutes  # type: ignore[misc]


def test_one_that_holds_itself_can_be_shown() -> None:
    reply = Reply(ticket="T1")
    reply.tags.append(reply)  # type: ignore[arg-type]
    assert repr(reply) == "Reply(ticket='T1', minutes=5, tags=[...], known={})"
