"""Lesson 13: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.layers import forward, loss_and_gradients, train

ALLOWED = {
    "forward": forward,
    "loss_and_gradients": loss_and_gradients,
    "train": train,
}
# So many inputs are drawn, where an answer takes long.
FEWER = {"forward": 200, "loss_and_gradients": 150, "train": 30}
