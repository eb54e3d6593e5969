"""How a workbook is written: sheets, cells and their looks, native charts, and the package that is the same bytes each time."""
