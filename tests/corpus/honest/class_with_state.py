class Running(nn.Module):
    def __init__(self, momentum):
        super().__init__()
        self.register_buffer("mean", torch.tensor(0.0))
        self.m = momentum

    def forward(self, x):
        if self.training:
            self.mean = torch.lerp(self.mean, x.mean(), self.m)
        return self.mean.clone()
