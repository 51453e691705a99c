"""Dependency expressions: what has to be there before a module is started."""

from __future__ import annotations

from uuid import UUID

from ovmfgui.budgets import MOST_OPCODES
from ovmfgui.dataclass import dataclass
from ovmfgui.guid import guid_name

# PI specification, volume 2, section 10.7 (DXE) and volume 1, section 5.7 (PEI).
_WITH_GUID = {0x00: "BEFORE", 0x01: "AFTER", 0x02: "PUSH"}
_PLAIN = {
    0x03: "AND",
    0x04: "OR",
    0x05: "NOT",
    0x06: "TRUE",
    0x07: "FALSE",
    0x08: "END",
    0x09: "SOR",
}
_END = 0x08
_GUID_SIZE = 16
_NONE = "no readable expression"


@dataclass(frozen=True, slots=True)
class Opcode:
    """One step of an expression; ``start`` and ``size`` in bytes from the expression's start."""

    name: str
    guid: UUID | None
    start: int
    size: int

    @property
    def text(self) -> str:
        """As a person reads it, the GUID by its name where it has one."""
        if self.guid is None:
            return self.name
        return f"{self.name} {guid_name(self.guid) or self.guid}"


def read_dependency(body: bytes) -> tuple[Opcode, ...] | None:
    """The steps of an expression, as many as are read at most; None where it is none."""
    steps: list[Opcode] = []
    at = 0
    while at < len(body) and len(steps) < MOST_OPCODES:
        code = body[at]
        if code in _WITH_GUID:
            raw = body[at + 1 : at + 1 + _GUID_SIZE]
            if len(raw) < _GUID_SIZE:
                return None
            steps.append(Opcode(_WITH_GUID[code], UUID(bytes_le=raw), at, 1 + _GUID_SIZE))
        elif code in _PLAIN:
            steps.append(Opcode(_PLAIN[code], None, at, 1))
            if code == _END:
                return tuple(steps)
        else:
            return None
        at += steps[-1].size
    return tuple(steps) if len(steps) == MOST_OPCODES else None


def dependency_text(body: bytes) -> str:
    """The expression as one line, operators between what they join, or why there is none."""
    steps = read_dependency(body)
    if steps is None:
        return _NONE
    if steps[-1].name != "END":
        return f"an expression of more than the {MOST_OPCODES} opcodes that are read"
    stack: list[str] = []
    for step in steps:
        if step.name != "END" and not _push(stack, step):
            return _NONE
    if len(stack) != 1:
        return _NONE
    text = stack[0]
    return text[1:-1] if text.startswith("(") else text


def _push(stack: list[str], step: Opcode) -> bool:
    """Apply a step to the stack of what stands so far; False where it finds too little there."""
    operands = {"AND": 2, "OR": 2, "NOT": 1}.get(step.name, 0)
    if len(stack) < operands:
        return False
    if operands == 2:
        right, left = stack.pop(), stack.pop()
        stack.append(f"({left} {step.name.lower()} {right})")
    elif operands == 1:
        stack.append(f"not {stack.pop()}")
    elif step.name == "PUSH":
        stack.append(step.text.removeprefix("PUSH "))
    elif step.name != "SOR":
        stack.append(step.text.lower() if step.guid is None else step.text)
    return True
