"""A plan as a picture: maps with lines and charts over time, from a question and its answer, as SVG or a page.

Loaded only when a picture is asked for: matplotlib takes a second.
"""

from .drawing import ENDINGS, draw

__all__ = ["ENDINGS", "draw"]
