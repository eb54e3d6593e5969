"""Workbooks: .xlsx, .xls, .ods and SpreadsheetML as frames of text, sheets of one table as one."""
