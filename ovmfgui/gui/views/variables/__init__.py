"""The variable store: records, values, boot order, Secure Boot."""
