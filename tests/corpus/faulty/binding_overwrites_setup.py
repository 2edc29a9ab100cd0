a -= b
mask = a == 0
