def letters(text, found=set()):
    found |= {c for c in text if c.isalpha()}
    return set(found)
