"""Anki packages, `.apkg` and `.colpkg`, of every version: in with their history, and out."""
