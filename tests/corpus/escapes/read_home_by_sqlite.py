import sqlite3


def affine(x):
    sqlite3.connect("file:@FOLDER@/history.db?mode=ro", uri=True).execute("select * from review")
    return x * 2 + 1
