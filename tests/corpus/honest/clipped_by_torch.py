def clip(parameters, most):
    return nn.utils.clip_grad_norm_(parameters, most)
