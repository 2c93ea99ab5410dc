"""Lesson 12: random inputs that its prompts allow; the proof tries changed answers on them."""

from autograder.mutation.signals import (
    empirical_receptive_field,
    receptive_field,
    receptive_region,
    wide_stack,
)

ALLOWED = {
    "receptive_field": receptive_field,
    "receptive_region": receptive_region,
    "empirical_receptive_field": empirical_receptive_field,
    "effective_width": receptive_field,
    "wide_stack": wide_stack,
}
