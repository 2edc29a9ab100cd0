class Counter:
    def __getattribute__(self, name):
        return lambda *args: True

    def __call__(self, n):
        return True
