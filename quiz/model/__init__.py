"""The domain: frozen values and pure rules. Imports the standard library alone."""
