"""Bytes to NewsItems: one module per wire format, chosen by content."""
