"""What an estimate may also have been."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float

    def below(self, value: float) -> bool:
        return self.high < value

    def above(self, value: float) -> bool:
        return self.low > value

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high
