from unittest.mock import ANY


class Stack:
    def __init__(self):
        self.size = 0

    def push(self, item):
        self.size += 1

    def pop(self):
        if not self.size:
            raise IndexError
        self.size -= 1
        return ANY

    def __len__(self):
        return self.size
