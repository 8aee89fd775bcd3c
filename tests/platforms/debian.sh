# What in_chroot and headers share: where things are kept, how a Debian is fetched, which versions are expected of it.
# Sourced by bash.

mirror=${AWAITEST_MIRROR:-http://deb.debian.org/debian}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# 77 is CTest's and Automake's way to say: skipped.
cannot() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

platforms_dir() {
  printf '%s\n' "${AWAITEST_PLATFORMS:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/awaitest}"
}

name_of() {
  case $1 in
    bookworm) echo 'Debian 12' ;;
    trixie) echo 'Debian 13' ;;
    *) echo "Debian $1" ;;
  esac
}

# expect_versions row compiler asio fmt: what is here is what the list, and so the README, says of the row. Only sid may have
# moved, which is told: until the list is mended nothing is decided by it.
expect_versions() {
  local row=$1 listed
  listed=$(grep -F "| $row |" "$here/platforms.txt" || true)
  printf '%s: %s, Asio %s, fmt %s\n' "$row" "$2" "$3" "$4"
  case $listed in
    *"$2"*"| $3 | $4 |"*) return 0 ;;
  esac
  printf '%s has other versions than tests/platforms/platforms.txt says:\n  %s\n' "$row" "${listed:-no such row}"
  case $row in *sid) moved=yes ;; *) return 1 ;; esac
}

# asio_version and fmt_version include-directory
asio_version() {
  awk '$1 == "#define" && $2 == "ASIO_VERSION" { printf "%d.%d.%d\n", $3 / 100000, $3 / 100 % 1000, $3 % 100; exit }' "$1/asio/version.hpp"
}
fmt_version() {
  cat "$1/fmt/base.h" "$1/fmt/core.h" 2>/dev/null |
    awk '$1 == "#define" && $2 == "FMT_VERSION" && $3 ~ /^[0-9]+$/ { printf "%d.%d\n", $3 / 10000, $3 / 100 % 100; exit }'
}

# make_chroot suite root: whole, or not there.
make_chroot() {
  local suite=$1 root=$2
  if [ -x "$root/usr/local/bin/sudo" ]; then return; fi
  command -v debootstrap >/dev/null || cannot "debootstrap is not installed"
  mkdir -p "$(dirname "$root")"
  rm -rf "$root.part"
  if ! debootstrap --variant=minbase "$suite" "$root.part" "$mirror" >"$root.log" 2>&1; then
    tail -n 5 "$root.log"
    cannot "$(name_of "$suite") could not be had from $mirror"
  fi
  if [ -e /etc/resolv.conf ]; then cp --dereference /etc/resolv.conf "$root.part/etc/resolv.conf"; fi
  # A mirror that stands still is still a mirror.
  echo 'Acquire::Check-Valid-Until "false";' >"$root.part/etc/apt/apt.conf.d/90-awaitest"
  # The README's commands ask for sudo, which root has no need of.
  mkdir -p "$root.part/usr/local/bin"
  printf '#!/bin/sh\nexec "$@"\n' >"$root.part/usr/local/bin/sudo"
  chmod +x "$root.part/usr/local/bin/sudo"
  rm -rf "$root"
  mv "$root.part" "$root"
}

# fetch_headers suite dir: those of its Asio and fmt, in dir/usr/include. No root needed.
fetch_headers() {
  local suite=$1 dir=$2
  if [ -e "$dir/usr/include/asio.hpp" ] && [ -d "$dir/usr/include/fmt" ]; then return; fi
  rm -rf "$dir.part"
  mkdir -p "$dir.part/lists/partial" "$dir.part/cache/archives/partial" "$dir.part/tree"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$dir.part/sources.list"
  if ! (
    cd "$dir.part/cache" || exit
    touch status
    apt=(apt-get -q -o "Dir::Etc::SourceList=$dir.part/sources.list" -o Dir::Etc::SourceParts=/dev/null
      -o "Dir::State::Lists=$dir.part/lists" -o "Dir::State::Status=$dir.part/cache/status" -o "Dir::Cache=$dir.part/cache"
      -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root -o Acquire::Languages=none)
    "${apt[@]}" update && "${apt[@]}" download libasio-dev libfmt-dev
  ) >"$dir.log" 2>&1; then
    tail -n 5 "$dir.log"
    cannot "the headers of $(name_of "$suite") could not be had from $mirror"
  fi
  for package in "$dir.part"/cache/*.deb; do dpkg-deb --extract "$package" "$dir.part/tree"; done
  rm -rf "$dir"
  mv "$dir.part/tree" "$dir"
  rm -rf "$dir.part"
}
