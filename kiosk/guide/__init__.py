"""The guide on paper: an A4 sheet that a seventy-year-old can read.

What may be done in this room: lay a :class:`kiosk.domain.guide.GuideRecord` out as a PDF.  It
decides nothing about what a guide says, and prints nothing.
"""
