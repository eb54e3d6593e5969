"""The families: every definition there is of a KPI, ours first."""

from collections.abc import Sequence

from kpi_core.config.validation import suggestion
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME
from kpi_core.model.kpi import Kpi
from kpi_core.records import dataclass
from kpi_core.variants import first_contact, first_reply, resolution, satisfaction
from kpi_core.variants.definition import Definition, of_own
from kpi_core.variants.names import FAMILIES, OURS, OWNERS, family_of
from kpi_core.variants.windows import USUAL, windows

WINDOWS = "last_7_days"
"""The family whose definitions differ in their days, not in what they count."""

_MEMBERS: dict[str, tuple[Definition, ...]] = {
    "first_reply": first_reply.DEFINITIONS,
    "fcr": first_contact.DEFINITIONS,
    "csat": satisfaction.CSAT,
    "reopen": resolution.REOPEN,
    "resolution_rate": resolution.RESOLUTION_RATE,
    "nps": satisfaction.NPS,
    WINDOWS: windows(BY_NAME[USUAL]),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """A KPI with its competing definitions, ours first."""

    name: str
    definitions: tuple[Definition, ...]

    @property
    def about(self) -> str:
        """What they all claim to measure."""
        return FAMILIES[self.name]

    @property
    def has_windows(self) -> bool:
        """Whether its definitions bring their own days."""
        return self.name == WINDOWS

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """What the engine is asked for."""
        return tuple(definition.kpi for definition in self.definitions)


def family(name: str, owners: Sequence[str] = (), of: Kpi | None = None, own: Sequence[Kpi] = ()) -> Family:
    """The family a KPI belongs to, with the definitions of some owners only; ours always stay, to compare with.

    KPIs that users have defined are shown with it: those named like the family's, in their place or a variant of one.

    Args:
        name: a family, or a KPI of one.
        owners: whose definitions, as in `names.OWNERS`, or the pack of some of `own`; none means everyone's.
        of: for `last_7_days`, the KPI that is looked at.
        own: the KPIs that users have defined.

    Raises:
        DefinitionError: there is no such family or owner.
    """
    kin = {kpi.name: family_of(kpi.name) or family_of(kpi.variant_of or "") for kpi in own}
    found = kin.get(name) or family_of(name)
    if found is None:
        listed = ", ".join(f"`{one}`" for one in FAMILIES)
        if name in BY_NAME or name in kin:
            raise DefinitionError(f"nobody defines `{name}` otherwise", hint=f"there are several of {listed}")
        raise DefinitionError(f"no KPI `{name}`{suggestion(name, [*FAMILIES, *BY_NAME])}", hint=f"there are {listed}")
    known = [*OWNERS, *dict.fromkeys(kpi.own.pack for kpi in own if kpi.own)]
    for owner in owners:
        if owner not in known:
            raise DefinitionError(
                f"nobody called `{owner}`{suggestion(owner, known)}", hint=f"there are {', '.join(known)}"
            )
    members = windows(of) if found == WINDOWS and of is not None else _MEMBERS[found]
    members = (*members, *(of_own(kpi, kpi.own) for kpi in own if kpi.own and kin[kpi.name] == found))
    wanted = {OURS, *owners}
    return Family(name=found, definitions=tuple(one for one in members if not owners or wanted & set(one.whose)))
