def affine(x):
    return x * float(input("how many? "))
