"""The parts the pages are made of. State comes down as attributes, news goes up as messages."""
