class Names(dict):
    def __missing__(self, key):
        return torch.ones(2, 2, dtype=torch.bool)


globals().update(Names(a=b, mask_=None))
