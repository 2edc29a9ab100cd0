for n in (10, -3):
    account.move(n)
