def deposit(account, n):
    account.held -= n
