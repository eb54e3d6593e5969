"""Rows of an export that are no cases: sums, footers, headings, cancelled or test rows; and the refused ones."""
