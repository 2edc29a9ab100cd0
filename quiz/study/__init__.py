"""The use cases: what the terminal and the command line both do, each written once.

`Library` is an open collection with its history; `Session` asks its questions one after another.
"""
