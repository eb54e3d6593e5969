"""Cells of agents that name no one person: several at once (`Kim, Lee`), who would be an agent of their own next to Kim and Lee, a robot or a team
(`System`, `Support`), or a name of its own in each row (`Agent 1`, `Agent 2`, …).
"""

from collections.abc import Mapping

import polars as pl

from kpi_core.facts.automatic_agents import is_automatic
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.columns import grouped
from kpi_core.model.findings import Consequence, Finding

CODE, NO_PERSON = "several-agents", "agents-of-nobody"
_NAMED, _STAFF = 3, 10_000
"""Agents that are named, and how many there are at most: beyond that they are no staff."""
_FEWEST, _A_NAME = 50, 1.1
"""Agents of whom some have several tickets; and how many each has at most, in the mean, where names are those of rows."""
_APART = r"\s*(?:[,;/&+|\r\n]|\s(?:och|og|and|ja|und)\s)\s*"

TEAMS = frozenset(
    {
        *("support", "it support", "it-support", "customer support", "customer service", "customer care", "helpdesk", "help desk", "service desk", "servicedesk", "reception", "info"),
        *("kundtjänst", "kundservice", "kundsupport", "supporten", "växel", "växeln", "receptionen", "kundeservice", "kundesenter", "kundestøtte", "kundesupport", "resepsjonen"),
        *("sentralbord", "sentralbordet", "kundecenter", "omstillingen", "asiakaspalvelu", "tuki", "asiakastuki"),
    }
)  # fmt: skip
"""What a team is called that stands in the place of its people."""


def several_agents(tables: Mapping[str, pl.DataFrame]) -> list[Finding]:
    """The findings on tickets whose agent is several, each of whom is the agent of other tickets alone, or is no person."""
    tickets = tables.get("tickets")
    if tickets is None or "agent" not in tickets.columns:
        return []
    counted = grouped(tickets.select("agent"), ["agent"], [pl.len()])
    counts = counted.with_columns(pl.col("agent").cast(pl.String)).drop_nulls("agent")
    return _of_rows(counts) or [*_joint(counts), *_no_persons(counts)]


def _of_rows(counts: pl.DataFrame) -> list[Finding]:
    """What is said of agents who have hardly more than one ticket each, though there are many: names were made for rows."""
    tickets = int(counts["len"].sum())
    if counts.height < _FEWEST or tickets > _A_NAME * counts.height:
        return []
    message = Message("agents-of-rows", count=counts.height, tickets=tickets, example=counts["agent"].sort()[0])
    return [
        Finding(
            code=NO_PERSON, message=message, kpis=("tickets_per_agent*",), is_serious=True,
            consequence=Consequence.NO_VALUE,
        )
    ]  # fmt: skip


def _no_persons(counts: pl.DataFrame) -> list[Finding]:
    """What is said of agents who are no people, beside others who are."""
    if counts.height > _STAFF:
        return []
    are_nobody = [is_automatic(name) or " ".join(name.casefold().split()) in TEAMS for name in counts["agent"]]
    if not any(are_nobody) or all(are_nobody):
        return []
    found = counts.filter(are_nobody).sort("len", "agent", descending=[True, False])
    listed = [Message("word-times", word=name, count=count) for name, count in found.iter_rows()]
    message = Message("agents-of-nobody", agents=first_of(listed, _NAMED), count=found.height)
    return [
        Finding(
            code=NO_PERSON, message=message, kpis=("tickets_per_agent*",), is_serious=True,
            consequence=Consequence.NO_VERDICT,
        )
    ]  # fmt: skip


def _joint(counts: pl.DataFrame) -> list[Finding]:
    """What is said of cells that name several agents, each of whom stands alone too."""
    if not counts["agent"].str.contains(_APART).any():  # mostly so
        return []
    names = {name.strip().casefold() for name in counts["agent"]}
    split = counts.with_columns(parts=pl.col("agent").str.replace_all(_APART, "\x1f").str.split("\x1f"))
    joint = split.filter(
        (pl.col("parts").list.len() > 1)
        & pl.col("parts").list.eval(pl.element().str.to_lowercase().str.strip_chars().is_in(list(names))).list.all()
    ).sort("len", "agent", descending=[True, False])
    if joint.is_empty():
        return []
    rows = int(joint["len"].sum())
    text = Message("several-agents", count=rows, example=" ⏎ ".join(joint["agent"][0].splitlines()))
    return [
        Finding(
            code=CODE, message=text, kpis=("tickets_per_agent*",), is_serious=True, consequence=Consequence.NO_VALUE
        ),
        Finding(
            code=CODE,
            message=Message("several-agents-split", finding=text),
            kpis=("*",),
            is_serious=True,
            consequence=Consequence.NO_VERDICT,
            by="agent",
        ),
    ]
