def balance(accounts):
    total = 0
    for account in accounts:
        total, account.held = total + account.held, 0
    return total
