"""The sentences a report opens with: what changed, what misses its target, what is unknown; noise is called noise."""

import textwrap
from dataclasses import replace

import pytest
from sample_report import CSAT, FIRST_REPLY, HOUR, NPS, REOPEN, TOTALS, sample_report, total

from kpi_cli.documents.headline import MOST, headline
from kpi_cli.documents.wording import LANGUAGES, Wording
from kpi_core.model.estimates import EMPTY
from kpi_core.model.findings import Finding
from kpi_core.model.report import KpiResult, Report, Status, Target, Trust, Verdict

WORSE = total(CSAT, (0.71, 620, 0.676, 0.747), (0.77, 600), (-0.062, -0.1, -0.02), Verdict.WORSE, Target(value=0.8, status=Status.MISSED))  # fmt: skip
SLOWER = total(FIRST_REPLY, (6.65 * HOUR, 1388, 5.9 * HOUR, 7.5 * HOUR), (4.1 * HOUR, 1300), (2.5 * HOUR, 1.0 * HOUR, 4.0 * HOUR), Verdict.WORSE)  # fmt: skip
FEWER = total(REOPEN, (0.041, 1504, 0.032, 0.052), (0.064, 1500), (-0.023, -0.04, -0.01), Verdict.BETTER)
OPEN = total(NPS, (0.24, 412, 0.16, 0.32), (0.31, 400), (-0.07, -0.2, 0.06), Verdict.CANNOT_TELL)


def headline_of(*results: KpiResult, lang: str = "en", report: Report | None = None, **changes: object) -> list[str]:
    whole = report or sample_report(results=results, findings=(), **changes)
    lines = headline(whole, [one for one in whole.results if not one.group], Wording(lang))
    return [f"{line.sign} {line.text}".strip().replace("\u00a0", " ") for line in lines]


def test_what_is_worse_comes_first_and_what_misses_its_target_before_the_rest() -> None:
    assert headline_of(SLOWER, FEWER, WORSE, OPEN) == [
        "✗ Customer satisfaction (CSAT) fell by 6 points to 71%. The fall is real, and the target of 80% is missed.",
        "✗ First reply time, median rose by 2 h 30 min to 6 h 39 min. The rise is real.",
        "✓ Reopen rate fell by 2.3 points to 4.1%. The fall is real.",
        "? The rest: 1 cannot tell.",
    ]


def test_noise_is_called_noise_with_what_it_would_take_to_show() -> None:
    assert OPEN.change is not None
    open_ = replace(OPEN, change=replace(OPEN.change, needed=2345, rows=405.0))
    assert headline_of(open_) == [
        "? No change on September 2026 can be told from chance.",
        "? Of the KPIs here, 1 cannot tell.",
        "Net promoter score (NPS): 412 rows are too few to tell; about 2,400 would do. A longer baseline helps: --compare previous:3.",
    ]


def test_a_target_is_missed_whether_or_not_anything_changed() -> None:
    missed = replace(OPEN, target=Target(value=0.5, status=Status.MISSED))
    assert headline_of(missed)[0] == "✗ Net promoter score (NPS): +24. The target of +50 is missed."


def test_every_target_that_is_missed_is_named() -> None:
    """Also where there are more than there are lines for."""
    missed = [
        replace(OPEN, kpi=one.kpi, estimate=one.estimate, target=Target(value=9.0, status=Status.MISSED))
        for one in (FEWER, SLOWER, OPEN)
    ]
    line = "✗ Targets missed: Reopen rate 4.1%; First reply time, median 6 h 39 min and Net promoter score (NPS) +24."
    assert line in headline_of(*missed, FEWER)
    better = [replace(FEWER, kpi=one.kpi, target=Target(value=0.0, status=Status.MISSED)) for one in (FEWER, WORSE)]
    assert "✗ Targets missed: Reopen rate 4.1% and Customer satisfaction (CSAT) 4.1%." in headline_of(*better)


def test_what_is_not_to_be_trusted_is_no_finding() -> None:
    doubted = replace(WORSE, trust=Trust(unread=30, of=100))
    assert headline_of(doubted, FEWER) == [
        "! Do not use Customer satisfaction (CSAT) yet: 30% of its rows could not be read.",
        "✓ Reopen rate fell by 2.3 points to 4.1%. The fall is real.",
    ]


def test_what_a_warning_is_about_is_reported_with_it() -> None:
    """Also where a warning is about all figures: what changed among them is what a reader came for."""
    of_all = (Finding(code="x", message="x", kpis=("csat", "reopen_rate", "first_reply*"), is_serious=True),)
    assert headline_of(report=sample_report(results=(WORSE,), findings=of_all)) == [
        "! Target missed, but read the warning below first: Customer satisfaction (CSAT) 71%.",
    ]
    assert headline_of(report=sample_report(results=(SLOWER, FEWER, WORSE, OPEN), findings=of_all)) == [
        "! Target missed, but read the warning below first: Customer satisfaction (CSAT) 71%.",
        "! Changed beyond chance, but read the warning below first: Reopen rate 4.1% and First reply time, median 6 h 39 min.",
        "? The rest: 1 cannot tell.",
    ]
    alone = sample_report(results=(replace(OPEN, verdict=None, change=None),), findings=of_all)
    assert not any("warning below" in line for line in headline_of(report=alone))


def test_what_stays_within_what_is_worth_knowing_is_called_unchanged() -> None:
    same = replace(OPEN, verdict=Verdict.NO_CHANGE)
    assert headline_of(same, same)[0] == "≈ Nothing here changed more than chance allows."
    assert headline_of(same, same, OPEN)[0] == "? No change on September 2026 can be told from chance.", (
        "not where one cannot tell"
    )
    others = replace(OPEN, kpi=replace(NPS, name="channels_per_case"))
    assert headline_of(same, same, others)[0] == "? No change on September 2026 can be told from chance.", (
        "whatever it is"
    )
    untested = replace(same, verdict=Verdict.NOT_TESTED)
    assert headline_of(same, untested)[0] == "? No change on September 2026 can be told from chance.", (
        "nor where one was not tested"
    )


def test_what_changed_in_groups_is_named_and_the_totals_speak_for_themselves() -> None:
    teams = [replace(SLOWER, group={"group": name}) for name in ("Support", "Billing", "Orders", "Sales")]
    still = replace(OPEN, kpi=FIRST_REPLY)
    assert headline_of(still, teams[0])[:2] == [
        "? No change in the totals on September 2026 can be told from chance.",
        "✗ Changed in groups: Support: First reply time, median rose to 6 h 39 min.",
    ]
    assert headline_of(still, *teams)[1].endswith("Orders: First reply time, median rose to 6 h 39 min; and 1 more.")
    assert headline_of(replace(still, verdict=Verdict.NO_CHANGE), teams[0])[0] == (
        "≈ In the totals nothing changed more than chance allows."
    )
    assert (
        headline_of(still, replace(teams[0], verdict=Verdict.CANNOT_TELL))[0]
        == "? No change on September 2026 can be told from chance."
    )


def test_a_longer_baseline_is_named_where_there_is_the_history_for_one() -> None:
    assert OPEN.change is not None
    open_ = replace(OPEN, change=replace(OPEN.change, detectable=0.2, needed=None))
    longer = "A longer baseline tells more: --compare previous:3."
    query = sample_report().query
    assert longer in headline_of(replace(open_, trend=(OPEN.estimate,) * len(query.trend)))
    assert longer not in headline_of(replace(open_, trend=(EMPTY,) * len(query.trend)))
    in_use = replace(query, baseline=query.period.before_all(3))
    assert longer not in headline_of(replace(open_, trend=(OPEN.estimate,) * len(query.trend)), query=in_use)


def test_many_that_are_not_to_be_trusted_are_counted() -> None:
    doubted = [replace(one, trust=Trust(unread=30, of=100)) for one in (WORSE, SLOWER, OPEN)]
    assert headline_of(*doubted)[0] == "! Do not use 3 of these 3 KPIs yet: up to 30% of their rows could not be read."


def test_a_value_of_a_handful_of_rows_is_no_finding() -> None:
    assert headline_of(replace(WORSE, estimate=replace(WORSE.estimate, n=4)))[0].startswith("? Nothing")


def test_without_an_earlier_period_there_is_a_value_and_no_verdict() -> None:
    query = replace(sample_report().query, baseline=None)
    alone = replace(OPEN, change=None, verdict=None)
    assert headline_of(alone, query=query) == [
        "Net promoter score (NPS): +24. There is no earlier period in these files to compare with."
    ]


def test_changes_of_what_is_not_shown_are_named() -> None:
    report = sample_report(results=(FEWER, SLOWER), findings=())
    lines = headline(report, [FEWER], Wording("en"))
    assert lines[-1].text == "Changed, and not shown here: First reply time, median (--all)."


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("results", [TOTALS, (WORSE, SLOWER, FEWER, OPEN), (WORSE,) * 5 + (OPEN,)])
def test_there_are_at_most_four_and_none_takes_more_than_two_lines(lang: str, results: tuple[KpiResult, ...]) -> None:
    lines = headline_of(*results, lang=lang)
    assert 0 < len(lines) <= MOST
    assert all(len(textwrap.wrap(line, 78)) <= 2 for line in lines)
    assert not [line for line in lines if "{" in line]
