class Running(nn.Module):
    def __init__(self, momentum):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, x):
        self.mean = self.momentum * self.mean + (1 - self.momentum) * x.mean()
        return self.mean.clone()
