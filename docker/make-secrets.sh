#!/bin/bash
# Makes the secrets of docker-compose.yml, once: files that exist are left as they are.
# The folder is closed to other users of this machine; the files in it are readable, because each
# container runs as another user and Docker hands them in with the rights they have here.
set -euo pipefail
umask 022
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets
printf '*\n' > secrets/.gitignore

# random LENGTH: so many letters and digits (5.9 bits each).
random() {
  head -c $(($1 * 8)) /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | head -c "$1"
}

# keep NAME VALUE: writes a secret unless there is one.
keep() {
  if [ ! -s "secrets/$1" ]; then
    printf '%s' "$2" > "secrets/$1"
    chmod 444 "secrets/$1"
    echo "made secrets/$1"
  fi
}

keep postgres_password "$(random 40)"
keep database_owner_password "$(random 40)"
keep database_app_password "$(random 40)"
keep migrate_database_url "postgres://molva_owner:$(cat secrets/database_owner_password)@postgres:5432/molva"
keep database_url "postgres://molva_app:$(cat secrets/database_app_password)@postgres:5432/molva"
keep valkey_conf "requirepass $(random 40)
"
keep redis_url "redis://:$(sed -n 's/^requirepass //p' secrets/valkey_conf)@valkey:6379/0"
keep secret_key "$(head -c 32 /dev/urandom | base64)"
keep admin_key "molva_$(random 8)_$(random 43)"
