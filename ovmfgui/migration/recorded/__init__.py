"""Recordings of the real thing, streams and traces, as timelines."""
