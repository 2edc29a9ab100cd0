def third():
    return 3**-1
