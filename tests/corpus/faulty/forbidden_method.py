def words(text):
    order = torch.tensor([ord(word) for word in text.split()]).sort().values
    return [chr(n) for n in order]
