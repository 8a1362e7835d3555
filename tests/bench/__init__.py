"""Figures beside their limits, each a ratio to a bare peer measured in the same run."""
