"""Which way a question about effort points: by its wording, else by the answers themselves."""

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_EASE = regex(
    r"\b(?:eas(?:e|y|ier|iest|ily|iness)|effortless\w*|simple|smooth\w*|lätta?(?:re|ast)?|enkelt?|enkla\w*|enkle\w*|smidigt?|lett(?:ere)?|lettvint"
    r"|nemt?|nemmere|(?:hvor|det|så|eller) let|let at|helppo\w*|helposti|helpoksi|vaivaton\w*|vaivatto\w*|vaivatta|sujuva\w*)\b"
)
_EFFORT = regex(
    r"\b(?:efforts?|difficult\w*|hard|harder|complicated|\w*ansträng\w*|svårt?|svåra\w*|krångligt?|besvärligt?|besvär|jobbigt?|\w*innsats\w*|vanskelig\w*"
    r"|tungvin\w*|krevende|(?:hvor|det|så|eller) svært|\w*indsats\w*|besværligt?|besvær|vaiva[a]?|vaivan\w*|vaikea\w*|hankala\w*)\b"
)
_WITHOUT = regex(
    r"\b(?:not|no|without|little|minimal|low|inte|utan|ingen|liten|lite|ikke|uten|uden|lille|lidt|ei|ilman)\s+"
)
_METRIC = regex(r"\b(?:customer )?effort score\b|\bces\b")
"""The name of the measure, which goes by it whichever way its question runs."""
_NAME = regex(r"(?:customer )?effort score(?: \(ces\))?|ces(?: score)?")
_SUFFIXES = regex(r"\([^)]*\d[^)]*\)|\[[^\]]*\d[^\]]*\]|\b(?:v ?)?2(?:\.0)?\b|\b[01] ?(?:-|–|to|till|til) ?\d+\b")
"""What may stand next to the name: its scale, its version."""
EASE_STEPS = (1.0, 7.0)
"""The scale of the newer question, which asks for ease."""
_DISSATISFACTION = regex(r"\b(?:dissatisf\w*|unsatisf\w*|unhapp\w*|missnöjd\w*|misfornøyd\w*|utilfreds\w*|tyytymät\w*)")
_SATISFACTION = regex(r"\b(?:satisf\w*|happ\w*|nöjd\w*|fornøyd\w*|tilfreds\w*|tyytyvä\w*)")
_REPLIES = (
    r"^(?:ja|jo|nej|nei|yes|no|kyllä|ei|true|false|sant|falskt|vet (?:ej|inte|ikke)|ved ikke|don't know|varken eller|verken eller|hverken eller)$"
    r"|instäm|håller (?:inte |helt |delvis )*med|\b(?:dis)?agree|\bu?enig|stämmer|stemmer|samaa mieltä|eri mieltä|neither"
)
ENOUGH = 30
"""Answers needed before effort is compared with satisfaction."""
SATISFACTION = ("csat", "nps")
PLENTY = 5000
"""Answers that are enough: those with the lowest ids, which are hashes, whatever order the files came in."""


def natural_way(question: str, wording: str) -> str | None:
    """The better end of a question's marks by its wording: of effort the lower, of ease the higher; None where that is not stated."""
    if question != "ces":
        return "higher"
    text = _METRIC.sub(" ", " ".join(wording.lower().replace("_", " ").split()))
    ways = set()
    for pattern, way, other in ((_EASE, "higher", "lower"), (_EFFORT, "lower", "higher")):
        for found in pattern.finditer(text):
            is_not = any(found.start() == one.end() for one in _WITHOUT.finditer(text))
            ways.add(other if is_not else way)
    return ways.pop() if len(ways) == 1 else None


def is_of_dissatisfaction(wording: str) -> bool:
    """Whether a question asks how dissatisfied somebody is, and not how satisfied or dissatisfied."""
    text = wording.lower()
    return bool(_DISSATISFACTION.search(text)) and not _SATISFACTION.search(text)


def are_replies(cells: pl.Series) -> bool:
    """Whether all cells reply to a claim, with yes and no or with how far somebody agrees."""
    replies = cells.drop_nulls().str.to_lowercase().str.contains(_REPLIES)
    return bool(len(replies)) and bool(replies.all())


def is_name_alone(header: str) -> bool:
    """Whether a header is nothing but the name of the measure: `CES`, `CES (1-7)`, `CES 2.0`, `Customer effort score`."""
    text = _SUFFIXES.sub(" ", header.lower().replace("_", " "))
    return _NAME.fullmatch(" ".join(text.split()).strip(" :-–,")) is not None


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What is known of the direction of effort: `way` for the answers that do not say, and the note on it.

    Where it `is_assumed` only custom speaks for it. Where `is_lacking`, answers that do not say are left out, since nothing shows it.
    """

    way: str | None = None
    is_lacking: bool = False
    is_assumed: bool = False
    note: Message | None = None

    def on(self, answers: pl.DataFrame) -> pl.DataFrame:
        """The answers with it."""
        is_open = (pl.col("question") == "ces") & pl.col("direction").is_null()
        if self.is_lacking:
            return answers.filter(~is_open)
        if self.way is None or not answers.lazy().select(is_open.any()).collect().item():
            return answers
        way = pl.lit(self.way, Kind.DIRECTION.dtype)  # a bare word would turn the column into text and back
        return answers.with_columns(pl.when(is_open).then(way).otherwise("direction").alias("direction"))


def settle_direction(given: pl.DataFrame, *, is_named: bool = False) -> Settled:
    """Lets satisfaction decide which way an effort question points, where nothing else did.

    Of the respondents who answered both, effort that rises with satisfaction is ease. Without enough of them, or
    without a clear relation, the answers are to be left out; but where the question is known by the name of the measure alone
    (`is_named`), on seven steps, it is taken for the newer one, which asks for ease.
    """
    narrow = given.lazy().select("question", "direction", "response_id", "score")
    effort = narrow.filter(pl.col("question") == "ces").drop("question").collect()
    others = narrow.filter(pl.col("question").is_in(list(SATISFACTION))).select("response_id", "score")
    undirected = effort.filter(pl.col("direction").is_null())
    if undirected.is_empty():
        return Settled(note=_contradiction(effort, others))
    relation, n = _with_satisfaction(undirected, others)
    if relation is None and is_named and _steps(given) == {EASE_STEPS}:
        return Settled(way="higher", is_assumed=True, note=Message("effort-by-name"))
    if relation is None:
        return Settled(is_lacking=True, note=Message("effort-unknown"))
    way = "higher" if relation > 0 else "lower"
    message = Message("effort-rises" if relation > 0 else "effort-falls", correlation=relation, count=n)
    return Settled(way=way, note=message)


def _steps(given: pl.DataFrame) -> set[tuple[float, float]]:
    """The scales of the effort that nothing says the direction of."""
    undirected = given.filter(pl.col("question") == "ces", pl.col("direction").is_null())
    return set(undirected.select("scale_low", "scale_high").unique().iter_rows())


def _with_satisfaction(effort: pl.DataFrame, others: pl.LazyFrame) -> tuple[float | None, int]:
    """Rank correlation of effort with the same respondents' satisfaction; None where too few or too weak to decide."""
    some = effort.select("response_id", "score").bottom_k(PLENTY, by="response_id")
    if some.height < ENOUGH:
        return None, 0
    own = others.filter(pl.col("response_id").is_in(some["response_id"].implode())).collect()
    means = own.group_by("response_id").agg(pl.col("score").mean())
    both = some.join(means, on="response_id", suffix="_other").select("score", "score_other").drop_nulls()
    if both.height < ENOUGH:
        return None, both.height
    relation = both.select(pl.corr("score", "score_other", method="spearman")).item()
    is_clear = relation is not None and abs(relation) > 2 / both.height**0.5
    return (relation if is_clear else None), both.height


def _contradiction(effort: pl.DataFrame, others: pl.LazyFrame) -> Message | None:
    """The warning that a stated direction of effort runs against satisfaction; None where it does not."""
    for way, wrong in (("lower", 1), ("higher", -1)):
        relation, n = _with_satisfaction(effort.filter(pl.col("direction") == way), others)
        if relation is not None and relation * wrong > 0:
            return Message(
                "effort-lower-yet-rises" if way == "lower" else "effort-higher-yet-falls",
                correlation=relation, count=n,
            )  # fmt: skip
    return None
