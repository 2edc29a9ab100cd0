def flipped(x):
    for i in range(len(x)):
        x[i] = -x[i]
    return x
