def pooled():
    return nn.Sequential(nn.MaxPool2d((2, 2), stride=2), nn.AdaptiveAvgPool2d((1, 1)))
