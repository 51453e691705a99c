"""Files of firmware are mostly one byte repeated; on this disk they need not take that room."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = 4096


def write_sparse(path: Path, data: bytes) -> None:
    """Pages of zeros become holes: an Arm image is 64 MiB, and nearly all of it is zeros."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for start in range(0, len(data), _PAGE):
            page = data[start : start + _PAGE]
            if page.count(0) == len(page):
                file.seek(len(page), os.SEEK_CUR)
            else:
                file.write(page)
        file.truncate(len(data))
