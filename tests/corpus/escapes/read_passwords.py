def affine(x):
    open("/etc/passwd").read()
    return x * 2 + 1
