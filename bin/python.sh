# Sourced by the other commands, which set $script: find a Python that is new enough ($python) and change to the project's
# folder. It needs only the shell, so that a machine without Python gets the message below.

absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }

try() {
    found=$(command -v "$1") || return 1
    "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return 1
    python=$(absolute "$found")
}

if [ -n "${PYTHON:-}" ]; then
    try "$PYTHON" || python=
else
    try python3 || try python3.14 || try python3.13 || try python3.12 || try python3.11 || python=
fi
if [ -z "$python" ]; then
    echo "tavusweb: ${PYTHON:-python3} is not a Python 3.11 or newer. Install one, or name one with PYTHON=/path/to/it." >&2
    exit 1
fi

if [ -n "${TAVUSWEB_HOME:-}" ]; then
    TAVUSWEB_HOME=$(absolute "$TAVUSWEB_HOME")
    export TAVUSWEB_HOME
fi
CDPATH='' cd -- "${script%/*}/.."
