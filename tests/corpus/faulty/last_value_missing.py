count = (x > 0).sum()
