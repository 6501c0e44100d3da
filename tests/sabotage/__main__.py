"""`./dev sabotage`: apply each mutant to a copy of the tree and run the test that it names.

A mutant is caught when its test passes on the sound tree and fails on the broken one. One
that is not caught, or whose text is no longer found, makes the command fail.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.sabotage.mutant import Mutant
from tests.sabotage.mutants import MUTANTS
from tests.tidy import ROOT

AT_ONCE = max(1, os.cpu_count() or 1)
LONGEST = 180


def _copy(target: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        source = ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


async def _passes(tree: Path, test: str) -> tuple[bool, str]:
    run = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", test),
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        out, _ = await asyncio.wait_for(run.communicate(), LONGEST)
    except TimeoutError:
        run.kill()
        await run.wait()
        return False, "hung, which counts as noticed"
    if run.returncode not in (0, 1):
        raise SystemExit(f"pytest could not run {test}:\n{out.decode()[-2000:]}")
    return run.returncode == 0, out.decode()[-400:]


async def _try(mutant: Mutant, tree: Path) -> tuple[Mutant, str]:
    file, kept = tree / mutant.file, tree / f"{mutant.file}.kept"
    text = file.read_text()
    if text.count(mutant.before) != 1:
        return mutant, f"its text stands {text.count(mutant.before)} times in {mutant.file}"
    sound, said = await _passes(tree, mutant.test)
    if not sound:
        return mutant, f"its test fails on the sound tree: {said}"
    # Put back as it was, times and all, so that what is compiled of it serves again.
    shutil.copy2(file, kept)
    file.write_text(text.replace(mutant.before, mutant.after))
    survived, _ = await _passes(tree, mutant.test)
    kept.replace(file)
    return mutant, "NOT NOTICED" if survived else ""


async def main() -> int:
    """Try all, or those whose name holds the words given."""
    chosen = [one for one in MUTANTS if all(word in one.name for word in sys.argv[1:])]
    began = time.monotonic()
    missed = 0
    with tempfile.TemporaryDirectory(prefix="muster-sabotage-") as name:
        trees: asyncio.Queue[Path] = asyncio.Queue()
        for number in range(AT_ONCE):
            _copy(Path(name) / str(number))
            trees.put_nowait(Path(name) / str(number))

        async def guarded(mutant: Mutant) -> tuple[Mutant, str]:
            tree = await trees.get()
            try:
                return await _try(mutant, tree)
            finally:
                trees.put_nowait(tree)

        for done in asyncio.as_completed([guarded(one) for one in chosen]):
            mutant, trouble = await done
            missed += bool(trouble)
            verdict = trouble or f"caught by {mutant.test.rpartition('::')[2]}"
            sys.stdout.write(f"{mutant.name:<28} {verdict}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - missed} passed, {missed} failed\n")
    sys.stderr.write(f"in {time.monotonic() - began:.0f} s\n")
    return 1 if missed or not chosen else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
