"""QEMU's cfi01 flash chip, emulated."""
