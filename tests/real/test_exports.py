"""Every genuine export reads as what it is, and what asks no service question says so."""

import pytest

from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import find_files
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.formats.recognise import recognise

WHAT_THEY_ARE = {
    "freshdesk/freshdesk_tickets_raw_spreadsheetml_masked.xls": "freshdesk-tickets",
    "freshdesk/freshdesk_tickets_resaved_from_xls_masked.csv": "freshdesk-tickets",
    "google_forms/grid_1to10_timestamp_gmt_masked.csv": "google_forms-answers",
    "google_play/reviews_play_console_utf16le_reencoded.csv": "google_play-reviews",
    "gorgias/conversations_gorgias.csv": "gorgias-tickets",
    "helpscout/conversations_helpscout.json": "helpscout-tickets",
    "jira/jira_cloud_export_all_fields_bom_masked.csv": "jira-tickets",
    "microsoft_forms/ms_forms_saved_as_csv_masked.csv": "microsoft_forms-answers",
    "qualtrics/qualtrics_v3_three_header_rows_de.csv": "qualtrics-answers",
    "servicenow/incident_list_export_masked.csv": "servicenow-tickets",
    "servicenow/uci_incident_event_log_sample.csv": "servicenow_log-tickets",
    "shopify/customers_export_2022_masked.csv": "shopify-customers",
    "shopify/orders_export_2026_masked.csv": "shopify-orders",
    "surveymonkey/starwars_two_header_rows_latin1.csv": "surveymonkey-answers",
    "twitter_support/twcs_400_lines.csv": "twitter-messages",
    "zendesk/zendesk_export_first_700_rows.csv": "zendesk-tickets",
    "zendesk/zendesk_json_export_sample.json": "zendesk_json-tickets",
}
NO_SERVICE_QUESTION = ("google_forms", "microsoft_forms", "qualtrics", "surveymonkey")


@pytest.mark.parametrize(("file", "mapping"), WHAT_THEY_ARE.items(), ids=lambda value: value.partition("/")[0])
def test_an_export_is_recognised_as_what_it_is(folder, file, mapping):
    (item,) = find_files([str(folder / "exports" / file)])
    assert recognise(open_export(item)).mapping.name == mapping


@pytest.mark.parametrize(
    "file",
    [file for file in WHAT_THEY_ARE if not file.startswith(NO_SERVICE_QUESTION)],
    ids=lambda file: file.partition("/")[0],
)
def test_every_row_of_an_export_is_accounted_for(folder, file):
    dataset = read_exports([str(folder / "exports" / file)], Choices(), frozenset({"ticket_id"}))
    assert any(frame.height for frame in dataset.tables.values())
    for source in dataset.sources:
        assert source.rows_read == source.rows_used + sum(source.rows_refused.values())


@pytest.mark.parametrize(
    ("file", "flags", "says"),
    [
        ("google_forms/grid_1to10_timestamp_gmt_masked.csv", (), "no survey question"),
        ("microsoft_forms/ms_forms_saved_as_csv_masked.csv", ("--date-format", "mdy"), "no survey question"),
        ("qualtrics/qualtrics_v3_three_header_rows_de.csv", (), "no survey question"),
        ("surveymonkey/starwars_two_header_rows_latin1.csv", (), "no survey question"),
    ],
)
def test_a_survey_about_something_else_says_so_and_how_to_point_at_a_question(refusal, file, flags, says):
    text = refusal(f"exports/{file}", *flags)
    assert says in text
    assert "--column" in text


def test_two_header_rows_are_one_and_a_question_can_be_named(report):
    question = "Do you consider yourself to be a fan of the Star Wars film franchise?"
    answer = report("exports/surveymonkey/starwars_two_header_rows_latin1.csv", "--column", f"resolved={question}",
                    "--kpi", "confirmed_resolution_rate")  # fmt: skip
    assert answer["confirmed_resolution_rate"]["n"] > 50


def test_texts_without_a_number_of_their_own_are_refused(refusal):
    assert "no known export format" in refusal("exports/trustpilot/danish_trustpilot_text_valence_300.csv")
