"""An EFI binary and what becomes of it, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.trust.binary import Judgement


def binary_json(path: str, judged: Sequence[Judgement]) -> dict[str, Any]:
    """The binary; ``starts`` is true where it starts with every store, false where with none."""
    binary = judged[0].binary
    answers = {each.starts for each in judged}
    return {
        "path": path,
        "signatures": [{"signer": each.signer, "valid": each.valid} for each in binary.signatures],
        "hash": binary.digest.hex(),
        "sbat": binary.sbat,
        "starts": answers.pop() if len(answers) == 1 else None,
        "why": judged[0].why if len({each.why for each in judged}) == 1 else "differs by store",
        "steps": list(judged[0].steps),
    }
