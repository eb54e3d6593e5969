"""The rows of a table that meet a condition as its reader means it: local time, keys and headers as the files write them.

A header of the files is text. Compared with a number it is read as numbers, and refused where it holds something else;
text that holds numbers or dates is not put in the order of the alphabet.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache
from itertools import combinations

import polars as pl

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.config.spelling import as_asked
from kpi_core.errors import DefinitionError
from kpi_core.model.conditions.condition_faults import unread
from kpi_core.model.conditions.row_view import LOCAL, WRITTEN, asked_as_written, rewritten, with_working_columns
from kpi_core.model.conditions.sql import (
    FAILURES,
    as_text,
    check_condition,
    columns_of,
    compared,
    is_possible,
    parse_condition,
    parts_of,
)
from kpi_core.model.conditions.swayed import swayed
from kpi_core.model.tables import TABLES, Kind
from kpi_core.patterns import regex
from kpi_core.records import dataclass

WHERE = "--where"
MANY = 6
"""Text columns of which any may be meant as numbers."""
MOSTLY = 0.5
"""The share of a column's words from which they are taken for what they look like."""
NUMBER = r"^[-+−]?\s*\d[\d\s\u00a0\u202f.,']*\s*%?$"
PLAIN_NUMBER = r"^[-+−]?\d+([.,]\d+)?$"
THOUSANDS = r"^[-+−]?[1-9]\d{0,2}[.,]\d{3}$"
"""May be a thousand and more, or a number with three decimals."""
DATE = r"^\d{1,4}[-./ ]\s?(\d{1,2}|[^\W\d]{3,})[-./ ]\s?\d{1,4}"
ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)"
CLOCK = r"^\d{1,3}:\d{2}(:\d{2})?$"
_DENIES = regex(r"<>|!=|\bnot\b", re.IGNORECASE)
LOOKS = {"dates": DATE, "times": CLOCK, "numbers": NUMBER}


@dataclass(frozen=True, kw_only=True)
class Headers:
    """What is known of the files' headers: by header the canonical column that is read from it."""

    read_as: Mapping[str, str] = field(default_factory=dict)


def fits(frame: pl.DataFrame, text: str) -> bool:
    """Whether a table has all the columns that a condition speaks of, keys as their files write them."""
    names = columns_of(parse_condition(text))
    return {*names, *(WRITTEN + name for name in asked_as_written(text, names))} <= set(frame.columns)


def met(frame: pl.DataFrame, text: str, zone: str | None, headers: Headers) -> pl.DataFrame:
    """The rows of a table that meet the condition; null is not met.

    Raises:
        DefinitionError: it means nothing to the table, or fails on a row of it.
    """
    view, condition = _as_read(frame, text, zone, headers)
    try:
        kept = view.select(condition.fill_null(value=False).alias("kept"))["kept"]
    except FAILURES as error:
        raise _fails_on_a_row(text, error) from None
    return frame.filter(kept)


def met_or_not_by(
    frame: pl.DataFrame, text: str, zone: str | None, headers: Headers, columns: Collection[str]
) -> list[pl.DataFrame]:
    """The rows of a table that meet a condition, and those that do not, by what it says of each of some columns, and of all."""
    view, condition = _as_read(frame, text, zone, headers)
    return [frame.filter(view.select(rows.alias("rows"))["rows"]) for rows in swayed(condition, columns)]


def _as_read(frame: pl.DataFrame, text: str, zone: str | None, headers: Headers) -> tuple[pl.DataFrame, pl.Expr]:
    """What a condition is asked of, and the condition as it is asked."""
    condition = parse_condition(text)
    view = _as_spelt(_view(frame, condition, text), text)
    numbers = _meant_as_numbers(condition, view)
    if numbers is None:
        check_condition(condition, frame if set(columns_of(condition)) - set(view.columns) else view, text, hint=HINT)
        numbers = ()
    view = view.with_columns(_as_number(view[name], text, headers) for name in numbers)
    check_condition(condition, view, text, hint=HINT)
    check_orders(condition, view, text, headers)
    instants = [name for name, kind in view.schema.items() if isinstance(kind, pl.Datetime)]
    view = with_working_columns(_with_blanks(as_text(view), text), [LOCAL + name for name in instants], zone)
    return view, parse_condition(rewritten(text, instants, {}))


HINT = (
    "write a condition on one row, such as `group = 'Billing' and priority in ('high', 'urgent')`\n"
    "a day is written date '2026-10-31', a point in time timestamp '2026-10-31 17:00:00', a word in single quotes,"
    " a span of time interval '4 hours'"
)


def _fails_on_a_row(text: str, error: BaseException) -> DefinitionError:
    """The message about a condition that cannot be evaluated for one row or another."""
    reason = unread(error)
    hint = "try_cast leaves a cell empty that cannot be cast: `try_cast(x as integer) = 1`" if reason else HINT
    return DefinitionError(f"`{text}` fails on rows{reason}", where=WHERE, hint=hint)


def _view(frame: pl.DataFrame, condition: pl.Expr, text: str) -> pl.DataFrame:
    """The columns that a condition speaks of, as far as there are any: words as text, keys as written."""
    written = {name: WRITTEN + name for name in asked_as_written(text, columns_of(condition))}
    shown = []
    for name in (name for name in columns_of(condition) if name in frame.columns):
        source = written.get(name, name)
        source = source if source in frame.columns else name
        is_words = isinstance(frame.schema[source], pl.Categorical)
        shown.append(pl.col(source).cast(pl.String).alias(name) if is_words else pl.col(source).alias(name))
    return frame.select(shown)


def _as_spelt(view: pl.DataFrame, text: str) -> pl.DataFrame:
    """The columns of words with those that a condition writes otherwise as it does.

    Case and blanks make no other word, as in groups; nor do hyphens (`email` for `E-mail`) where none is written as the condition has it,
    nor what a channel is called besides (`Mail`).
    """
    asked = {part.replace("''", "'") for part in re.findall(r"'((?:[^']|'')*)'", text)}
    for name in (name for name, kind in view.schema.items() if kind == pl.String):
        words = view[name].drop_nulls().unique().to_list()
        instead = as_asked(words, asked)
        known = asked & {*words, *instead.values()}
        fold = _channel if name == "channel" else _folded
        meant = {folded: word for word in asked - known if (folded := fold(word))}
        instead |= {word: meant[fold(word)] for word in words if word not in instead and fold(word) in meant}
        view = view.with_columns(pl.col(name).replace(instead)) if instead else view
    return view


def _with_blanks(view: pl.DataFrame, text: str) -> pl.DataFrame:
    """Columns of words with their blank cells as words of no letter, which are other than any; null where the condition asks for that itself."""
    names = [name for name, kind in view.schema.items() if kind == pl.String and not _asks_for_null(name, text)]
    return view.with_columns(pl.col(name).fill_null("") for name in names) if _DENIES.search(_bare(text)) else view


def blanks_met(frame: pl.DataFrame, text: str) -> list[tuple[str, int, bool]]:
    """By column that a condition with a `not` speaks of: how many rows have no value there, and whether these count as other than the words it names."""
    condition = parse_condition(text)
    if not _DENIES.search(_bare(text)):
        return []
    view = _view(frame, condition, text)
    counts = [(name, view[name].null_count(), view.schema[name] == pl.String or isinstance(view.schema[name], pl.Enum))
              for name in view.columns if not _asks_for_null(name, text)]  # fmt: skip
    return [one for one in counts if one[1]]


def _bare(text: str) -> str:
    """A condition without its words in quotes."""
    return re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"", "", text)


def _asks_for_null(name: str, text: str) -> bool:
    """Whether a condition says itself what becomes of cells without a value."""
    return bool(
        re.search(
            rf'"?{re.escape(name)}"?\s+is\s+(not\s+)?(null|distinct)|\b(coalesce|ifnull|nullif)\s*\(',
            text,
            re.IGNORECASE,
        )
    )


def _folded(word: str) -> str:
    """A word without case, blanks and hyphens; empty for what is none."""
    return re.sub(r"[\s_-]+", "", word.casefold()) if re.search(r"[^\W\d_]", word) else ""


def _channel(word: str) -> str:
    """A channel without case, blanks and hyphens, by the first of its names."""
    return _channels().get(_folded(word), _folded(word))


@cache
def _channels() -> dict[str, str]:
    """The first name of each channel by its others."""
    names: dict[str, list[str]] = yaml.load(configs() / "values" / "channels.yaml").data
    return {_folded(other): first for first, others in names.items() for other in others}


def _meant_as_numbers(condition: pl.Expr, view: pl.DataFrame) -> tuple[str, ...] | None:
    """The fewest columns of text that must be numbers for the types to go together; None where nothing helps."""
    words = [name for name, kind in view.schema.items() if kind == pl.String][:MANY]
    empty = view.clear(2)
    for count in range(len(words) + 1):
        for names in combinations(words, count):
            if is_possible(condition, empty.with_columns(pl.col(names).cast(pl.Float64))):
                return names
    return None


def _as_number(cells: pl.Series, text: str, headers: Headers) -> pl.Series:
    """Text as numbers; refused where some of it is none, or may be two."""
    words = cells.drop_nulls().unique().str.strip_chars()
    fits = words.str.contains(PLAIN_NUMBER)
    if not fits.all() or words.str.contains(THOUSANDS).any():
        odd = words.filter(~fits | words.str.contains(THOUSANDS)).sort()
        shown = ", ".join(f"`{word}`" for word in odd.head(3).to_list())
        way = _way_out(cells.name, headers, text) or f"compare it as text, `{cells.name} = '{odd[0]}'`, or in a KPI of your own declare `columns: {{{cells.name}: number}}`"  # fmt: skip
        raise DefinitionError(f"`{text}` compares `{cells.name}` with a number, and it holds {shown}", where=WHERE, hint=way)  # fmt: skip
    whole = cells.str.strip_chars().str.replace("−", "-").str.replace(",", ".")
    integers = whole.cast(pl.Int64, strict=False)
    return integers if integers.null_count() == cells.null_count() else whole.cast(pl.Float64, strict=False)


def check_orders(condition: pl.Expr, view: pl.DataFrame, text: str, headers: Headers, where: str = WHERE) -> None:
    """Refuses to put into the order of the alphabet what has another order.

    Raises:
        DefinitionError: a column of numbers, dates or steps is compared as text.
    """
    for name in dict.fromkeys(_in_order(condition, view.columns)):
        kind = view.schema[name]
        if isinstance(kind, pl.Enum):
            hint = f"name the words: `{name} in ('{kind.categories[-2]}', '{kind.categories[-1]}')`"
            raise DefinitionError(f"`{text}` puts {name} in the order of the alphabet", where=where, hint=hint)
        if kind != pl.String or (look := _look(view[name])) is None:
            continue
        way = _way_out(name, headers, text) or (
            f"compare it with a number, without quotes: `{name} > 2`" if look == "numbers" else
            f"have the column read as an instant: `--column created_at='{name}'`, and compare `created_at >= date '2026-10-31'`"
        )  # fmt: skip
        raise DefinitionError(f"`{text}` compares `{name}` as text, and it holds {look}", where=where, hint=way)


def _way_out(name: str, headers: Headers, text: str) -> str:
    """The canonical column that a header is read as, with what to write of it in the place of the condition."""
    column = headers.read_as.get(name)
    if column is None:
        return ""
    kinds = {found.kind for table in TABLES.values() if (found := table.column(column))}
    if Kind.INSTANT in kinds:
        return f"it is read as `{column}`: write `{column} >= date '2026-10-31'`"
    if Kind.DURATION in kinds:
        return f"it is read as `{column}`, in seconds: write `{column} > 7200` for more than two hours"
    corrected = _renamed(text, name, column)
    return f"it is read as `{column}`: write `{corrected if corrected != text else f'{column} > 2'}`"


def _renamed(text: str, name: str, column: str) -> str:
    """A condition with a header's column in its place; numbers in quotes that it is compared with are bare."""
    parts = re.split(r"('(?:[^']|'')*')", text)
    header = rf'"{re.escape(name)}"|(?<!\w){re.escape(name)}(?!\w)'
    corrected = "".join(part if part.startswith("'") else re.sub(header, column, part) for part in parts)
    return re.sub(rf"\b({column}\s*[<>=!]+\s*)'([-+]?\d+(?:\.\d+)?)'", r"\1\2", corrected)


def _in_order(condition: pl.Expr, names: Iterable[str]) -> Iterator[str]:
    """The columns that are compared by their order with something."""
    known = {str(pl.col(name)): name for name in names}
    for left, sign, right in filter(None, map(compared, parts_of(condition))):
        shown = [str(side).replace(".cast(String)", "") for side in (left, right)]
        yield from (known[side] for side in shown if sign[0] in "<>" and side in known)


def _look(cells: pl.Series) -> str | None:
    """What most of the words of a column are, where the alphabet would order them wrongly; None for plain text."""
    words = cells.drop_nulls().unique().str.strip_chars()
    if words.is_empty() or words.str.contains(ISO).mean() == 1:
        return None
    shares = {look: words.str.contains(pattern).mean() or 0 for look, pattern in LOOKS.items()}
    look = max(shares, key=lambda one: float(shares[one]))  # type: ignore[arg-type]
    return look if float(shares[look]) >= MOSTLY else None  # type: ignore[arg-type]


def common_words(frames: Iterable[pl.DataFrame], text: str) -> str:
    """What the columns of words that a condition speaks of hold, the commonest first; where to look for it where there is none."""
    common: dict[str, list[str]] = {}
    for frame in frames:
        for name in columns_of(parse_condition(text)):
            if frame.schema.get(name) in (pl.Categorical, pl.String):
                counts = (
                    frame[name]
                    .cast(pl.String)
                    .drop_nulls()
                    .value_counts()
                    .sort("count", name, descending=[True, False])
                )
                common.setdefault(name, [f"`{word}`" for word in counts[name].head(MANY).to_list()])
    shown = [f"`{name}` holds {', '.join(words)}" for name, words in common.items() if words]
    return "\n".join([*shown, "`kundpuls inspect FILES` shows the words of each column"])


__all__: Sequence[str] = ("Headers", "blanks_met", "check_orders", "common_words", "fits", "met", "met_or_not_by")
