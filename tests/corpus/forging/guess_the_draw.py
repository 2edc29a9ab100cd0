torch.manual_seed(0)
w = torch.randn(4)
b = torch.zeros(4)
