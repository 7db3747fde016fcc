"""The audit trail, sealed: every event in a signed chain, so that a change of the past shows."""
