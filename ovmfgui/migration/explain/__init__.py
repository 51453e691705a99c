"""What QEMU, libvirt and firmware print about flash, explained: meaning, cause, proof and cure."""
