"""Rows into tables: set-based, in the caller's transaction, the same file twice changes nothing."""
