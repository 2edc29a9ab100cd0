"""Mutation loops that run for as long as one likes; the tests run a few rounds of each."""
