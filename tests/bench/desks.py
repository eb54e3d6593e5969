"""Made-up desks in which nothing changes, or one thing does: what the promise of the verdicts is compared with.

Days are independent (`iid`), or busy ones come in a row: negative binomial counts around a volume that follows an AR(1) process, and
an effect of the day on all times, by φ = 0.5 (`c5`) or φ = 0.8 (`c8`). Weekly season in all of them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

HISTORY, WARM_UP, AFTER = 304, 60, 31
FIRST = date(2025, 12, 1)
"""Of 304 days up to the end of September 2026, the month reported."""
WEEK = np.array([1.25, 1.15, 1.05, 1.0, 0.95, 0.35, 0.25])
GROUPS = ("Support", "Billing", "Returns")
HOUR = 3600.0


@dataclass(frozen=True)
class World:
    """How days vary: φ of both processes, the spread of log volume, the shape of the counts, and the effect of a day on log times.

    `shared` couples the effect on times to the volume (1: one process), `step` multiplies volume before March, `quiet` days of
    the year are holidays with hardly a ticket.
    """

    phi: float = 0.0
    volume: float = 0.0
    shape: float = 0.0
    times: float = 0.0
    shared: float = 0.0
    step: float = 1.0
    quiet: tuple[date, ...] = ()


HOLIDAYS = tuple(
    date(*day) for day in ((2025, 12, 24), (2025, 12, 25), (2025, 12, 26), (2026, 1, 1), (2026, 1, 6), (2026, 4, 3), (2026, 4, 6),
                           (2026, 5, 1), (2026, 5, 14), (2026, 6, 19))
)  # fmt: skip
WORLDS = {
    "iid": World(),
    "c5": World(0.5, 0.25, 6.0, 0.3),
    "c8": World(0.8, 0.25, 6.0, 0.3),
    "holidays": World(quiet=HOLIDAYS),
    "coupled": World(0.5, 0.25, 6.0, 0.3, shared=1.0),
    "step": World(0.5, 0.25, 6.0, 0.3, step=1.4),
}


@dataclass(frozen=True)
class Effect:
    """What is different in the month reported: the share satisfied, factors of first replies, of tickets and of handle times, the share left unsolved."""

    good: float = 0.8
    first_reply: float = 1.0
    unsolved: float = 0.0
    answering: float = 0.25
    volume: float = 1.0
    handle: float = 1.0


def _ar1(rng: np.random.Generator, days: int, phi: float) -> np.ndarray:
    found = np.empty(days)
    found[0] = rng.normal()
    for day in range(1, days):
        found[day] = phi * found[day - 1] + np.sqrt(1 - phi * phi) * rng.normal()
    return found


def _volumes(rng: np.random.Generator, world: World, days: list[date], monthly: float) -> tuple[np.ndarray, np.ndarray]:
    """What each day brings on average, and its effect on log times."""
    season = WEEK[[day.weekday() for day in days]]
    mean = monthly / 30.4 * season / WEEK.mean()
    mean = mean * np.where([day < date(2026, 3, 1) for day in days], world.step, 1.0)
    mean = mean * np.where([day in world.quiet for day in days], 0.05, 1.0)
    busy = _ar1(rng, len(days), world.phi)
    own = _ar1(rng, len(days), world.phi)
    effect = world.times * (world.shared * busy + np.sqrt(1 - world.shared**2) * own)
    if world.shape:
        mean = (
            mean
            * np.exp(world.volume * busy - world.volume**2 / 2)
            * rng.gamma(world.shape, 1 / world.shape, len(days))
        )
    return mean, effect


def desk(
    rng: np.random.Generator, world: World, monthly: float, effect: Effect, as_of: datetime
) -> dict[str, pl.DataFrame]:
    """The tickets and answers of one desk, as an export taken at `as_of` has them."""
    days = [FIRST + timedelta(days=day) for day in range(-WARM_UP, HISTORY + AFTER)]
    mean, times = _volumes(rng, world, days, monthly)
    mean = mean * np.where([date(2026, 9, 1) <= one < date(2026, 10, 1) for one in days], effect.volume, 1.0)
    counts = rng.poisson(mean)
    day = np.repeat(np.arange(len(days)), counts)
    n = len(day)
    created = (day + np.clip(rng.normal(13, 3.5, n), 0, 23.9) / 24) * 24 * HOUR
    is_now = np.array([date(2026, 9, 1) <= one < date(2026, 10, 1) for one in days])[day]
    reply = 4 * HOUR * np.where(is_now, effect.first_reply, 1.0) * np.exp(rng.normal(0, 1.2, n) + times[day])
    taken = np.maximum(30 * HOUR * np.exp(rng.normal(0, 1.3, n) + times[day]), reply + 0.05 * HOUR)
    taken = np.where(is_now & (rng.random(n) < effect.unsolved), 1e10, taken)
    origin = datetime.combine(days[0], datetime.min.time())
    now = (as_of - origin).total_seconds()
    return {
        "tickets": _tickets(
            rng, origin, now, created, reply, taken, times[day] + np.log(np.where(is_now, effect.handle, 1.0))
        ),
        "answers": _answers(rng, origin, now, created, taken, effect, (date(2026, 9, 1) - days[0]).days * 24 * HOUR),
    }


def _at(name: str, origin: datetime, seconds: np.ndarray, is_there: np.ndarray) -> pl.Series:
    frame = pl.DataFrame({"s": np.where(is_there, seconds, 0).astype("int64") * 1000, "is": is_there})
    moment = pl.lit(origin).cast(pl.Datetime("ms")) + pl.col("s").cast(pl.Duration("ms"))
    return frame.select(pl.when("is").then(moment).alias(name)).to_series()


def _tickets(
    rng: np.random.Generator,
    origin: datetime,
    now: float,
    created: np.ndarray,
    reply: np.ndarray,
    taken: np.ndarray,
    times: np.ndarray,
) -> pl.DataFrame:
    n = len(created)
    seen, replied, solved = created <= now, created + reply <= now, created + taken <= now
    one = np.ones(n, dtype=bool)
    frame = pl.DataFrame(
        [
            pl.Series("ticket_id", np.arange(n), dtype=pl.UInt64),
            _at("created_at", origin, created, one),
            _at("first_replied_at", origin, created + reply, replied),
            _at("resolved_at", origin, created + taken, solved),
            pl.Series("status", np.where(solved, "solved", "open"), dtype=pl.String).cast(pl.Categorical),
            pl.Series("group", np.array(GROUPS)[rng.choice(3, n, p=[0.55, 0.3, 0.15])]).cast(pl.Categorical),
            pl.Series("agent", [f"agent {place}" for place in rng.integers(0, 8, n)]).cast(pl.Categorical),
            pl.Series("agent_replies", 1 + rng.poisson(0.7, n), dtype=pl.Int64),
            pl.Series("reopens", rng.random(n) < 0.1, dtype=pl.Int64),
            pl.Series("handle_time", 600 * np.exp(rng.normal(0, 1.0, n) + times), dtype=pl.Int64, strict=False),
        ]
    )
    return frame.filter(pl.Series(seen))


def _answers(
    rng: np.random.Generator,
    origin: datetime,
    now: float,
    created: np.ndarray,
    taken: np.ndarray,
    effect: Effect,
    since: float,
) -> pl.DataFrame:
    n = len(created)
    answered = created + taken + (24 + 24 * np.exp(rng.normal(0, 0.8, n))) * HOUR
    has = (rng.random(n) < effect.answering) & (answered <= now)
    good = rng.random(n) < np.where(answered >= since, effect.good, 0.8)
    likely = rng.random(n)
    questions = {
        "csat": (np.where(good, 5, 2), has, (1, 5)),
        "nps": (np.where(likely < 0.6, 10, np.where(likely < 0.8, 8, 3)), has, (0, 10)),
        "ces": (rng.integers(3, 8, n), has & (rng.random(n) < 0.8), (1, 7)),
    }
    frames = []
    for question, (score, is_there, (low, high)) in questions.items():
        frame = pl.DataFrame(
            [
                pl.Series("response_id", np.arange(n), dtype=pl.UInt64), pl.Series("ticket_id", np.arange(n), dtype=pl.UInt64),
                _at("answered_at", origin, answered, is_there), pl.Series("question", [question]).new_from_index(0, n).alias("question"),
                pl.Series("score", score, dtype=pl.Float64),
            ]
        )  # fmt: skip
        bounds = {"scale_low": pl.lit(float(low)), "scale_high": pl.lit(float(high)), "direction": pl.lit("higher")}
        frames.append(frame.filter(pl.Series(is_there)).with_columns(**bounds))
    return pl.concat(frames)


AUGUST_20, SEPTEMBER, JUNE = datetime(2026, 8, 20), datetime(2026, 9, 1), datetime(2026, 6, 5)


def broken(tables: dict[str, pl.DataFrame], how: str) -> dict[str, pl.DataFrame]:
    """The same desk by an export that lacks something: what was created after August, answers after the 8th, ten days, all before August, a state."""
    if (changed := _changed(tables, how)) is not None:
        return changed
    tickets, answers = tables["tickets"], tables["answers"]
    created, solved = pl.col("created_at"), pl.col("status").cast(pl.String) == "solved"
    kept = {
        "created-until": created < datetime(2026, 9, 1),
        "ten-days": ~created.is_between(datetime(2026, 9, 8), datetime(2026, 9, 18)),
        "begins-late": created >= datetime(2026, 8, 1),
        "solved-only": solved,
        "open-only": ~solved,
    }
    if how == "survey-until":
        return {"tickets": tickets, "answers": answers.filter(pl.col("answered_at") < datetime(2026, 9, 9))}
    left = tickets.filter(kept[how])
    if how == "ten-days":  # of the help desk's file; the survey is another system
        return {"tickets": left, "answers": answers}
    return {"tickets": left, "answers": answers.filter(pl.col("ticket_id").is_in(left["ticket_id"].implode()))}


def _by_group(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The answers with the group of their ticket, and satisfied in nine of ten cases of one, in six of ten of the others: it stays so."""
    groups = tables["tickets"].select("ticket_id", pl.col("group").cast(pl.String))
    answers = tables["answers"].join(groups, on="ticket_id", how="left", maintain_order="left")
    luck = (pl.col("ticket_id") * 7919 % 1000) / 1000
    good = luck < pl.when(pl.col("group") == "Support").then(0.9).otherwise(0.6)
    is_csat = pl.col("question") == "csat"
    return answers.with_columns(score=pl.when(is_csat).then(pl.when(good).then(5.0).otherwise(2.0)).otherwise("score"))


def _loaded(tickets: pl.DataFrame) -> pl.DataFrame:
    """The tickets with ninety old ones opened anew by a program on 1 September, replied to and resolved in the days after."""
    old = tickets.filter(pl.col("resolved_at").is_not_null()).head(90)
    at, wait = pl.lit(datetime(2026, 9, 1, 8)).cast(pl.Datetime("ms")), pl.col("resolved_at") - pl.col("created_at")
    reply = pl.col("first_replied_at") - pl.col("created_at")
    again = old.with_columns(
        ticket_id=pl.col("ticket_id") + 10_000_000, first_replied_at=at + reply, resolved_at=at + wait, created_at=at
    )
    return pl.concat([tickets, again])


def _changed(tables: dict[str, pl.DataFrame], how: str) -> dict[str, pl.DataFrame] | None:
    """The same desk by an export in which something is written down, asked or counted otherwise since a day; None of any other."""
    tickets, answers = tables["tickets"], tables["answers"]
    created, slow = pl.col("created_at"), pl.col("first_replied_at") - pl.col("created_at") > timedelta(hours=4)
    none = pl.lit(None)
    match how:
        case "replies-unrecorded-before" | "replies-unrecorded-since":
            lost = slow & ((created < SEPTEMBER) if how.endswith("before") else (created >= SEPTEMBER))
            kept = pl.when(lost).then(none).otherwise("first_replied_at")
            return tables | {"tickets": tickets.with_columns(first_replied_at=kept)}
        case "handle-since":
            kept = pl.when(created < AUGUST_20).then(none).otherwise("handle_time")
            return tables | {"tickets": tickets.with_columns(handle_time=kept)}
        case "group-joins" | "group-leaves":
            away = (created < AUGUST_20) if how == "group-joins" else (created >= AUGUST_20)
            return tables | {"tickets": tickets.filter(~(away & (pl.col("group").cast(pl.String) == "Returns")))}
        case "loaded":
            return tables | {"tickets": _loaded(tickets)}
        case "archive":
            return tables | {
                "tickets": tickets.filter(pl.col("resolved_at").is_null() | (pl.col("resolved_at") >= JUNE))
            }
        case "one-group-asked":
            result = _by_group(tables)
            return tables | {
                "answers": result.filter((pl.col("answered_at") < SEPTEMBER) | (pl.col("group") == "Support")).drop(
                    "group"
                )
            }
        case "more-asked":
            return tables | {
                "answers": answers.filter((pl.col("answered_at") >= SEPTEMBER) | (pl.col("ticket_id") % 10 < 4))
            }
    return None


LACKS = ("created-until", "survey-until", "ten-days", "begins-late", "solved-only", "open-only")
CHANGES = (
    "replies-unrecorded-before", "replies-unrecorded-since", "handle-since", "group-joins", "group-leaves", "loaded", "archive",
    "one-group-asked", "more-asked",
)  # fmt: skip
BROKEN = (*LACKS, *CHANGES)
