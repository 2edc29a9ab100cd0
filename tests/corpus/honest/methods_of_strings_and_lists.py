def words(text):
    found = " ".join(text.split(" ")).split()
    found.sort()
    return found
