"""Markdown files become concepts and questions, and keep their identity through edits."""
