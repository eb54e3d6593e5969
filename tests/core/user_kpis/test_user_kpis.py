"""KPIs of users' own: each measure's figure worked out by hand, and every fault reported with its line."""

from datetime import timedelta
from pathlib import Path

import pytest

from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.engine.plan import needs
from kpi_core.errors import DefinitionError, ExportError
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import BY_NAME, CATALOGUE, select
from kpi_core.messages.nouns import called
from kpi_core.model.kpi import Better, Kpi, Unit
from kpi_core.model.measures import Ratio
from kpi_core.model.report import KpiResult, Report, Verdict
from kpi_core.model.tables import Kind
from kpi_core.user_kpis import columns_read, with_packs
from kpi_core.user_kpis.known import schemas

ROWS = """\
Ticket ID|Created time|Initial response time|Resolved time|Status|Type|Group|Answered|Offered|Mood|Talk|Picked up|Account
1|2026-03-02 10:00|2026-03-02 11:00|2026-03-03 10:00|Resolved|Complaint|Billing|100|120|4.5|0:10:00|yes|A1
2|2026-03-04 10:00|2026-03-04 12:00||Open|Question|Returns|50|80|-2.0|0:00:30|no|A1
3|2026-03-05 10:00|2026-03-05 12:30|2026-03-09 10:00|Closed|Question|Billing|7|10||0:01:00|yes|A3
4|2026-03-06 10:00|||Open|Complaint||0|5|1.25|||A2
"""
DECLARED = "{Answered: number, Offered: number, Mood: number, Talk: duration, Picked up: truth}"


def pack(folder: Path, measure: str, more: str = "", *, name: str = "own", table: str = "tickets") -> Path:
    """A pack of one KPI, whose measure stands on line 8."""
    path = folder / f"{name}.yaml"
    text = f"pack: mine\ncolumns: {DECLARED}\nkpis:\n  - name: {name}\n    label: Mine\n    description: Mine.\n    table: {table}\n    measure: {measure}\n"
    path.write_text(text + "".join(f"    {line}\n" for line in more.splitlines()), encoding="utf-8")
    return path


def exported(folder: Path, rows: str = ROWS, name: str = "tickets.csv") -> str:
    path = folder / name
    path.write_text(rows.replace("|", ";"), encoding="utf-8")
    return str(path)


def reported(files: list[str], packs: list[Path], period: str = "all", by: tuple[str, ...] = ()) -> Report:
    known = with_packs(packs)
    own = tuple(kpi for kpi in known if kpi.own)
    request = Request(kpis=own, period=period, by=by)
    return summarise(read_exports(files, Choices(own=columns_read(known)), request.texts()), request)


def figure(folder: Path, measure: str, more: str = "", rows: str = ROWS) -> KpiResult:
    report = reported([exported(folder, rows)], [pack(folder, measure, more)])
    assert report.unavailable == ()
    (result,) = report.totals
    return result


@pytest.mark.parametrize(
    ("measure", "value", "n"),
    [
        ("{count: all}", 4, 4),
        ("{count: type = 'Complaint'}", 2, 2),
        ("{count: lower(type) like 'comp%'}", 2, 2),
        ("{count: group is null}", 1, 1),
        ("{count: \"group in ('Billing', 'Nobody')\"}", 2, 2),
        ("{count: status = 'open' and not was_reopened}", 2, 2),
        ("{count: first_reply_time > 3600}", 2, 2),
        ("{count: created_at >= DATE '2026-03-05'}", 2, 2),
        ("{count: Account = 'A1'}", 2, 2),
        ("{count: '\"Picked up\" or Mood > 1'}", 3, 3),
        ("{share: Picked up}", 2 / 3, 3),
        ("{share: {of: first_reply_time <= 7200, among: status = 'open'}}", 1.0, 1),
        ("{share: {of: Mood > 0, among: type = 'Complaint'}}", 1.0, 2),
        ("{share: {of: Mood > 0, among: all}}", 2 / 3, 3),
        ("{share: {of: Mood > 0 and Mood is not null, among: all}}", 0.5, 4),
        ("{net_share: {plus: Mood > 1, minus: Mood < 0}}", 1 / 3, 3),
        ("{mean: first_reply_time / 3600}", (1 + 2 + 2.5) / 3, 3),
        ("{mean: {of: Mood, among: type = 'Complaint'}}", 2.875, 2),
        ("{mean: resolved_at - created_at}", (86_400 + 345_600) / 2, 2),
        ("{mean: Talk}", 230, 3),
        ("{mean: Answered / (Offered - 120)}", (-50 / 40 - 7 / 110 + 0) / 3, 3),
        ("{sum: Answered}", 157, 4),
        ("{sum: Offered - Answered}", 58, 4),
        ("{sum: {of: Answered, among: group = 'Billing'}}", 107, 2),
        ("{quantile: Mood}", 1.25, 3),
        ("{quantile: {of: Mood, at: 0.9}}", 1.25 + 0.8 * 3.25, 3),
        ("{quantile: {of: first_reply_time, among: type = 'Question'}}", 8100, 2),
        ("{quantile: Answered * 100000000}", 28.5 * 100_000_000, 4),
        ("{distinct: Account}", 3, 3),
        ("{distinct: {key: Account, having: type = 'Question'}}", 2, 2),
        ("{distinct: upper(group)}", 2, 2),
        ("{distinct: upper(Account)}", 3, 3),
        ("{count: \"Account like 'A%' and Account not in ('A3', 'A9')\"}", 3, 3),
        ("{ratio: {of: {sum: Answered}, to: {sum: Offered}}}", 157 / 215, 4),
        ("{ratio: {of: {count: is_resolved}, to: {count: all}}}", 0.5, 4),
        ("{ratio: {of: {count: all}, to: {distinct: Account}}}", 4 / 3, 4),
        ("{ratio: {of: {count: all}, to: {sum: Answered}}}", 4 / 157, 4),
        ("{ratio: {of: {sum: Answered}, to: {distinct: Account}}}", 157 / 3, 4),
        ("{ratio: {of: {distinct: {key: Account, having: type = 'Complaint'}}, to: {distinct: Account}}}", 2 / 3, 2),
        ("{difference: {of: {count: all}, less: {count: is_resolved, dated_by: resolved_at}}}", 2, 6),
        ("{difference: {of: {sum: Offered}, less: {sum: Answered}}}", 58, 8),
    ],
)
def test_a_measure_comes_to(tmp_path: Path, measure: str, value: float, n: int) -> None:
    found = figure(tmp_path, measure).estimate
    assert (found.value, found.n) == (pytest.approx(value), n)


@pytest.mark.parametrize(
    ("own", "built_in"),
    [
        ("{count: is_resolved}\ndated_by: resolved_at", "tickets_resolved"),
        ("{mean: first_reply_time}\nunit: seconds", "first_reply_time_mean"),
        ("{quantile: first_reply_time}\nunit: seconds", "first_reply_time"),
        ("{ratio: {of: {count: is_resolved, dated_by: resolved_at}, to: {count: all}}}", "resolution_rate"),
        ("{difference: {of: {count: all}, less: {count: is_resolved, dated_by: resolved_at}}}", "net_flow"),
        (
            "{share: {of: is_resolved and resolved_at - created_at <= interval '7 days', among: created_at is not null}}",
            "resolution_rate_cohort",
        ),
    ],
)
def test_the_same_definition_gives_the_same_figure_and_interval_as_the_built_in_one(
    tmp_path: Path, own: str, built_in: str
) -> None:
    measure, _, more = own.partition("\n")
    mine = figure(tmp_path, measure, more).estimate
    request = Request(kpis=select([built_in]), period="all")
    (theirs,) = summarise(read_exports([exported(tmp_path)], Choices(), request.texts()), request).totals
    assert (mine.value, mine.n, mine.low, mine.high) == (
        theirs.estimate.value,
        theirs.estimate.n,
        theirs.estimate.low,
        theirs.estimate.high,
    )


def test_answers_are_those_to_the_question_that_is_asked(tmp_path: Path) -> None:
    rows = "Response ID;Responded at;Group;CSAT;NPS\n1;2026-03-02;B;5;10\n2;2026-03-03;B;2;9\n3;2026-03-04;B;4;0\n4;2026-03-05;B;;7\n"
    (tmp_path / "answers.csv").write_text(rows, encoding="utf-8")
    packs = [
        pack(tmp_path, "{share: score >= 4}", "asks: csat", name="top", table="answers"),
        pack(tmp_path, "{count: all}", "asks: nps", name="asked", table="answers"),
        pack(tmp_path, "{mean: score}", name="mixed", table="answers"),
        pack(tmp_path, "{mean: score}", "asks: ces", name="effort", table="answers"),
    ]
    report = reported([str(tmp_path / "answers.csv")], packs)
    found = {result.kpi.name: (result.estimate.value, result.estimate.n) for result in report.totals}
    assert found == {"top": (pytest.approx(2 / 3), 3), "asked": (4, 4), "mixed": (pytest.approx(37 / 7), 7)}
    assert [(one.kpi.name, *map(str, one.needs)) for one in report.unavailable] == [("effort", "answers to `ces`")]


def test_lists_of_words_are_kept_apart_though_they_are_shown_alike(tmp_path: Path) -> None:
    packs = [
        pack(tmp_path, f"{{count: \"group in ('{word}')\"}}", name=word.lower()) for word in ("Billing", "Returns", "X")
    ]
    packs += [pack(tmp_path, f"{{sum: 'round(Mood, {digits})'}}", name=f"mood{digits}") for digits in (0, 1, 2)]
    report = reported([exported(tmp_path)], packs)
    assert {result.kpi.name: result.estimate.value for result in report.totals} == {
        "billing": 2, "returns": 1, "x": 0, "mood0": 3, "mood1": 3.7, "mood2": 3.75,
    }  # fmt: skip


def test_a_part_may_have_a_table_of_its_own(tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text(
        "Response ID;Responded at;CSAT\n1;2026-03-02;5\n2;2026-03-03;2\n3;2026-03-03;2\n", encoding="utf-8"
    )
    measure = "{ratio: {of: {count: all, table: answers}, to: {count: all}}}"
    report = reported([exported(tmp_path), str(answers)], [pack(tmp_path, measure)])
    (result,) = report.totals
    assert result.estimate.value == 0.75
    assert reported([exported(tmp_path)], [pack(tmp_path, measure)]).unavailable[0].needs == (called("answers"),)


def test_a_split_adds_up(tmp_path: Path) -> None:
    report = reported([exported(tmp_path)], [pack(tmp_path, "{sum: Answered}")], by=("group",))
    assert {one.group["group"]: one.estimate.value for one in report.grouped("group")} == {
        "Billing": 107,
        "Returns": 50,
        None: 0,
    }


# against a baseline


def days(month: int, per_day: list[int]) -> str:
    return "".join(
        f"{month}{day:02}|2026-{month:02}-{day:02} 10:00|Open|{calls}|{calls + day % 3}|A{day % 7}\n"
        for day, calls in enumerate((per_day * 31)[: 28 if month == 2 else 31], start=1)
    )


MONTHS = "Ticket ID|Created time|Status|Answered|Offered|Account\n" + days(2, [10, 12, 9]) + days(3, [30, 33, 28])


@pytest.mark.parametrize(
    ("measure", "verdict"),
    [
        ("{sum: Answered}", Verdict.BETTER),
        ("{difference: {of: {sum: Offered}, less: {sum: Answered}}}", Verdict.CANNOT_TELL),
        ("{ratio: {of: {sum: Answered}, to: {sum: Offered}}}", Verdict.BETTER),
        ("{ratio: {of: {sum: Answered}, to: {distinct: Account}}}", Verdict.NOT_TESTED),
        ("{ratio: {of: {distinct: Account}, to: {distinct: Account}}}", Verdict.NOT_TESTED),
        ("{quantile: Answered + 0.5}", Verdict.BETTER),
        ("{distinct: Account}", Verdict.NOT_TESTED),
    ],
)
def test_a_change_is_judged(tmp_path: Path, measure: str, verdict: Verdict) -> None:
    files = [exported(tmp_path, MONTHS)]
    (result,) = reported(files, [pack(tmp_path, measure, "better: higher")], period="2026-03").totals
    assert result.verdict is verdict
    assert result.change is not None
    if verdict is not Verdict.NOT_TESTED:
        assert result.change.low is not None
        assert result.change.high is not None
        assert result.change.low <= result.change.high


def test_a_sum_of_differences_and_a_difference_of_sums_are_as_sure(tmp_path: Path) -> None:
    files = [exported(tmp_path, MONTHS)]
    rows, sums = (
        reported(files, [pack(tmp_path, measure)], period="2026-03").totals[0]
        for measure in ("{sum: Offered - Answered}", "{difference: {of: {sum: Offered}, less: {sum: Answered}}}")
    )
    assert rows.change is not None
    assert sums.change is not None
    for one, other in ((rows.estimate, sums.estimate), (rows.change, sums.change)):
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))
    assert rows.change.p == pytest.approx(sums.change.p)


# the headers of the user's own files


def test_a_cell_that_is_no_number_takes_its_row_out_of_the_kpis_that_rest_on_it(tmp_path: Path) -> None:
    report = reported([exported(tmp_path, ROWS.replace("|50|80|", "|some|80|"))], [pack(tmp_path, "{sum: Answered}")])
    assert report.totals[0].estimate.value == 107
    (source,) = report.sources
    assert source.rows_refused == {}
    assert report.totals[0].trust is not None
    assert report.totals[0].trust.unread == 1


def test_declared_headers_are_read_whatever_is_asked_so_that_the_account_of_rows_is_one(tmp_path: Path) -> None:
    known = with_packs([pack(tmp_path, "{sum: Answered}")])
    request = Request(kpis=select(["tickets_created"], known), period="all")
    files = [exported(tmp_path, ROWS.replace("|50|80|", "|some|80|"))]
    report = summarise(read_exports(files, Choices(own=columns_read(known)), request.texts()), request)
    assert report.totals[0].estimate.value == 4


def test_a_declared_header_that_is_not_there_makes_its_kpi_unavailable(tmp_path: Path) -> None:
    rows = "\n".join(line.partition("|Billing")[0] for line in ROWS.replace("|Group|Answered", "|Billing").splitlines())
    report = reported([exported(tmp_path, rows)], [pack(tmp_path, "{sum: Answered}")])
    assert [one.needs for one in report.unavailable] == [("Answered",)]


def test_a_header_that_nobody_declared_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no column `Acount` in tickets, did you mean `Account`") as refused:
        figure(tmp_path, "{count: Acount = 'A1'}")
    assert refused.value.where == f"{tmp_path / 'own.yaml'}:8"
    assert refused.value.hint is not None
    assert "`Picked up`" in refused.value.hint


def test_a_header_is_found_whatever_its_case_and_blanks(tmp_path: Path) -> None:
    rows = ROWS.replace("Picked up", "picked_up ")
    assert figure(tmp_path, "{share: Picked up}", rows=rows).estimate.value == pytest.approx(2 / 3)


def test_a_header_may_hold_a_colon(tmp_path: Path) -> None:
    rows = ROWS.replace("|Answered|", "|Calls: answered|").replace("Account", "Account: number")
    rows = rows.replace("|Talk|", "|Survey results|").replace("|0:10:00|", "|Extremely satisfied|")
    rows = rows.replace("|0:00:30|", "||").replace("|0:01:00|", "||")
    measure = """{sum: {of: 'Calls: answered', among: "\\"Account: number\\" = 'A1'"}}"""
    found = figure(tmp_path, measure, "columns: {'Calls: answered': number}", rows=rows)
    assert found.estimate.value == 150


def test_a_column_that_is_something_else_than_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="Account"):
        figure(tmp_path, "{sum: Account}", "columns: {Account: number}")


def test_two_kpis_must_agree_on_a_header(tmp_path: Path) -> None:
    packs = [
        pack(tmp_path, "{sum: Answered}", name="one"),
        pack(tmp_path, "{mean: Answered}", "columns: {Answered: duration}", name="two"),
    ]
    with pytest.raises(DefinitionError, match=r"`Answered` is read as duration here and as number in .*one\.yaml:4"):
        with_packs(packs)


# what a definition says of itself


def defined(folder: Path, measure: str, more: str = "") -> Kpi:
    return next(kpi for kpi in with_packs([pack(folder, measure, more)]) if kpi.own)


def test_defaults_are_those_of_the_table_and_the_measure(tmp_path: Path) -> None:
    kpi = defined(tmp_path, "{share: is_resolved}")
    assert kpi.definition == "mine/own@1"
    assert (kpi.subject, kpi.dated_by, kpi.unit, kpi.better) == ("own", "created_at", Unit.SHARE, Better.NEITHER)
    assert (kpi.worth_knowing, kpi.min_n, kpi.matures_after, kpi.is_default) == (0.05, 1, None, True)
    assert kpi.formula == "(is_resolved) ÷ rows that say"


def test_everything_can_be_expressed(tmp_path: Path) -> None:
    more = (
        "dated_by: resolved_at\nunit: seconds\nbetter: lower\nmin_n: 5\nmatures_after: 2w\nworth_knowing: 15%\n"
        "reference: the charter\nvariant_of: resolution_time\nversion: 3"
    )
    kpi = defined(tmp_path, "{quantile: {of: resolution_time, at: 0.75, among: group = 'Billing'}}", more)
    assert kpi.definition == "mine/own@3"
    assert (kpi.dated_by, kpi.unit, kpi.better, kpi.min_n) == ("resolved_at", Unit.SECONDS, Better.LOWER, 5)
    assert (kpi.matures_after, kpi.worth_knowing, kpi.reference) == (timedelta(days=14), 0.15, "the charter")
    assert (kpi.variant_of, kpi.is_default) == ("resolution_time", False)
    assert kpi.formula == "75th percentile of resolution_time where group = 'Billing'"


def test_columns_are_those_that_its_expressions_name(tmp_path: Path) -> None:
    kpi = defined(tmp_path, "{mean: {of: first_reply_time / Offered, among: \"group = 'offered_at' and Site = 'x'\"}}")
    assert needs(kpi) == {("tickets", name) for name in ("first_reply_time", "Offered", "group", "Site")}
    assert kpi.own is not None
    assert kpi.own.columns == {"tickets": {"Offered": Kind.NUMBER, "Site": Kind.TEXT}}


def test_an_overriding_kpi_stands_where_the_built_in_one_stood(tmp_path: Path) -> None:
    path = pack(tmp_path, "{share: reopens > 1}", "override: true", name="reopen_rate")
    known = with_packs([path])
    assert [kpi.name for kpi in known] == [kpi.name for kpi in CATALOGUE]
    (mine,) = select(["reopen_rate"], known)
    assert (mine.definition, mine.subject) == ("mine/reopen_rate@1", BY_NAME["reopen_rate"].subject)


@pytest.mark.parametrize(
    "name", ["ces", "fcr_no_reopen", "successful_resolution_rate", "first_reply_within", "revenue"]
)
def test_nothing_is_reported_of_an_overriding_kpi_that_only_the_built_in_one_is(tmp_path: Path, name: str) -> None:
    report = reported([exported(tmp_path)], [pack(tmp_path, "{share: Picked up}", "override: true", name=name)])
    (result,) = report.totals
    assert result.notes == ()
    assert (result.kpi.better, result.kpi.matures_after) == (Better.NEITHER, None)
    (finding,) = [one for one in report.findings if one.code == "own-definition"]
    assert finding.kpis == (name,)
    assert f"mine/{name}@1" in finding.text


def test_without_files_the_catalogue_is_as_it_was() -> None:
    assert with_packs([]) is CATALOGUE
    assert columns_read(CATALOGUE) == {}


def test_every_column_that_a_built_in_kpi_rests_on_can_be_spoken_of() -> None:
    known = schemas()
    asked = {(table, name) for kpi in CATALOGUE for table, name in needs(kpi) if not name.startswith("question:")}
    # What nothing is derived from without one.
    of_a_calendar = {("tickets", "own_hours"), ("reviews", "review_reply_time_business")}
    assert {(table, name) for table, name in asked if name not in known[table]} == of_a_calendar


def test_ratios_of_amounts_take_their_interval_from_the_days(tmp_path: Path) -> None:
    by_day = defined(tmp_path, "{ratio: {of: {count: all}, to: {sum: Answered}}}").measure
    of_counts = defined(tmp_path, "{ratio: {of: {count: all}, to: {count: is_resolved}}}").measure
    assert isinstance(by_day, Ratio)
    assert isinstance(of_counts, Ratio)
    assert (by_day.is_by_day, of_counts.is_by_day) == (True, False)


# what is refused


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        ("{count: reopenz > 0}", "cannot be asked"),
        ("{count: reopens}", "`reopens` is no truth"),
        ("{count: select 1}", "holds a query"),
        ("{count: exists (select 1 from self)}", "holds a query"),
        ("{count: created_at < now()}", "asks what time it is now"),
        ("{count: max(reopens) > 1}", "speaks of more than one row"),
        ("{count: reopens > avg(reopens)}", "speaks of more than one row"),
        ("{count: reopens < count(*)}", "speaks of more than one row"),
        ("{count: row_number() over (order by reopens) > 1}", "speaks of more than one row"),
        ("{count: 1 = 1}", "speaks of no row"),
        ("{count: status = 'opne'}", "no status `opne`, did you mean `open`"),
        ("{count: customer_id = 'C1' or customer_id > 5}", "cannot be asked"),
        ("{mean: customer_id}", "`customer_id` is no number but a key"),
        ("{count: score > 3}", "`score` is a column of answers, not of tickets"),
        ("{count: Calls answered > 3}", "is no condition"),
        ("{mean: is_answered}", "`is_answered` is no number but a truth"),
        ("{mean: group}", "`group` is no number but text"),
        ("{mean: created_at}", "`created_at` is no number but a point in time"),
        ("{sum: sum(reopens)}", "speaks of more than one row"),
        ("{share: {of: reopens > 0, among: grup}}", "is no truth"),
        ("{ratio: {of: {count: all, table: orders, dated_by: created_at}, to: {count: all}}}", "`created_at` dates nothing in orders"),
        ("{ratio: {of: {count: all, table: order}, to: {count: all}}}", "no table `order`, did you mean `orders`"),
        ("{ratio: {of: {distinct: agent}, to: {count: all}}}", "`distinct` is divided by another `distinct` only"),
        ("{difference: {of: {distinct: agent}, less: {count: all}}}", "`distinct` cannot be left of another"),
        ("{ratio: {of: {mean: reopens}, to: {count: all}}}", "unknown key `mean`"),
        ("{count: all, sum: reopens}", "`sum` is one measure too many"),
        ("{cuont: all}", "unknown key `cuont`"),
        ("{quantile: {of: reopens, at: 1.5}}", "`at` must be "),
    ],
)  # fmt: skip
def test_a_measure_that_means_nothing_is_reported_with_its_line(tmp_path: Path, measure: str, message: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        with_packs([pack(tmp_path, measure)])
    assert message in refused.value.message
    assert refused.value.where == f"{tmp_path / 'own.yaml'}:8"


@pytest.mark.parametrize(
    ("more", "message", "line"),
    [
        ("unit: share", "a count is not counted in `share`, but in count", 9),
        ("better: more", "`better` cannot be `more`", 9),
        ("dated_by: creatd_at", "`creatd_at` dates nothing in tickets, did you mean `created_at`", 9),
        ("dated_by: reopens", "`reopens` dates nothing in tickets", 9),
        ("matures_after: soon", "`soon` is no span of time", 9),
        ("worth_knowing: much", "`much` is no change", 9),
        ("worth_knowing: 5", "`5` is no share, write 5%", 9),
        ("variant_of: cast", "`own` is a variant of `cast`, which is no KPI, did you mean `csat`", 4),
        ("variant_of: own", "`own` is a variant of itself", 4),
        ("override: true", "`own` overrides nothing", 4),
        ("asks: csat", "`csat` is no question of answers", 9),
        ("colums: {}", "unknown key `colums`", 9),
        ("columns: {Answered: text, Site: nmber}", "`Site` cannot be `nmber`", 9),
        ("columns: {reopens: number}", "`reopens` is a column of tickets already", 9),
        ("columns: {was_reopened: truth}", "`was_reopened` is a column of tickets already", 9),
    ],
)
def test_a_fault_is_reported_with_its_line(tmp_path: Path, more: str, message: str, line: int) -> None:
    with pytest.raises(DefinitionError) as refused:
        with_packs([pack(tmp_path, "{count: all}", more)])
    assert message in refused.value.message
    assert refused.value.where == f"{tmp_path / 'own.yaml'}:{line}"


def test_an_unknown_name_is_reported_with_the_nearest_and_with_the_way_to_declare_it(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        with_packs([pack(tmp_path, "{count: reopenz > 0}")])
    assert refused.value.hint is not None
    assert "did you mean `reopens`?" in refused.value.hint
    assert "columns: {reopenz: number}" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kpis: []", "`pack` is missing"),
        ("pack: mine\nkpis: []", "`kpis` must"),
        ("pack: My pack\nkpis: []", "`My pack` is no name"),
        ("pack: mine", "`kpis` is missing"),
    ],
)
def test_a_pack_is_what_it_must_be(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        with_packs([tmp_path / "p.yaml"])
    assert message in refused.value.message


def test_a_name_stands_for_one_kpi(tmp_path: Path) -> None:
    one = pack(tmp_path, "{count: all}", name="one")
    with pytest.raises(DefinitionError, match="`one` is there twice"):
        with_packs([one, one])
    with pytest.raises(DefinitionError, match="`csat` is a KPI of the catalogue") as refused:
        with_packs([pack(tmp_path, "{count: all}", name="csat")])
    assert refused.value.hint is not None
    assert "override: true" in refused.value.hint
    twice = one.read_text(encoding="utf-8")
    one.write_text(twice + twice.partition("kpis:\n")[2], encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"one\.yaml:9: `one` is there twice"):
        with_packs([one])


def test_variants_that_go_round_are_refused(tmp_path: Path) -> None:
    packs = [
        pack(tmp_path, "{count: all}", "variant_of: two", name="one"),
        pack(tmp_path, "{count: all}", "variant_of: one", name="two"),
    ]
    with pytest.raises(DefinitionError, match="variant of itself"):
        with_packs(packs)


def test_a_cell_an_expression_fails_on_is_reported_with_the_definition(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="`own` cannot be computed") as refused:
        figure(tmp_path, "{sum: Account::int}")
    assert refused.value.where == f"{tmp_path / 'own.yaml'}:4"


def test_a_cast_that_fails_is_missing_and_no_fault(tmp_path: Path) -> None:
    assert figure(tmp_path, "{sum: 'CAST(substr(Account, 2, 1) AS INT)'}").estimate.value == 7
    assert figure(tmp_path, "{sum: CAST(Account AS INT)}").estimate.value is None
