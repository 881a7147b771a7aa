"""Run a command of the course; the first time, set everything up.

    python3 run.py grade            python3 run.py pytest

Needs Python 3.11 or newer with venv and pip, and nothing else. The first run makes ``.venv``
beside this file and installs exactly what ``constraints.txt`` lists, each file checked by its
hash; later runs need no network. ``uv`` is used where it is there: it is faster.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "unroll-set-up"
COMMANDS = {
    "grade": ["-m", "grader.cli", "grade"],
    "quiz": ["-m", "grader.cli", "quiz"],
    "play": ["-m", "grader.cli", "play"],
    "teach": ["-m", "grader.cli", "teach"],
    "pytest": ["-m", "pytest"],
    "python": [],
}
OLDEST = (3, 11)
OWN_CODE = [ROOT / name for name in ("grader", "solutions", "exercises")]


def main() -> int:
    """Set up where needed, then become the command."""
    if sys.version_info < OLDEST:
        return complain(
            f"This needs Python {OLDEST[0]}.{OLDEST[1]} or newer; "
            f"{sys.executable} is {sys.version.split()[0]}. Start it with a newer one, "
            "such as: python3.12 run.py grade"
        )
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        return complain(f"Say what to run: python3 run.py {{{','.join(COMMANDS)}}} ...")
    wanted = fingerprint()
    if not set_up_already(wanted):
        problem = set_up(wanted)
        if problem:
            return complain(problem)
    os.environ["UNROLL_RUN"] = "python3 run.py"
    command = [str(PYTHON), *COMMANDS[sys.argv[1]], *sys.argv[2:]]
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(command[0], command)
    return 0


def complain(problem: str) -> int:
    """Say what is wrong; the exit status of the environment's fault."""
    print(problem, file=sys.stderr)
    return 3


def fingerprint() -> str:
    """What the set-up depends on: the list of packages, and the interpreter."""
    listed = (ROOT / "constraints.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    version = f"{sys.version_info[0]}.{sys.version_info[1]} {ROOT}"
    return hashlib.sha256(listed + version.encode()).hexdigest()


def set_up_already(wanted: str) -> bool:
    """Whether ``.venv`` holds what is wanted."""
    try:
        return PYTHON.exists() and STAMP.read_text() == wanted
    except OSError:
        return False


def set_up(wanted: str) -> str:
    """Make ``.venv`` and install; the complaint where it does not work, else nothing."""
    print("Setting up .venv (once; about half a minute) ...", file=sys.stderr, flush=True)
    uv = shutil.which("uv")
    made = make_venv(uv)
    if made:
        return made
    if uv:
        install = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    else:
        install = [str(PYTHON), "-m", "pip", "install", "--quiet"]
        install += ["--disable-pip-version-check", "--no-input"]
    packages = ["--require-hashes", "-r", str(ROOT / "constraints.txt")]
    own = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    for arguments in (packages, own):
        if subprocess.call([*install, *arguments], stdout=sys.stderr) != 0:
            return (
                "The packages could not be installed (see above). A network is needed this "
                "once; then run the same command again: it goes on where it stopped."
            )
    subprocess.call(
        [str(PYTHON), "-m", "compileall", "-q", str(VENV), *map(str, OWN_CODE)],
        stdout=subprocess.DEVNULL,
    )
    STAMP.write_text(wanted)
    return ""


def make_venv(uv: "str | None") -> str:
    """Make an empty ``.venv`` where there is none that works; the complaint, or nothing."""
    if (
        PYTHON.exists()
        and subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    ):
        return ""
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    if (
        uv
        and subprocess.call(
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
        )
        == 0
    ):
        return ""
    return (
        f"No virtual environment could be made in {VENV}.\n{done.stdout}{done.stderr}\n"
        "On Debian and Ubuntu: apt-get install python3-venv, then run the same command again."
    )


if __name__ == "__main__":
    sys.exit(main())
