def letters(text):
    return {frozenset({(c, (c,))}) for c in text}
