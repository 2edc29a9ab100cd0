def double(module, given, output):
    return output + output


handle = model[0].register_forward_hook(double)
