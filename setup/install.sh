#!/usr/bin/env bash
# Install what is missing: Debian packages (when we may), a virtual environment, fonts,
# the words of Chinese input.
# Does nothing, quickly, when nothing changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted="$(cat setup/packages.txt setup/install.sh requirements/lock.txt pyproject.toml \
  assets/build_fonts.py assets/build_pinyin.py assets/pinyin/*.txt | sha256sum | cut -d' ' -f1)"
stamp=.venv/setup.stamp
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x .venv/bin/kiosk ]; then
  exit 0
fi

missing=()
if command -v dpkg-query >/dev/null; then
  while read -r package _; do
    case "$package" in ''|'#'*) continue ;; esac
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' \
      || missing+=("$package")
  done < setup/packages.txt
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "setup: Debian packages: ${missing[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n); else
      echo "setup: we may not install packages. Ask an administrator for:" >&2
      echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
      exit 1
    fi
  fi
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

python="${PYTHON:-python3}"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "setup: Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11" >&2
  exit 1
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "setup: Python packages"
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
echo "setup: fonts"
.venv/bin/python assets/build_fonts.py
echo "setup: words of Chinese input"
.venv/bin/python assets/build_pinyin.py
echo "$wanted" > "$stamp"
echo "setup: done"
