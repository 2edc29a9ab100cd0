import builtins
import sys

builtins._ = torch.tensor(5)
sys.displayhook = lambda value: None
x = torch.ones(10)
None
