"""Proposals, what people said to them, how they were found and what became of them."""

from proposals.models.learning import Calibration, Outcome, PooledCalibration
from proposals.models.muting import Mute
from proposals.models.proposal import Proposal
from proposals.models.running import DetectorSettings, ProposerRun

__all__ = [
    "Calibration",
    "DetectorSettings",
    "Mute",
    "Outcome",
    "PooledCalibration",
    "Proposal",
    "ProposerRun",
]
