"""Canonical rows to facts: the columns KPIs speak of, derived once, with the trade's rules about missing data.

Each derived column is built from whatever the export offers, best evidence first. One that cannot be built is
simply absent, and the KPIs that need it are reported as unavailable, with what they lack.
"""

from kpi_core.facts.answers import derive_answers
from kpi_core.facts.build import COMPLAINT_WORDS, WANTS, Facts, Rules
from kpi_core.facts.tickets import derive_tickets
from kpi_core.facts.times import TIMES

__all__ = ["COMPLAINT_WORDS", "TIMES", "WANTS", "Facts", "Rules", "derive_answers", "derive_tickets"]
