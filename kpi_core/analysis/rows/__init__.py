"""The rows behind one number: each with the part it plays in it, or why it plays none."""

from kpi_core.analysis.rows.drill import Drill, drill
from kpi_core.analysis.rows.role import Role

__all__ = ["Drill", "Role", "drill"]
