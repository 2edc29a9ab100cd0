class ReLU(nn.Module):
    def forward(self, x):
        return x


def block():
    return nn.Sequential(nn.Linear(2, 2), ReLU())
