"""Grading: an answer is run in a jail and judged by what it computes.

The application talks to this package through `Grader` alone and never imports torch: torch
lives in the child programs (`zygote`, and the jails and the judge forked from it).
"""
