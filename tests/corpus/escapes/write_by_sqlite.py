import sqlite3


def affine(x):
    database = sqlite3.connect("@FOLDER@/history.db")
    database.execute("create table if not exists planted (x)")
    database.commit()
    return x * 2 + 1
