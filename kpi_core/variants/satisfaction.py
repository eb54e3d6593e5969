"""CSAT and NPS: which marks are good, what a neutral one is, and whether those who kept silent count."""

from polars import Expr, col, when

from kpi_core.kpis.survey import TOP
from kpi_core.model.kpi import Unit
from kpi_core.model.measures import Mean, NetShare, Share
from kpi_core.variants.definition import catalogued, rival

_SCORE, _LOW, _HIGH = col("score"), col("scale_low"), col("scale_high")
_LEVELS = col("levels")


def _rated(question: str) -> Expr:
    return (col("question") == question) & _SCORE.is_not_null()


_CSAT, _NPS = _rated("csat"), _rated("nps")
_OF_FIVE = _CSAT & (_LOW == 1) & (_HIGH == 5)
_PROMOTERS, _DETRACTORS = _SCORE >= 9, _SCORE <= 6

CSAT = (
    catalogued("csat", "the best of 2 or 3 marks, the two best of 4 to 10", "ours"),
    rival("csat_good_of_good_and_bad", "csat", "good ÷ (good + bad)", "zendesk", "zendesk-explore",
          formula="good ÷ (good + bad); good is 2 of 1–2, 3 of 1–3, 4–5 of 1–5", fits="answers on 2, 3 or 5 marks",
          measure=Share(TOP, _CSAT & _LEVELS.is_in([2.0, 3.0, 5.0])),
          source="Zendesk, Metrics and attributes for Zendesk Support: % satisfaction score"),
    rival("csat_four_or_five", "csat", "4–5 of 5 ÷ rated", "intercom", "gorgias", formula="rated 4 or 5 ÷ rated",
          measure=Share(_SCORE >= 4, _OF_FIVE), fits="answers on 1–5",
          source="Intercom community, The formula that Intercom uses to calculate CSAT; Gorgias, Measure ticket quality: Satisfaction"),
    rival("csat_above_the_middle", "csat", "every mark better than neutral", "freshdesk",
          formula="marks above the middle of the scale ÷ rated: on seven marks the best three",
          measure=Share(col("rescaled") > 50, _CSAT), source="Freshdesk's rating codes 101 to 103, 100 for neutral (from its API, not from a page)"),
    rival("csat_happy_of_three", "csat", "happy of happy, neutral, unhappy", "hubspot", formula="2 of 0–2 ÷ answered",
          measure=Share(_SCORE == _HIGH, _CSAT & (_LEVELS == 3)), fits="answers on 3 marks",
          source="HubSpot's response groups of its older survey (from its API, not from a page)"),
    rival("csat_happiness", "csat", "great less not good", "helpscout", formula="great ÷ rated − not good ÷ rated, −100 to +100",
          measure=NetShare(_SCORE == _HIGH, _SCORE == _LOW, _CSAT & (_LEVELS == 3)), fits="answers on 3 marks", unit=Unit.POINTS,
          source="Help Scout, Happiness report"),
    rival("csat_top_box", "csat", "the very best mark only", "strict", formula="the best mark ÷ rated",
          measure=Share(_SCORE == _HIGH, _CSAT)),
    rival("csat_mean_of_highest", "csat", "mean ÷ highest mark", "naive",
          formula="mean score ÷ the highest mark: the lowest possible is 20 % on 1–5, not 0", measure=Mean(when(_CSAT).then(_SCORE / _HIGH))),
    rival("csat_mean_rescaled", "csat", "mean, rescaled", "trade", formula="mean of (score − lowest) ÷ (highest − lowest)",
          measure=Mean(when(_CSAT).then(col("rescaled") / 100))),
    catalogued("csat_lower_bound", "of everyone asked, the silent dissatisfied", "strict"),
    catalogued("csat_upper_bound", "of everyone asked, the silent satisfied", "naive"),
)  # fmt: skip

NPS = (
    catalogued("nps", "9–10 less 0–6, of those who answered", "ours"),
    catalogued("nps_of_asked", "9–10 less 0–6, of everyone asked", "trade"),
    rival("nps_zero_to_ten", "nps", "only answers on 0–10", "strict", formula="(9–10 − 0–6) ÷ rated, answers on 0–10 only",
          measure=NetShare(_PROMOTERS, _DETRACTORS, _NPS & (_LOW == 0) & (_HIGH == 10)), fits="answers on 0–10"),
    rival("nps_one_to_ten", "nps", "the same cuts on 1–10", "naive", formula="(9–10 − 1–6) ÷ rated, answers on 1–10 only",
          measure=NetShare(_PROMOTERS, _DETRACTORS, _NPS & (_LOW == 1) & (_HIGH == 10)), fits="answers on 1–10"),
    catalogued("nps_promoters", "promoters alone, called NPS", "naive"),
)  # fmt: skip
