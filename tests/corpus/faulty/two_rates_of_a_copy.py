import copy

other = copy.deepcopy(model)
optimizer = torch.optim.AdamW(
    [
        {"params": other["body"].parameters()},
        {"params": other["head"].parameters(), "lr": 1.0},
    ],
    lr=0.1,
)
