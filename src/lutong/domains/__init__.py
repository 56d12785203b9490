"""The middle floor: one small package per domain, all furnished alike."""
