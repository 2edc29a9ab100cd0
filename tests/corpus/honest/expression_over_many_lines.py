def squares(
    n,
):
    return torch.pow(
        torch.arange(
            n,
        ),
        2,
    )
