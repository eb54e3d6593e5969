"""The data-quality gate: which thresholds a report crosses, judged by its account of rows, its words and its findings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from fnmatch import fnmatchcase

from kpi_core.config.validation import nearest
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message, Text
from kpi_core.messages.nouns import called
from kpi_core.model import findings
from kpi_core.model.findings import UNKNOWN_RATING, Finding, Source
from kpi_core.model.report import Report
from kpi_core.records import dataclass

TOLERATED = 0.05
"""The share of a file's rows that may be refused by default."""

BLANK = str(findings.BLANK)
REPEATED = frozenset(map(str, findings.REPEATED))
"""What overlapping exports bring with them: judged only where a threshold names it."""

NO_ANSWER = str(findings.NO_ANSWER)
"""A response that answers nothing: understood, and none."""

NAMED = 3
"""KPIs named of those that one breach touches."""

REASONS = (
    "duplicate key",
    "in a refused or repeated ticket",
    str(UNKNOWN_RATING),
    NO_ANSWER,
    "footer",
    "sum row",
    "repeated header",
    "heading or note",
    "fields do not fit the header",
    "line of an order",
    "another contract of a customer",
    "more converted than came",
    "thread",
    "earlier event of its case",
    "also in another file",
    "another row of one answer",
    "joined to another file's row",
)
"""Why rows are refused or left out, in addition to what mappings say and what names a header."""

OF_A_HEADER = (
    *("unreadable ", "no "),
    *("not to be counted by ", "cancelled by ", "deleted by ", "test or draft by ", "cancelled, failed or a test by "),
    "not captured by ",
    *(
        "outgoing or internal by ",
        "not delivered by ",
        "a duplicate by ",
        "spam by ",
        "a test by ",
        "spam or a test by ",
    ),
    *(
        "a quote or a test by ",
        "rejected, removed or a test by ",
        "no customer or a test by ",
        "spam, a preview or a test by ",
        "budget, forecast or a test by ",
    ),
    *("internal note by ", "change of the case by "),
)
"""How a reason begins that goes on with a header."""

MATCH_RATE = "match-rate"
CODES = (
    "answers-per-ticket",
    "approximate-times",
    "assumed-scale",
    "assumed-zone",
    "between-steps",
    "cancelled-tickets",
    "changed-scale",
    "chosen-question",
    "blank-counts",
    "blank-words",
    "clocks-apart",
    "closed-days",
    "closed-unanswered",
    "contradicted-times",
    "conversations",
    "copied-rows",
    "credits",
    "created-filter",
    "days-between",
    "older-open",
    "customer-match",
    "days-only",
    "cut-log",
    "cut-messages",
    "cut-off-numbers",
    "drafted-mapping",
    "due-before-created",
    "cost-versions",
    "month-twice",
    "effort-direction",
    "far-ahead",
    "far-behind",
    "called-preliminary",
    "filled-in",
    "agents-of-nobody",
    "filter-named",
    "fine-scale",
    "gone-since",
    "grouped-answers",
    "hardly-understood",
    "headings",
    "hidden-rows",
    "incomplete-period",
    "invitations",
    "late-updates",
    "log-of-tickets",
    "loose-quotes",
    "lost-half-days",
    "made-tickets",
    "marked-rows",
    MATCH_RATE,
    "missing-months",
    "moved-rows",
    "named-people",
    "old-copies",
    "old-export",
    "other-replies",
    "placeholder-customer",
    "mended-rows",
    "merged-or-spam",
    "messages-untold",
    "minutes-and-seconds",
    "minutes-as-decimals",
    "missing-days",
    "missing-period",
    "missing-since",
    "one-state-since",
    "resolved-overwritten",
    "mixed-orders",
    "months-only",
    "missing-header",
    "near-format",
    "other-opening",
    "scales-apart",
    "several-contracts",
    "several-currencies",
    "spelt-numbers",
    "split-answers",
    "told-by-name",
    "unequal-sides",
    "unit-beside",
    "unread-opening",
    "negative-costs",
    "negative-time",
    "net-amount",
    "no-amount",
    "no-customer",
    "no-currency",
    "no-kind",
    "no-number",
    "no-opinion",
    "no-zone",
    "nps-scale",
    "numbers-in-doubt",
    "offered-twice",
    "older-rows",
    "one-spelling",
    "open-again",
    "opened-by-agents",
    "order-lines",
    "order-of-another-file",
    "own-definition",
    "part-of-export",
    "partial-source",
    "parts-of-conversions",
    "passed-over",
    "planned-ends",
    "pooled-scales",
    "reopened-between-exports",
    "repeated-headers",
    "repeated-keys",
    "repeated-respondents",
    "replied-after-end",
    "resolved-undated",
    "restarting-numbers",
    "rows-of-many",
    "scales-shifted",
    "selected-export",
    "set-aside",
    "snapshots",
    "side-table",
    "silent-files",
    "scale-beside",
    "sorted-alone",
    "sparse-period",
    "several-agents",
    "several-questions",
    "rows-per-agent",
    "sheets-pooled",
    "sheets-unread",
    "still-there",
    "strange-ends",
    "survey-reach",
    "swapped-dates",
    "test-customers",
    "thin-messages",
    "ticket-match",
    "times-by-rule",
    "torn-rows",
    "turned-by-a-spreadsheet",
    "turned-headers",
    "turned-scale",
    "two-first-replies",
    "undated-rows",
    "unequal-follow-up",
    "uneven-answers",
    "uneven-periods",
    "unfinished-responses",
    "uninvited-answers",
    "unknown-directions",
    "unknown-events",
    "unknown-message-kinds",
    "unit-price",
    "unknown-scale",
    "unknown-versions",
    "unknown-writers",
    "unpaid-orders",
    "unread-amount",
    "unread-first-contact",
    "unread-answers",
    "unused-scale",
    "unused-mapping",
    "unused-target",
    "where",
    "whole-days",
    "written-reply-time",
    "zero-replies",
    "zone-in-header",
)
"""The codes of findings."""


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """What data may be like: shares from 0 to 1, None for what is not judged.

    Attributes:
        refused: rows of a file that may be refused.
        reasons: the same by reason, `*` and `?` standing for any letters; such a reason is judged by that alone.
        unread: rows of a KPI's total that may have a cell that matters and that nobody can read.
        unknown_words: statuses or ratings of a file that may be in unknown words.
        match_rate: answers that must find their ticket.
        findings: codes of the findings that fail; None is every serious one.
        is_strict: no row may be refused and no finding be serious, whatever else stands here.
    """

    refused: float = TOLERATED
    reasons: Mapping[str, float] = field(default_factory=dict)
    unread: float = TOLERATED
    unknown_words: float | None = None
    match_rate: float | None = None
    findings: frozenset[str] | None = None
    is_strict: bool = False

    def of(self, reason: str, *, is_expected: bool) -> tuple[str, float] | None:
        """The threshold a reason has of its own, as it is named, and its share; expected ones must be named in full."""
        if is_expected:
            return (reason, self.reasons[reason]) if reason in self.reasons else None
        if self.is_strict:
            return None
        named = [(name, share) for name, share in self.reasons.items() if name == reason or fnmatchcase(reason, name)]
        return min(named, key=lambda one: (one[0] != reason, one[1]), default=None)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding is one that must not be."""
        if finding.is_serious and (self.is_strict or self.findings is None):
            return True
        return self.findings is not None and finding.code in self.findings


def is_reason(name: str, of_mappings: Iterable[str]) -> bool:
    """Whether rows may be refused for a reason of that name, in which `*` and `?` stand for any letters.

    Args:
        name: as a threshold names it.
        of_mappings: what mappings call the rows that they leave out.
    """
    if name.startswith(OF_A_HEADER):
        return True
    known = (*REASONS, *OF_A_HEADER, *of_mappings)
    return any(fnmatchcase(one, name) for one in known)


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A threshold that is crossed, in one sentence; `about` is what has to be looked at: rows, words or findings."""

    threshold: str
    message: Message
    about: str

    @property
    def text(self) -> str:
        """What it says in English."""
        return str(self.message)


def breaches(report: Report, thresholds: Thresholds) -> tuple[Breach, ...]:
    """Every threshold the report crosses, file by file.

    Rows that the mapping's own rules leave out and blank rows are no part of a share; repeated keys count only under
    a threshold of their own.
    """
    found = [
        breach for source in report.sources for breach in (*_rows(source, thresholds), *_words(source, thresholds))
    ]
    return (*found, *_unread(report, thresholds), *_findings(report.findings, thresholds))


def unjudged(report: Report, thresholds: Thresholds) -> Iterator[Message]:
    """The thresholds that the files give nothing to judge by, each with the reason: an open gate does not mean that they hold."""
    headers = {header for source in report.sources for header in source.headers}
    for name in thresholds.reasons:
        begin = next((start for start in OF_A_HEADER if name.startswith(start)), None)
        if begin is None or name in REASONS or any(fnmatchcase(f"{begin}{header}", name) for header in headers):
            continue
        if not any(name in map(str, source.rows_refused) for source in report.sources):
            header = name.removeprefix(begin)
            near = nearest(header, headers)
            none = Message("gate-no-column", threshold=name, header=header)
            yield Message("gate-no-column-but", threshold=name, header=header, near=near) if near else none
    if thresholds.match_rate is not None and all(finding.code != MATCH_RATE for finding in report.findings):
        yield Message("gate-no-matches")


def accounted(source: Source) -> tuple[dict[Text, int], int]:
    """The rows that a file loses to a fault in a cell, by reason, and how many rows it has that are cases at all."""
    aside = {str(reason) for reason in source.by_design}
    exempt = {BLANK, NO_ANSWER, *REPEATED, *aside}
    counts = {str(reason): (reason, count) for reason, count in source.rows_refused.items()}
    cases = source.rows_read - sum(counts[name][1] for name in {BLANK, *aside} if name in counts)
    return {reason: count for name, (reason, count) in counts.items() if name not in exempt}, cases


def _rows(source: Source, thresholds: Thresholds) -> Iterator[Breach]:
    refused = {str(reason): (reason, count) for reason, count in source.rows_refused.items()}
    blank = refused.pop(BLANK, ("", 0))[1]
    aside = {str(reason) for reason in source.by_design}
    by_design = {name: count for name, (_, count) in refused.items() if name in aside}
    cases = source.rows_read - blank - sum(by_design.values())
    expected = by_design.keys() | REPEATED
    if thresholds.unknown_words is not None and not thresholds.is_strict:
        expected |= {str(UNKNOWN_RATING)}
    counted = 0
    table = called(source.table)
    for name, (reason, count) in refused.items():
        if own := thresholds.of(name, is_expected=name in expected):
            rows = source.rows_read if name in by_design else cases
            message = Message("gate-refused-as", file=source.path, count=count, rows=rows, table=table, reason=reason)
            yield from _too_many(message, count, rows, f"reasons: {own[0]}", own[1])
        elif name not in expected:
            counted += count
    message = Message("gate-refused", file=source.path, count=counted, rows=cases, table=table)
    yield from _too_many(message, counted, cases, "refused", 0 if thresholds.is_strict else thresholds.refused)


def _too_many(message: Message, count: int, rows: int, threshold: str, allowed: float) -> Iterator[Breach]:
    if count and count / rows > allowed:
        yield Breach(threshold=threshold, message=_against(message, count / rows, threshold, allowed), about="rows")


def _words(source: Source, thresholds: Thresholds) -> Iterator[Breach]:
    allowed = thresholds.unknown_words
    for column, (unknown, filled) in source.words.items():
        if allowed is not None and unknown and unknown / filled > allowed:
            message = Message("gate-words", file=source.path, count=unknown, cells=filled, column=column)
            breach = _against(message, unknown / filled, "unknown_words", allowed)
            yield Breach(threshold="unknown_words", message=breach, about="words")


def _unread(report: Report, thresholds: Thresholds) -> Iterator[Breach]:
    """One breach for each set of rows that too few of are understood, with the KPIs that rest on them."""
    allowed = 0 if thresholds.is_strict else thresholds.unread
    found: dict[tuple[int, int, tuple[Message, ...]], list[str]] = {}
    for result in report.totals:
        trust = result.trust
        if trust is not None and trust.of and trust.unread > allowed * trust.of:
            reasons = tuple(
                Message("count-reason", count=count, reason=reason) for reason, count in trust.reasons.items()
            )
            found.setdefault((trust.unread, trust.of, reasons), []).append(result.kpi.name)
    for (unread, of, reasons), kpis in found.items():
        message = Message("gate-unread", count=unread, rows=of, kpis=first_of(kpis, NAMED), reasons=reasons)
        yield Breach(threshold="unread", message=_against(message, unread / of, "unread", allowed), about="words")


def _findings(findings: Iterable[Finding], thresholds: Thresholds) -> Iterator[Breach]:
    wanted = thresholds.match_rate
    for finding in findings:
        share = finding.share if finding.code == MATCH_RATE else None
        if wanted is not None and share is not None and share < wanted:
            message = Message("gate-match-rate", share=_percent(share), allowed=_percent(wanted))
            yield Breach(threshold="match_rate", message=message, about="findings")
        elif thresholds.fails(finding):
            yield Breach(
                threshold="findings",
                message=Message("gate-finding", finding=finding.message, code=finding.code),
                about="findings",
            )


def _against(what: Message, share: float, threshold: str, allowed: float) -> Message:
    if not allowed:
        return Message("over-nothing", what=what, share=_percent(share), threshold=threshold)
    return Message("over-threshold", what=what, share=_percent(share), allowed=_percent(allowed), threshold=threshold)


def _percent(share: float) -> float:
    """A share in percent, to three figures."""
    return float(f"{100 * share:.3g}")
