"""`python -m benchmarks [name …] [--quick|--full]`: run the benchmarks and print their tables."""

import argparse
import importlib
import os
import subprocess
import sys

from benchmarks.measure import table
from benchmarks.world import environment, open_world

NAMES = ("case_list", "case_page", "filing", "audit", "upload", "card", "gate", "roll")
OF_ITS_OWN = ("upload", "card", "gate", "roll")  # bring a world of their own, or need none


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="which ones; all without a name")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="small tables, few rounds: shows that they run")
    size.add_argument("--full", action="store_true", help="the sizes of the aims, more rounds")
    wanted = parser.parse_args()
    names = wanted.names or list(NAMES)
    environment()
    inside = [name for name in names if name not in OF_ITS_OWN]
    if inside:
        _measure(inside, full=not wanted.quick, rounds=3 if wanted.quick else 9 if wanted.full else 5)
    for name in names:
        if name in OF_ITS_OWN:
            size = {"LUTONG_BENCH": "quick" if wanted.quick else "full"}
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True, env={**os.environ, **size})


def _measure(names: list[str], *, full: bool, rounds: int) -> None:
    with open_world(full=full, rounds=rounds) as world:
        import django

        django.setup()
        for name in names:
            benchmark = importlib.import_module(f"benchmarks.{name}")
            print(table(benchmark.TITLE, benchmark.run(world)), flush=True)


if __name__ == "__main__":
    main()
