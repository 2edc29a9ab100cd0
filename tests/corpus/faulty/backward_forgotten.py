optimizer.zero_grad()
loss = F.mse_loss(model(x), y)
optimizer.step()
