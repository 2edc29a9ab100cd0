positive = torch.gt(x, 0)
torch.count_nonzero(positive)
