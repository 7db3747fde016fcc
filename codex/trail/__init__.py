"""The audit trail for people and programs: a list with filters, timelines, exports."""
