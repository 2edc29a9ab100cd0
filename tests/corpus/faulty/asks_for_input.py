def affine(x):
    n = int(input())
    return x * n + 1
