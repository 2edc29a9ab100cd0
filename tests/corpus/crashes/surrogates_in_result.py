def letters(text):
    return {"\ud800", "\x00"}
