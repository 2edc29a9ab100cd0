"""What may stand for what in a mutation: operators, names of torch, texts that torch knows."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OPERATORS: Mapping[type[ast.operator], Sequence[type[ast.operator]]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitAnd,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}
COMMUTATIVE = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)
"""Operators whose operands may be exchanged (of lists `+` may not, but that is rare)."""
COMPARISONS: Mapping[type[ast.cmpop], Sequence[type[ast.cmpop]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
UNARY: Mapping[type[ast.unaryop], str] = {
    ast.Not: "not",
    ast.Invert: "~",
    ast.USub: "minus",
    ast.UAdd: "plus",
}

_PAIRS = """
    mean sum, max min, amax amin, argmax argmin, maximum minimum, any all, cummax cummin,
    zeros ones, zeros_like ones_like, rand randn, rand_like randn_like, add sub, mul div,
    add_ sub_, mul_ div_, eq ne, logical_and logical_or, cat stack, squeeze unsqueeze, exp log,
    sin cos, softmax log_softmax, sigmoid tanh, relu gelu, var std, floor ceil, triu tril,
    cumsum cumprod, no_grad enable_grad, train eval, float double, long int, half bfloat16,
    zeros_ ones_, normal_ uniform_, kaiming_normal_ xavier_normal_,
    kaiming_uniform_ xavier_uniform_, parameters buffers, named_parameters named_buffers,
    modules children, named_modules named_children, sqrt square, ReLU GELU, Sigmoid Tanh,
    MaxPool2d AvgPool2d, max_pool2d avg_pool2d, BatchNorm2d InstanceNorm2d, AdamW Adam,
    l1_loss mse_loss, L1Loss MSELoss, cross_entropy nll_loss, CrossEntropyLoss NLLLoss,
    binary_cross_entropy binary_cross_entropy_with_logits, isnan isinf, startswith endswith,
    log1p log, expm1 exp, append insert, split chunk, argsort sort, zip enumerate,
    repeat repeat_interleave, ModuleList Sequential, prod sum, keys values
"""
_ONE_WAY = """
    lt le, le lt, gt ge, ge gt, lt_ le_, gt_ ge_, rsqrt sqrt, logsumexp sum,
    BatchNorm1d LayerNorm, LayerNorm RMSNorm
"""


def _table(pairs: str, one_way: str) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs.split(","):
        one, other = pair.split()
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    for pair in one_way.split(","):
        one, other = pair.split()
        found.setdefault(one, []).append(other)
    # `log` is the inverse of two; the first of a name's partners is the likeliest slip.
    return {name: tuple(dict.fromkeys(others))[:2] for name, others in found.items()}


OTHER_NAMES = _table(_PAIRS, _ONE_WAY)
"""Functions and methods that are taken for one another."""
OTHER_ATTRIBUTES: Mapping[str, Sequence[str]] = {
    "weight": ("bias",),
    "bias": ("weight",),
    "running_mean": ("running_var",),
    "running_var": ("running_mean",),
    "float32": ("float64",),
    "float64": ("float32",),
    "long": ("int32",),
    "int64": ("int32",),
    "float16": ("bfloat16",),
    "bfloat16": ("float16",),
    "bool": ("uint8",),
    "real": ("imag",),
    "imag": ("real",),
}
VIEWS = ("T", "mT", "H", "mH", "data", "real")
"""Attributes that can be forgotten."""
OTHER_KEYWORDS: Mapping[str, Sequence[str]] = {"min": ("max",), "max": ("min",)}
OTHER_TEXT: Mapping[str, str] = {
    "mean": "sum",
    "sum": "mean",
    "none": "mean",
    "batchmean": "mean",
    "fan_in": "fan_out",
    "fan_out": "fan_in",
    "relu": "linear",
    "linear": "relu",
    "weight": "bias",
    "bias": "weight",
    "floor": "trunc",
    "trunc": "floor",
    "nearest": "bilinear",
    "bilinear": "nearest",
}
"""Texts that an argument could hold instead."""
COMMUTATIVE_CALLS = _words(
    "eq ne add mul equal maximum minimum logical_and logical_or logical_xor mse_loss l1_loss "
    "hypot dot max min isclose allclose transpose transpose_ swapaxes swapdims"
)
"""Functions whose first two arguments may be exchanged."""
KEPT_CALLS = _words("super range enumerate zip len iter open print list_iterator __init__ getattr")
"""Calls whose removal leaves nothing that runs."""
DEFAULTS: Mapping[str, object] = {
    "affine": True, "batch_first": False, "bias": True, "correction": 1, "create_graph": False,
    "descending": False, "drop_last": False, "elementwise_affine": True, "keepdim": False,
    "largest": True, "memory_format": None, "p": 0.5, "recurse": True, "reduction": "mean",
    "set_to_none": True, "shuffle": False, "unbiased": True,
}  # fmt: skip
"""Arguments that, with this value, may as well be left out."""
OWN_DEFAULTS: Mapping[tuple[str, str], object] = {
    ("argsort", "dim"): -1, ("cat", "dim"): 0, ("cosine_similarity", "dim"): 1,
    ("normalize", "dim"): 1, ("sort", "dim"): -1, ("stack", "dim"): 0, ("topk", "dim"): -1,
    # The default, a leaky ReLU, has by default no leak.
    ("kaiming_normal_", "nonlinearity"): "relu", ("kaiming_uniform_", "nonlinearity"): "relu",
}  # fmt: skip
"""The same for arguments whose default depends on the function."""
TRUE_BY_DEFAULT = _words("requires_grad_ train")
"""Methods whose one argument is True where it is left out."""
HAVE_IN_PLACE = _words(
    "abs add sub mul div pow exp log sqrt neg relu sigmoid tanh clamp clip floor ceil round sign "
    "masked_fill fill squeeze unsqueeze transpose t detach zero cumsum lerp addcmul addcdiv "
    "index_fill index_add index_copy scatter scatter_add logical_not bitwise_not triu tril "
    "sin cos requires_grad erf reciprocal rsqrt square copy"
)
EVEN = _words("abs abs_ square square_ norm vector_norm")
"""Functions to which the sign of a difference is nothing."""
ORDERED_DIMENSIONS = _words("permute movedim moveaxis flatten unflatten")
"""Functions to which the order of dimensions is something."""
ALIKE = _words("shape numel size dtype device ndim dim")
"""What is the same of every item of a tensor."""
REGISTERS = _words("register_buffer register_parameter register_module add_module")
"""Methods that add something by its name, in any order."""
EFFECTS = _words(
    "backward step zero_grad train eval clip_grad_norm_ clip_grad_value_ unscale_ update scale "
    "requires_grad_ load_state_dict manual_seed apply"
)
"""Methods whose order among themselves matters, whatever they are called on."""
CHANCE = _words(
    "rand randn randint randperm rand_like randn_like randint_like bernoulli multinomial normal "
    "dropout normal_ uniform_ bernoulli_ exponential_ kaiming_normal_ kaiming_uniform_ "
    "xavier_normal_ xavier_uniform_ trunc_normal_ orthogonal_ shuffle choice sample random "
    "next"
)
"""Functions that draw from a generator, so that their order matters."""


def last_name(node: ast.expr) -> str:
    """`c` of `a.b.c`; empty where it is no name."""
    match node:
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
        case _:
            return ""
