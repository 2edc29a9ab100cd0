class Words(nn.Module):
    def __init__(self, n, size):
        super().__init__()
        self.given = nn.Embedding(n, size)
        self.taken = nn.Linear(size, n, bias=False)
        self.taken.weight.data.copy_(self.given.weight)

    def forward(self, ids):
        return self.taken(self.given(ids))
