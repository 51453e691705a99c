"""Lets the tests here drive real QEMU with the module that the chip's tests have for it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "pflash"))
