"""Why a figure changed: its change dealt to what it is made of, with nothing left over.

Factors are numbers or vectors of numbers (one for each segment, say); what they make is any function of them. The parts are
those of Shapley (1953), which Das Gupta (1991, 1993) reached for rates on another way.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import factorial, fsum, prod
from typing import TypeVar

Factor = TypeVar("Factor")


def shares_of_change(old: Sequence[float], new: Sequence[float]) -> list[float]:
    """What each factor adds to the change of their product, averaged over every order of changing them.

    The parts add up to the whole change, and no factor is favoured by being changed first or last.
    """
    return parts_of_change(prod, old, new)


def parts_of_change(
    function: Callable[[Sequence[Factor]], float], old: Sequence[Factor], new: Sequence[Factor]
) -> list[float]:
    """What each factor adds to the change of a function of them all. It is asked 2ⁿ times for n factors."""
    return [
        fsum(ways * (function(one) - function(other)) for ways, one, other in _sides(old, new, place))
        / factorial(len(old))
        for place in range(len(old))
    ]


def standardised(
    function: Callable[[Sequence[Factor]], float], populations: Sequence[Sequence[Factor]]
) -> list[list[float]]:
    """The rate each population would have if it had nothing but one factor of its own, for each factor (Das Gupta 1993, 6.11).

    The difference of two populations is what that factor adds to their difference. Of three populations and more the parts of
    the first and second and of the second and third add up to those of the first and third, which those of pairs do not.
    """
    count, factors = len(populations), len(populations[0])
    found = []
    for one in range(count):
        rates = []
        for factor in range(factors):
            pairs = {
                (this, other): _standardised(function, populations[this], populations[other], factor)
                for this in range(count)
                for other in range(count)
                if this != other
            }
            own = fsum(pairs[one, other] for other in range(count) if other != one) / (count - 1)
            drift = fsum(
                fsum(pairs[this, other] for other in range(count) if other not in (one, this))
                - (count - 2) * pairs[this, one]
                for this in range(count)
                if this != one
            )
            rates.append(own + drift / (count * (count - 1)))
        found.append(rates)
    return found


def _standardised(
    function: Callable[[Sequence[Factor]], float], own: Sequence[Factor], other: Sequence[Factor], place: int
) -> float:
    """The function at one factor of `own`, with the others averaged over both sides as Shapley weighs them."""
    return fsum(ways * function(one) for ways, one, _ in _sides(other, own, place)) / factorial(len(own))


def _sides(
    old: Sequence[Factor], new: Sequence[Factor], place: int
) -> Iterator[tuple[int, list[Factor], list[Factor]]]:
    """In how many orders some factors are changed before one of them is, and all of them then with it changed and without."""
    others = [each for each in range(len(old)) if each != place]
    for size in range(len(old)):
        ways = factorial(size) * factorial(len(others) - size)
        for changed in combinations(others, size):
            without = [new[each] if each in changed else old[each] for each in range(len(old))]
            yield ways, [*without[:place], new[place], *without[place + 1 :]], without
