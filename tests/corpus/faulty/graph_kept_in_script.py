model.eval()
y = model(x)
