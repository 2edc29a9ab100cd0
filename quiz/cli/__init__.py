"""The commands. The only room that prints and sets exit codes; every rule is `study`'s."""

from quiz.cli.main import main

__all__ = ["main"]
