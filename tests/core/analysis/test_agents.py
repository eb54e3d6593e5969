"""Load or some teams' outcome: what is planted is found, what is not is not, and nobody is named who is not to be."""

import random
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

import kpi_core
from kpi_core.analysis.agents.agents import agents
from kpi_core.analysis.agents.answer import Consent, Level, Likeness, Standing
from kpi_core.analysis.agents.outcomes import outcomes
from kpi_core.analysis.agents.people import names_of, pseudonyms
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.facts.automatic_agents import is_automatic
from kpi_core.kpis import BY_NAME

CONSENT = Consent(purpose="Training", discussed_with="The union", informed="2026-06-10", review_by=date(2026, 12, 31))
HEADER = "Ticket number;Created;Resolved;Status;Type;Priority;Channel;Group;Agent"
GROUPS = ("Billing", "Delivery", "Returns", "Support")


def desk(folder, chance, *, groups=GROUPS, weeks=26, a_week=90, seed=1, people=4, busy=lambda _: 1.0, more=()):
    """Tickets of some groups: `chance` of being resolved within a day by group, type and how busy the week is."""
    rng, lines = random.Random(seed), [HEADER, *more]
    for week in range(weeks):
        for _ in range(round(a_week * busy(week))):
            group, kind = rng.choice(groups), rng.choice(("Question", "Problem"))
            opened = datetime(2026, 1, 5, 8) + timedelta(days=7 * week + rng.randrange(7), minutes=rng.randrange(600))
            is_soon = rng.random() < chance(group, kind, busy(week))
            solved = opened + timedelta(hours=9 if is_soon else 24 * 20)
            lines.append(
                f"{len(lines)};{opened:%Y-%m-%d %H:%M};{solved:%Y-%m-%d %H:%M};Closed;{kind};Normal;Email;{group};"
                f"{group[:3]} {rng.randrange(people) + 1}"
            )
    end = datetime(2026, 1, 5, 8) + timedelta(days=7 * weeks + 30)
    lines.append(f"{len(lines)};{end:%Y-%m-%d %H:%M};;Open;Question;Normal;Email;{groups[0]};{groups[0][:3]} 1")
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return kpi_core.read([path], keep=["group", "agent", "type", "priority", "channel"])


def asked(period=None, **more):
    return Request(kpis=(BY_NAME["resolution_rate_cohort"],), period=period, **more)


def test_one_group_that_does_otherwise_is_outside_and_the_others_are_not(tmp_path):
    found = agents(
        desk(tmp_path, lambda group, kind, _: 0.8 - 0.2 * (group == "Returns") - 0.2 * (kind == "Problem")), asked()
    )
    standings = {one.name: one.standing is Standing.OUTSIDE for one in found.units.shown}
    assert standings["Returns"]
    assert [one.is_above for one in found.units.shown if one.name == "Returns"] == [False]
    assert found.units.likeness is Likeness.OUTSIDE
    assert not found.load.is_linked
    assert [one.name for one in found.units.shown] == sorted(GROUPS)
    assert sum(one.n * one.expected for one in found.units.shown) == pytest.approx(
        sum(one.n * one.observed for one in found.units.shown)
    )


def test_case_mix_is_no_fault_of_a_group(tmp_path):
    """Two groups with other kinds of tickets: far apart as they are, alike by kind."""
    rng = random.Random(2)

    def chance(_, kind, __):
        return 0.9 if kind == "Question" else 0.4

    desk(tmp_path, chance)
    path = tmp_path / "tickets.csv"
    lines = path.read_text("utf-8").splitlines()
    kept = [lines[0]]
    for line in lines[1:]:
        is_problem, group = ";Problem;" in line, line.split(";")[7]
        if rng.random() < (0.9 if is_problem is (group in ("Billing", "Returns")) else 0.25):
            kept.append(line)
    path.write_text("\n".join(kept) + "\n", "utf-8")
    found = agents(kpi_core.read([path], keep=["group", "agent", "type"]), asked())
    raw = [one.observed for one in found.units.shown]
    assert max(raw) - min(raw) > 0.15
    assert found.units.likeness is Likeness.ALIKE
    assert found.units.mix == ["type"]


def test_a_busy_desk_is_load_and_no_group(tmp_path):
    def busy(week):
        return 1.0 + 0.8 * (week * 7 % 5 in (0, 3))

    found = agents(desk(tmp_path, lambda _, __, load: 0.85 - 0.45 * (load > 1), busy=busy), asked())
    assert found.load.is_linked
    assert found.load.makes_worse(found.kpi.better)
    assert found.load.together is not None
    assert found.load.together.slope < 0
    assert found.load.together.high < 0
    assert found.units.likeness is Likeness.ALIKE


def test_where_nothing_is_planted_nothing_is_found(tmp_path):
    found = agents(desk(tmp_path, lambda *_: 0.7, seed=5), asked())
    assert found.units.likeness is Likeness.ALIKE
    assert not found.load.is_linked
    assert found.value == pytest.approx(0.7, abs=0.03)


def test_single_agents_are_shown_to_those_who_say_what_for(tmp_path):
    files = desk(tmp_path, lambda *_: 0.7)
    with pytest.raises(DefinitionError, match="unless the project file says what for"):
        agents(files, asked(), Level.AGENTS)
    found = agents(files, asked(), Level.AGENTS, CONSENT)
    assert len(found.units.shown) == 16
    assert found.units.has_allowance
    assert found.consent == CONSENT
    assert agents(files, asked(), Level.TEAMS, CONSENT).consent is None


def test_a_purpose_is_overdue_after_its_day(tmp_path):
    files = desk(tmp_path, lambda *_: 0.7, weeks=14)
    found = agents(files, asked(), Level.AGENTS, CONSENT)
    found.report.__dict__["generated_at"] = datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert not found.is_overdue
    found.report.__dict__["generated_at"] = datetime(2027, 1, 1, 1, tzinfo=UTC)
    assert found.is_overdue


def test_pseudonyms_are_kept_and_show_nothing_of_the_order_of_names():
    known = {"Kim": "Agent 2"}
    names = [f"Name {n:02}" for n in range(40)]
    found = pseudonyms(["kim ", *names], known, random.Random(1))
    assert found["Kim"] == "Agent 2"
    assert "kim " not in found
    assert len({*found.values()}) == len(found) == 41
    assert [found[name] for name in names] != [f"Agent {n}" for n in range(1, 42) if n != 2]
    assert pseudonyms(names, found, random.Random(7)) == found


def test_under_pseudonyms_no_name_is_left_anywhere(tmp_path):
    files = desk(
        tmp_path,
        lambda *_: 0.7,
        more=["x1;2026-02-02 10:00;2026-02-02 11:00;Closed;Question;Normal;Email;Billing;Bil 1 & Del 2"],
    )
    key = pseudonyms(names_of(files), {}, random.Random(3))
    found = agents(files, asked(), Level.AGENTS, CONSENT, key)
    assert {one.name for one in found.units.shown} <= {*key.values()}
    findings = " ".join(
        [repr(found.units), repr(found.report.findings), repr(found.report.results), repr(found.automatic)]
    )
    assert not [name for name in key if name in findings]


def test_conditions_on_people_are_refused_without_their_names(tmp_path):
    files = desk(tmp_path, lambda *_: 0.7, weeks=13)
    with pytest.raises(DefinitionError, match="condition on people") as refused:
        agents(files, asked(where="agent = 'Bil 1'"), Level.AGENTS, CONSENT)
    assert "Bil 1" not in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("System", True), ("Support-bot", True), ("Answer Bot", True), ("zendesk_automation", True), ("systembruker", True), ("Autosvar", True),
     ("Talbot", False), ("Sam Abbot", False), ("Åsa Systemsson", False), ("Robert", False), ("Bo Trigg", False)],
)  # fmt: skip
def test_agents_who_are_no_people(name, is_one):
    assert is_automatic(name) is is_one


def test_machines_are_nobody(tmp_path):
    """They have no place among people, count in no load, and make no group of one person a group of two."""
    more = [
        f"b{n};2026-03-{1 + n % 28:02} 10:00;2026-03-{1 + n % 28:02} 10:01;Closed;Question;Normal;Email;Alone;{('Kim', 'Support-bot')[n % 2]}"
        for n in range(60)
    ]
    files = desk(tmp_path, lambda *_: 0.7, more=more)
    found = agents(files, asked())
    assert found.automatic == ("Support-bot",)
    assert "Alone" not in {one.name for one in found.units.shown}
    assert found.units.hidden >= 2
    single = agents(files, asked(), Level.AGENTS, CONSENT)
    assert "Support-bot" not in {one.name for one in single.units.shown}
    assert "Kim" in {one.name for one in single.units.shown}


def test_a_group_of_one_agent_is_not_shown_and_not_to_be_subtracted(tmp_path):
    more = [f"k{n};2026-03-{1 + n % 28:02} 10:00;;Open;Question;Normal;Email;Alone;Kim" for n in range(80)]
    found = agents(desk(tmp_path, lambda *_: 0.7, more=more), asked())
    assert "Alone" not in {one.name for one in found.units.shown}
    assert found.units.hidden == 2


def test_few_rows_are_not_shown(tmp_path):
    more = ["q1;2026-03-02 10:00;2026-03-02 11:00;Closed;Question;Normal;Email;Billing;Rare One"]
    single = agents(desk(tmp_path, lambda *_: 0.7, more=more), asked(), Level.AGENTS, CONSENT)
    assert "Rare One" not in {one.name for one in single.units.shown}
    assert single.units.hidden >= 2
    assert single.units.hidden_rows >= 10


@pytest.mark.parametrize(
    ("groups", "chance", "reason"),
    [(("Billing",), 0.7, "agents-one-unit"), (GROUPS, 1.0, "agents-all-the-same")],
)  # fmt: skip
def test_what_cannot_be_compared_is_reported(tmp_path, groups, chance, reason):
    files = desk(tmp_path, lambda *_: chance, groups=groups)
    found = agents(files, asked(period="2026-01-05..2026-06-28"))
    assert found.units.likeness is Likeness.TOO_FEW
    assert found.units.reason is not None
    assert found.units.reason.key == reason


@pytest.mark.parametrize("odd", [1, 2])
def test_where_nearly_all_ended_alike_nobody_says_that_kinds_differ(tmp_path, odd):
    """One or two tickets of a kind that hardly comes did otherwise: those of the other kinds say nothing of anybody."""
    late = [f"k{n};2026-03-0{2 + n} 10:00;2026-05-02 11:00;Closed;Rare;Normal;Email;Billing;Bil 1" for n in range(odd)]
    found = agents(desk(tmp_path, lambda *_: 1.0, more=late), asked(period="2026-01-05..2026-06-28"))
    assert found.units.likeness is Likeness.TOO_FEW
    assert found.units.reason is not None
    assert found.units.reason.key == "agents-nearly-the-same"


def test_groups_of_few_rows_of_different_kinds_have_too_few(tmp_path):
    few = [
        f"{n};2026-03-0{2 + n} 10:00;2026-03-{28 if n < 3 else 2 + n:02} 11:00;Closed;K{n % 2};Normal;Email;G{n % 2};A {n % 2}"
        for n in range(6)
    ]
    found = agents(desk(tmp_path, lambda *_: 0.7, more=few, weeks=0, groups=("G0",)), asked(period="2026-03"))
    assert found.units.reason is not None
    assert found.units.reason.key == "agents-few-rows"


def test_files_without_groups_or_agents(tmp_path):
    desk(tmp_path, lambda *_: 0.7)
    path = tmp_path / "tickets.csv"
    lines = [line.split(";") for line in path.read_text("utf-8").splitlines()]
    path.write_text("\n".join(";".join(line[:7]) for line in lines) + "\n", "utf-8")
    found = agents(kpi_core.read([path]), asked())
    assert found.units.reason is not None
    assert found.load.reason is not None
    assert (found.units.reason.key, found.load.reason.key) == ("agents-no-teams", "agents-no-agents")


def test_groups_that_share_no_kind_of_ticket_are_not_compared(tmp_path):
    desk(tmp_path, lambda *_: 0.7)
    path = tmp_path / "tickets.csv"
    lines = [line.split(";") for line in path.read_text("utf-8").splitlines()]
    for line in lines[1:]:
        line[6] = line[7]
    path.write_text("\n".join(";".join(line) for line in lines) + "\n", "utf-8")
    found = agents(kpi_core.read([path], keep=["group", "agent", "type", "channel"]), asked())
    assert found.units.reason is not None
    assert found.units.reason.key == "agents-nothing-in-common"


def test_what_is_no_share_is_refused(tmp_path):
    with pytest.raises(DefinitionError, match="no share of rows"):
        agents(desk(tmp_path, lambda *_: 0.7, weeks=13), Request(kpis=(BY_NAME["resolution_time"],)))


def test_rows_of_days_that_are_not_final_do_not_count(tmp_path):
    files = desk(tmp_path, lambda *_: 0.7, weeks=20)
    found = agents(files, asked(period="2026-05", as_of=date(2026, 5, 20)))
    assert found.query.period.end is not None
    assert found.query.period.end <= date(2026, 5, 20) - timedelta(days=7)


def test_of_many_alike_some_lie_outside_and_none_is_called(tmp_path):
    """Four hundred agents: two in a thousand lie outside by chance."""
    called = 0
    for seed in range(3):
        files = desk(tmp_path, lambda *_: 0.7, people=100, a_week=500, seed=seed, weeks=20)
        found = agents(files, asked(), Level.AGENTS, CONSENT)
        assert len(found.units.shown) > 300
        called += found.units.likeness is Likeness.OUTSIDE
    assert called == 0


def rows_of(counts):
    """Rows by unit and kind: how many, and how many of them end well."""
    return pl.DataFrame(
        [
            {"_unit": unit, "_good": int(place < good), "type": kind}
            for (unit, kind), (count, good) in counts.items()
            for place in range(count)
        ]
    )


def test_who_drops_out_takes_along_the_rows_others_were_compared_with():
    """B shares five rows of one kind with A: too few to be shown, and then A alone has that kind."""
    counts = {
        ("A", "X"): (60, 40),
        ("B", "X"): (5, 3),
        ("B", "Y"): (40, 20),
        ("C", "Z"): (50, 30),
        ("D", "Z"): (50, 40),
        ("A", "Z"): (20, 10),
    }
    found = outcomes(rows_of(counts), Level.TEAMS, None, ())
    assert [(one.name, one.n, one.rows) for one in found.shown] == [("A", 20, 80), ("C", 50, 50), ("D", 50, 50)]
    assert (found.hidden, found.alone, found.of) == (0, 1, 4)
    assert found.overall == pytest.approx(80 / 120)
    assert sum(one.n * one.expected for one in found.shown) == pytest.approx(80)


@pytest.mark.parametrize("seed", range(30))
def test_each_unit_is_shown_hidden_or_without_comparison(seed):
    """Once each, whatever the rows are."""
    draw = random.Random(seed)
    counts = {}
    for unit in range(draw.randint(2, 9)):
        for kind in range(draw.randint(1, 3)):
            if count := draw.choice((0, 1, 4, 9, 15, 60)):
                counts[f"U{unit}", f"K{draw.randint(0, 3) + kind}"] = (count, draw.randint(0, count))
    rows = rows_of(counts)
    found = outcomes(rows, draw.choice([*Level]), draw.choice((None, 1, 20)), ("U1",))
    units = rows["_unit"].n_unique()
    if found.reason is None or found.reason.key != "agents-one-unit":
        assert len(found.shown) + found.hidden + found.alone == found.of == units
    assert found.rows == rows.height
    assert sum(one.rows for one in found.shown) + found.hidden_rows <= rows.height
    assert sum(one.n * one.expected for one in found.shown) == pytest.approx(
        sum(one.n * one.observed for one in found.shown)
    )
