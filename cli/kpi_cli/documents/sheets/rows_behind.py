"""The rows behind the headline KPIs, with formulas that count these anew."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from kpi_cli.documents.blocks import Amount, Cell, Check, Checked, Column, Sheet, Table, Tone
from kpi_cli.documents.sheets.names import called, legal
from kpi_core.analysis.rows.recount import HIDDEN_GROUP, Figure, Formula, How, Recount, Recounted, figures, in_group
from kpi_core.model.kpi import Unit

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument

DAY, HOUR, MINUTE = 86_400, 3_600, 60
ROUNDED_UP_TO = 48 * HOUR
"""From an hour up to here times are printed to the minute."""
CLOSE = 1e-6
"""What numbers that were added in another order may differ by."""
_FORMULAS = {
    How.SHARE: "SUM({rows})/COUNT({rows})",
    How.NET_SHARE: "(COUNTIF({rows},1)-COUNTIF({rows},-1))/COUNT({rows})",
    How.MEAN: "AVERAGE({rows})",
    How.COUNT: "COUNT({rows})",
    How.SUM: "SUM({rows})",
}


def sheets(document: "ReportDocument") -> Iterator[Sheet]:
    """The sheet; none where nobody looked, or nothing is counted from rows."""
    found = None if document.behind is None else document.behind.rows()
    if found is None:
        return
    wording, report = document.wording, document.report
    word = wording.word
    asides = [word("behind_cells"), word("behind_keys"), *_also(found, document)]
    for result, why in found.without:
        command = f"kundpuls rows {result.kpi.name} {wording.files()}"
        asides.append(word("behind_without", kpi=wording.short(result.kpi), why=wording.render(why), command=command))
    if not found.counted:
        asides = asides[2 + len(_also(found, document)) :]
    check = Check(
        figures=tuple(_checked(one, document) for one in found.counted), table=_table(found, document),
        groups=tuple(legal(in_group(name)) for name in found.groups),
    )  # fmt: skip
    yield Sheet(
        name=word("sheet_rows"), title=f"{word('behind_title')}, {wording.period(report.query.period)}",
        lead=word("behind_lead") if found.counted else "", asides=tuple(asides), check=check, footer=report.title, paper=1,
    )  # fmt: skip


def _also(found: Recount, document: "ReportDocument") -> list[str]:
    """Which rows are not there, how groups are counted, and up to how much times are rounded in the report."""
    wording, report = document.wording, document.report
    said = []
    if report.query.baseline is not None:
        said.append(
            wording.word("behind_no_baseline", period=wording.period(report.query.baseline), files=wording.files())
        )
    if any(one.result.kpi.unit is Unit.SECONDS for one in found.counted):
        said.append(wording.word("behind_rounded"))
    means = [each.column for one in found.counted for each in figures(one.formula) if each.how in (How.SHARE, How.MEAN)]
    if found.groups and means:
        held = found.rows[in_group(found.groups[0])].drop_nulls()
        some = next((name for name in held if name != HIDDEN_GROUP), "Support")
        column = f"{legal(in_group(found.groups[0]))}_rows"
        said.append(
            wording.word(
                "behind_groups", rows=f"{legal(means[0])}_rows", column=column, group=some, hidden=HIDDEN_GROUP
            )
        )
    return said


def _checked(one: Recounted, document: "ReportDocument") -> Checked:
    kpi, estimate = one.result.kpi, one.result.estimate
    formula = _formula(one.formula)
    value = estimate.value or 0.0
    return Checked(
        label=document.wording.brief(kpi), name=called(kpi), columns=tuple(map(legal, one.columns)),
        formula=f"100*{formula}" if kpi.unit is Unit.POINTS else formula, value=Amount(one.value, kpi.unit, value),
        printed=Amount(value, kpi.unit), n=estimate.n if one.has_n else None, off_by=_off_by(value, kpi.unit),
    )  # fmt: skip


def _formula(formula: Formula) -> str:
    """A spreadsheet's formula, its functions in English, as the file format has them."""
    if not isinstance(formula, Figure):
        first, second = _formula(formula.first), _formula(formula.second)
        return f"({first})/({second})" if formula.is_ratio else f"({first}-{second})"
    rows = f"{legal(formula.column)}_rows"
    if formula.how is How.QUANTILE:
        return f"MEDIAN({rows})" if formula.at == 0.5 else f"PERCENTILE({rows},{formula.at:g})"
    return _FORMULAS[formula.how].format(rows=rows)


def _off_by(value: float, unit: Unit) -> float:
    """How far the printed figure may lie from the exact one."""
    if unit is not Unit.SECONDS:
        return 0.005 if unit is Unit.MONEY else CLOSE
    return (MINUTE / 2 + 0.5 if HOUR <= abs(value) < ROUNDED_UP_TO else 0.5) / DAY


def _table(found: Recount, document: "ReportDocument") -> Table:
    """A line a row: where it stands, its number, what dates it, and its part in each figure."""
    wording = document.wording
    units = {figure.column: (one.result.kpi, figure.how) for one in found.counted for figure in figures(one.formula)}
    columns = (
        Column(key="file", head=wording.word("file"), width=26, tone=Tone.QUIET),
        Column(key="row", head=wording.word("row"), width=9, is_right=True, tone=Tone.QUIET),
        Column(key="id", head=wording.word("behind_number"), width=18),
        *(Column(key=name, head=wording.name(f"dated_{name}"), width=16, is_right=True) for name in found.dates),
        *(Column(key=legal(in_group(name)), head=wording.name(name), width=16) for name in found.groups),
        *(Column(key=legal(name), head=wording.brief(kpi), width=13, is_right=True) for name, (kpi, _) in units.items()),
    )  # fmt: skip
    names = _file_names(found.rows["file"].unique().drop_nulls().to_list()) if found.counted else {}

    known = len(found.dates) + len(found.groups)

    def cells(line: tuple[object, ...]) -> Iterator[Cell]:
        path, row, key, *rest = line
        yield names.get(str(path)) if path is not None else None
        yield row  # type: ignore[misc]
        yield key  # type: ignore[misc]
        yield from rest[:known]  # type: ignore[misc]
        for value, (kpi, how) in zip(rest[known:], units.values(), strict=True):
            yield None if value is None else _cell(float(value), kpi.unit, how)  # type: ignore[arg-type]

    keys = ["file", "row", "id", *found.dates, *map(in_group, found.groups), *units]
    rows = tuple(tuple(cells(line)) for line in found.rows.select(keys).iter_rows()) if found.counted else ()
    return Table(key="rows", columns=columns, rows=rows, names=3)


def _cell(value: float, unit: Unit, how: How) -> Cell:
    """What a row gives to a figure: a whole number where it is counted, its time or amount where that is taken."""
    is_taken = how in (How.MEAN, How.QUANTILE, How.SUM) and unit in (Unit.SECONDS, Unit.MONEY)
    if is_taken:
        return Amount(value, unit)
    return int(value) if value.is_integer() else value


def _file_names(paths: list[str]) -> dict[str, str]:
    """By file what it is called without its folder, a sheet of a workbook with the workbook's name; the whole path where two are called alike."""
    short = {path: "/".join(PurePath(path).parts[-2 if PurePath(path).parent.suffix else -1 :]) for path in paths}
    seen = Counter(short.values())
    return {path: name if seen[name] == 1 else path for path, name in short.items()}
