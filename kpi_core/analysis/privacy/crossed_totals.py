"""Agents and their groups shown together: a group less those of its agents that are shown is the total of the others.

Who works in which group is known to everybody there. Groups and the agents who are shown make clusters, each tied by an agent
in several groups. What a cluster's groups have more than its agents is the hidden agents'; groups that are hidden are known by
their sum alone, and so are one cluster.
"""

from collections.abc import Collection, Iterator, Mapping

from kpi_core.records import dataclass

Name = str | None
Both = tuple[frozenset[Name], frozenset[Name]]
"""Agents and groups."""


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """How many rows agents and groups have, and which groups each agent has rows in; None is nobody, and no group."""

    agents: Mapping[Name, int]
    groups: Mapping[Name, int]
    groups_of: Mapping[Name, frozenset[Name]]
    least: int

    def hidden(self, agents: Collection[Name], groups: Collection[Name]) -> Both:
        """The agents and groups to hide for the sake of some, these among them.

        What is left of a cluster, of all agents or of all groups is not one's, and has enough rows. Where that is not to be
        had everything is hidden.
        """
        hidden = frozenset(agents), frozenset(groups)
        while (more := self._more(*hidden)) is not None:
            if not any(more):
                return frozenset(self.agents), frozenset(self.groups)
            hidden = hidden[0] | more[0], hidden[1] | more[1]
        return hidden

    def _more(self, agents: frozenset[Name], groups: frozenset[Name]) -> Both | None:
        """What must be hidden too; nothing where nothing is left that could be, and None where there is no need."""
        telling = list(self._clusters_giving_away(agents, groups))
        if telling:
            found = [self._of_cluster(cluster, agents, groups) for cluster in telling]
            return frozenset[Name]().union(*(each[0] for each in found)), frozenset[Name]().union(
                *(each[1] for each in found)
            )
        if self._gives_away(self.agents, agents):
            return _smallest(self.agents, agents), frozenset()
        return (frozenset(), _smallest(self.groups, groups)) if self._gives_away(self.groups, groups) else None

    def _gives_away(self, rows: Mapping[Name, int], hidden: frozenset[Name]) -> bool:
        """Whether a total less what is shown is one's, or has too few rows."""
        counts = [rows[name] for name in hidden if rows.get(name)]
        return bool(counts) and (len(counts) == 1 or sum(counts) < self.least)

    def _clusters_giving_away(self, agents: frozenset[Name], groups: frozenset[Name]) -> Iterator[frozenset[Name]]:
        """The clusters that give hidden agents away."""
        for cluster in self._clusters(agents, groups):
            inside = self._inside(cluster)
            shown = inside - agents
            left = sum(self.groups[group] for group in cluster) - sum(self.agents[agent] for agent in shown)
            hidden = len(inside & agents)
            if hidden and left > 0 and (hidden == 1 or (shown and left < self.least)):
                yield cluster

    def _of_cluster(self, cluster: frozenset[Name], agents: frozenset[Name], groups: frozenset[Name]) -> Both:
        """The smallest agent of a cluster that is shown, else its smallest group, else the smallest of all."""
        others = {agent: self.agents[agent] for agent in self._inside(cluster)}
        if found := _smallest(others, agents):
            return found, frozenset()
        own = {group: self.groups[group] for group in cluster}
        return frozenset(), _smallest(own, groups) or _smallest(self.groups, groups)

    def _inside(self, cluster: frozenset[Name]) -> frozenset[Name]:
        """The agents with rows who have some in a cluster."""
        nowhere = frozenset[Name]()
        return frozenset(
            agent
            for agent, count in self.agents.items()
            if count and not self.groups_of.get(agent, nowhere).isdisjoint(cluster)
        )

    def _clusters(self, agents: frozenset[Name], groups: frozenset[Name]) -> list[frozenset[Name]]:
        """The groups, those together that an agent who is shown ties, or that are hidden."""
        ties = [
            self.groups_of[agent]
            for agent, count in self.agents.items()
            if count and agent not in agents and agent in self.groups_of
        ]
        clusters = [frozenset({group}) for group in self.groups]
        for tie in (groups, *ties):
            touched = [cluster for cluster in clusters if not cluster.isdisjoint(tie)]
            if len(touched) > 1:
                clusters = [cluster for cluster in clusters if cluster.isdisjoint(tie)]
                clusters.append(frozenset[Name]().union(*touched))
        return clusters


def _smallest(rows: Mapping[Name, int], hidden: Collection[Name]) -> frozenset[Name]:
    """The smallest of those with rows that are named and not hidden, the last by name of equals; empty where there is none."""
    rest = sorted((name for name in rows if name is not None and name not in hidden and rows[name]), reverse=True)
    return frozenset([min(rest, key=lambda name: rows[name])]) if rest else frozenset()
