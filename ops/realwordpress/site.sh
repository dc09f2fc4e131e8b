#!/usr/bin/env bash
# A real WordPress of Debian 12's packages, on loopback, to read with the hub (docs/connectors.md, "A real WordPress").
#   site.sh up DIR [PORT]     install the packages that are missing (as root), build the site in DIR, fill and serve it
#   site.sh down DIR          stop it; DIR can be removed then
#   site.sh do DIR 'PHP'      run code in the site: 'wp_trash_post( 23 );'
#   site.sh fault DIR [NAME]  warnings | fatal | members_only | maintenance; without a name the site is well again
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
usage() { sed -n '2,6s/^# *//p' "$0" >&2; exit 2; }
[ $# -ge 2 ] || usage
action=$1 && mkdir -p "$2" && dir=$(cd "$2" && pwd)
port=${3:-8800} && [ "$action" != up ] && [ -f "$dir/port" ] && port=$(cat "$dir/port")
export WP_ROOT=$dir/site WP_DB_SOCKET=$dir/db.sock WP_FAULT=$dir/fault WP_URL=http://127.0.0.1:$port
sql() { mariadb --no-defaults --socket="$WP_DB_SOCKET" --user=root --execute="$1"; }

install_packages() {
    local wanted=(php-cli php-mysql php-mbstring php-xml mariadb-server-core mariadb-client-core) missing=()
    for name in "${wanted[@]}"; do dpkg-query --show "$name" >/dev/null 2>&1 || missing+=("$name"); done
    [ ${#missing[@]} -eq 0 ] && return
    [ "$(id -u)" = 0 ] || { echo "install first: apt-get install --no-install-recommends ${missing[*]}" >&2; exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
}

build() {
    (cd "$dir" && apt-get download -qq wordpress wordpress-theme-twentytwentythree 2>/dev/null)
    for package in "$dir"/*.deb; do dpkg -x "$package" "$dir/packages"; done
    mkdir -p "$WP_ROOT/wp-content/mu-plugins" "$WP_ROOT/wp-content/uploads"
    cp -r "$dir"/packages/usr/share/wordpress/{wp-admin,wp-includes,*.php} "$WP_ROOT/"
    cp -r "$dir"/packages/usr/share/wordpress/wp-content/themes "$WP_ROOT/wp-content/"
    cp "$here/partner.php" "$WP_ROOT/wp-content/mu-plugins/"
    cp "$here/wp-config.php" "$WP_ROOT/"
    mariadb-install-db --no-defaults --datadir="$dir/db" --auth-root-authentication-method=normal --skip-test-db >/dev/null
}

serve() {
    echo "$port" >"$dir/port"
    mariadbd --no-defaults --user="$(id -un)" --datadir="$dir/db" --socket="$WP_DB_SOCKET" --pid-file="$dir/db.pid" \
        --skip-networking --innodb-buffer-pool-size=64M --performance-schema=OFF >"$dir/db.log" 2>&1 &
    for _ in $(seq 100); do sql 'select 1' >/dev/null 2>&1 && break || sleep 0.2; done
    sql 'create database if not exists wp character set utf8mb4'
    PHP_CLI_SERVER_WORKERS=4 setsid php -d output_buffering="${OUTPUT_BUFFERING:-4096}" -S "127.0.0.1:$port" \
        "$here/router.php" >"$dir/php.log" 2>&1 &
    echo $! >"$dir/php.pid"
}

stop() {
    [ -f "$dir/php.pid" ] && kill -- "-$(cat "$dir/php.pid")" 2>/dev/null || true
    [ -f "$dir/db.pid" ] && kill "$(cat "$dir/db.pid")" 2>/dev/null || true
    rm -f "$dir/php.pid" "$dir/site/.maintenance"
}

case $action in
up)
    install_packages
    stop
    fresh=; [ -d "$WP_ROOT" ] || { fresh=1; build; }
    serve
    if [ -n "$fresh" ]; then php "$here/run.php" install; php "$here/run.php" 'flush_rewrite_rules();'; php "$here/run.php" "$here/seed.php"; fi
    echo "$WP_URL is up; hub connector try miitn --base-url $WP_URL" ;;
down) stop ;;
do) php "$here/run.php" "$3" ;;
fault)
    rm -f "$WP_ROOT/.maintenance" && echo "${3:-}" >"$WP_FAULT"
    [ "${3:-}" != maintenance ] || echo '<?php $upgrading = time();' >"$WP_ROOT/.maintenance" ;;
*) usage ;;
esac
