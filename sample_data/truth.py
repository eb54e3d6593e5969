"""What the generator knows of the files before they are written, for tests to hold readers against."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from statistics import median

import freshdesk
import spreadsheet
import zendesk
from clock import open_seconds
from desk import Snapshot
from messages import Message
from surveys import SATISFACTION, Response

Truth = dict[str, object]


def of_freshdesk(snapshots: Sequence[Snapshot]) -> Truth:
    """Counts of one Freshdesk export; medians are seconds of opening time, unanswered and negative left out."""
    dated = [snapshot for snapshot in snapshots if not (snapshot.case.is_lost and snapshot.is_solved)]
    replies = [open_seconds(snapshot.case.opened_at, snapshot.replies[0]) for snapshot in snapshots if snapshot.replies]
    return {
        **_tickets(snapshots, [freshdesk.status(snapshot) for snapshot in snapshots]),
        "resolved_per_month": _months(_solved(dated)),
        "resolved_without_instant": len(snapshots) - len(dated),
        "reopened_with_resolved_time": sum(bool(snapshot.solved) and not snapshot.is_solved for snapshot in snapshots),
        "resolved_without_closed_time": sum(snapshot.is_solved and not snapshot.closed_at for snapshot in dated),
        "unanswered_zeros": len(snapshots) - len(replies),
        "true_zeros": replies.count(0),
        "negative_first_replies": sum(seconds < 0 for seconds in replies),
        "median_first_reply_business_seconds": median(seconds for seconds in replies if seconds >= 0),
        "median_resolution_business_seconds": median(
            open_seconds(snapshot.case.opened_at, snapshot.solved[-1]) for snapshot in dated if snapshot.is_solved
        ),
        "ratings": _counted(freshdesk.rating(snapshot) for snapshot in snapshots),
    }


def of_newer_export(older: Sequence[Snapshot], newer: Sequence[Snapshot]) -> Truth:
    """What a reader of both exports must find: each ticket once, in its newest state."""
    earlier = {snapshot.case.number: snapshot for snapshot in older}
    updated = [snapshot for snapshot in newer if snapshot.updated_at > earlier[snapshot.case.number].updated_at]
    stitched = {**earlier, **{snapshot.case.number: snapshot for snapshot in newer}}
    return {
        "duplicate_keys": len(newer),
        "newer_updates": len(updated),
        "resolved_since": sum(
            snapshot.is_solved and not earlier[snapshot.case.number].is_solved for snapshot in updated
        ),
        "stitched_tickets": len(stitched),
        "stitched_resolved": sum(snapshot.is_solved for snapshot in stitched.values()),
    }


def of_zendesk(snapshots: Sequence[Snapshot]) -> Truth:
    """Counts of the Zendesk export; `good` is Good, 4 and 5, `bad` is Bad, 1 and 2."""
    scores = _counted(zendesk.score(snapshot) for snapshot in snapshots)
    unset = [snapshot for snapshot in snapshots if not snapshot.is_solved]
    return {
        **_tickets(snapshots, [zendesk.status(snapshot) for snapshot in snapshots]),
        "resolved_per_month": _months(_solved(snapshots)),
        "unset_solved_1900": sum(zendesk.unset(snapshot.case) != "" for snapshot in unset),
        "unset_solved_empty": sum(zendesk.unset(snapshot.case) == "" for snapshot in unset),
        "unanswered": sum(not snapshot.replies for snapshot in snapshots),
        "reopened": sum(snapshot.reopens > 0 for snapshot in snapshots),
        "scores": scores,
        "good": sum(scores.get(score, 0) for score in ("Good", "4", "5")),
        "bad": sum(scores.get(score, 0) for score in ("Bad", "1", "2")),
    }


def of_spreadsheet(snapshots: Sequence[Snapshot], spoilt: Iterable[int], undated: int) -> Truth:
    """Counts of the Swedish list; everything but `rows` is of the rows that can be read."""
    places = set(spoilt)
    usable = [snapshot for place, snapshot in enumerate(snapshots) if place not in places]
    return {
        **_tickets(usable, [spreadsheet.status(snapshot) for snapshot in usable]),
        "rows": len(snapshots),
        "usable_rows": len(usable),
        "unreadable_dates": undated,
        "missing_numbers": len(places) - undated,
        "ghost_rows": 1,
        "resolved_per_month": _months(_solved(usable)),
        "reopened": sum(snapshot.reopens > 0 for snapshot in usable),
        "ratings": _counted(spreadsheet.rating(snapshot) for snapshot in usable),
    }


def of_survey(responses: Sequence[Response]) -> Truth:
    """Counts of a survey's submissions and, for each question, of the answers given."""
    named = [response.snapshot.case.number for response in responses if response.names_ticket]
    questions = sorted({question for response in responses for question in response.answers})
    answers = {
        question: _counted(response.answers.get(question, "") for response in responses)
        for question in questions
        if question != "comment"
    }
    return {
        "rows": len(responses),
        "blank_submissions": sum(not response.answers for response in responses),
        "with_ticket": len(named),
        "tickets_answered_twice": len(named) - len(set(named)),
        "answers": answers,
        "nps": _nps(answers["nps"]),
    }


def of_satisfaction(responses: Sequence[Response]) -> Truth:
    """Rated and satisfied (the two best words of five) answers to the CSAT question."""
    words = [response.answers["csat"] for response in responses if "csat" in response.answers]
    return {"rated": len(words), "satisfied": sum(word in SATISFACTION[3:] for word in words)}


def of_messages(sent: Sequence[Message]) -> Truth:
    """Counts of the message log and of the customers' turns in it; the median is of turns begun in September."""
    turns = [turn for ticket in {one.ticket for one in sent} for turn in _turns(ticket, sent)]
    september = [(end - start).total_seconds() for start, end in turns if end and start.month == 9]
    return {
        "rows": len(sent),
        "authors": _counted(one.author for one in sent),
        "notes": sum(one.is_note for one in sent),
        "conversations": len({one.ticket for one in sent}),
        "turns_answered": sum(end is not None for _, end in turns),
        "turns_unanswered": sum(end is None for _, end in turns),
        "median_reply_seconds_september": median(september),
    }


def _turns(ticket: int, sent: Sequence[Message]) -> Iterator[tuple[datetime, datetime | None]]:
    """When each turn of a case's customer began, and when an agent answered it."""
    spoken = [one for one in sent if one.ticket == ticket and not one.is_note and one.author != "Bot"]
    start = None
    for one in sorted(spoken, key=lambda one: (one.sent_at, one.author == "Agent")):
        if one.author == "Customer":
            start = start or one.sent_at
        elif start:
            yield start, one.sent_at
            start = None
    if start:
        yield start, None


def of_index(responses: Sequence[Response]) -> Truth:
    """NKI with equal weights over the submissions that answer all three parts."""
    parts = ("nki_satisfaction", "nki_expectation", "nki_ideal")
    points = [
        sum(int(response.answers[part]) - 1 for part in parts)
        for response in responses
        if all(part in response.answers for part in parts)
    ]
    return {"complete": len(points), "mean": round(sum(points) / len(points) / 27 * 100, 6)}


def _tickets(snapshots: Sequence[Snapshot], statuses: Iterable[str]) -> Truth:
    return {
        "rows": len(snapshots),
        "created_per_month": _months(snapshot.case.opened_at for snapshot in snapshots),
        "resolved": sum(snapshot.is_solved for snapshot in snapshots),
        "unresolved": sum(not snapshot.is_solved for snapshot in snapshots),
        "statuses": _counted(statuses),
    }


def _solved(snapshots: Iterable[Snapshot]) -> list[datetime]:
    return [snapshot.solved[-1] for snapshot in snapshots if snapshot.is_solved]


def _months(instants: Iterable[datetime]) -> dict[str, int]:
    return _counted(f"{instant:%Y-%m}" for instant in instants)


def _counted(values: Iterable[str]) -> dict[str, int]:
    """How often each value occurs, empty ones left out, in the values' order."""
    return dict(sorted(Counter(value for value in values if value).items()))


def _nps(scores: dict[str, int]) -> dict[str, int]:
    return {
        "promoters": sum(count for score, count in scores.items() if int(score) >= 9),
        "passives": sum(count for score, count in scores.items() if 7 <= int(score) <= 8),
        "detractors": sum(count for score, count in scores.items() if int(score) <= 6),
    }
