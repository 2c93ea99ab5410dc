"""What runs on the learner's side of the channel.

These modules import each other and nothing else of this repository: the process that runs a
learner's code must hold no test, no answer and no other submission, not even in its memory.
`channel` and `codec` are read by the judge too, which sits at the other end.
"""
