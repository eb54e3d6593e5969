"""Drivers: what is planted is found and in its order, what is noise is not named, what is missing is said."""

import random
from datetime import datetime, timedelta

import pytest

import kpi_core
from kpi_core.analysis.drivers.candidates import Kind
from kpi_core.analysis.drivers.drivers import drivers
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME

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


def test_nobody_is_named(planted):
    assert "agent" not in {one.dimension for one in planted.opportunities}
    assert [one.levels for one in planted.drivers if one.name == "agent"] in ([], [()])


def test_noise_is_not_named(tmp_path):
    named = 0
    for seed in range(12):
        folder = tmp_path / str(seed)
        folder.mkdir()
        found = drivers(exported(folder, lambda *_: 0.7, rows=300, seed=seed), asked())
        named += any(one.is_named for one in found.drivers)
    assert named <= 2  # one in twenty is the rate


def test_few_rows_are_refused(tmp_path):
    with pytest.raises(DefinitionError, match="too few to look at"):
        drivers(exported(tmp_path, lambda *_: 0.7, rows=20), asked())


def test_what_looks_large_and_may_be_chance_is_said_to(tmp_path):
    found = drivers(exported(tmp_path, lambda *_: 0.6, rows=60, seed=9), asked())
    assert any(one.looks_large for one in found.drivers)


def test_what_is_no_mean_of_rows_goes_with_nothing(planted, tmp_path):
    with pytest.raises(DefinitionError, match="no mean of its rows"):
        drivers(exported(tmp_path, lambda *_: 0.7, rows=60), asked("tickets_created"))


def test_what_is_not_known_of_enough_rows_is_left_out_and_said(planted):
    assert all(str(reason) for reason in planted.without.values())
    assert planted.used <= planted.rows
