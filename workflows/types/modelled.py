"""What reviewers should know of texts that a language model wrote."""

from django.utils.translation import gettext as _

from workflows.text.base import TextWriter
from workflows.text.llm.writer import LlmWriter
from workflows.types.base import Metric, PlanSink


def model_metrics(writer: TextWriter) -> list[Metric]:
    """How many texts a model wrote; nothing where the rules wrote them all."""
    if not isinstance(writer, LlmWriter) or not writer.tally.written:
        return []
    number = writer.tally.written
    hint = _("each checked against the product's data; the rest by rule")
    return [Metric("by_model", _("By the language model"), number, f"{number:,}", hint)]


def warn_of_model(writer: TextWriter, out: PlanSink) -> None:
    """Why the rules wrote what the model should have."""
    if not isinstance(writer, LlmWriter):
        return
    tally = writer.tally
    if tally.trouble == "failed":
        text = _("The language model did not answer well {n} times, so the rules wrote instead.")
        out.warn("model_failed", text.format(n=tally.failures))
    if tally.trouble == "spent":
        out.warn("model_spent", _("This month's tokens are spent, so the rules wrote the rest."))
    if tally.refused:
        text = _("{n} texts of the language model were not used: they said what nobody knows.")
        out.warn("model_refused", text.format(n=tally.refused))
