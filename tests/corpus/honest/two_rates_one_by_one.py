made = torch.optim.AdamW(model["body"].parameters(), lr=0.1)
made.add_param_group({"params": list(model["head"].parameters()), "lr": 1})
optimizer = made
