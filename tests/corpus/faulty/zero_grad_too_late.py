loss = F.mse_loss(model(x), y)
loss.backward()
optimizer.zero_grad()
optimizer.step()
