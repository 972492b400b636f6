#!/bin/sh
# bulletin on a machine without a network 离线安装:  sh install.sh DIR
# PYTHON=/path/to/python3.11 sh install.sh DIR  chooses the interpreter. Installing into the same DIR again upgrades it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pythons=$(cat "$here/pythons")

refuse() { # the exit code, then the sentence in Chinese and in English
    code=$1 && shift
    printf '%s\n' "$@" >&2
    exit "$code"
}

[ $# = 1 ] || refuse 2 "用法：sh install.sh 目录" "usage: sh install.sh DIR"
[ ! -e "$1" ] || [ -f "$1/pyvenv.cfg" ] || { [ -d "$1" ] && [ -z "$(ls -A "$1")" ]; } ||
    refuse 3 "$1 已存在，但不是以前的安装。请另选一个目录。" "$1 exists and is no earlier installation. Choose another folder."

python=${PYTHON:-}
for version in $pythons ""; do
    [ "$python" ] || python=$(command -v "python${version:-3}" || true)
done
found=$("${python:-python3}" -c 'import platform, sys
libc, version = platform.libc_ver()
libc = "glibc" if libc == "glibc" and [int(part) for part in version.split(".")[:2]] >= [2, 28] else "another-libc"
print(platform.python_implementation(), "%d.%d" % sys.version_info[:2], platform.machine(), libc)' 2>/dev/null) ||
    refuse 3 "找不到 Python（${python:-python3}）。需要 Python ${pythons}；可用 PYTHON=路径 指定。" \
        "There is no Python (${python:-python3}). One of these is needed: $pythons; PYTHON=PATH says where it is."
fits=
for version in $pythons; do
    case $found in "CPython $version x86_64 glibc" | "CPython $version aarch64 glibc") fits=yes ;; esac
done
[ "$fits" ] ||
    refuse 3 "本安装包适用于 Linux（x86_64 或 aarch64，glibc 2.28 以上）上的 CPython ${pythons}；${python} 为 ${found}。可用 PYTHON=路径 指定另一个；其他版本请用 make bundle PYTHONS=版本 另行制作。" \
        "This bundle is for CPython $pythons on Linux (x86_64 or aarch64, glibc 2.28 or newer); $python is $found. PYTHON=PATH chooses another one; make bundle PYTHONS=VERSION makes a bundle for other versions."

"$python" -I -m venv "$1" ||
    refuse 3 "无法建立虚拟环境（Debian、Ubuntu 需要软件包 python3-venv）。" \
        "The environment cannot be made (Debian and Ubuntu need the package python3-venv)."
echo "安装中（一至三分钟） · installing (one to three minutes) …" >&2
bin=$(cd "$1/bin" && pwd)
install() { # from this folder alone: no index, no settings of pip, nothing of the environment
    PIP_CONFIG_FILE=/dev/null "$bin/python" -I -m pip --isolated --quiet --disable-pip-version-check \
        install --no-index --no-deps "$@"
}
install --require-hashes --find-links "$here/wheels" -r "$here/requirements.lock"
install --force-reinstall "$here"/bulletin-*.whl
"$bin/bulletin" --help >/dev/null
cat <<END
已安装 · installed: $bin/bulletin
下一步 · next:
  $bin/bulletin init --root ~/bulletin
  $bin/bulletin receive FILE… --root ~/bulletin    (示例数据 · invented data: $bin/bulletin sample --root ~/bulletin)
END
