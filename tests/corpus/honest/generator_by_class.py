class windows:
    def __init__(self, x):
        self.x, self.at = x, 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.at + 3 > len(self.x):
            raise StopIteration
        self.at += 1
        return self.x[self.at - 1 : self.at + 2]
