"""The two surveys about resolved cases: SurveyMonkey after Freshdesk's, Google Forms after the Swedish list's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from company import COMPANY, SEED
from desk import Snapshot, on_scale

SATISFACTION = (
    "Very dissatisfied",
    "Somewhat dissatisfied",
    "Neither satisfied nor dissatisfied",
    "Somewhat satisfied",
    "Very satisfied",
)
MONKEY_PERSON_LINE = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1"
)
MONKEY_PERSON = MONKEY_PERSON_LINE.split(",")
MONKEY_QUESTIONS = {
    "nps": f"How likely is it that you would recommend {COMPANY} to a friend or colleague?",
    "csat": f"Overall, how satisfied or dissatisfied are you with the support from {COMPANY}?",
    "ces": f"{COMPANY} made it easy for me to handle my issue.",
    "resolved": "Was your issue resolved?",
    "comment": "Is there anything else you would like to tell us?",
}
MONKEY_HEADERS = (
    [*MONKEY_PERSON, *MONKEY_QUESTIONS.values()],
    [""] * len(MONKEY_PERSON) + ["Response"] * 4 + ["Open-Ended Response"],
)
COLLECTOR = "458210337"
FIRST_RESPONDENT = 118720400113

FORMS_QUESTIONS = {
    "nps": f"Hur sannolikt är det att du skulle rekommendera oss på {COMPANY} till en vän eller kollega?",
    "nki_satisfaction": f"Hur nöjd är du sammantaget med {COMPANY}?",
    "nki_expectation": f"Hur väl uppfyller {COMPANY} dina förväntningar?",
    "nki_ideal": f"Tänk dig ett perfekt företag i vår bransch. Hur nära det idealet kommer {COMPANY}?",
    "treatment": "Hur nöjd är du med bemötandet du fick?",
    "comment": "Vill du tillägga något?",
}
FORMS_HEADER = ["Tidstämpel", "Ärendenummer", *FORMS_QUESTIONS.values()]

MONKEY_COMMENTS = (
    ("Had to explain everything twice, and then wait again.", 'They said "tomorrow" three times', "For lang ventetid!"),
    ("OK, but slow", "The answer was fine.\nThe wait was not.", "Helt greit"),
    ("Snabbt och vänligt, tack!", "Great help, thank you", "Veldig bra hjelp; alt ordnet samme dag"),
)
FORMS_COMMENTS = (
    ("Ingen ringde tillbaka", "Dålig återkoppling, fick vänta i veckor"),
    ("Helt okej", "Det löste sig, till slut"),
    ("Trevligt bemötande", "Jättebra, snabb hjälp!"),
)


@dataclass(frozen=True, kw_only=True)
class Response:
    """One submission: about which case, when, and its answers as text; a skipped question has no entry."""

    snapshot: Snapshot
    started_at: datetime
    ended_at: datetime
    names_ticket: bool
    answers: Mapping[str, str]


def monkey_responses(snapshots: Iterable[Snapshot], at: datetime) -> list[Response]:
    """What came in until `at`, newest first; four submissions are blank and three customers answered twice."""
    rng = Random(f"{SEED}:surveymonkey")
    answered = [
        Response(
            snapshot=snapshot,
            started_at=started_at,
            ended_at=started_at + timedelta(seconds=rng.randint(40, 420)),
            names_ticket=rng.random() >= 0.03,
            answers=_monkey_answers(rng, snapshot.case.mood),
        )
        for snapshot, started_at in _returned(rng, snapshots, at, 0.3)
    ]
    received = _blanked(rng, answered, 4)
    early = [one for one in received if one.answers and one.names_ticket and one.started_at < at - timedelta(days=30)]
    again = [_again(rng, response) for response in rng.sample(early, 3)]
    return sorted(received + again, key=lambda response: response.started_at, reverse=True)


def forms_responses(snapshots: Iterable[Snapshot], at: datetime) -> list[Response]:
    """What came in until `at`, oldest first; two submissions are blank."""
    rng = Random(f"{SEED}:google_forms")
    answered = [
        Response(
            snapshot=snapshot,
            started_at=started_at,
            ended_at=started_at,
            names_ticket=rng.random() >= 0.05,
            answers=_forms_answers(rng, snapshot.case.mood),
        )
        for snapshot, started_at in _returned(rng, snapshots, at, 0.38)
    ]
    return sorted(_blanked(rng, answered, 2), key=lambda response: response.started_at)


def monkey_rows(responses: Sequence[Response]) -> list[list[str]]:
    """The submissions below SurveyMonkey's two header rows; `-` stands for a skipped question."""
    return [_monkey_row(len(responses) - place, response) for place, response in enumerate(responses)]


def forms_rows(responses: Sequence[Response]) -> list[list[str]]:
    """The submissions as Google Forms' own CSV has them; a skipped question is empty."""
    return [
        [
            f"{response.ended_at:%Y/%m/%d} {_twelve_hours(response.ended_at)} GMT+2",
            f"F-{response.snapshot.case.number}" if response.names_ticket else "",
            *(response.answers.get(question, "") for question in FORMS_QUESTIONS),
        ]
        for response in responses
    ]


def _monkey_row(place: int, response: Response) -> list[str]:
    case = response.snapshot.case
    first, last = case.customer.name.split(" ", 1)
    skipped = "-" if response.answers else ""
    return [
        str(FIRST_RESPONDENT + 4129 * place),
        COLLECTOR,
        f"{response.started_at:%m/%d/%Y} {_twelve_hours(response.started_at, 2)}",
        f"{response.ended_at:%m/%d/%Y} {_twelve_hours(response.ended_at, 2)}",
        f"198.51.100.{case.customer.number % 254 + 1}",
        *((case.customer.email, first, last, str(case.number)) if response.names_ticket else ("", "", "", "")),
        *(response.answers.get(question, skipped) for question in MONKEY_QUESTIONS),
    ]


def _returned(
    rng: Random, snapshots: Iterable[Snapshot], at: datetime, share: float
) -> list[tuple[Snapshot, datetime]]:
    returned = []
    for snapshot in snapshots:
        if rng.random() < share and snapshot.is_solved and snapshot.solved_at:
            started_at = snapshot.solved_at + timedelta(seconds=rng.randint(1800, 4 * 86400))
            if started_at + timedelta(minutes=10) <= at:
                returned.append((snapshot, started_at))
    return returned


def _monkey_answers(rng: Random, mood: float) -> Mapping[str, str]:
    answers = {
        "nps": str(on_scale(_near(rng, mood), 0, 10)),
        "csat": SATISFACTION[on_scale(_near(rng, mood), 0, 4)],
        "ces": str(on_scale(_near(rng, mood), 1, 7)),
        "resolved": "Yes" if mood + 4 * rng.random() > 5.5 else "No",
        "comment": rng.choice(MONKEY_COMMENTS[min(int(mood / 3.4), 2)]),
    }
    return _skipping(rng, answers, 0.05)


def _forms_answers(rng: Random, mood: float) -> Mapping[str, str]:
    answers = {question: str(on_scale(_near(rng, mood), 1, 10)) for question in FORMS_QUESTIONS}
    answers["nps"] = str(on_scale(_near(rng, mood), 0, 10))
    answers["treatment"] = "Vet ej" if rng.random() < 0.05 else str(on_scale(_near(rng, mood + 0.8), 1, 5))
    answers["comment"] = rng.choice(FORMS_COMMENTS[min(int(mood / 3.4), 2)])
    return _skipping(rng, answers, 0.03)


def _near(rng: Random, mood: float) -> float:
    return min(max(mood + 2.4 * (rng.random() - 0.5), 0.0), 10.0)


def _skipping(rng: Random, answers: Mapping[str, str], share: float) -> Mapping[str, str]:
    """Two in three leave no comment, and each question is left out by a few; at least the first is answered."""
    skipped = {question: 0.67 if question == "comment" else share for question in answers}
    return {
        question: text for question, text in answers.items() if question == "nps" or rng.random() > skipped[question]
    }


def _again(rng: Random, response: Response) -> Response:
    later = timedelta(seconds=rng.randint(86400, 9 * 86400))
    return Response(
        snapshot=response.snapshot,
        started_at=response.started_at + later,
        ended_at=response.ended_at + later,
        names_ticket=True,
        answers=_monkey_answers(rng, response.snapshot.case.mood),
    )


def _blanked(rng: Random, responses: Sequence[Response], count: int) -> list[Response]:
    """The same submissions, `count` of them without any answer or ticket number."""
    blank = set(rng.sample(range(len(responses)), count))
    return [
        Response(
            snapshot=response.snapshot,
            started_at=response.started_at,
            ended_at=response.ended_at,
            names_ticket=response.names_ticket and place not in blank,
            answers={} if place in blank else response.answers,
        )
        for place, response in enumerate(responses)
    ]


def _twelve_hours(at: datetime, width: int = 1) -> str:
    """`1:43:01 PM`; strftime's %p follows the system's language."""
    return f"{(at.hour - 1) % 12 + 1:0{width}d}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"
