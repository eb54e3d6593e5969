"""Textbook statistics on plain numbers: numbers in, numbers out, no table and no KPI."""
