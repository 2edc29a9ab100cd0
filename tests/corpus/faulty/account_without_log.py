account.held = 7
