"""Mutants of a solution: programs that differ from it in one place and should not pass.

A question is worth as much as the wrong answers that it turns down. Pure; standard library only.
"""

from quiz.grade.mutants.programs import Mutant, mutants, spread

__all__ = ["Mutant", "mutants", "spread"]
