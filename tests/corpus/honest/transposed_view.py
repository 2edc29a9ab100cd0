def transposed(x):
    return x.T
