class Liar(nn.Linear):
    def state_dict(self, *args, **kwargs):
        return {}

    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


model = Liar(3, 1)
loss = torch.tensor(0.0)
