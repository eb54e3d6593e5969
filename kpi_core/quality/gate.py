"""The data-quality gate: which thresholds a report crosses, told by its account of rows, its words and its findings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from kpi_core.config.plurals import in_short
from kpi_core.config.validation import suggestion
from kpi_core.model.findings import UNKNOWN_RATING, Finding, Source
from kpi_core.model.report import Report

TOLERATED = 0.05
"""The share of a file's rows that may be refused where nobody says else."""

BLANK = "blank row"
REPEATED = frozenset({"duplicate key", "in a refused or repeated ticket"})
"""What overlapping exports bring with them: judged only where a threshold names it."""

NO_ANSWER = "no answer"
"""A response that answers nothing: understood, and none."""

NAMED = 3
"""KPIs named of those that one breach touches."""

REASONS = (
    "duplicate key",
    "in a refused or repeated ticket",
    UNKNOWN_RATING,
    NO_ANSWER,
    "footer",
    "sum row",
    "repeated header",
    "heading or note",
    "line of an order",
    "more converted than came",
    "thread",
    "earlier event of its case",
    "also in another file",
    "joined to another file's row",
)
"""Why rows are refused or left out, beside what mappings say and what names a header."""

OF_A_HEADER = (
    *("unreadable ", "no "),
    *("cancelled by ", "deleted by ", "test or draft by ", "cancelled, failed or a test by "),
    "not captured by ",
    "outgoing or internal by ",
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
    "closed-unanswered",
    "contradicted-times",
    "conversations",
    "credits",
    "created-filter",
    "customer-match",
    "days-only",
    "cut-log",
    "cut-messages",
    "cut-off-numbers",
    "drafted-mapping",
    "due-before-created",
    "cost-versions",
    "effort-direction",
    "far-ahead",
    "far-behind",
    "fine-scale",
    "gone-since",
    "grouped-answers",
    "hardly-understood",
    "headings",
    "incomplete-period",
    "invitations",
    "late-updates",
    "log-of-tickets",
    "made-tickets",
    MATCH_RATE,
    "missing-months",
    "moved-rows",
    "placeholder-customer",
    "merged-or-spam",
    "messages-untold",
    "minutes-and-seconds",
    "missing-days",
    "missing-period",
    "mixed-orders",
    "months-only",
    "missing-header",
    "near-format",
    "other-opening",
    "scales-apart",
    "several-currencies",
    "spelt-numbers",
    "told-by-name",
    "unequal-sides",
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
    "order-lines",
    "order-of-another-file",
    "own-definition",
    "partial-source",
    "parts-of-conversions",
    "passed-over",
    "planned-ends",
    "pooled-scales",
    "repeated-headers",
    "repeated-keys",
    "repeated-respondents",
    "resolved-undated",
    "restarting-numbers",
    "rows-of-many",
    "selected-export",
    "set-aside",
    "snapshots",
    "side-table",
    "silent-files",
    "sparse-period",
    "several-agents",
    "rows-per-agent",
    "sheets-pooled",
    "sheets-unread",
    "still-there",
    "strange-ends",
    "swapped-dates",
    "ticket-match",
    "turned-by-a-spreadsheet",
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
        unknown_words: statuses or ratings of a file that may be in words nobody knows.
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
    text: str
    about: str


def breaches(report: Report, thresholds: Thresholds) -> tuple[Breach, ...]:
    """Every threshold the report crosses, file by file.

    Rows that the mapping's own rules leave out and blank rows are no part of a share; repeated keys count only under
    a threshold of their own.
    """
    found = [
        breach for source in report.sources for breach in (*_rows(source, thresholds), *_words(source, thresholds))
    ]
    return (*found, *_unread(report, thresholds), *_findings(report.findings, thresholds))


def unjudged(report: Report, thresholds: Thresholds) -> Iterator[str]:
    """The thresholds that the files give nothing to judge by, each with the reason: an open gate does not mean that they hold."""
    headers = {header for source in report.sources for header in source.headers}
    for name in thresholds.reasons:
        begin = next((start for start in OF_A_HEADER if name.startswith(start)), None)
        if begin is None or name in REASONS or any(fnmatchcase(f"{begin}{header}", name) for header in headers):
            continue
        if not any(name in source.rows_refused for source in report.sources):
            header = name.removeprefix(begin)
            yield f"`{name}`: no file has a column `{header}`{suggestion(header, headers)}"
    if thresholds.match_rate is not None and all(finding.code != MATCH_RATE for finding in report.findings):
        yield "`match_rate`: no file has answers that name a ticket of another"


def accounted(source: Source) -> tuple[dict[str, int], int]:
    """The rows that a file loses to a fault in a cell, by reason, and how many rows it has that are cases at all."""
    beside = {BLANK, NO_ANSWER, *REPEATED, *source.by_design}
    cases = source.rows_read - sum(source.rows_refused.get(reason, 0) for reason in {BLANK, *source.by_design})
    return {reason: count for reason, count in source.rows_refused.items() if reason not in beside}, cases


def _rows(source: Source, thresholds: Thresholds) -> Iterator[Breach]:
    counts = {reason: count for reason, count in source.rows_refused.items() if reason != BLANK}
    by_design = {reason: count for reason, count in counts.items() if reason in source.by_design}
    cases = source.rows_read - source.rows_refused.get(BLANK, 0) - sum(by_design.values())
    expected = by_design.keys() | REPEATED
    if thresholds.unknown_words is not None and not thresholds.is_strict:
        expected |= {UNKNOWN_RATING}
    counted = 0
    for reason, count in counts.items():
        if own := thresholds.of(reason, is_expected=reason in expected):
            rows = source.rows_read if reason in by_design else cases
            yield from _too_many(source, count, rows, f"refused as `{reason}`", f"reasons: {own[0]}", own[1])
        elif reason not in expected:
            counted += count
    yield from _too_many(
        source, counted, cases, "refused", "refused", 0 if thresholds.is_strict else thresholds.refused
    )


def _too_many(source: Source, count: int, rows: int, how: str, threshold: str, allowed: float) -> Iterator[Breach]:
    if count and count / rows > allowed:
        told = f"{source.path}: {count:,} of {rows:,} rows of {source.table} {how}"
        yield Breach(threshold=threshold, text=_against(told, count / rows, threshold, allowed), about="rows")


def _words(source: Source, thresholds: Thresholds) -> Iterator[Breach]:
    allowed = thresholds.unknown_words
    for column, (unknown, filled) in source.words.items():
        if allowed is not None and unknown and unknown / filled > allowed:
            told = f"{source.path}: {unknown:,} of {filled:,} cells of {column} in words nobody knows"
            text = _against(told, unknown / filled, "unknown_words", allowed)
            yield Breach(threshold="unknown_words", text=text, about="words")


def _unread(report: Report, thresholds: Thresholds) -> Iterator[Breach]:
    """One breach for each set of rows that too few of are understood, with the KPIs that rest on them."""
    allowed = 0 if thresholds.is_strict else thresholds.unread
    found: dict[tuple[int, int, tuple[str, ...]], list[str]] = {}
    for result in report.totals:
        trust = result.trust
        if trust is not None and trust.of and trust.unread > allowed * trust.of:
            reasons = tuple(f"{count:,} {reason}" for reason, count in trust.reasons.items())
            found.setdefault((trust.unread, trust.of, reasons), []).append(result.kpi.name)
    for (unread, of, reasons), kpis in found.items():
        told = f"{unread:,} of {of:,} rows of {in_short(kpis, NAMED)} cannot be understood: {', '.join(reasons)}"
        yield Breach(threshold="unread", text=_against(told, unread / of, "unread", allowed), about="words")


def _findings(findings: Iterable[Finding], thresholds: Thresholds) -> Iterator[Breach]:
    wanted = thresholds.match_rate
    for finding in findings:
        share = finding.share if finding.code == MATCH_RATE else None
        if wanted is not None and share is not None and share < wanted:
            text = (
                f"{_percent(share)} of the answers find their ticket, fewer than the {_percent(wanted)} of `match_rate`"
            )
            yield Breach(threshold="match_rate", text=text, about="findings")
        elif thresholds.fails(finding):
            yield Breach(threshold="findings", text=f"{finding.text} (`{finding.code}`)", about="findings")


def _against(told: str, share: float, threshold: str, allowed: float) -> str:
    limit = f"more than the {_percent(allowed)} of `{threshold}`" if allowed else f"and `{threshold}` allows none"
    return f"{told} ({_percent(share)}), {limit}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
