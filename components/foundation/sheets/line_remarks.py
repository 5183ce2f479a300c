"""What is said about lines of a file."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Trouble:
    """A remark about a line of the file."""

    line: int
    words: str


@dataclass(slots=True)
class Remarks:
    """What is to be said about lines: `troubles` of those that are left out, `notes` of others."""

    troubles: list[Trouble] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)
