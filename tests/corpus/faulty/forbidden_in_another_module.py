def attended(x):
    return F.softmax(x, -1)
