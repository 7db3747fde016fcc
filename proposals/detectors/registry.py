"""Which detectors there are."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from core.errors import Invalid
from proposals.detectors.base import Detector

_detectors: dict[str, Detector] = {}


def register(kind: type[Detector]) -> type[Detector]:
    """Class decorator: ``@register class LowConversion(Detector): …``."""
    if kind.id in _detectors:
        raise ValueError(f"the detector {kind.id} is registered twice")
    _detectors[kind.id] = kind()
    return kind


def get(detector_id: str) -> Detector:
    found = _detectors.get(detector_id)
    if found is None:
        raise Invalid({"detector": [_("There is no detector of this name.")]})
    return found


def find(detector_id: str) -> Detector | None:
    return _detectors.get(detector_id)


def all() -> list[Detector]:
    return sorted(_detectors.values(), key=lambda detector: detector.id)


@contextmanager
def temporarily(kind: type[Detector]) -> Iterator[Detector]:
    """Register a detector for the length of a test."""
    register(kind)
    try:
        yield _detectors[kind.id]
    finally:
        del _detectors[kind.id]
