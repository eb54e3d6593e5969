"""Survey: what customers say of us, on whatever scale they were asked."""

from datetime import timedelta

from polars import Expr, col, when

from kpi_core.model.kpi import TRADE, Better, Kpi, Unit
from kpi_core.model.measures import Count, Index, Mean, Measure, NetShare, Share

SHOWN = frozenset({"csat_lower_bound", "csat_upper_bound", "response_rate_of_resolved"})
ANSWERING_TIME = timedelta(days=28)
"""How long after it was offered a survey may still be answered."""
GIVEN = col("score").is_not_null()


def _rated(question: str) -> Expr:
    return (col("question") == question) & GIVEN


def _offered(question: str) -> Expr:
    return (col("question") == question) & col("was_asked")


def _survey(
    name: str, description: str, formula: str, measure: Measure, *, asks: str | None, unit: Unit = Unit.SHARE,
    better: Better = Better.HIGHER, variant_of: str | None = None, left_out: str = "questions left blank",
    matures_after: timedelta | None = None, dated_by: str = "answered_at", reference: str = TRADE, table: str = "answers",
    is_of_100: bool = False,
) -> Kpi:  # fmt: skip
    worth_knowing = {Unit.SHARE: 0.05, Unit.POINTS: 0.05, Unit.SCORE: 5.0 if is_of_100 else 0.2}.get(unit, 0.10)
    return Kpi(name=name, subject="survey", description=description, formula=formula, table=table, dated_by=dated_by,
               measure=measure, unit=unit, better=better, worth_knowing=worth_knowing, asks=asks, left_out=left_out,
               matures_after=matures_after, variant_of=variant_of, reference=reference, shown=name in SHOWN)  # fmt: skip


def _question(question: str, what: str) -> tuple[Kpi, Kpi]:
    """Mean and share of the top boxes of a question of its own."""
    return (
        _survey(question, f"How customers rate the {what}: the mean on the question's own scale.", "mean score",
                Mean(when(_rated(question) & col("on_scale")).then("score")), asks=question, unit=Unit.SCORE),
        _survey(f"{question}_top2", f"Customers who give the {what} one of the two best marks.", "top boxes ÷ rated",
                Share(col("score") >= col("top"), _rated(question)), asks=question, variant_of=question),
    )  # fmt: skip


TOP = col("score") >= col("top")
EASY = when(col("direction") == "lower").then(
    col("score") <= col("scale_low") + ((col("levels") - 3) / 2).floor().clip(0)
).otherwise(col("score") >= col("scale_high") - ((col("levels") - 3) / 2).floor().clip(0))  # fmt: skip
NKI_PARTS = ("nki_satisfaction", "nki_expectation", "nki_ideal")
"""What the index is made of, in the order in which weights are given."""
NPS_SCALE = col("scale_high") == 10

KPIS = (
    _survey("answers_received", "Survey responses with at least one answer.", "responses received", Count(col("is_first_answer")),
            asks=None, unit=Unit.COUNT, better=Better.NEITHER, left_out="further answers of one response"),
    _survey("csat", "Customers who give one of the top marks: the best of two or three steps, the two best of four to ten.",
            "top boxes ÷ rated", Share(TOP, _rated("csat")), asks="csat", left_out="offered and not answered"),
    _survey("csat_mean", "Mean satisfaction on the question's own scale.", "mean score",
            Mean(when(_rated("csat") & col("on_scale")).then("score")), asks="csat", unit=Unit.SCORE, variant_of="csat",
            left_out="offered and not answered, or on another scale than most"),
    _survey("csat_mean_100", "Mean satisfaction rescaled to 0–100.", "mean of (score − lowest) ÷ (highest − lowest) × 100",
            Mean(when(_rated("csat")).then("rescaled")), asks="csat", unit=Unit.SCORE, is_of_100=True, variant_of="csat", left_out="offered and not answered"),
    _survey("csat_lower_bound", "CSAT if everyone who did not answer were dissatisfied.", "top boxes ÷ offered",
            Share(TOP.fill_null(value=False), _offered("csat")), asks="csat", variant_of="csat",
            matures_after=ANSWERING_TIME, dated_by="offered_at"),
    _survey("csat_upper_bound", "CSAT if everyone who did not answer were satisfied.", "(top boxes + unanswered) ÷ offered",
            Share(TOP.fill_null(value=True), _offered("csat")), asks="csat", variant_of="csat",
            matures_after=ANSWERING_TIME, dated_by="offered_at"),
    _survey("ces", "Mean effort or ease on the question's own scale; the direction is printed.", "mean score",
            Mean(when(_rated("ces") & col("on_scale")).then("score")), asks="ces", unit=Unit.SCORE,
            left_out="answers on another scale or direction than most", reference="Dixon, Freeman & Toman 2010"),
    _survey("ces_easy_rate", "Customers who found it easy: the easier part of the scale, its middle left out.", "easy ÷ rated",
            Share(EASY, _rated("ces")), asks="ces", variant_of="ces"),
    _survey("nps", "Promoters (9–10) less detractors (0–6), of those who answered.", "(promoters − detractors) ÷ rated",
            NetShare(col("score") >= 9, col("score") <= 6, _rated("nps") & NPS_SCALE), asks="nps", unit=Unit.POINTS,
            reference="Reichheld 2003; interval: adjusted Wald, Rocks 2016"),
    *(_survey(f"nps_{name}", f"Customers who answer {span} to the recommendation question.", f"{span} ÷ rated",
              Share(condition, _rated("nps") & NPS_SCALE), asks="nps", variant_of="nps", better=better)
      for name, span, condition, better in (
          ("promoters", "9–10", col("score") >= 9, Better.HIGHER),
          ("passives", "7–8", col("score").is_between(7, 8), Better.NEITHER),
          ("detractors", "0–6", col("score") <= 6, Better.LOWER))),
    _survey("nps_of_asked", "Promoters less detractors, of everyone asked.", "(promoters − detractors) ÷ asked",
            NetShare((col("score") >= 9).fill_null(value=False), (col("score") <= 6).fill_null(value=False),
                     _offered("nps")), asks="nps", unit=Unit.POINTS, variant_of="nps", dated_by="offered_at"),
    _survey("nki", "Satisfaction index (NKI, CSI) over satisfaction, expectations and ideal, 0–100; each weighs a third unless --nki-weights says otherwise.",
            "Σ weight × (score − 1) ÷ 9 × 100, over respondents who answered all three",
            Index(dict.fromkeys(NKI_PARTS, 1 / 3)), asks="nki_ideal", unit=Unit.SCORE, is_of_100=True,
            left_out="respondents who did not answer all three", reference="EPSI, Svenskt Kvalitetsindex"),
    _survey("nki_four", "Satisfaction index over four questions: satisfaction, expectations, ideal and a fourth, 0–100.",
            "mean of four times (score − 1) ÷ 9 × 100, over respondents who answered all four",
            Index(dict.fromkeys((*NKI_PARTS, "nki_fourth"), 1 / 4)), asks="nki_fourth", unit=Unit.SCORE, is_of_100=True, variant_of="nki",
            left_out="respondents who did not answer all four", reference="Norsk Kundebarometer, BI: the mean of four questions, 0–100"),
    _survey("nki_single", "Satisfaction question alone, rescaled to 0–100.", "mean of (score − 1) ÷ 9 × 100",
            Mean(when(_rated("nki_satisfaction")).then("rescaled")), asks="nki_satisfaction", unit=Unit.SCORE, is_of_100=True, variant_of="nki"),
    *_question("treatment", "way they were treated"),
    *_question("competence", "agent's competence"),
    _survey("response_rate", "Customers who answered, of those who were asked.", "answered ÷ offered",
            Share(col("is_answered_response"), col("is_response")), asks=None,
            matures_after=ANSWERING_TIME, dated_by="offered_at", left_out="customers who were not asked"),
    _survey("response_rate_of_resolved", "Resolved tickets whose customer answered a survey, whether or not all were asked.",
            "resolved with an answer ÷ resolved", Share(col("is_surveyed"), col("is_resolved")), asks=None, table="tickets",
            variant_of="response_rate", matures_after=ANSWERING_TIME, dated_by="resolved_at", left_out="tickets that are not resolved"),
)  # fmt: skip
