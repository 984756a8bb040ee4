"""Whether a plan holds: every rule and the value re-computed from the input alone, and all that is wrong with it.

Nothing here knows how a plan was found. A damaged answer gives findings; a damaged input raises BadInput.
"""

from .checks import check
from .finding import Finding

__all__ = ["Finding", "check"]
