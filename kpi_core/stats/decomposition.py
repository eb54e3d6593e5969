"""Why a product changed: its change dealt to its factors, exactly."""

from collections.abc import Sequence
from itertools import permutations
from math import prod


def shares_of_change(old: Sequence[float], new: Sequence[float]) -> list[float]:
    """What each factor adds to the change of their product, averaged over every order of changing them (Shapley 1953).

    The parts add up to the whole change, and no factor is favoured by being changed first or last.
    """
    orders = list(permutations(range(len(old))))
    parts = [0.0] * len(old)
    for order in orders:
        held = list(old)
        for place in order:
            before = prod(held)
            held[place] = new[place]
            parts[place] += prod(held) - before
    return [part / len(orders) for part in parts]
