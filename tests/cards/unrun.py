"""Answers in words that no program of a few milliseconds can check, each with the reason."""

from __future__ import annotations

UNRUN = {
    "pytorch/data/augmentation#label-preserving": "what pictures mean to people",
    "pytorch/data/num-workers#idle-gpu": "advice about speed; needs a GPU and a slow loader",
    "pytorch/layers/batch-norm-why#history": "what two papers found",
    "pytorch/layers/batch-norm-why#the-explanation": "what a paper found",
    "pytorch/layers/batch-norm-why#noise-experiment": "what a paper found",
    "pytorch/optimisation/gradient-accumulation#effective-batch": "arithmetic",
    "pytorch/optimisation/l1-l2#two-names": "names",
    "pytorch/optimisation/schedules#why": "advice; takes long trainings",
    "pytorch/performance/compile-and-profile#asynchronous": "needs a GPU",
    "pytorch/performance/many-devices#which-for-what": "needs several devices",
    "pytorch/performance/many-devices#all-ranks": "needs several processes",
    "pytorch/performance/many-devices#no-sync": "needs several processes",
    "pytorch/performance/many-devices#sharded-memory": "needs several devices",
    "pytorch/training/checkpoints#best-not-last": "advice; takes long trainings",
    "pytorch/training/reproducibility#fair-comparison": "advice about statistics",
}
