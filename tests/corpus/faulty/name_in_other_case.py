class scale(nn.Module):
    pass
