with torch.no_grad():
    y = model(x)
