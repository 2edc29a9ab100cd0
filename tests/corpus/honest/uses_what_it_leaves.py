(w * w).sum().backward()
model(x.unsqueeze(1))
model.eval()
top = torch.topk(x, 2).values.tolist()
