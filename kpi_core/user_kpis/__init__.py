"""KPIs of users' own: read from YAML, checked against what the tables hold, and added to the catalogue."""

from kpi_core.user_kpis.catalogue import columns_read, with_packs
from kpi_core.user_kpis.reading import read_pack

__all__ = ["columns_read", "read_pack", "with_packs"]
