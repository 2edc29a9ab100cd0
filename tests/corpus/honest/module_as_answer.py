class Affine(nn.Module):
    def forward(self, x):
        return x * 2 + 1


affine = Affine()
