def Counter():
    total = 0

    def count(n):
        nonlocal total
        total += n
        return total

    return count
