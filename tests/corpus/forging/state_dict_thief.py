class Scale(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(size))

    def load_state_dict(self, state, *args, **kwargs):
        self.stolen = state
        return super().load_state_dict(state, *args, **kwargs)

    def forward(self, x):
        return self.weight.expand(x.shape)
