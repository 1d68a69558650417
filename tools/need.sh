# Sourced by the task scripts: `need PROGRAM...` installs the programs that are missing, where that is possible (as root, with
# apt-get), and otherwise says which they are and fails.

apt_package() {
  case "$1" in
    cc) echo gcc libc6-dev ;;
    c++) echo g++ ;;
    # CMake only recommends the program that its default generator needs.
    cmake) echo cmake make ;;
    *) echo "$1" ;;
  esac
}

need() {
  local missing=() packages=() program
  for program in "$@"; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [ ${#missing[@]} -eq 0 ] && return
  for program in "${missing[@]}"; do
    if [ "$program" = cargo ]; then
      echo "$0: cargo is missing: install Rust 1.95 or later" >&2
      exit 1
    fi
    read -ra more <<<"$(apt_package "$program")"
    packages+=("${more[@]}")
  done
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "$0: missing: ${missing[*]} (on Debian: apt-get install ${packages[*]})" >&2
    exit 1
  fi
  echo "$0: installing ${packages[*]}" >&2
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"
}
