"""What all parts speak of: tables, periods, measures, KPIs, estimates, findings and the report. No files, no engine."""
