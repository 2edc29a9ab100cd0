"""Other formats in and out: review logs, and the decks of other programs."""
