def affine(x):
    for number in range(3000):
        print("a line of output, quite a long one, and quite useless:", number)
    return x * 2 + 1
