"""Recorded migrations: QEMU's streams, its mapped-ram files, and what ``virsh save`` writes."""
