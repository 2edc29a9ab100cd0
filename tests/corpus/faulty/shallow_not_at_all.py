def shallow(xs):
    return xs
