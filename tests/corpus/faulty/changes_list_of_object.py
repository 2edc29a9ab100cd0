def balance(accounts):
    accounts[0].log.append("read")
    return sum(account.held for account in accounts)
