"""What the cards say and a program can check, deck by deck: one function for each question."""
