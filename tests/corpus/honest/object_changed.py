def deposit(account, n):
    account.__dict__["held"] = account.held + n
