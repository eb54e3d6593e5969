"""Growth for people: the answer first, then the three factors, customers won and lost, and years ahead."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpi_cli.documents import amounts
from kpi_cli.documents.blocks import Amount, Block, Cell, Column, Line, Page, Pairs, Table, Tone, Toned
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.phrases import refusal
from kpi_cli.documents.records import growth as records
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.growth.outlook import Ahead, Business, Name, Net, Outlook
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Unit
from kpi_core.model.report import Verdict

if TYPE_CHECKING:
    from kpi_core.analysis.growth.split import Growth

UNITS = {Name.CUSTOMERS: Unit.COUNT, Name.FREQUENCY: Unit.RATIO, Name.ORDER_VALUE: Unit.MONEY}
WORDS = {Name.CUSTOMERS: "growth_customers", Name.FREQUENCY: "growth_frequency", Name.ORDER_VALUE: "growth_order_value"}
DIGITS = 4
"""Decimals of a rate in per cent, so that whoever computes with it as printed gets the same."""

HALF = 0.5
"""The part of a change from which on it is most of it."""


class _Amounts:
    """Sentences and tables of an outlook."""

    def __init__(self, wording: Wording, currency: str | None) -> None:
        self.wording, self.currency = wording, currency

    def say(self, message: Message) -> str:
        return self.wording.render(message)

    def money(self, value: float) -> str:
        """An amount with its currency, where that is known; in millions with two decimals from ten of them on."""
        amount = self.wording.value(value, Unit.MONEY)
        return f"{amount} {self.currency}" if self.currency else amount

    def rate(self, share: float) -> str:
        """A rate with as many digits as it has, up to four."""
        digits = next((one for one in range(DIGITS) if round(100 * share, one) == round(100 * share, DIGITS)), DIGITS)
        return self.wording.percent(share, digits)

    def rows(self, found: Outlook) -> Iterator[tuple[Cell, ...]]:
        """The factors and their values."""
        for name, old, new, part in zip(Name, found.base.factors, found.raised.factors, found.parts, strict=True):
            unit = UNITS[name]
            yield (
                self.wording.word(WORDS[name]), self.factor(old, unit), self.factor(new, unit),
                Toned(self.signed(new / old - 1) if old else "", Tone.PLAIN), Amount(part, Unit.MONEY, is_change=True),
            )  # fmt: skip
        yield (
            Toned(self.wording.word("growth_revenue"), Tone.STRONG), Amount(found.base.revenue, Unit.MONEY),
            Amount(found.raised.revenue, Unit.MONEY), self.signed(found.growth),
            Amount(found.raised.revenue - found.base.revenue, Unit.MONEY, is_change=True),
        )  # fmt: skip

    def factor(self, value: float, unit: Unit) -> Cell:
        """A factor before or after; orders for each customer with a third decimal where they have one."""
        if unit is Unit.RATIO and round(value, 3) != round(value, 2):
            return self.wording.number(value, 3)
        return Amount(value, unit)

    def signed(self, share: float) -> str:
        percent = self.wording.percent(abs(share), 2)
        return ("+" if share > 0 else "\u2212" if share < 0 else "") + percent

    def table(self, found: Outlook, old: str, new: str, title: str = "") -> Table:
        """The factors before and after, by what share each changed, and what it adds."""
        word = self.wording.word
        heads = (
            ("factor", word("why_factor")),
            ("before", old),
            ("after", new),
            ("by", word("growth_by")),
            ("adds", word("why_sum")),
        )
        columns = tuple(Column(key=key, head=head, is_right=key != "factor") for key, head in heads)
        return Table(key="factors", columns=columns, rows=tuple(self.rows(found)), title=title, sheet=title)

    def made_of(self, found: Business) -> Table:
        """The factors of one period, which has none to be compared with."""
        word = self.wording.word
        columns = (
            Column(key="factor", head=word("why_factor")),
            Column(key="value", head=word("value"), is_right=True),
        )
        factors = zip(Name, found.factors, strict=True)
        rows = tuple((word(WORDS[name]), self.factor(value, UNITS[name])) for name, value in factors)
        revenue = (Toned(word("growth_revenue"), Tone.STRONG), Amount(found.revenue, Unit.MONEY))
        return Table(key="factors", columns=columns, rows=(*rows, revenue))

    def ahead(self, found: Outlook, base_year: int | None) -> Table:
        """Years ahead, from both businesses at each rate; with the years they are of."""
        year = base_year or 0
        word = self.wording.word

        def of(number: int) -> str:
            return str(number) if base_year else word("growth_year", year=number)

        def row(one: Ahead) -> tuple[Cell, ...]:
            return (
                self.rate(one.rate), Amount(one.of_base, Unit.MONEY), of(year + one.years),
                Amount(one.of_raised, Unit.MONEY), of(year + 1 + one.years),
            )  # fmt: skip

        heads = (
            ("rate", word("growth_rate")), ("from_base", word("growth_from_base", year=of(year))), ("in", word("growth_in")),
            ("from_raised", word("growth_from_raised", year=of(year + 1))), ("raised_in", word("growth_in")),
        )  # fmt: skip
        columns = tuple(Column(key=key, head=head, is_right=key != "rate") for key, head in heads)
        rows = tuple(row(one) for one in found.ahead)
        return Table(key="ahead", columns=columns, rows=rows, title=word("growth_ahead", years=found.ahead[0].years), sheet=word("growth_ahead", years=found.ahead[0].years))  # fmt: skip

    def answer(self, found: Outlook) -> Message:
        """What becomes of revenue, in a sentence."""
        given = {
            "old": self.money(found.base.revenue),
            "new": self.money(found.raised.revenue),
            "rate": self.wording.percent(abs(found.growth), 2),
        }
        if found.raised.revenue > found.base.revenue:
            return Message("growth-would-rise", **given)
        if found.raised.revenue < found.base.revenue:
            return Message("growth-would-fall", **given)
        return Message("growth-would-stay", old=self.money(found.base.revenue))

    def most(self, found: Outlook) -> Message | None:
        """Which factor adds most to a rise, or takes most in a fall; None where revenue stays."""
        change = found.raised.revenue - found.base.revenue
        place = max(range(3), key=lambda one: found.parts[one] * (1 if change > 0 else -1))
        if not change or not found.parts[place]:
            return None
        name = self.wording.word(WORDS[tuple(Name)[place]]).lower()
        values = {"factor": name, "part": self.wording.change(found.parts[place], Unit.MONEY)}
        is_most = found.parts[place] / change > HALF
        return Message("growth-most", **values) if is_most else Message("growth-largest", **values)

    def net(self, net: Net, at_start: float) -> Message:
        """Customers won and lost."""
        given = {
            "new": self.wording.number(net.new),
            "lost": self.wording.number(net.lost),
            "start": self.wording.number(at_start),
        }
        change = self.wording.number(net.change, signed=True)
        return Message(
            "growth-net", change=change, rate=self.signed(net.change / at_start) if at_start else "", **given
        )


class OutlookDocument(Document):
    """What if, of a business that was named on the line."""

    def __init__(self, found: Outlook, wording: Wording, base_year: int | None = None) -> None:
        self.found, self.wording, self.base_year = found, wording, base_year

    def record(self) -> Record:
        """All there is."""
        return records.outlook(self.found, self.base_year)

    def page(self) -> Page:
        """What becomes of revenue, by factor, and years ahead."""
        money, found = _Amounts(self.wording, None), self.found
        word = self.wording.word
        lines = [Line(money.say(money.answer(found)))]
        if (most := money.most(found)) is not None:
            lines.append(Line(money.say(most), indent=2))
        if found.net is not None:
            lines.append(Line(money.say(money.net(found.net, found.base.customers)), indent=2))
        blocks: list[Block] = [money.table(found, word("growth_is"), word("growth_becomes"))]
        if found.ahead:
            blocks.append(money.ahead(found, self.base_year))
        return Page(title=word("growth_title"), headline=tuple(lines), blocks=tuple(blocks))


class GrowthDocument(Document):
    """What revenue came from in a period, against the one before, and what if."""

    def __init__(self, found: "Growth", wording: Wording, base_year: int | None = None) -> None:
        self.found, self.wording = found, wording
        start = found.query.period.start
        self.base_year = base_year or (
            start.year if start is not None and found.query.period.days in (365, 366) else None
        )

    @property
    def period(self) -> str:
        """The period that it is about, as it would be typed."""
        return self.found.query.period.name

    def record(self) -> Record:
        """All there is."""
        return records.document(self.found, self.base_year)

    def rows(self) -> Rows:
        """A row for each factor."""
        found = self.found
        parts = found.change
        sides: list[tuple[str, Business | None]] = [
            ("now", found.now),
            ("before", None if parts is None else parts.base),
        ]
        return as_rows([{"of": name, **records.business(one)} for name, one in sides if one is not None])

    def page(self) -> Page:
        """The change by factor, customers, what if, and years ahead."""
        return Page(title=self._title(), headline=tuple(self._headline()), blocks=tuple(self._blocks()))

    @property
    def _amounts(self) -> _Amounts:
        return _Amounts(self.wording, self.found.currency)

    def _title(self) -> str:
        query, word = self.found.query, self.wording.word
        period = self.wording.period(query.period)
        if query.baseline is None:
            return word("growth_title_of", period=period)
        return word("growth_title_against", period=period, baseline=self.wording.period(query.baseline))

    def _headline(self) -> Iterator[Line]:
        found, money = self.found, self._amounts
        if found.now is None:
            yield Line(refusal(found.refused, self.wording), Tone.WARNING, "!")
            return
        change, revenue = found.change, found.revenue
        if change is None or revenue is None or revenue.change is None:
            yield Line(money.say(Message("growth-is", revenue=money.money(found.now.revenue))))
            if found.refused is not None:
                yield Line(money.say(Message("growth-not-split", reason=found.refused)), Tone.WARNING, "!")
        else:
            sign, tone = amounts.SIGNS.get(revenue.verdict or Verdict.NOT_TESTED, ("", Tone.PLAIN))
            given = {"new": money.money(change.raised.revenue), "rate": self.wording.percent(abs(change.growth), 1)}
            rises = change.raised.revenue > change.base.revenue
            yield Line(
                money.say(Message("growth-rose", **given) if rises else Message("growth-fell", **given)), tone, sign
            )
            if (most := money.most(change)) is not None:
                yield Line(money.say(most), indent=2)
        if found.outlook is not None and found.outlook.raised != found.outlook.base:
            yield Line(money.say(money.answer(found.outlook)))

    def _blocks(self) -> Iterator[Block]:
        found, money, word = self.found, self._amounts, self.wording.word
        query = found.query
        now = self.wording.period(query.period, short=True, near=query.baseline)
        if found.change is not None and query.baseline is not None:
            yield money.table(found.change, self.wording.period(query.baseline, short=True, near=query.period), now)
        elif found.now is not None:
            yield money.made_of(found.now)
        if found.outlook is not None and found.outlook.raised != found.outlook.base:
            yield money.table(found.outlook, now, word("growth_becomes"), word("growth_what_if"))
        if found.outlook is not None and found.outlook.ahead:
            yield money.ahead(found.outlook, self.base_year)
        pairs = []
        if found.net is not None and found.at_start is not None:
            pairs.append((word("growth_customers"), money.say(money.net(found.net, found.at_start)), ""))
        pairs.append((word("foot_next"), f"kundpuls why revenue {self.wording.files()}", ""))
        yield Pairs(key="pairs", pairs=tuple(pairs))
