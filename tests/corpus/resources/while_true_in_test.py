class Bag:
    def __len__(self):
        while True:
            pass
