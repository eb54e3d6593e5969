"""Agents with fewer than five rows: a solver works out of random reports whatever can be, and it must not be theirs."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from core.analysis.changes.test_compare import canonical, report

from kpi_cli.documents.records import report as json
from kpi_core.analysis.privacy.condition_sides import SMALL
from kpi_core.analysis.privacy.crossed_totals import Crossing
from kpi_core.analysis.privacy.small_groups import protected
from kpi_core.facts import Rules
from kpi_core.model.periods import Grain
from kpi_core.model.promise import Promise
from kpi_core.model.tables import ANSWERS, TICKETS

NAMES = ("Ann", "Bo", "Cy", "Di", "Ed", "Flo", None)
KPIS = ("tickets_created", "tickets_resolved", "net_flow", "tickets_per_agent", "resolution_rate", "first_reply_time", "first_reply_time_mean",
        "first_reply_within", "resolution_time_km", "answers_received", "csat", "csat_mean", "response_rate_of_resolved")  # fmt: skip
COUNTS = {"tickets_created": "created", "tickets_per_agent": "created", "resolution_rate": "created", "tickets_resolved": "resolved",
          "first_reply_time": "replied", "first_reply_time_mean": "replied", "csat": "rated", "csat_mean": "rated",
          "answers_received": "rated"}  # fmt: skip
"""Whose rows the `n` of a KPI counts."""
SUMS = {"first_reply_time_mean": "seconds of replied", "csat_mean": "marks of rated", "csat": "satisfied of rated"}
"""What a value times its `n` adds up."""

Whose = str | None | tuple[str | None, str]
"""An agent, or one who has rows in several groups in one of them."""
Unknown = tuple[str, str, Whose]
"""What is counted or added up, in which period, of whom."""
Row = dict[Unknown, Fraction]


@dataclass
class Desk:
    """A made-up desk of three months with a few agents, some of whom hardly do anything."""

    tickets: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    teams: dict[str | None, list[str]] = field(default_factory=dict)

    def of(self, group: str, agents: list[str | None]) -> list[Whose]:
        """Those who have rows in a group."""
        return [
            agent if len(self.teams[agent]) == 1 else (agent, group) for agent in agents if group in self.teams[agent]
        ]

    def counts(self) -> Counter[Unknown]:
        """How many rows there are of each kind, by month and quarter."""
        dated = {"created": ("created_at", self.tickets), "replied": ("created_at", [row for row in self.tickets if row["first_replied_at"]]),
                 "resolved": ("resolved_at", self.tickets), "rated": ("answered_at", self.answers)}  # fmt: skip
        found: Counter[Unknown] = Counter()
        for what, (date, rows) in dated.items():
            for row in rows:
                if row[date] is not None:
                    found.update([(what, f"{row[date]:%Y-%m}", row["agent"]), (what, "quarter", row["agent"])])
        return found


def desk(luck: random.Random) -> Desk:
    made, agents = Desk(), luck.sample(NAMES, luck.randint(3, 7))
    weights = [luck.choice((1, 2, 4, 20)) for _ in agents]
    for number in range(luck.choice((25, 60, 120))):
        created = datetime(2026, 1, 1, 9) + timedelta(days=luck.randrange(90))
        replied = created + timedelta(hours=luck.randrange(1, 40)) if luck.random() < 0.8 else None
        resolved = created + timedelta(days=luck.randrange(1, 30)) if luck.random() < 0.8 else None
        resolved = resolved if resolved is not None and resolved < datetime(2026, 4, 1) else None
        (agent,) = luck.choices(agents, weights)
        made.tickets.append({"ticket_id": number, "created_at": created, "first_replied_at": replied, "resolved_at": resolved,
                             "status": "solved" if resolved else "open", "agent": agent})  # fmt: skip
        if resolved is not None and luck.random() < 0.4:
            made.answers.append({"response_id": number, "ticket_id": number, "answered_at": resolved, "question": "csat", "score": luck.randint(1, 5),
                                 "scale_low": 1, "scale_high": 5, "direction": "higher", "agent": agent})  # fmt: skip
    return made


def in_teams(made: Desk, luck: random.Random) -> Desk:
    """The desk with its agents in groups, most in one."""
    groups = {}
    for agent in dict.fromkeys(row["agent"] for row in made.tickets):
        made.teams[agent] = luck.sample(("East", "West", "North", "South"), luck.choice((1, 1, 1, 2)))
    for row in made.tickets:
        groups[row["ticket_id"]] = row["group"] = luck.choice(made.teams[row["agent"]])
    for row in made.answers:
        row["group"] = groups[row["ticket_id"]]
    for agent in made.teams:
        made.teams[agent] = sorted({row["group"] for row in made.tickets if row["agent"] == agent})
    return made


def as_json(made: Desk, **asked: Any) -> dict[str, Any]:
    """The report as JSON."""
    tables = {"tickets": canonical(TICKETS, made.tickets)}
    if made.answers:
        tables["answers"] = canonical(ANSWERS, made.answers)
    rules = Rules(first_reply_targets=(Promise(within=86_400),))
    return json.document(report(tables, *KPIS, rules=rules, **{"by": ("agent",), **asked}))


def cells(result: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The figures of a result, each with its period."""
    if not result.get("suppressed"):
        yield named(result["period"]), result
    before = {"start": "2026-02-01", "end": "2026-03-01"} if named(result["period"]) == "2026-03" else None
    if result["baseline"] and before:
        yield named(before), result["baseline"]
    if result["newest_final"]:
        yield named(result["newest_final"]["period"]), result["newest_final"]
    for each in result.get("trend", ()):
        if not each.get("suppressed"):
            yield named(each["period"]), each


def named(period: Mapping[str, str]) -> str:
    is_quarter = (period["start"], period["end"]) == ("2026-01-01", "2026-04-01")
    return "quarter" if is_quarter else period["start"][:7]


def says(kpi: str, cell: Mapping[str, Any]) -> Iterator[tuple[dict[str, int], Fraction]]:
    """What the figures of one cell say of its rows: how many of each kind come to what."""
    n, value = cell["n"], cell["value"]
    if kpi in COUNTS:
        yield {COUNTS[kpi]: 1}, Fraction(n)
    if kpi in SUMS and value is not None:
        yield {SUMS[kpi]: 1}, Fraction(value * n).limit_denominator(1000)
    if kpi == "net_flow" and value is not None:
        yield {"created": 1, "resolved": 1}, Fraction(n)
        yield {"created": 1, "resolved": -1}, Fraction(value)
    if kpi == "resolution_rate" and cell.get("numerator") is not None:
        yield {"resolved": 1}, Fraction(cell["numerator"])
    if kpi == "first_reply_time" and "notes" in cell:
        left = sum(int(note.split()[0]) for note in cell["notes"] if " left out: " in note)
        yield {"created": 1, "replied": -1}, Fraction(left)


def equations(document: Mapping[str, Any], agents: list[str | None], made: Desk) -> Iterator[tuple[Row, Fraction]]:
    """All that a report says: by its totals and groups, by whom it does not name, and by who answered."""
    listed: set[tuple[str, str | None]] = set()
    for result in document["results"]:
        who = whose(result["group"], agents, made)
        listed.update((result["kpi"], result["group"]["agent"]) for _ in who if "agent" in result["group"])
        counted = [each for each in who if result["kpi"] != "tickets_per_agent" or named_one(each)]
        for period, cell in cells(result):
            for kinds, amount in says(result["kpi"], cell):
                yield (
                    {(what, period, each): Fraction(sign) for what, sign in kinds.items() for each in counted},
                    amount,
                )
    now = named(document["query"]["period"])
    for kpi in {kpi for kpi, _ in listed} & COUNTS.keys() - {"tickets_per_agent"}:
        absent = [agent for agent in agents if (kpi, agent) not in listed]
        yield from (({(COUNTS[kpi], now, agent): Fraction(1)}, Fraction(0)) for agent in absent)
    for spread in (each for each in document["responses"] if each["by"] in ("agent", "group")):
        for segment in spread["segments"]:
            who = whose({spread["by"]: segment["value"]}, agents, made)
            yield {("resolved", now, each): Fraction(1) for each in who}, Fraction(segment["asked"])
    if now == "quarter":
        yield from quarters(agents)


def whose(group: Mapping[str, str], agents: list[str | None], made: Desk) -> list[Whose]:
    """Whose rows a group of a report holds, or all of it."""
    if "group" in group:
        return made.of(group["group"], agents)
    return [group["agent"]] if group else [*agents]


def named_one(each: Whose) -> bool:
    return (each[0] if isinstance(each, tuple) else each) is not None


def shares(made: Desk) -> Iterator[tuple[Row, Fraction]]:
    """That who is in several groups is what they are in each."""
    for agent, groups in made.teams.items():
        for what in {*COUNTS.values(), *SUMS.values()} if len(groups) > 1 else ():
            for period in ("2026-01", "2026-02", "2026-03", "quarter"):
                parts: Row = {(what, period, (agent, group)): Fraction(1) for group in groups}
                yield {(what, period, agent): Fraction(-1), **parts}, Fraction(0)


def quarters(agents: list[str | None]) -> Iterator[tuple[Row, Fraction]]:
    """That a quarter is its months."""
    for what in {*COUNTS.values(), *SUMS.values()}:
        for agent in agents:
            months = {(what, f"2026-0{month}", agent): Fraction(1) for month in (1, 2, 3)}
            yield {(what, "quarter", agent): Fraction(-1), **months}, Fraction(0)


def solved(rows: list[tuple[Row, Fraction]]) -> dict[Unknown, Fraction]:
    """Every unknown that the equations leave one value for: Gauss and Jordan."""
    reduced: dict[Unknown, tuple[Row, Fraction]] = {}
    for row, amount in sorted(rows, key=lambda each: len(each[0])):
        left, rest = dict(row), amount
        for place in [each for each in left if each in reduced]:
            left, rest = less(left, rest, reduced[place], left[place])
        if not left:
            assert not rest, "what the report says contradicts itself"
            continue
        pivot = next(iter(left))
        scale = left[pivot]
        known = ({each: factor / scale for each, factor in left.items()}, rest / scale)
        for place, (other, total) in reduced.items():
            if pivot in other:
                reduced[place] = less(other, total, known, other[pivot])
        reduced[pivot] = known
    return {place: total for place, (row, total) in reduced.items() if len(row) == 1}


def less(row: Row, amount: Fraction, other: tuple[Row, Fraction], times: Fraction) -> tuple[Row, Fraction]:
    found = dict(row)
    for each, factor in other[0].items():
        found[each] = found.get(each, Fraction(0)) - times * factor
    return {each: factor for each, factor in found.items() if factor}, amount - times * other[1]


def given_away(made: Desk, *expected: tuple[Mapping[str, Any], list[str | None]]) -> list[str]:
    """What some reports, each on the rows of some agents, let work out of agents with one to four rows."""
    truth = made.counts()
    shown = [each for document, agents in expected for each in equations(document, agents, made)]
    found = {
        place: amount for place, amount in solved([*shown, *shares(made)]).items() if not isinstance(place[2], tuple)
    }
    counted = {place: amount for place, amount in found.items() if " " not in place[0]}
    assert counted == {place: truth[place] for place in counted}, "the solver counts otherwise than the desk"
    return [
        f"{what} of {agent} in {period}: {float(amount):g}"
        for (what, period, agent), amount in found.items()
        if agent and 0 < truth[what.rpartition(" ")[2], period, agent] < SMALL
    ]


def agents_of(made: Desk) -> list[str | None]:
    return list(dict.fromkeys(row["agent"] for row in made.tickets))


@pytest.mark.parametrize("is_long", [False, True], ids=["groups", "trends"])
@pytest.mark.parametrize("period", ["2026-03", "2026-Q1"])
def test_nothing_hidden_can_be_worked_out(period: str, is_long: bool) -> None:
    for seed in (*range(6), 9, 20, 30):
        made = desk(random.Random(seed))
        document = as_json(made, period=period, is_long=is_long, grain=Grain.MONTH)
        assert given_away(made, (document, agents_of(made))) == [], seed


@pytest.mark.parametrize("by", [("group",), ("agent",), ("agent", "group")], ids=" and ".join)
def test_nothing_hidden_can_be_worked_out_by_the_groups_of_agents(by: tuple[str, ...]) -> None:
    for seed in (5, 107, 113, 116, 120):
        made = in_teams(desk(luck := random.Random(seed)), luck)
        document = as_json(made, period="2026-03", by=by)
        assert given_away(made, (document, agents_of(made))) == [], seed


@pytest.mark.parametrize("by", [(), ("group",)], ids=["of all", "by group"])
@pytest.mark.parametrize(
    "where",
    [
        "agent <> '{few}'",
        "agent not in ('{few}')",
        "agent in ('{others}')",
        "not (agent = '{few}')",
        "agent is null or agent <> '{few}'",
        "agent = '{few}' or agent is null",
    ],
)
def test_nothing_hidden_can_be_worked_out_by_leaving_someone_out(where: str, by: tuple[str, ...]) -> None:
    for seed in (1, 20):
        made = in_teams(desk(luck := random.Random(seed)), luck)
        agents, truth = agents_of(made), made.counts()
        few = min(filter(None, agents), key=lambda agent: truth["created", "2026-03", agent] or 99)
        others = [agent for agent in agents if agent not in (few, None)]
        condition = where.format(few=few, others="', '".join(filter(None, others)))
        meeting = (
            [few, None] if "or agent is null" in where else [*others, *([None] if "in ('{others" not in where else [])]
        )
        of_all, of_some = (
            as_json(made, period="2026-03", by=by),
            as_json(made, period="2026-03", by=by, where=condition),
        )
        meeting = [agent for agent in meeting if agent in agents]
        assert given_away(made, (of_all, agents), (of_some, meeting)) == [], (seed, few)


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        ({"Ann": 9, "Bo": 7}, ""),
        ({"Ann": 9, "Bo": 7, "Cy": 3}, "Bo Cy"),
        ({"Ann": 9, "Bo": 7, "Cy": 3, "Di": 2}, "Cy Di"),
        ({"Ann": 9, "Bo": 7, "Cy": 2, "Di": 2}, "Bo Cy Di"),
        ({"Ann": 9, "Bo": 7, "Cy": 7, "Di": 1}, "Cy Di"),
        ({"Ann": 9, "Bo": 3, "Cy": 0}, "Ann Bo"),
        ({"Ann": 3, "Bo": 0, "Cy": 0}, "Ann Bo Cy"),
        ({"Ann": 1, "Bo": 3, "Cy": 0}, "Ann Bo Cy"),
        ({"Ann": 0, "Bo": 0}, ""),
    ],
)
def test_two_groups_and_five_rows_are_hidden_at_least(rows: dict[str | None, int], hidden: str) -> None:
    assert protected(rows) == set(hidden.split())


def tickets(number: int, agent: str | None, **more: Any) -> list[dict[str, Any]]:
    """Tickets of an agent in March, replied to and resolved within a day."""
    at = datetime(2026, 3, 2, 9)
    return [{"created_at": at, "first_replied_at": at + timedelta(hours=1), "resolved_at": at + timedelta(hours=9), "status": "solved",
             "agent": agent, "group": "Sales", **more} for _ in range(number)]  # fmt: skip


def results(rows: list[dict[str, Any]], kpi: str, **asked: Any) -> dict[str | None, dict[str, Any]]:
    """The results of a KPI by group, the total under nothing."""
    numbered = [{"ticket_id": number, **row} for number, row in enumerate(rows)]
    made = report({"tickets": canonical(TICKETS, numbered)}, kpi, **{"by": ("agent",), "period": "2026-03", **asked})
    return {
        next(iter(one["group"].values()), "") or "nobody" if one["group"] else "": one
        for one in json.document(made)["results"]
    }


def hidden(found: Mapping[str | None, Mapping[str, Any]]) -> set[str | None]:
    return {group for group, one in found.items() if one.get("suppressed")}


FEW = [*tickets(9, "Ann"), *tickets(7, "Bo"), *tickets(3, "Cy")]


def test_all_hidden_people_have_the_same_reason() -> None:
    found = results(FEW, "tickets_created")
    assert hidden(found) == {"Bo", "Cy"}
    assert found[""]["n"] == 19
    assert (
        found["Bo"]["notes"]
        == found["Cy"]["notes"]
        == [
            "fewer than 5 rows, or hidden so that another cannot be worked out of this report; two reports on different periods can be subtracted"
        ]
    )


@pytest.mark.parametrize(
    ("rows", "kpi"),
    [
        pytest.param(
            tickets(3, "Cy", resolved_at=None, status="open") + tickets(9, "Cy"),
            "resolution_time_km",
            id="nine of twelve are finished",
        ),
        pytest.param(
            tickets(9, "Cy", resolved_at=None, status="open") + tickets(3, "Cy"),
            "resolution_time_km",
            id="three are finished",
        ),
        pytest.param(
            tickets(9, "Cy", resolved_at=None, status="open") + tickets(3, "Cy"),
            "resolution_rate",
            id="three of twelve are resolved",
        ),
        pytest.param(
            tickets(9, "Cy", resolved_at=None, status="open") + tickets(3, "Cy"), "net_flow", id="twelve less three"
        ),
        pytest.param(tickets(3, "Cy", first_replied_at=None), "first_reply_time", id="three are left out"),
    ],
)
def test_the_rows_a_result_shows_are_not_few_either(rows: list[dict[str, Any]], kpi: str) -> None:
    expected = set() if len(rows) == 12 and rows[3]["resolved_at"] else {"Bo", "Cy"}
    assert hidden(results([*tickets(19, "Ann"), *tickets(17, "Bo"), *rows], kpi)) == expected


@pytest.mark.parametrize(
    ("asked", "expected"), [({"min_n": 1}, set()), ({"min_n": 8}, {"Bo", "Cy"}), ({"by": ("group",)}, set())]
)
def test_the_number_asked_for_counts_and_teams_are_no_people(asked: dict[str, Any], expected: set[str]) -> None:
    rows = [*FEW, *tickets(1, "Ann", group="Support")]
    assert hidden(results(rows, "tickets_created", **asked)) == expected


def test_rows_of_nobody_are_shown_and_hide_no_one() -> None:
    assert hidden(results([*FEW, *tickets(2, None)], "tickets_created")) == {"Bo", "Cy"}
    assert hidden(results([*FEW[:16], *tickets(2, None)], "tickets_created")) == set()


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("agent = 'Cy'", {"", "Sales"}),
        ("agent = 'Bo'", {"Support", "Sales"}),
        ("agent in ('Bo', 'Cy')", {"Support", "Sales"}),
        ("agent <> 'Ann'", {"Support", "Sales"}),
        ("\"group\" = 'Support'", set()),
    ],
)
def test_a_condition_on_people_makes_a_report_theirs(where: str, expected: set[str]) -> None:
    rows = [*FEW, *tickets(2, "Bo", group="Support")]
    assert hidden(results(rows, "tickets_created", by=("group",), where=where)) == expected


def test_a_condition_that_leaves_many_people_is_no_ones() -> None:
    rows = [row for name in ("Ann", "Bo", "Cy", "Di", "Ed", "Flo") for row in tickets(6, name)] + tickets(
        2, "Bo", group="Support"
    )
    assert hidden(results(rows, "tickets_created", by=("group",), where="agent <> 'Flo'")) == set()


def test_a_month_that_is_hidden_is_reported_to_be_and_has_no_number() -> None:
    february = {"created_at": datetime(2026, 2, 2, 9), "resolved_at": datetime(2026, 2, 2, 19)}
    rows = [
        *tickets(9, "Ann"),
        *tickets(9, "Bo"),
        *tickets(9, "Cy"),
        *tickets(9, "Ann", **february),
        *tickets(2, "Cy", **february),
    ]
    found = results(rows, "tickets_created", is_long=True)
    assert hidden(found) == set()
    assert [found[name]["baseline"] is None for name in ("Ann", "Bo", "Cy")] == [True, True, True]
    (month,) = [each for each in found["Cy"]["trend"] if each["period"]["start"] == "2026-02-01"]
    assert (month["n"], month["value"], month["suppressed"]) == (None, None, True)


@pytest.mark.parametrize("asked", [{}, {"by": (), "where": "agent = 'Bo'"}], ids=["of an agent", "of a condition"])
def test_who_is_hidden_in_one_month_of_a_quarter_is_hidden_in_all_its_months(asked: dict[str, Any]) -> None:
    months = [("Ann", 9, 1), ("Ann", 9, 2), ("Ann", 9, 3), ("Bo", 7, 1), ("Bo", 3, 2), ("Bo", 8, 3)]
    rows = [
        row for agent, number, month in months for row in tickets(number, agent, created_at=datetime(2026, month, 2))
    ]
    found = results(rows, "tickets_created", period="2026-Q1", grain=Grain.MONTH, is_long=True, **asked)
    whose = found["" if asked else "Bo"]
    assert (whose["n"], {month["n"] for month in whose["trend"]}) == (18, {None})
    assert len(whose["trend"]) > 1


def test_who_answered_names_no_one_of_whom_few_were_asked() -> None:
    rows = [{"ticket_id": number, **row} for number, row in enumerate(FEW)]
    answers = [{"response_id": row["ticket_id"], "ticket_id": row["ticket_id"], "answered_at": row["resolved_at"], "question": "csat", "score": 5,
                "scale_low": 1, "scale_high": 5, "direction": "higher", "agent": row["agent"]} for row in rows]  # fmt: skip
    made = report(
        {"tickets": canonical(TICKETS, rows), "answers": canonical(ANSWERS, answers)},
        "csat",
        by=("agent",),
        period="2026-03",
    )
    (spread,) = [one for one in json.document(made)["responses"] if one["by"] == "agent"]
    assert [(each["value"], each["asked"]) for each in spread["segments"]] == [("Ann", 9)]
    assert spread["csat"] is None


MAIL: dict[str, Any] = {"channel": "email", "is_spam": False}
ALONE = [
    *tickets(9, "Ann", **MAIL),
    *tickets(8, "Bo", **MAIL),
    *tickets(20, "Di", **MAIL, group="Support"),
    *tickets(3, "Uno", channel="fax", group="Oslo"),
]


@pytest.mark.parametrize(
    ("where", "is_hidden"),
    [
        pytest.param("agent <> 'Uno'", True, id="all but one"),
        pytest.param("agent <> 'Uno' and status = 'solved'", True, id="with a condition on something else"),
        pytest.param("status = 'open' or agent <> 'Uno'", True, id="or something else"),
        pytest.param("agent not like 'U%'", True, id="by a pattern"),
        pytest.param("\"group\" <> 'Oslo'", True, id="all but a group that is one agent"),
        pytest.param("\"group\" in ('Sales', 'Support')", True, id="all other groups"),
        pytest.param("\"group\" = 'Oslo'", True, id="a group that is one agent"),
        pytest.param("agent <> 'Bo'", False, id="all but one with many rows"),
        pytest.param("agent <> 'Nobody'", False, id="all"),
        pytest.param("\"group\" <> 'Support'", False, id="all but a group with many rows"),
        pytest.param("channel <> 'fax'", False, id="all but a channel with few rows"),
        pytest.param("status = 'solved' and ticket_id is not null", False, id="a condition on no people"),
    ],
)
def test_a_condition_reveals_those_it_leaves_out_as_those_it_takes(where: str, is_hidden: bool) -> None:
    others = [row for name in ("Ed", "Flo", "Guy") for row in tickets(9, name)]
    asked = {"by": (), "where": where}
    assert hidden(results([*ALONE, *others], "tickets_created", **asked)) == ({""} if is_hidden else set())
    assert hidden(results([*ALONE, *others], "tickets_created", min_n=1, **asked)) == set()


def test_merged_and_spam_tickets_are_no_ones() -> None:
    rows = [*ALONE[:37], *tickets(3, "Uno", is_spam=True)]
    assert hidden(results(rows, "tickets_created", by=(), where="agent <> 'Uno'")) == set()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(ALONE, {"Oslo", "Sales"}, id="a group of one agent, and the next smallest"),
        pytest.param([*ALONE, *tickets(2, "Di", group="Oslo")], set(), id="with another agent"),
        pytest.param([*ALONE, *tickets(9, "Uno")], set(), id="whose rows are mostly elsewhere"),
        pytest.param([*ALONE, *tickets(2, "Uno", group="Oslo")], set(), id="with five rows"),
        pytest.param([*ALONE, *tickets(9, None, group="Oslo")], {"Oslo", "Sales"}, id="and rows of nobody"),
        pytest.param([row for row in ALONE if row["agent"] == "Uno"], set(), id="of the only agent there is"),
    ],
)
def test_a_group_that_is_one_agent_is_the_agent(rows: list[dict[str, Any]], expected: set[str]) -> None:
    assert hidden(results(rows, "tickets_created", by=("group",))) == expected


@pytest.mark.parametrize("dimension", ["channel", "product"])
def test_any_dimension_may_be_one_agents(dimension: str) -> None:
    rows = [row | {dimension: row["group"]} for row in ALONE]
    assert hidden(results(rows, "tickets_created", by=(dimension,))) == {"Oslo", "Sales"}
    mixed = [*rows, *tickets(2, "Di", group="Oslo", **{dimension: "Oslo"})]
    assert hidden(results(mixed, "tickets_created", by=(dimension,))) == set()


@pytest.mark.parametrize("name", [str, str.lower, "{}@firm.se".format])
def test_groups_that_are_called_as_agents_are_people(name: Any) -> None:
    """`Closed by` and `Agent email`, recognised by what stands in them: a few tickets that others closed make no team of a name."""
    rows = [row | {"product": name("Uno" if place == 4 else row["agent"])} for place, row in enumerate(ALONE)]
    assert name("Uno") in hidden(results(rows, "tickets_created", by=("product",)))


@pytest.mark.parametrize(
    ("agents", "groups", "expected"),
    [
        ({"Ann": 9, "Bo": 8, "Cy": 3}, {"East": 12, "West": 8}, {"Ann", "Cy"}),
        ({"Ann": 9, "Bo": 8, "Di": 9, "Cy": 3}, {"East": 12, "West": 17}, {"Ann", "Cy"}),
        ({"Ann": 9, "Bo": 8, "Eve": 9, "Cy": 3}, {"East": 16, "West": 13}, {"Bo", "Cy"}),
    ],
)
def test_an_agent_is_hidden_with_another_of_the_group(
    agents: dict[str, int], groups: dict[str, int], expected: set[str]
) -> None:
    teams = {"Ann": {"East"}, "Bo": {"West"}, "Cy": {"East"}, "Di": {"West"}, "Eve": {"East", "West"}}
    crossing = Crossing(
        agents=agents, groups=groups, groups_of={name: frozenset(teams[name]) for name in agents}, least=SMALL
    )
    assert crossing.hidden({"Cy"}, ()) == (expected, frozenset())
