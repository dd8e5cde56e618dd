# shellcheck shell=bash
# Shared by ./jolly and ./test: a JDK 25, Maven, and a build that does nothing when nothing changed.
# Sourced; expects $ROOT to be the checkout.

say() { printf '\033[2m·\033[0m %s\n' "$*" >&2; }
die() { printf 'jolly: %s\n' "$*" >&2; exit 1; }

# What su leaves out of the PATH, and programs of ours need.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
case "$ROOT" in *:*) die "the folder $ROOT has a colon in its name, which no class path can hold: move it" ;; esac

export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
# Where nothing can be written at home, all is kept in the checkout.
writable() { mkdir -p "$1" 2>/dev/null && [ -w "$1" ]; }
CACHE_DIR="${JOLLY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/jollyboat}"
writable "$CACHE_DIR" || CACHE_DIR="$ROOT/target/cache"
JVM_FOLDERS=(/usr/lib/jvm/*25* /opt/*jdk*25*)

# Prints the feature release of a java binary, or nothing.
java_feature() {
  "$1" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'
}

is_jdk25() { [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ "$(java_feature "$1/bin/java")" = 25 ]; }

# Sets JAVA_HOME to a JDK 25: the one given, an installed one, else one that is fetched.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" "$CACHE_DIR/jdk-25" "${JVM_FOLDERS[@]}" \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /nowhere/bin/javac)")")")"; do
    if [ -n "$home" ] && is_jdk25 "$home"; then export JAVA_HOME="$home"; return; fi
  done
  install_jdk
}

install_jdk() {
  local home
  if [ -z "${JOLLY_JDK_ARCHIVE:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
    && apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
    apt_install openjdk-25-jdk-headless
    for home in /usr/lib/jvm/*25*; do
      if is_jdk25 "$home"; then export JAVA_HOME="$home"; return; fi
    done
  fi
  install_jdk_archive
}

# Temurin's archive, or the one that JOLLY_JDK_ARCHIVE names (a file or a URL; JOLLY_JDK_SHA256 is its checksum).
install_jdk_archive() {
  local archive="${JOLLY_JDK_ARCHIVE:-}" sum="${JOLLY_JDK_SHA256:-}" arch asset
  local advice="install a JDK 25 and set JAVA_HOME, or set JOLLY_JDK_ARCHIVE and JOLLY_JDK_SHA256"
  case "$(uname -m)" in
    x86_64) arch=x64 ;;
    aarch64) arch=aarch64 ;;
    *) die "no JDK 25 found, and none can be fetched for $(uname -m): install one and set JAVA_HOME" ;;
  esac
  mkdir -p "$CACHE_DIR" || die "cannot make the folder $CACHE_DIR: set JOLLY_CACHE to another"
  if [ -z "$archive" ]; then
    say "no JDK 25 here: asking Adoptium for Temurin 25"
    asset=$(fetch "https://api.adoptium.net/v3/assets/latest/25/hotspot?architecture=$arch&image_type=jdk&os=linux&vendor=eclipse") \
      || die "no JDK 25 found, and Temurin cannot be fetched: $advice"
    archive=$(printf '%s' "$asset" | tr ',' '\n' | sed -n 's/.*"link": *"\(.*\.tar\.gz\)".*/\1/p' | head -n 1)
    sum=$(printf '%s' "$asset" | tr ',' '\n' | sed -n 's/.*"checksum": *"\([0-9a-f]*\)".*/\1/p' | head -n 1)
    [ -n "$archive" ] || die "no JDK 25 found, and Adoptium names no archive: $advice"
  fi
  [ -n "$sum" ] || die "JOLLY_JDK_SHA256 must give the checksum of $archive"
  # A folder of its own, gone with this subshell: whatever goes wrong or is interrupted, nothing is left of it.
  (
    part=$(mktemp -d "$CACHE_DIR/jdk-25.XXXXXX") || die "cannot write to $CACHE_DIR: set JOLLY_CACHE to another folder"
    trap 'rm -rf "$part"' EXIT
    trap 'exit 130' INT TERM
    case "$archive" in
      http://* | https://*)
        say "fetching $archive"
        fetch "$archive" >"$part/jdk.tar.gz" || die "cannot fetch $archive: $advice" ;;
      *)
        [ -r "$archive" ] || die "cannot read JOLLY_JDK_ARCHIVE $archive"
        ln -s "$(readlink -f "$archive")" "$part/jdk.tar.gz" ;;
    esac
    found=$(sha256sum <"$part/jdk.tar.gz") && found=${found%% *}
    [ "$found" = "$(printf '%s' "$sum" | tr 'A-F' 'a-f')" ] \
      || die "the checksum of $archive is $found and not $sum: not used"
    mkdir "$part/jdk"
    tar -xzf "$part/jdk.tar.gz" -C "$part/jdk" --strip-components=1 2>/dev/null || die "cannot unpack $archive"
    is_jdk25 "$part/jdk" || die "$archive holds no JDK 25"
    rm -rf "$CACHE_DIR/jdk-25" && mv "$part/jdk" "$CACHE_DIR/jdk-25"
  ) || exit 1
  export JAVA_HOME="$CACHE_DIR/jdk-25"
}

# Prints what a URL gives; a fresh Debian has neither of the programs for it.
fetch() {
  if ! command -v curl >/dev/null && ! command -v wget >/dev/null; then apt_install curl ca-certificates; fi
  if command -v curl >/dev/null; then curl -fsSL --retry 2 "$1"; else wget -q -O - "$1"; fi
}

# Installs Debian packages that are missing, and says so.
apt_install() {
  local missing=() p
  for p in "$@"; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
  done
  [ ${#missing[@]} = 0 ] && return
  [ "$(id -u)" = 0 ] || die "missing packages: ${missing[*]}; install them, or run as root"
  command -v apt-get >/dev/null || die "missing packages: ${missing[*]}, and this is no Debian: install them by hand"
  say "installing ${missing[*]}"
  local log; log=$(mktemp)
  if ! { apt-get install -y --no-install-recommends "${missing[@]}" || { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; }; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    die "apt-get could not install ${missing[*]} (all of its output: $log)"
  fi
  rm -f "$log"
}

find_maven() { command -v mvn >/dev/null || apt_install maven; }

maven() {
  if writable "$HOME/.m2"; then mvn "$@"; else mvn -Dmaven.repo.local="$CACHE_DIR/m2" "$@"; fi
}

# What protoc made of messages that have gone since would not compile any more, and is not taken away by itself.
forget_old_protos() {
  local made="$ROOT/common-proto/target/generated-sources"
  if [ -d "$made" ] && [ -n "$(find "$ROOT/common-proto/src" -newer "$made" -print -quit)" ]; then
    rm -rf "$ROOT/common-proto/target"
  fi
}

# Builds dist/target/lib unless no source is newer than the last build.
build() {
  local stamp="$ROOT/dist/target/built"
  if [ -f "$stamp" ] && [ -z "$(find "$ROOT" -path '*/target' -prune -o -path "$ROOT/.git" -prune -o \
    \( -path '*/src/main/*' -o -name pom.xml \) -newer "$stamp" -print -quit)" ]; then
    return
  fi
  find_maven
  # Two builds at once in one folder would take each other's files away.
  mkdir -p "$ROOT/target" || die "cannot write to $ROOT: the build needs to"
  exec 8>"$ROOT/target/build.lock"
  if ! flock -n 8; then
    say "another build is at work here: waiting for it"
    flock 8
    exec 8>&-
    build
    return
  fi
  say "building (the first time takes a few minutes)"
  forget_old_protos
  local log; log=$(mktemp)
  # The local repository is not touched: what is built is used from here.
  if ! (cd "$ROOT" && maven -B -q -T 2 package -Dmaven.test.skip=true -Dspotless.check.skip -pl dist -am) \
    >"$log" 2>&1 </dev/null 8>&-; then
    tail -n 30 "$log" >&2
    die "the build failed (all of its output: $log)"
  fi
  # Classes of signed jars cannot be in the start-up cache, and each process would check the signatures at its start.
  # Nobody asks for them: BouncyCastle is used as a library, not as a security provider.
  "$JAVA_HOME/bin/java" "$ROOT/deploy/Unsign.java" "$ROOT"/dist/target/lib/bc*.jar
  # A new class path: the old start-up cache does not hold for it.
  rm -f "$log" "$ROOT/dist/target/jolly.aot"
  train 8>&- || say "no start-up cache could be made: processes start slower and need more memory"
  touch "$stamp"
  exec 8>&-
}

# Records what the processes load at their start, so that each maps it ready-made (JEP 483, 514). The flags must be
# those that JavaProcess gives. Without class linking each process takes from the cache only what it uses: with it, all
# 9,700 classes are made ready in each of the five at its start, which takes as long and 90 MB more.
train() {
  local log; log=$(mktemp)
  "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$ROOT/dist/target/jolly.aot" -XX:-AOTClassLinking -XX:+UseSerialGC -XX:+UseCompactObjectHeaders \
    -Xmx768m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$(tr '\n' ':' <"$ROOT/dist/target/classpath")" io.jollyboat.embedded.EmbeddedMain --train >"$log" 2>&1 </dev/null
  local code=$?
  [ "$code" = 0 ] && [ -f "$ROOT/dist/target/jolly.aot" ] && { rm -f "$log"; return 0; }
  tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}
