def gram(x):
    return x @ x
