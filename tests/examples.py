"""How many examples a property is tried on: few and always the same in an ordinary run, many and new ones under `explore`.

pytest --hypothesis-profile explore tests/test_properties.py
"""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

SLOW = (
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
)
USUAL, MANY = 100, 1000

# The same examples each time, however slow the machine and whatever else was imported before: what passes once passes always.
# (Hypothesis mixes constants of the modules loaded so far into what it draws; no setting turns that off.)
setattr(providers, "_get_local_constants", lambda: providers._local_constants)  # noqa: B010
settings.register_profile("repeat", max_examples=USUAL, deadline=None, derandomize=True, suppress_health_check=SLOW)
settings.register_profile("explore", max_examples=MANY, deadline=None, suppress_health_check=SLOW)


def few(examples: int) -> settings:
    """`examples` in an ordinary run, ten times as many under `explore`. What fails is not made smaller: examples are small."""
    share = settings().max_examples / USUAL
    return settings(
        max_examples=max(1, round(examples * share)), phases=[Phase.explicit, Phase.generate], database=None
    )
