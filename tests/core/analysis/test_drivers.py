"""Drivers: what is planted is found and in its order, what is noise is not named, what is missing is reported."""

import random
from datetime import datetime, timedelta

import polars as pl
import pytest

import kpi_core
from kpi_core.analysis.drivers.candidates import Candidate, Kind, Looked, asked_by
from kpi_core.analysis.drivers.drivers import MOST, _drivers, _weighed, by_chance, drivers
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message

TYPES, GROUPS, CHANNELS = (
    ("Fråga", "Faktura", "Fel"),
    ("Support", "Kundtjänst", "Teknik", "Reklamation"),
    ("Mail", "Telefon", "Chatt"),
)


def exported(folder, good, rows=600, seed=1, wait=24.0):
    """Rated tickets: `good` gives the chance of a top mark by type, group, channel and hours until solved."""
    chance = random.Random(seed)
    lines = ["Ärendenummer;Skapad;Löst;Status;Typ;Grupp;Kanal;Handläggare;Nöjdhet (1-5)"]
    for number in range(rows):
        kind, group, channel = chance.choice(TYPES), chance.choice(GROUPS), chance.choice(CHANNELS)
        hours = chance.lognormvariate(0, 1) * wait
        opened = datetime(2026, 8, 1, 8) + timedelta(minutes=chance.randrange(30 * 24 * 60))
        mark = (
            chance.choice((4, 5)) if chance.random() < good(kind, group, channel, hours) else chance.choice((1, 2, 3))
        )
        solved = opened + timedelta(hours=hours)
        lines.append(
            f"{number + 1};{opened:%Y-%m-%d %H:%M};{solved:%Y-%m-%d %H:%M};Stängd;{kind};{group};{channel};A{number % 7};{mark}"
        )
    path = folder / "arenden.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return kpi_core.read([path], keep=["Ärendenummer"])


def asked(name="csat", period="all"):
    return Request(kpis=(BY_NAME[name],), period=period)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    def good(kind, group, _, hours):
        return 0.8 - 0.35 * (hours > 30) - 0.15 * (kind == "Faktura") - 0.3 * (group == "Teknik")

    return drivers(exported(tmp_path_factory.mktemp("planted"), good, rows=1500), asked())


def test_what_is_planted_is_found_in_its_order(planted):
    named = [one.name for one in planted.drivers if one.is_named]
    assert named == ["resolution_time", "group", "type"]
    assert planted.drivers[0].rises is False
    assert planted.drivers[0].kind is Kind.NUMBER


def test_shares_add_up_to_what_all_account_for(planted):
    assert sum(one.share for one in planted.drivers) == pytest.approx(planted.r2)
    assert all(one.low <= one.share <= one.high for one in planted.drivers if one.is_named)


def test_where_to_begin_is_the_team_that_lies_lowest(planted):
    first = planted.opportunities[0]
    assert (first.dimension, first.segment) == ("group", "Teknik")
    assert 0 < first.low < first.gain < first.high
    assert first.value <= first.shrunk < first.median


def test_what_is_not_named_has_nowhere_to_begin(tmp_path):
    def good(_, group, *__):
        return 0.75 - 0.25 * (group == "Teknik")

    found = drivers(exported(tmp_path, good, rows=90, seed=2), asked())
    assert not any(one.is_named for one in found.drivers)
    assert found.opportunities == ()


def test_nobody_is_named(planted):
    assert "agent" not in {one.dimension for one in planted.opportunities}
    assert [one.levels for one in planted.drivers if one.name == "agent"] in ([], [()])


@pytest.mark.parametrize("columns", [2, 7, 20])
def test_noise_is_named_on_no_more_pages_than_one_in_twenty_and_may_matter_on_no_more_than_is_said(columns):
    pages, named, maybe = 150, 0, 0
    for seed in range(pages):
        chance, rows = random.Random(seed), 200
        numbers = [
            Candidate(name=f"x{i}", kind=Kind.NUMBER, values=pl.Series([chance.lognormvariate(0, 1) for _ in range(rows)]))
            for i in range(columns)
        ]  # fmt: skip
        values = pl.Series([float(chance.random() < 0.7) for _ in range(rows)])
        looked = Looked(values=values, candidates=numbers, rows=rows, without={}, segments={})
        found, _ = _drivers(looked, _weighed(looked)[0])
        named += any(one.is_named for one in found)
        maybe += any(one.may_matter for one in found)
    assert named <= 0.05 * pages + 2.5 * (0.05 * 0.95 * pages) ** 0.5
    said = by_chance(columns)
    assert 0.05 <= said <= 0.20
    off = 2.5 * (said * (1 - said) * pages) ** 0.5
    assert maybe <= said * pages + off
    assert maybe >= said * pages - off or columns > MOST  # those left out took their chance with them


@pytest.mark.parametrize("header", ["Grupp", "Handläggare", "Typ"])
def test_a_header_of_a_column_that_is_weighed_is_not_weighed_again(tmp_path, header):
    good = lambda kind, group, _, hours: 0.8 - 0.4 * (group == "Teknik")  # noqa: E731, ARG005
    exported(tmp_path, good, rows=600)
    read = kpi_core.read([tmp_path / "arenden.csv"], keep=[header])
    plain, found = (drivers(read, asked(), more) for more in ([], [header]))
    twins = {"Grupp": "group", "Handläggare": "agent", "Typ": "type"}
    assert found.without[header] == Message("driver-twin", column=twins[header])
    assert [(one.name, one.share) for one in found.drivers] == [(one.name, one.share) for one in plain.drivers]


def test_a_header_that_parts_rows_otherwise_is_weighed(tmp_path):
    exported(tmp_path, lambda *_: 0.7, rows=300)
    found = drivers(kpi_core.read([tmp_path / "arenden.csv"], keep=["Ärendenummer"]), asked(), ["Ärendenummer"])
    assert found.without.get("Ärendenummer", Message("driver-own-words")).key != "driver-twin"


def test_few_rows_are_refused(tmp_path):
    with pytest.raises(DefinitionError, match="too few to look at"):
        drivers(exported(tmp_path, lambda *_: 0.7, rows=20), asked())


def test_what_may_matter_is_above_what_is_usual_by_chance_and_below_what_is_named(tmp_path):
    found = drivers(exported(tmp_path, lambda kind, *_: 0.7 - 0.25 * (kind == "Fel"), rows=120, seed=9), asked())
    maybe = [one for one in found.drivers if one.may_matter]
    assert [one.name for one in maybe] == ["type"]
    assert all(one.maybe < one.share <= one.chance for one in maybe)
    assert all(one.maybe < one.chance for one in found.drivers)
    assert all(one.share <= one.maybe for one in found.drivers if not one.may_matter and not one.is_named)


def test_what_is_no_mean_of_rows_goes_with_nothing(planted, tmp_path):
    with pytest.raises(DefinitionError, match="no mean of its rows"):
        drivers(exported(tmp_path, lambda *_: 0.7, rows=60), asked("tickets_created"))


def test_what_is_not_known_of_enough_rows_is_left_out_and_reported(planted):
    assert all(str(reason) for reason in planted.without.values())
    assert planted.used <= planted.rows


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("resolution_rate_cohort", "resolution_time"), ("complaint_resolution_rate", "resolution_time"), ("sla_resolution_rate", "resolution_time"),
        ("sla_resolution_rate_vendor", "resolution_time"), ("sla_first_reply_rate", "first_reply_time"), ("first_reply_within", "first_reply_time"),
    ],
)  # fmt: skip
def test_a_figure_that_judges_a_time_is_made_of_it(name: str, time: str) -> None:
    assert time in asked_by(BY_NAME[name])


@pytest.mark.parametrize("name", ["csat", "fcr_one_touch", "fcr_no_repeat", "reopen_rate", "handle_time"])
def test_other_figures_may_go_with_times(name: str) -> None:
    assert not {"resolution_time", "first_reply_time"} & asked_by(BY_NAME[name])
