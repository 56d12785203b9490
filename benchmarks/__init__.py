"""Benchmarks: ours beside a named peer and the limit of the machine, printed as ratios. See docs/benchmarks.md."""
