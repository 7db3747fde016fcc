"""Texts from an OpenAI-compatible endpoint: checked against the facts, or not used at all."""
