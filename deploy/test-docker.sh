# shellcheck shell=bash
# Sourced by ./test: a Docker engine for the time of the run, where none answers and this may start one.
# Testcontainers finds it through DOCKER_HOST; JOLLY_ETCD_IMAGE names an etcd image made from Debian's binary.

DOCKER_DIR=

start_docker() {
  if docker info >/dev/null 2>&1; then
    say "a Docker engine answers: Testcontainers use it"
  elif [ "$(id -u)" != 0 ]; then
    say "no Docker engine, and no root to start one: the etcd suites use a local etcd process"
    return
  else
    start_own_engine || { say "no Docker engine can run here: the etcd suites use a local etcd process"; stop_docker; return; }
  fi
  export JOLLY_ETCD_IMAGE=jollyboat-test/etcd:local
  if ! etcd_image | docker import --change 'ENTRYPOINT ["/etcd"]' - "$JOLLY_ETCD_IMAGE" >/dev/null; then
    say "no etcd image can be made: the etcd suites use a local etcd process"
    unset JOLLY_ETCD_IMAGE
  fi
}

# No rule of the engine's own in the machine's firewall: ports are handed on by its user-space proxy.
start_own_engine() {
  # In a subshell: what cannot be installed is no reason to run no test.
  command -v dockerd >/dev/null || (apt_install docker.io) || return 1
  DOCKER_DIR=$(mktemp -d /tmp/jolly-docker.XXXXXX)
  DOCKER_HAD_BRIDGE=$(ls -d /sys/class/net/docker0 2>/dev/null || true)
  dockerd --host "unix://$DOCKER_DIR/docker.sock" --data-root "$DOCKER_DIR/data" --exec-root "$DOCKER_DIR/exec" \
    --pidfile "$DOCKER_DIR/docker.pid" --iptables=false --ip6tables=false --ip-masq=false --bip 172.31.255.1/28 \
    >"$DOCKER_DIR/log" 2>&1 </dev/null &
  DOCKER_PID=$!
  export DOCKER_HOST="unix://$DOCKER_DIR/docker.sock"
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=localhost
  local deadline=$((SECONDS + 20))
  while [ "$SECONDS" -lt "$deadline" ]; do
    docker info >/dev/null 2>&1 && return 0
    kill -0 "$DOCKER_PID" 2>/dev/null || return 1
    sleep 0.2
  done
  return 1
}

# A root file system with etcd and the libraries it is linked with.
etcd_image() {
  local root; root=$(mktemp -d)
  cp "$(command -v etcd)" "$root/etcd"
  ldd "$root/etcd" 2>/dev/null | grep -o '/[^ ]*' | while read -r lib; do
    mkdir -p "$root$(dirname "$lib")" && cp -L "$lib" "$root$lib"
  done
  mkdir -p "$root/tmp" && tar -C "$root" -c .
  rm -rf "$root"
}

# In a trap too, where anything that fails would become the exit status of a run that was green.
stop_docker() {
  [ -n "$DOCKER_DIR" ] || return 0
  if [ -n "${DOCKER_PID:-}" ] && kill "$DOCKER_PID" 2>/dev/null; then wait "$DOCKER_PID" 2>/dev/null || true; fi
  [ -n "${DOCKER_HAD_BRIDGE:-}" ] || ip link delete docker0 2>/dev/null || true
  { grep -o " $DOCKER_DIR/[^ ]*" /proc/self/mounts || true; } | sort -r \
    | while read -r mount; do umount -l "$mount" 2>/dev/null || true; done
  rmdir /sys/fs/cgroup/*/docker /sys/fs/cgroup/docker 2>/dev/null || true
  rm -rf "$DOCKER_DIR" || say "some of $DOCKER_DIR is left"
  unset DOCKER_HOST JOLLY_ETCD_IMAGE
  DOCKER_DIR=
}
