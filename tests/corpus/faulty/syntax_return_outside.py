return x * 2 + 1
