"""Many machines: every CODE against every store, one host's package on another."""
