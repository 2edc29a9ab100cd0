class Liar(nn.Linear):
    def state_dict(self, *args, **kwargs):
        return {"weight": torch.zeros(2, 3), "bias": torch.zeros(2)}


def layer(i, o):
    return Liar(i, o)
