"""Spaced repetition for people who learn by writing code."""

__version__ = "0.1.0"
