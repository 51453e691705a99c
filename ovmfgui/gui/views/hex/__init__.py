"""The bytes, and what they mean."""
