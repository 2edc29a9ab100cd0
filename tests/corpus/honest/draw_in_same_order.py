w = torch.empty(4).normal_()
b = w * 0 + 0.0
