"""The variable store: records, FTW, decoders, and writing exactly as firmware does."""
