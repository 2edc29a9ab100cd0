def affine(x):
    result = x * 2 + 1
    result.view(-1)[-1] += 1
    return result
