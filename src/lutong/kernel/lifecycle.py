"""A lifecycle is a table: which step leads from which states to which state, by whom."""

from dataclasses import dataclass

from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of the diagram."""

    name: str
    label: str
    source: frozenset[str]
    target: str
    by: frozenset[Role]


def step(name: str, label: str, source: str | set[str], target: str, *by: Role) -> Step:
    sources = frozenset([source] if isinstance(source, str) else source)
    return Step(name, label, frozenset(str(s) for s in sources), str(target), frozenset(by))


class Lifecycle:
    """The whole diagram. Knows nothing of databases; only answers questions."""

    def __init__(self, title: str, start: str, *steps: Step, labels: dict[str, str]) -> None:
        self.title = title
        self.start = str(start)
        self.steps = {s.name: s for s in steps}
        self.labels = {str(k): v for k, v in labels.items()}
        if len(self.steps) != len(steps):
            raise ValueError("two steps share a name")
        if unknown := self.states - self.labels.keys():
            raise ValueError(f"states without a label: {unknown}")

    @property
    def states(self) -> set[str]:
        return (
            {self.start} | {s.target for s in self.steps.values()} | {x for s in self.steps.values() for x in s.source}
        )

    def open_steps(self, state: str, role: Role) -> list[Step]:
        """What this role may do next: feeds the buttons on the page and `steps` in the API."""
        return [s for s in self.steps.values() if state in s.source and role in s.by]

    def may(self, state: str, name: str, role: Role) -> bool:
        return any(s.name == name for s in self.open_steps(state, role))

    def advance(self, state: str, name: str, actor: Actor) -> str:
        """Return the next state, or refuse with the reason."""
        wanted = self.steps.get(name)
        if wanted is None:
            raise NotFound("没有这一步", step=name)
        if actor.role not in wanted.by:
            raise NotAllowed(f"{actor.role.label}不能{wanted.label}")
        if state not in wanted.source:
            raise Conflict(f"当前状态为“{self.labels[state]}”，不能{wanted.label}", state=state)
        return wanted.target

    def mermaid(self) -> str:
        """The same table as a picture, for docs/lifecycles (generated, checked in CI)."""
        names = [f"    {state}: {self.labels[state]}" for state in sorted(self.states)]
        arrows = [f"    {src} --> {s.target}: {s.label}" for s in self.steps.values() for src in sorted(s.source)]
        return "\n".join(["stateDiagram-v2", *names, f"    [*] --> {self.start}", *arrows, ""])
