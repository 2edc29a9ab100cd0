loss = F.mse_loss(model(x), y)
loss.backward()
optimizer.step()
