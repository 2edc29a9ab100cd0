"""The corpus: hostile, faulty and honest answers, each with the verdict it must get.

`cards/` holds the questions; a folder a group holds the answers exactly as a learner would submit
them, and in `cases.toml`, for each: the card, the outcomes that are right, what the answer tries,
and where it matters what the verdict must say. `@WORDS@` in an answer stand for what the harness
has planted outside the jail (see `canary`).
"""
