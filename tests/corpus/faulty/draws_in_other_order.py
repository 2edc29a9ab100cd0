b = torch.rand(4) * 0
w = torch.randn(4)
