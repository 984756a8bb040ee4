"""Plans with their proof: values in, values out; no database, no disk, no clock but a time limit."""

from .reading import BadInput

__all__ = ["BadInput"]
