"""Makes ``.venv`` from the lock file. Run by ``make setup`` with whatever Python there is.

Only the standard library, and nothing newer than Python 3.8, because this runs before
anything is installed. It needs no uv, no activated environment and no network address of
its own: packages come from the registry that pip is set up for.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "var" / "tools"
UV = "0.13.9"
WANTED = ("3.11", "3.10")


class NotPossibleError(Exception):
    """Says in one sentence what is missing and what to do."""


def output_of(*command):
    """Return what a command prints, or "" if it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def candidates():
    """Yield every Python that might be 3.11 or 3.10, the better ones first."""
    if named := os.environ.get("FARO_PYTHON"):
        yield named
    pyenv = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))) / "versions"
    for version in WANTED:
        # A pyenv shim exists also for versions that are not switched on: ask the real ones too.
        yield "python" + version
        for found in sorted(pyenv.glob(version + ".*/bin/python"), reverse=True):
            yield str(found)
    yield from ("python3", "python", sys.executable)


def find_python():
    """Return the path of a Python 3.11 or 3.10, or "" if there is none."""
    code = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    for candidate in candidates():
        version, _, path = output_of(candidate, "-c", code).partition(" ")
        if version in WANTED:
            return path
    return ""


def find_uv():
    """Return a uv to use: the one on the PATH, else one installed into ``var/tools``."""
    on_path = shutil.which("uv")
    if on_path:
        return [on_path]
    executable = TOOLS / ("Scripts" if os.name == "nt" else "bin") / "uv"
    if not executable.exists():
        install_uv()
    return [str(executable)]


def install_uv():
    """Install uv with pip, in an environment of its own where that can be made."""
    python = find_python() or sys.executable
    wheel = ["install", "--quiet", "--disable-pip-version-check", "uv==" + UV]
    made = subprocess.run([python, "-m", "venv", str(TOOLS)], capture_output=True, text=True)
    if made.returncode == 0:
        pip = [str(TOOLS / "bin" / "python"), "-m", "pip", *wheel]
    elif output_of(python, "-m", "pip", "--version"):
        # Debian splits venv off into a package of its own; pip alone will do.
        shutil.rmtree(TOOLS, ignore_errors=True)
        pip = [python, "-m", "pip", *wheel, "--prefix", str(TOOLS), "--ignore-installed"]
        pip.append("--break-system-packages") if knows_break(python) else None
    else:
        raise NotPossibleError(
            "{} has neither venv nor pip. Install one of them (on Debian: "
            "apt-get install python3-venv) and run this again.".format(python)
        )
    done = subprocess.run(pip, capture_output=True, text=True)
    if done.returncode:
        raise NotPossibleError(
            "uv could not be installed from the package registry: "
            + (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        )


def knows_break(python):
    """Return whether this pip asks for --break-system-packages."""
    return "--break-system-packages" in output_of(python, "-m", "pip", "install", "--help")


def sync(groups):
    """Bring ``.venv`` to exactly what the lock file says."""
    uv = find_uv()
    python = find_python()
    environment = dict(os.environ, UV_PROJECT_ENVIRONMENT=str(ROOT / ".venv"))
    environment.pop("VIRTUAL_ENV", None)
    if python:
        environment["UV_PYTHON"] = python
    else:
        environment["UV_PYTHON"] = "3.11"  # uv fetches it if it can
    if not environment.get("SSL_CERT_FILE"):
        environment["UV_SYSTEM_CERTS"] = "1"
    command = [*uv, "sync", "--locked", "--quiet"]
    for group in groups:
        command += ["--group", group]
    done = subprocess.run(command, cwd=str(ROOT), env=environment, capture_output=True, text=True)
    if done.returncode and not python:
        raise NotPossibleError(
            "There is no Python 3.11 or 3.10 here and none could be fetched. Install one, "
            "or name it: FARO_PYTHON=/path/to/python3.11 make run"
        )
    if done.returncode:
        raise NotPossibleError("Installing from uv.lock failed:\n" + done.stderr.strip())


def make_venv(folder, requirements):
    """Make a second environment for tools that do not go with Rasa's versions."""
    uv, python = find_uv(), find_python() or "3.11"
    environment = dict(os.environ, UV_SYSTEM_CERTS="1")
    environment.pop("VIRTUAL_ENV", None)
    for command in (
        [*uv, "venv", "--quiet", "--allow-existing", "--python", python, folder],
        [*uv, "pip", "install", "--quiet", "--python", folder, "--requirement", requirements],
    ):
        done = subprocess.run(
            command, cwd=str(ROOT), env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise NotPossibleError(
                "Installing " + requirements + " failed:\n" + done.stderr.strip()
            )


def main():
    try:
        if sys.argv[1:2] == ["--venv"]:
            make_venv(*sys.argv[2:4])
        else:
            sync(sys.argv[1:])
    except NotPossibleError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
