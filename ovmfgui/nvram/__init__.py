"""The variable store: records, fault-tolerant write (FTW) state, decoders, firmware-exact writing."""
