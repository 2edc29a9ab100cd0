def pooled():
    return nn.Sequential(nn.MaxPool2d((2, 1)), nn.AdaptiveAvgPool2d(1))
