def looked_up(keys):
    return [table[key] if key in table else 0 for key in keys]
