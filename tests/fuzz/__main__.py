"""``make fuzz SECONDS=…``: let atheris try each target for its share of the time.

Each target runs in a process of its own; its corpus grows in ``var/fuzz/NAME``. A crash ends that
target; its input is kept there as ``crash-…`` and named, and the command fails.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "var" / "fuzz"


def main() -> int:
    """Run the chosen targets, all by default."""
    names = sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.py"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *names])
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together")
    parser.add_argument("--in-process", help=argparse.SUPPRESS)
    options = parser.parse_args()
    share = max(1, options.seconds // max(1, len(options.targets or names)))
    if options.in_process:
        return _fuzz(options.in_process, options.seconds)
    failed = [name for name in options.targets or names if not _run(name, share)]
    print("fuzz: " + (f"FAILED: {', '.join(failed)}" if failed else "nothing was found"))
    return 1 if failed else 0


def _run(name: str, seconds: int) -> bool:
    print(f"fuzz: {name} for {seconds} s", flush=True)
    command = [sys.executable, "-m", "tests.fuzz", "--in-process", name, "--seconds", str(seconds)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    last = [line for line in done.stderr.splitlines() if "cov:" in line or "Done" in line][-1:]
    print("\n".join(last if done.returncode == 0 else done.stderr.splitlines()[-40:]))
    return done.returncode == 0


def _fuzz(name: str, seconds: int) -> int:
    import atheris

    with atheris.instrument_imports():
        target = importlib.import_module(f"tests.fuzz.fuzz_{name}")
    place = CORPUS / name
    place.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.SEEDS):
        (place / f"seed-{number}").write_bytes(seed)
    limits = [f"-max_total_time={seconds}", "-timeout=5", "-rss_limit_mb=1024", "-max_len=8192"]
    atheris.Setup([name, str(place), f"-artifact_prefix={place}/", *limits], target.one_input)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
