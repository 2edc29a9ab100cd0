def letters(text):
    return set(“abc”)
