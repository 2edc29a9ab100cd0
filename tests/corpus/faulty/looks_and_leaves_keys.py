def looked_up(keys):
    return [table[key] for key in keys]
