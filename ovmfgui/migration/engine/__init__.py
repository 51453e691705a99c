"""What plays the two hosts: the emulated chips, or real QEMU processes."""
