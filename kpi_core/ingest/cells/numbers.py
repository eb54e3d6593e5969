"""Reading numbers and truths as people write them: `1 234,50`, `1.234,50 kr`, `−3 %`, `ja`.

What separates thousands from decimals is decided once for a column, from its own cells; a column in which
`1,234` could be either is refused rather than guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import polars as pl

from kpi_core.ingest.cells.few import all_are
from kpi_core.ingest.cells.unfit_column import UnfitColumn
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

EXPONENT = r"^\d(?:[.,]\d+[eE]\+?|[eE]\+)\d{1,2}$"
"""Whole numbers that a spreadsheet has cut off: `1.03006E+13`, `1,03006E+13`, `2E+15`."""
_SPACES = " \u00a0\u202f\u2009\u2007"
_APOSTROPHES = "'’"
_GROUPED = rf"\d{{1,3}}(?:[.,{_SPACES}{_APOSTROPHES}]\d{{3}})+"
_NUMBER = regex(rf"(?=.*\d)[+\-\u2212]?(?:{_GROUPED}|\d+)?(?:[.,]\d*)?(?:[eE][+-]?\d+)?")
_BRACKETED = r"^[^()\d+\-\x{2212}]*\([^()\d+\-\x{2212}]*\d[^()]*\)[^()\d]*$"
"""A number in brackets, as accountants write what is below zero."""
_NO_ORE, _NO_PART = r",\s?[\-\x{2013}\x{2014}]{1,2}$", r"\s?:\s?[\-\x{2013}\x{2014}]{1,2}$"
"""A dash where the decimals would stand: `500,-`, `500:-`."""
_ORE = r"(\d)\s?:\s?(\d\d)(\s*(?i:kr\.?|sek|nok|dkk|isk)?)$"
"""Öre behind a colon, as in `1 234:50`."""
_MINUS_BEHIND = r"^([^()+\-\x{2212}]*\d[^()+\-\x{2212}\d,:]*)[\-\x{2212}]$"
"""A number with its minus behind it, as accounting systems write it."""
_UNITS = {
    "%": r"%|procent|prosent|prosenttia|pct\.?",
    "‰": "‰",
    "kr": r"kr\.?",
    "sek": "sek",
    "nok": "nok",
    "dkk": "dkk",
    "isk": "isk",
    "eur": "eur|€",
    "usd": r"usd|us\$",
    "$": r"\$",
    "gbp": "gbp|£",
    "chf": "chf",
    "pln": "pln|zł",
    "czk": "czk|kč",
    "jpy": "jpy|¥",
    "cad": "cad",
    "aud": "aud",
}
_MINUTES, _BELOW_A_THOUSAND = 60, 3
"""What no minutes and no hours with a colon go up to, and the figures of a number below a thousand."""
_SHARES = ("%", "‰")
KRONOR = ("sek", "nok", "dkk", "isk")
"""The currencies that `kr` may stand for."""
_OF_NOBODY = {"kr": KRONOR, "$": ("usd", "cad", "aud")}
"""Money of several countries, and which."""


_ANY_UNIT = rf"(?i)^(?:{'|'.join(_UNITS.values())})\s*|\s*(?:{'|'.join(_UNITS.values())})$"


@dataclass(frozen=True, kw_only=True)
class NumberReading:
    """How the numbers of one column are written.

    Args:
        decimal: the mark before the decimals, `.` or `,`.
        groups: every mark seen between thousands; empty for none.
        signs: whether a minus is written U+2212.
        units: what stands next to the number in some cells and is dropped, such as `%`, `kr` or `eur`: several only of currencies.
        brackets: whether a number in brackets is below zero.
        dashes: whether a dash stands for decimals of nought in some cells, as in `500,-`.
        behind: whether a minus behind a number says that it is below zero.
        ore: whether some have their decimals behind a colon, as in `1 234:50`.
        assumed: what a reader of the report must know of it; None where nothing was assumed.
    """

    decimal: str = "."
    groups: str = ""
    signs: bool = False
    units: tuple[str, ...] = ()
    brackets: bool = False
    dashes: bool = False
    behind: bool = False
    ore: bool = False
    assumed: Message | None = None

    @property
    def is_plain(self) -> bool:
        """Whether a cell is read by a cast alone."""
        return replace(self, assumed=None) == PLAIN


PLAIN = NumberReading()


class AmbiguousNumber(UnfitColumn):
    """A column in which a mark may separate thousands as well as decimals, with an example."""

    def __init__(self, column: str, example: str) -> None:
        message = Message("thousands-or-decimals", header=column, example=example)
        one, other = (",", ".") if "." in example else (".", ",")
        whole, part = re.sub(r"[.,]", "", example), example.replace(",", ".")
        self.way = Message("say-decimal", one=one, whole=whole, other=other, part=part, example=example)
        super().__init__(message, hint=str(self.way))


def other_than_numbers(text: pl.Expr) -> pl.Expr:
    """The cells that are no whole number or nought, else null: those in which to look for words and powers of ten, by costlier means."""
    return pl.when(text.cast(pl.Int64, strict=False).fill_null(0) == 0).then(text)


def sniff_decimal(
    sample: pl.Series, *, column: str, decimal: str | None = None, are_amounts: bool = False
) -> NumberReading:
    """Decides how a column writes its numbers.

    Args:
        sample: some of its cells, cleaned; nulls allowed. Cells that are no number are passed over.
        column: its header, for messages.
        decimal: `.` or `,` where somebody knows; cells written otherwise are then unreadable.
        are_amounts: whether its cells may be in several currencies.

    Raises:
        AmbiguousNumber: `1,234` (or `1.234`) may mean two numbers and no cell decides which.
        ExportError: none of its cells is a number, some have decimal commas and others decimal points, or they are in
            several units.
    """
    cells = sample.cast(pl.String)
    if are_whole(cells):  # mostly so, and quickly found
        return replace(PLAIN, decimal=decimal or PLAIN.decimal)
    texts = [text for text in cells.drop_nulls().unique(maintain_order=True) if text]
    texts, behind = _with_minus_before(texts)
    ore = are_amounts and _have_ore(texts)
    bare = [re.sub(_ORE, rf"\1{decimal or ','}\2\3", text) for text in texts] if ore else texts
    plain, brackets, dashes = _without_dress(bare)
    numbers = {text: body for text, body in plain.items() if _NUMBER.fullmatch(body)}
    others = {text: body for text, body in plain.items() if text not in numbers}
    units, measured = _units_of(others, column, are_amounts=are_amounts)
    numbers |= measured
    if not numbers and texts:
        raise UnfitColumn(Message("no-number-in-column", header=column, example=texts[0]))
    mark, assumed = (decimal, None) if decimal else _decimal_of(numbers, column, are_amounts=are_amounts)
    written = "".join(numbers.values())
    groups = "".join(sorted(set(written) & (set(_SPACES + _APOSTROPHES + ",.") - {mark})))
    return NumberReading(decimal=mark, groups=groups, signs="\u2212" in written, units=units,
                         brackets=brackets, dashes=dashes, behind=behind, ore=ore, assumed=assumed)  # fmt: skip


def _have_ore(texts: Sequence[str]) -> bool:
    """Whether amounts have öre behind a colon, and no cell may as well be a time of day or how long something took."""
    found = [match for text in texts if (match := re.search(_ORE, text))]
    colons = sum(":" in text and re.search(_python(_NO_PART), text) is None for text in texts)
    parts = [(re.sub(r"\D", "", match.string[: match.end(1)]), match[2]) for match in found]
    return (
        bool(found)
        and len(found) == colons
        and any(int(whole) >= _MINUTES or int(ore) >= _MINUTES for whole, ore in parts)
    )


def _with_minus_before(texts: list[str]) -> tuple[list[str], bool]:
    """The texts with each minus before its number, and whether some have it behind; where most have, it is a dash and says nothing."""
    behind = [text for text in texts if re.match(_python(_MINUS_BEHIND), text)]
    if not behind or 2 * len(behind) > len(texts):
        return texts, False
    return [re.sub(_python(_MINUS_BEHIND), r"-\1", text).strip() for text in texts], True


def _without_dress(texts: Sequence[str]) -> tuple[dict[str, str], bool, bool]:
    """What is left of each text without brackets and dashes for decimals, and whether there are such.

    Where all are in brackets those say nothing, and stay.
    """
    bracketed = {text for text in texts if re.search(_python(_BRACKETED), text)}
    if len(bracketed) == sum(any(character.isdigit() for character in text) for text in texts):
        bracketed = set()
    bare = {text: text.replace("(", "").replace(")", "").strip() if text in bracketed else text for text in texts}
    bare_numbers = {
        text: re.sub(_python(_NO_PART), "", re.sub(_python(_NO_ORE), ",", body)) for text, body in bare.items()
    }
    return bare_numbers, bool(bracketed), bare_numbers != bare


@cache
def _python(pattern: str) -> str:
    """A pattern of polars as one of Python."""
    return re.sub(r"\\x\{(\w+)\}", r"\\u\1", pattern)


def _units_of(texts: Mapping[str, str], column: str, *, are_amounts: bool) -> tuple[tuple[str, ...], dict[str, str]]:
    """The units of those texts that are numbers with one, and what is left of them without it."""
    seen: dict[str, str] = {}
    bare: dict[str, str] = {}
    for text, plain in texts.items():
        for unit in _UNITS:
            body = re.sub(_trailing(unit), "", re.sub(_leading(unit), "", plain))
            if body != plain and _NUMBER.fullmatch(body):
                seen.setdefault(unit, text)
                bare[text] = body
    different = {currency_called(unit, tuple(seen)) or unit for unit in seen}
    if len(different) > 1 and not (are_amounts and not set(seen) & set(_SHARES)):
        first, second, *_ = seen.values()
        raise UnfitColumn(
            Message("units-mixed", header=column, one=first, other=second),
            hint="leave one unit in the column, and name the others in a column of their own",
        )
    return tuple(seen), bare


def _leading(*units: str) -> str:
    return rf"(?i)^(?:{'|'.join(_UNITS[unit] for unit in units)})\s*"


def _trailing(*units: str) -> str:
    return rf"(?i)\s*(?:{'|'.join(_UNITS[unit] for unit in units)})$"


def has_unit(cell: pl.Expr, *units: str) -> pl.Expr:
    """Whether one of some units stands next to the number of a cell."""
    return cell.str.contains(_leading(*units)) | cell.str.contains(_trailing(*units))


def currency_called(unit: str, units: Sequence[str]) -> str | None:
    """The currency that a unit names among others of its column; None for one of several countries that is alone."""
    if unit in _SHARES:
        return None
    meant = [other for other in _OF_NOBODY.get(unit, ()) if other in units]
    if len(meant) == 1:
        return meant[0].upper()
    return unit.upper() if unit not in _OF_NOBODY or len(units) > 1 else None


def _decimal_of(numbers: dict[str, str], column: str, *, are_amounts: bool) -> tuple[str, Message | None]:
    """The decimal mark that the numbers prove, a point where none has a mark; and what else than a number itself shows it.

    Who writes an amount as `12.490` with its nought and another as `249` has written thousands: as decimals it were `249.000`.
    """
    proof: dict[str, str] = {}
    doubt: str | None = None
    for text, number in numbers.items():
        mark = _decimal_mark(number)
        if mark is None and _marks(number):
            doubt = doubt or text
        elif mark:
            proof.setdefault(mark, text)
    if len(proof) == 2:
        raise UnfitColumn(
            Message("decimals-mixed", header=column, one=proof["."], other=proof[","]),
            hint="write the column in one way, or pass --decimal to read one of them and refuse the other",
        )
    for mark in proof:
        return mark, None
    if doubt:
        marks = {_marks(number) for number in numbers.values()} - {""}
        grouped = [number for number in numbers.values() if _marks(number)]
        whole = [re.sub(r"\D", "", number) for number in numbers.values() if not _marks(number)]
        has_nought, has_whole = any(number.endswith("0") for number in grouped), any(map(int, whole))
        are_small = all(len(number) <= _BELOW_A_THOUSAND for number in whole)
        if are_amounts and len(marks) == 1 and has_nought and has_whole and are_small:
            mark = marks.pop()
            return "," if mark == "." else ".", Message("with-mark-of-thousands", mark=mark, example=doubt)
        raise AmbiguousNumber(column, doubt)
    return ".", None


def decimal_marks(texts: Iterable[str]) -> frozenset[str]:
    """The decimal marks that cells of text prove; `?` among them where a mark may be of thousands too."""
    bodies = (re.sub(_ANY_UNIT, "", text.strip()) for text in set(texts))
    numbers = [body for body in bodies if _NUMBER.fullmatch(body) and _marks(body)]
    return frozenset(_decimal_mark(number) or "?" for number in numbers)


def _marks(number: str) -> str:
    return "".join(character for character in number if character in ".,")


def _decimal_mark(number: str) -> str | None:
    """The mark this number proves to be the decimal one; None where it proves nothing."""
    marks = _marks(number)
    if not marks:
        return None
    if len(set(marks)) == 2:
        return marks[-1]
    other = "," if marks[0] == "." else "."
    if len(marks) > 1:
        return other
    whole, _, decimals = number.partition(marks)
    whole = whole.lstrip("+-\u2212")
    grouped = any(character in _SPACES + _APOSTROPHES for character in whole)
    could_group = re.fullmatch(r"[1-9]\d{0,2}", whole) and re.fullmatch(r"\d{3}", decimals)
    return None if could_group and not grouped else marks


def parse_number(cell: pl.Expr, reading: NumberReading) -> pl.Expr:
    """The number as Float64; null where it is not written as the reading says, or is not finite.

    Thousands must stand in threes: `1,23,4` is no number.
    """
    text, is_below = cell, pl.lit(value=False)
    if reading.behind:
        text = text.str.replace(_MINUS_BEHIND, "-$1").str.strip_chars()
    if reading.brackets:
        is_below = text.str.contains(_BRACKETED).fill_null(value=False)
        text = pl.when(is_below).then(text.str.replace_all("[()]", "").str.strip_chars()).otherwise(text)
    if reading.dashes:
        text = text.str.replace(_NO_ORE, reading.decimal).str.replace(_NO_PART, "")
    if reading.ore:
        text = text.str.replace(_ORE, f"${{1}}{reading.decimal}${{2}}${{3}}")
    if reading.units:
        text = text.str.replace(_leading(*reading.units), "").str.replace(_trailing(*reading.units), "")
    if not reading.is_plain:
        text = _plain(text, reading)
    number = text.cast(pl.Float64, strict=False)
    if reading.brackets:
        number = pl.when(is_below).then(-number).otherwise(number)
    return pl.when(number.is_finite()).then(number)


def _plain(text: pl.Expr, reading: NumberReading) -> pl.Expr:
    mark, groups = re.escape(reading.decimal), "".join(re.escape(group) for group in reading.groups)
    whole = rf"\d+|\d{{1,3}}(?:[{groups}]\d{{3}})+" if groups else r"\d+"
    shape = rf"^[+\-\u2212]?(?:(?:{whole})(?:{mark}\d*)?|{mark}\d+)(?:[eE][+\-]?\d+)?$".replace(r"\u2212", "\u2212")
    plain = text
    if groups:
        plain = plain.str.replace_all(f"[{groups}]", "")
    if reading.decimal != ".":
        plain = plain.str.replace(reading.decimal, ".", literal=True)
    if reading.signs:
        plain = plain.str.replace("\u2212", "-", literal=True)
    return pl.when(text.str.contains(shape)).then(plain)


def parse_count(cell: pl.Expr, reading: NumberReading) -> pl.Expr:
    """The number as Int32; null where it is unreadable, not whole (`2.5`; `3.0` is whole) or too large."""
    number = parse_number(cell, reading)
    return pl.when(number == number.floor()).then(number).cast(pl.Int32, strict=False)


_TIMES_WORD = (
    r"\s*(?:ggr|gånger|gång|ganger|gang|gange|times?|x|kertaa|krt|st|stk|styck|stycken|stykker|pcs|pieces?|kpl|kappaletta"
    r"|svar|replies|reply|messages?|meddelanden?|meldinger|melding|beskeder|besked|viestiä|vastausta)\.?"
)
"""What stands behind a number that says how often, or how many."""
_SO_OFTEN = rf"(?i)^(?:(?:ja|jo|yes|kyllä)[\s,;:(]+(\d+)(?:{_TIMES_WORD})?\)?|(\d+){_TIMES_WORD})$"


def so_often(cell: pl.Expr) -> pl.Expr:
    """The cell as the number alone where it says how often: `2 ggr`, `2 st`, `Ja, 2 ggr`, `yes (3)`."""
    return cell.str.replace(_SO_OFTEN, "$1$2")


_DATED = r"^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?:[T ].*)?$"

_DAY = regex(_DATED)


def are_marks_of_once(sample: pl.Series) -> bool:
    """Whether all cells of a count are ticks, or days on which it was so: each says that it was, and none how often."""
    if sample.is_empty() or not (str(sample[0]).lower() in TICKS or _DAY.match(str(sample[0]))):
        return False  # mostly so, and found before a pattern is compiled
    return bool((sample.str.to_lowercase().is_in(TICKS) | sample.str.contains(_DATED)).all())


_BARE = r"^[+\-\x{2212}]?(?:\d+(?:[.,]\d+)?|[.,]\d+)$"


_WHOLE = regex(r"[0-9]{1,18}")


def is_whole(cell: pl.Expr) -> pl.Expr:
    """Whether a cell is a whole number of so few digits that no cast spoils it; null for none."""
    return cell.str.contains(f"^{_WHOLE.pattern}$")


def are_whole(sample: pl.Series) -> bool:
    """Whether there are cells, and all of them are such numbers, nulls apart."""
    if sample.is_empty():
        return False
    seen = all_are(sample, _WHOLE.fullmatch)
    return bool(sample.to_frame("cell").select(is_whole(pl.col("cell")).all()).item()) if seen is None else seen


_TRUE = "yes y true t 1 1.0 ja j jes jo kyllä k on sant sann sand tosi"
_FALSE = "no n false f 0 0.0 nej nei ei e off falskt falsk usant usann epätosi"
TICKS = ("x", "✓", "✔", "√", "☑", "✅")
"""Marks of what is so, in a column that is blank where it is not."""
_TICKED = ("✓", "✔", "√", "☑", "✅")
_CROSSED = ("✗", "✘", "☐", "❌")
_TRUTHS = dict.fromkeys((*_TRUE.split(), *_TICKED), True) | dict.fromkeys((*_FALSE.split(), *_CROSSED), False)


def parse_truth(cell: pl.Expr) -> pl.Expr:
    """Yes or no as Boolean, in English, Swedish, Norwegian, Danish and Finnish; null for any other word.

    0 and 1 are truths only in a column without other numbers: days promised, `1`, `2` and `3`, are none. An `x` is a tick
    where nothing else is one: next to `yes` or `✓` its meaning is unknown.
    """
    word = cell.str.to_lowercase()
    known = word.replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
    truth = pl.when((word == "x") & ~known.fill_null(value=False).any()).then(pl.lit(value=True)).otherwise(known)
    is_number = cell.str.contains(_BARE)
    are_others = (is_number & truth.is_null()).any()
    return pl.when(~(is_number & are_others).fill_null(value=False)).then(truth)
