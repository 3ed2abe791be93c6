#!/usr/bin/env bash
# Fetches what image_test.py makes its Debian of, while the network may be used (no test uses it): what every Debian has, and all
# that the package of BUILD_FOLDER depends on, with an index for apt. They lie in BUILD_FOLDER/archive.
#   fetch_archive.sh BUILD_FOLDER
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../config/install-packages.sh"
build=$(cd "$1" && pwd)
archive=$build/archive
package=$(mktemp -d)
trap 'rm -rf "$package"' EXIT
mkdir -p "$archive/partial"
cpack -G DEB -B "$package" --config "$build/CPackConfig.cmake" >/dev/null

fetch() {
    : >"$package/nothing-installed"
    apt-get -qq --yes -o Dir::State::status="$package/nothing-installed" -o Dir::Cache::archives="$archive" \
        -o Debug::NoLocking=1 -o APT::Sandbox::User=root --no-install-recommends --download-only \
        install '?essential' apt "$package"/*.deb >/dev/null
}
# Lists of some time ago name packages that are gone.
fetch 2>/dev/null || { with_root apt-get update -q >/dev/null && fetch; }
cd "$archive"
dpkg-scanpackages . >Packages 2>/dev/null
