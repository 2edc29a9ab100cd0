def chosen(name):
    return add if name == "add" else multiply
