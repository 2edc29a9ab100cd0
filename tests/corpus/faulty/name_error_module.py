def affine(x):
    return np.add(x * 2, 1)
