#!/bin/bash
# Runs once, when the database is made. Two roles: the owner changes the schema (`molva migrate`), the
# application reads and writes rows. `molva migrate` grants the application what it needs, table by table.
set -euo pipefail

owner_password=$(< /run/secrets/database_owner_password)
app_password=$(< /run/secrets/database_app_password)

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$owner_password" --set app_password="$app_password" <<'SQL'
create role molva_owner login password :'owner_password';
create role molva_app login password :'app_password';
-- A second net under the program's own limits.
alter role molva_owner set lock_timeout = '2s';
alter role molva_app set statement_timeout = '60s';
alter role molva_app set lock_timeout = '10s';
alter role molva_app set idle_in_transaction_session_timeout = '30s';
-- The same rules of letters as the embedded database has, whatever the image's locale.
create database molva owner molva_owner template template0
  encoding 'UTF8' locale_provider builtin builtin_locale 'PG_UNICODE_FAST' locale 'C';
revoke all on database molva from public;
grant connect on database molva to molva_app;
SQL
