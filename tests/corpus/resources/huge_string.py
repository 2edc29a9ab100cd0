def letters(text):
    return {"a" * 50_000_000}
