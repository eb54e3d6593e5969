"""Service KPIs from exported files: reading, definitions, the engine and the analysis. Knows no terminal."""
