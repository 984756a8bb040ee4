"""The planner against its own bounds and against what a desk does by hand, one module a question."""
