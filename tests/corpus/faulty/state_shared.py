class Counter:
    sum = 0

    def __call__(self, n):
        Counter.sum += n
        return Counter.sum
