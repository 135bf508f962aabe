"""A finger: taps and strokes at the pace of a person and of a touch panel."""

import time
from collections.abc import Sequence
from itertools import pairwise

from screens.xtest import DisplayError, Point, XTest

__all__ = ["DisplayError", "Hand", "Point"]

REPORT_S = 0.015
"""Seconds between two reports of a touch panel; a finger is never faster than its panel."""

HELD_S = 0.06
"""Seconds a finger stays when it taps."""

REPORTS_A_LINE = 6


class Hand(XTest):
    """Taps and strokes on a display, in its pixels from the top left corner."""

    def tap(self, x: int, y: int) -> None:
        """Touch a point and let go."""
        self.move((x, y))
        self.press(down=True)
        time.sleep(HELD_S)
        self.press(down=False)

    def stroke(self, points: Sequence[Point]) -> None:
        """Touch the first point, draw straight lines through the others, let go at the last."""
        self.move(points[0])
        self.press(down=True)
        for begin, end in pairwise(points):
            for report in range(1, REPORTS_A_LINE + 1):
                part = report / REPORTS_A_LINE
                x, y = (round(a + (b - a) * part) for a, b in zip(begin, end, strict=True))
                time.sleep(REPORT_S)
                self.move((x, y))
        self.press(down=False)
