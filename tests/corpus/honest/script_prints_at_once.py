print(*("Fizz" if n == 3 else n for n in range(1, 6)), sep="\n")
