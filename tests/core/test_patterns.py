"""Patterns that are compiled when they are first asked."""

import re

import pytest

from kpi_core.patterns import regex


def test_one_answers_as_what_re_compiles_of_it() -> None:
    ours, theirs = regex(r"(t)icket|case", re.IGNORECASE), re.compile(r"(t)icket|case", re.IGNORECASE)
    assert ours.sub("x", "Tickets and cases") == theirs.sub("x", "Tickets and cases")
    assert [found.span() for found in ours.finditer("TICKET case")] == [(0, 6), (7, 11)]
    assert (ours.pattern, ours.groups, ours.flags) == (theirs.pattern, theirs.groups, theirs.flags)


def test_one_is_compiled_when_it_is_asked_and_not_before() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.search("")
