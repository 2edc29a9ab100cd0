y = (x ** 3).sum()
