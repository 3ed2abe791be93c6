# Installs the Debian packages that are missing, as root or through sudo.
# To be sourced; then: install_packages PACKAGE...

# libphonenumber-dev asks for another Boost than libboost1.81-dev, though its headers need none; so they are not
# installed but unpacked, where CMakeLists.txt looks for them.
phonenumber_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/build/libphonenumber-dev

with_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "this takes root, and there is no sudo: $*" >&2
        return 1
    fi
}

unpack_phonenumber() {
    local folder
    folder=$(mktemp -d)
    (cd "$folder" && apt-get download -q libphonenumber-dev >/dev/null 2>&1) ||
        { with_root apt-get update -q >/dev/null && (cd "$folder" && apt-get download -q libphonenumber-dev >/dev/null); }
    mkdir -p "$phonenumber_folder"
    dpkg-deb -x "$folder"/libphonenumber-dev_*.deb "$phonenumber_folder"
    rm -rf "$folder"
}

install_packages() {
    local package missing=()
    for package in "$@"; do
        [ "$package" = libphonenumber-dev ] && continue
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
    done
    local unpack=false
    if [[ " $* " == *" libphonenumber-dev "* && ! -d $phonenumber_folder/usr && ! -d /usr/include/phonenumbers ]]; then
        unpack=true
    fi
    [ ${#missing[@]} -eq 0 ] && [ "$unpack" = false ] && return 0
    if [ ${#missing[@]} -gt 0 ]; then
        echo "installing: ${missing[*]}"
        with_root apt-get update -q >/dev/null
        with_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >/dev/null
    fi
    if [ "$unpack" = true ]; then
        unpack_phonenumber
    fi
}

# What it takes to build baseload on Debian 12.
build_packages=(
    g++ cmake ninja-build pkg-config
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libssl-dev ca-certificates
    libsimdjson-dev libfccp-dev libicu-dev libtomlplusplus-dev libcli11-dev libexpected-dev
    libsqlitecpp-dev libsqlite3-dev libpq-dev libxxhash-dev zlib1g-dev libzip-dev libexpat1-dev libspdlog-dev libfmt-dev
    libkainjow-mustache-dev libxlsxwriter-dev scdoc gzip
    libphonenumber8 libphonenumber-dev libprotobuf-dev libabsl-dev
)

# What the tests want beside that.
test_packages=(doctest-dev python3 python3-openpyxl python3-xlsxwriter libreoffice-calc-nogui sqlite3 openssl util-linux valgrind
    chromium chromium-driver python3-selenium python3-jsonschema python3-yaml prometheus
    lintian dpkg-dev mmdebstrap systemd zsh fish postgresql-15 postgresql-client-15)

# What .ci/checks wants beside both.
check_packages=(clang-format clang-tidy git)

# What the fuzzers want beside both.
fuzz_packages=(clang-16 libclang-rt-16-dev)

# What the benchmark wants beside what it takes to build: make and python3 also compile a peer's package.
bench_packages=(python3 python3-openpyxl python3-xlsxwriter wrk valgrind make)
