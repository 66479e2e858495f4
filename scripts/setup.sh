# Sourced by the scripts beside it: finds or installs what the build needs, and builds when something changed.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# The major version of a java, 0 if it is none.
java_major() {
  local version
  version=$("$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  printf '%s' "${version:-0}"
}

find_java() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    JAVA=$JAVA_HOME/bin/java
  else
    JAVA=$(command -v java || true)
  fi
  [ -n "$JAVA" ] && [ "$(java_major "$JAVA")" -ge 17 ]
}

find_jdk() {
  find_java && { [ -x "$(dirname "$(readlink -f "$JAVA")")/javac" ] || command -v javac >/dev/null; }
}

install_with_apt() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    fail "Millrace needs a JDK 17 or newer and Maven 3.8 or newer: install them (for Debian and Ubuntu: sudo apt-get install default-jdk-headless maven) and try again."
  fi
  say "Installing $* with apt ..."
  local log
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "apt could not install $*; its log is $log."
  fi
  rm -f "$log"
}

need_java() {
  find_java && return
  install_with_apt default-jdk-headless
  find_java || fail "Millrace needs Java 17 or newer; apt installed $(java -version 2>&1 | head -n 1)."
}

need_build_tools() {
  find_jdk || install_with_apt default-jdk-headless
  find_jdk || fail "Millrace needs a JDK 17 or newer; apt installed $(java -version 2>&1 | head -n 1)."
  command -v mvn >/dev/null || install_with_apt maven
}

# Something that the program is made from is newer than the last build.
is_stale() {
  local built=$ROOT/standalone/target/built
  [ -f "$built" ] || return 0
  [ -n "$(find "$ROOT/pom.xml" "$ROOT"/*/pom.xml "$ROOT"/*/src/main "$ROOT"/schemas "$ROOT"/stream-processor/models \
    -newer "$built" -type f -not -path '*/target/*' -not -path '*/src/test/*' -print -quit)" ]
}

build_if_needed() {
  is_stale || return 0
  need_build_tools
  say "Building Millrace (the first time this also downloads what it needs, about 400 MB) ..."
  local started log
  started=$(date +%s)
  log=$ROOT/standalone/target/build.log
  mkdir -p "$ROOT/standalone/target"
  touch "$ROOT/standalone/target/building"
  if ! (cd "$ROOT" && mvn --batch-mode --no-transfer-progress package -Dmaven.test.skip=true -Dspotless.check.skip=true) >"$log" 2>&1; then
    grep -E '^\[ERROR\]' "$log" | head -n 15 >&2
    fail "The build failed; its log is $log."
  fi
  mv "$ROOT/standalone/target/building" "$ROOT/standalone/target/built"
  say "Built in $(($(date +%s) - started)) s."
}
