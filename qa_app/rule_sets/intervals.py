"""How sure one can be of a share that was seen in few cases."""

import math
from dataclasses import dataclass

FEWEST = 20  # below it an interval is so wide that the share says nothing
_Z = 1.959964  # two-sided 95 % of the normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """So many of n, with the Wilson interval (Wilson 1927) of the share behind it."""

    count: int
    n: int

    @property
    def value(self) -> float | None:
        """The share that was seen."""
        return self.count / self.n if self.n else None

    @property
    def is_telling(self) -> bool:
        """Whether there are enough cases to speak of a share."""
        return self.n >= FEWEST

    @property
    def interval(self) -> tuple[float, float]:
        """From where to where the true share lies in 95 of 100 such samples.

        >>> [round(bound, 2) for bound in Share(18, 20).interval]
        [0.7, 0.97]
        """
        if not self.n:
            return 0.0, 1.0
        p, n, z2 = self.count / self.n, self.n, _Z * _Z
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        reach = _Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(0.0, middle - reach), min(1.0, middle + reach)
