"""When a question returns: study days, memory, intervals, the queue. Pure but for the fitting."""
