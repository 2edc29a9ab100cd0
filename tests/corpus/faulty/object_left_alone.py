def deposit(account, n):
    pass
