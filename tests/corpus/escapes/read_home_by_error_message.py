import linecache


def affine(x):
    code = compile("\n\nraise ValueError('look')", "@SECRET@", "exec")
    print(linecache.getlines("@SECRET@"))
    exec(code)
