"""Headers of columns that mark rows as none, by their stems: cancelled, deleted, a duplicate, junk; and those that say what a row is.

A header is one of the words alone, or with a word for the day, the time or the order next to it: `Avbokad datum`, `Makuleringsdatum`.
"""

from kpi_core.patterns import regex

_AROUND = (
    r"is|was|has been|har|blev|er|order(?:n|en)?|ordre(?:n)?|tilaus|row|rad|record|post|response|svar(?:et)?|ticket|ärende|at|on|date|datum|dato|"
    r"dag|den|tid|tidpunkt|tidspunkt|time|timestamp|pvm|am|utc"
)
_DAY = r"(?:s?(?:datum|dato|dag|tid|tidpunkt|tidspunkt))?"
_CANCELLED = (
    r"cancel(?:l?ed|l?ation)|void(?:ed)?|failed|annuller(?:ad|at|t|et|ing|ings)|annulert|makuler(?:ad|at|t|ing|ings)|kanseller(?:ad|at|t|ing|ings)|"
    r"avbeställ(?:d|t|ning|nings)|avbok(?:ad|at|ning|nings)|avbrut(?:en|et|na)|avbrutt|avbest(?:ilt|illing|illings)|afbest(?:ilt|illing|illings)|"
    r"afbrudt|avlyst|aflyst|peru(?:ttu|utettu|utus)|storniert"
)
_DELETED = r"delet(?:ed|ion)|trashed|removed|rader(?:ad|at|ing|ings)|bort(?:tagen|taget)|slett(?:et|ing)|slettede|poistettu|gelöscht|isdeleted"
_DUPLICATE = r"duplicated?|dubblett|dublett|dublet|duplikat|kaksoiskappale|isduplicate"
_JUNK = r"(?:flagg\w+|flagged|marked|reported|markera[dt]|markert|markeret|anmäl[dt]|rapporter\w+) (?:som|as) (?:spam|skräp\w*|junk|falsk\w*|fake)|spam|junk|skräppost|søppelpost|roskaposti|isspam"


_LEFT_OUT = (
    r"ogiltigt?|ignorer(?:a|as|ad|at|es|t)|exkluder(?:a|as|ad|at)|uteslut(?:en|et|s)?|räknas (?:ej|inte)|ska (?:ej|inte) räknas|ej med|"
    r"exclude[ds]?|ignored?|invalid|do not count|don't count|not counted|not to be counted|"
    r"ugyldig|ignoreres|ekskluder(?:t|es|e)?|utelat[te]?|utelates|(?:skal )?(?:ikke telles|telles ikke)|teller ikke|tæller ikke|ikke medregnes|ei lasketa|ohita"
)
_COUNTED = r"räknas|räknas med|medräknas|inkluder(?:a|as|ad)|include[ds]?|counts|counted|telles|teller|telles med|medregnes|inkluder(?:t|es)|tæller med|"
_COUNTED += r"(?:ska )?(?:räknas )?(?:med )?i statistik(?:en)?|med i statistikk?en?|(?:skal )?(?:telles )?(?:med )?i statistikk(?:en)?|in statistics|in report|i rapport(?:en)?|med i rapport(?:en)?"
_REPORTS = r"statistik\w*|statistics|stats?|rapport\w*|report\w*|kpi\w*|kpi[: ]?er|nyckeltal\w*|nøkkeltall\w*|nøgletal\w*|uppföljning\w*|oppfølging\w*|opfølgning\w*|mätning\w*|måling\w*|analys\w*|analysis|sla"
"""What rows are counted in, or not."""
_COUNTED += (
    r"|(?:ska(?:ll)?|skal|should|must) (?:be )?(?:räknas|tas|telles|tælles|medregnes|counted|included)(?: med)?|tas med|tages med|to be counted"
    rf"|(?:ska(?:ll)? |skal )?(?:räknas|tas|ingår|ingå|inngår|inngå|indgår|indgå|inkluder\w*|includ\w*|counts?|counted|telles|teller|tælles|tæller|används|brukes|bruges|used)(?: med)? (?:i|in|för|for|til|till|to)(?: the)? (?:{_REPORTS})"
    r"|(?:statistik|statistikk|kpi|rapport)-?(?:grundande|underlag|grunnlag|grundlag)"
)
_LEFT_OUT += (
    rf"|(?:exkluder\w*|uteslut\w*|ekskluder\w*|exclud\w*|ignor\w*|utelat\w*|utelämna\w*|(?:ej|inte|ikke|not) (?:med|counted|included)) (?:i|in|från|fra|from|ur)(?: the)? (?:{_REPORTS})"
    r"|felregistrer(?:ad|at|ing)|feilregistrer(?:t|ing)|fejlregistrer(?:et|ing)|(?:registered|opened|logged|created) (?:by mistake|in error)"
)
_PUBLISHED = r"published|is published|publicerad|publisert|publiceret|publiseret|julkaistu|visible|synlig|visas|vises|approved|godkänd|godkjent|godkendt|public|is public|offentlig|julkinen|live|is live|online|published online|visible online"


def _header(words: str) -> str:
    return rf"^(?:(?:{_AROUND})\s+)*(?:{words}){_DAY}(?:\s+(?:{_AROUND}))*\s*\??$"


CANCELLED, DELETED = regex(_header(_CANCELLED)), regex(_header(_DELETED))
"""Headers under which a yes, or a day, says that an order was cancelled, or that a row was deleted."""
LEFT_OUT, COUNTED = regex(_header(_LEFT_OUT)), regex(_header(_COUNTED))
"""Headers under which a yes, or a no, says that a row is not to be counted."""
HIDDEN = regex(
    _header(
        r"dold|gömd|hidden|skjult|piilotettu|(?:borttagen|raderad|fjernet|slettet|removed|deleted) (?:av|by|af) \w+"
    )
)
"""Headers under which a yes says that nobody reads a review."""
PUBLISHED = regex(_header(_PUBLISHED))
"""Headers under which a no says that nobody reads a review."""
PUBLISHED_ON = regex(
    r"^(?:published (?:at|on|date)|publish(?:ing)? date|publication date|date (?:of publication|published)|publiceringsdatum|publicerad(?:es)? (?:den|datum)|"
    r"datum för publicering|publiseringsdato|publisert (?:den|dato)|publiceringsdato|publiceret (?:den|dato)|julkaisupäivä|julkaisupvm)$"
)
"""Headers of the day on which a review was published, next to that on which it was written: one without was not."""
DUPLICATE, JUNK = regex(_header(_DUPLICATE)), regex(_header(_JUNK))
"""Headers under which a yes says that a row is one again, or junk."""
INVALID = regex(r"^(?:(?:is|order|är|er)\s+)*(?:valid|giltig|gyldig|voimassa)\s*\??$")
"""Headers under which a no says that an order is none."""
PAID = regex(
    r"^(?:(?:is|order|är|er|payment)\s+)*(?:paid|betald|betalt|betalad|maksettu|bezahlt|payment received)\s*\??$"
)
"""Headers under which a no says that an order is not paid."""
KINDS = regex(
    r"(?:typ|type|tyyppi|status|tila|kind|state|mode|class|klass|category|kategori|slag|art|environment|miljö|miljø|läge)$"
)
"""Headers whose words say what kind of row one is."""
