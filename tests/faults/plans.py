"""What is done to an operation at one of its system calls, what others do then, and what was found to be wrong."""
from collections import Counter
from dataclasses import dataclass, field

import tracing
from tracing import CHANGES, HOLD, KILL_BEFORE

# What others do afterwards, in rotation: "b.save" means that process b saves a new version; "b.save+c.save" means both at once.
SEQUENCES = {
    "alone": [[]],
    "one": [
        ["b.save", "b.load", "b.save"],
        ["b.recover", "b.load", "b.save"],
        ["b.load", "b.delete", "b.save"],
        ["b.trash", "b.save", "b.load"],
    ],
    "two": [
        ["b.save", "c.load", "c.save", "b.load", "c.recover"],
        ["b.save", "c.delete", "b.save", "c.load"],
        ["c.recover", "b.load", "b.save", "c.trash", "c.save"],
        ["b.save+c.save", "b.load", "c.load"],
        ["b.recover+c.save", "b.save+c.recover", "c.load"],
    ],
}
# What the others do while the operation is held at its call; then it is killed or continues.
HELD = [["b.save"], ["b.save", "c.save"], ["b.recover", "b.save"], ["b.delete", "b.save"], ["b.load", "b.trash"]]
GC = "gc"  # a step that belongs to no process: the program
MODES = ("alone", "one", "two", "held", "resumed")


@dataclass
class Plan:
    """What is done to the operation at its call, and what the others do."""
    action: int = KILL_BEFORE
    error: int = 0  # with actions FAIL and FULL
    during: list = field(default_factory=list)  # with action HOLD, while it is held
    meanwhile: object = None  # something else that happens then
    resumes: bool = False  # then it continues; otherwise it is killed
    after: list = field(default_factory=list)
    saves_first: bool = False  # saved again before `lamin gc`, not after it
    classes: int = CHANGES
    env: dict = field(default_factory=dict)  # for `lamin gc`
    room: int = -1  # free pages on the disk of the storage; -1 = unlimited

    @property
    def fails(self) -> bool:
        """Whether the operation may end in an error."""
        return self.action in (tracing.FAIL, tracing.SHORT, tracing.FULL) or self.meanwhile is not None or self.room >= 0

    @property
    def others(self) -> str:
        """Their names."""
        return "".join(sorted({part[0] for step in [*self.during, *self.after] for part in step.split("+") if part != GC}))


def plan_of(mode: str, at: int, action: int) -> Plan:
    """In rotation, so that neighbouring calls meet different sequences."""
    if mode in ("held", "resumed"):
        return Plan(HOLD, during=HELD[at % len(HELD)], resumes=mode == "resumed", saves_first=at % 2 == 1)
    return Plan(action, after=SEQUENCES[mode][at % len(SEQUENCES[mode])], saves_first=at % 2 == 1)


@dataclass
class Report:
    """What was wrong at one point, or over many."""
    counts: Counter = field(default_factory=Counter)
    failures: list = field(default_factory=list)

    def add(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        self.failures.append(f"{kind}: {text}".replace("\n", " "))
