"""The sheets of the report workbook, one module a sheet, and what they share: cells, looks, charts, the package."""
