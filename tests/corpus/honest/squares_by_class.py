class squares:
    def __init__(self, n):
        self.left = iter(range(n))

    def __aiter__(self):
        return self

    async def __anext__(self):
        for i in self.left:
            return i**2
        raise StopAsyncIteration
