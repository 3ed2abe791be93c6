A journal in a PostgreSQL database: what is said where it cannot be used, and what its user must be granted.

    $ printf 'Kod;E-mail\n1;a@b.pl\n2;b@b.pl\n' > clients.csv
    $ job() { cat <<.
    > [source]
    > path = "clients.csv"
    > [account]
    > url = "$URL"
    > requests_per_minute = 0
    > [journal]
    > $1
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > email = "E-mail"
    > .
    > }
    > job 'url = "postgresql://importer@127.0.0.1:'$PGPORT'/postgres"
    > name = "shop"' > job.toml
    > for name in wrong: 'url = "postgres.example"' password: 'url = "postgresql://importer:secret@127.0.0.1/crm"
    > name = "shop"' unnamed: 'url = "postgresql://127.0.0.1/crm"' named: 'url = "postgresql://127.0.0.1/crm"
    > name = "My shop"' both: 'url = "postgresql://127.0.0.1/crm"
    > name = "shop"
    > path = "shop.journal"' short: 'lease = "1s"' nowhere: 'url = "postgresql://127.0.0.1:1/crm"
    > name = "shop"' unread: 'url = "postgresql://importer:se%cret@127.0.0.1/crm"
    > name = "shop"' slash: 'url = "postgresql://importer:sec/ret@127.0.0.1/crm"
    > name = "shop"' scheme: 'url = "POSTGRESQL://importer:secret@127.0.0.1/crm"
    > name = "shop"' misspelt: 'url = "postgresql://127.0.0.1/crm?sslmod=require"
    > name = "shop"' service: 'url = "postgresql:///?service=shop"
    > name = "shop"'; do
    >   case "$name" in *:) file="${name%:}.toml";; *) job "$name" > "$file";; esac
    > done
    $ for problem in wrong password unread slash scheme misspelt service unnamed named both short; do baseload run $problem.toml; done
    ! baseload: $DIR/wrong.toml, line 7, column 7: [journal] url is not a database's; write "postgresql://user@host/database"
    ! $DIR/wrong.toml, line 7, column 7: [journal] url needs a name beside it, by which the job finds its journal among those of the database: name = "customers"
    ! baseload: $DIR/password.toml, line 7, column 7: [journal] url is wrong: it has a password in it, which whoever reads the job would read; a password belongs into ~/.pgpass, or into the file that PGPASSFILE names
    ! baseload: $DIR/unread.toml, line 7, column 7: [journal] url is wrong: invalid percent-encoded token; / ? # @ : % and blanks in a name are written there as % and two digits (%2F), and a password belongs into ~/.pgpass, or into the file that PGPASSFILE names
    ! baseload: $DIR/slash.toml, line 7, column 7: [journal] url is wrong: it has an @ behind the host; / ? # @ : % and blanks in a name are written there as % and two digits (%2F), and a password belongs into ~/.pgpass, or into the file that PGPASSFILE names
    ! baseload: $DIR/scheme.toml, line 7, column 7: [journal] url is not a database's; write "postgresql://user@host/database"
    ! baseload: $DIR/misspelt.toml, line 7, column 7: [journal] url is wrong: invalid URI query parameter: "sslmod"
    ! baseload: the journal postgresql:///?service=shop#shop cannot be used (definition of service "shop" not found); put its url in the job right, or, where its certificate is not trusted, the file that sslrootcert names; what was recorded is kept
    ! baseload: $DIR/unnamed.toml, line 7, column 7: [journal] url needs a name beside it, by which the job finds its journal among those of the database: name = "customers"
    ! baseload: $DIR/named.toml, line 8, column 8: [journal] name "My shop" is no name for a journal in a database: 1 to 40 of a-z, 0-9 and _, and not beginning with account_
    ! baseload: $DIR/both.toml, line 9, column 8: [journal] path stands beside url; give a file or a database
    ! baseload: $DIR/short.toml, line 7, column 9: [journal] lease is to be between "2s" and "10m"
    [2]

A server that is not there, a password that is wrong, or missing, and a user who may do nothing.

    $ baseload run nowhere.toml
    ! info postgresql://127.0.0.1:PORT/crm#shop cannot be used (connection to server at "127.0.0.1", port 1 failed: Connection refused; Is the server running on that host and accepting TCP/IP connections?); it is tried again for 20 seconds
    ! baseload: the journal postgresql://127.0.0.1:PORT/crm#shop cannot be used (connection to server at "127.0.0.1", port 1 failed: Connection refused; Is the server running on that host and accepting TCP/IP connections?); start the server, or put its url in the job right; what was recorded is kept
    [3]
    $ PGPASSWORD=wrong baseload run job.toml
    ! baseload: the journal postgresql://importer@127.0.0.1:PORT/postgres#shop cannot be used (connection to server at "127.0.0.1", port PORT failed: FATAL:  password authentication failed for user "importer"); user, password and database must be right; the password belongs into ~/.pgpass, or into the file that PGPASSFILE names (chmod 600); what was recorded is kept
    [2]
    $ baseload doctor job.toml
    ok     source   $DIR/clients.csv: CSV, 2 columns
    FAULT  journal  the journal postgresql://importer@127.0.0.1:PORT/postgres#shop cannot be used (connection to server at "127.0.0.1", port PORT failed: fe_sendauth: no password supplied); user, password and database must be right; the password belongs into ~/.pgpass, or into the file that PGPASSFILE names (chmod 600); what was recorded is kept
    ok     token    in the environment variable BASELOAD_TOKEN
    FAULT  account  the account's state in postgresql://importer@127.0.0.1:PORT/postgres cannot be opened (connection to server at "127.0.0.1", port PORT failed: fe_sendauth: no password supplied); it keeps the request limit for all machines: user, password and database must be right; the password belongs into ~/.pgpass, or into the file that PGPASSFILE names (chmod 600)
    [1]
    $ PGPASSWORD=secret baseload run job.toml
    ! baseload: the journal postgresql://importer@127.0.0.1:PORT/postgres#shop cannot be used (permission denied for database postgres); let the database's administrator run what baseload journal schema prints; what was recorded is kept
    [2]

A rehearsal writes nothing there.

    $ PGPASSWORD=secret baseload run job.toml --rehearse --json | grep -o '"created":2' | head -1; psql --tuples-only --no-align postgres -c "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'baseload%'"
    "created":2
    0
    ! a rehearsal against a sandbox, with a journal of its own: nothing reaches the account
    ! info 2 rows: 2 to create, 0 to update, 0 to reject; 3 requests

What an administrator runs for that user; from then on the user needs nothing more.

    $ export PGPASSWORD=secret
    > baseload journal schema job.toml --user importer > schema.sql && grep GRANT schema.sql | sed 's/account_[0-9a-f]*/account_HASH/'
    > psql --quiet --username postgres --set=ON_ERROR_STOP=1 postgres < schema.sql
    > baseload run job.toml --quiet && baseload run job.toml --json | grep -o '"unchanged":2' | head -1
    > baseload export job.toml | cut -d, -f1-3
    > baseload undo job.toml --run 1 --yes 2>/dev/null | tail -1
    GRANT USAGE ON SCHEMA "baseload_shop" TO "importer";
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "baseload_shop" TO "importer";
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA "baseload_shop" TO "importer";
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "baseload_shop" TO "importer";
    GRANT USAGE ON SCHEMA "baseload_account_HASH" TO "importer";
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "baseload_account_HASH" TO "importer";
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA "baseload_account_HASH" TO "importer";
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "baseload_account_HASH" TO "importer";
    "unchanged":2
    key,state,crm_client_id
    1,linked,1
    2,linked,2
    run 1: 2 deleted, 0 restored; 2 requests
    ! info 2 rows: 0 to create, 0 to update, 0 to reject; 0 requests
    $ PGPASSWORD=secret baseload journal info job.toml | grep -v -e '^id' -e '^size' -e '^runs'
    journal   postgresql://importer@127.0.0.1:PORT/postgres#shop (PostgreSQL, format 3)
    account   "default" at http://127.0.0.1:PORT/connector.php
    keys      from "Kod"
    clients   0, 0 of them deleted in the account
    open      0 creates in doubt, 0 updates without an answer, 0 rows refused
    state     closed

It may be run again. What is no name for a journal, and a password, are refused by journal as by a job.

    $ PGPASSWORD=secret psql --quiet --username postgres --set=ON_ERROR_STOP=1 postgres < schema.sql 2>&1 | grep -v NOTICE
    > PGPASSWORD=secret baseload journal copy job.toml "postgresql://importer@127.0.0.1:$PGPORT/postgres#My-shop"
    > baseload journal info "postgresql://importer:secret@127.0.0.1/postgres#shop"
    > baseload journal info "Postgresql://importer:secret@127.0.0.1/postgres#shop"
    > baseload journal copy job.toml "host=127.0.0.1 password=secret"
    > baseload journal info "importer:secret@127.0.0.1/postgres#shop"
    > baseload journal info "postgresql://importer:sec#ret@127.0.0.1/postgres#shop"
    ! baseload: "My-shop" is no name for a journal in a database: 1 to 40 of a-z, 0-9 and _, and not beginning with account_
    ! baseload: the URL is wrong: it has a password in it, which whoever reads the job would read; a password belongs into ~/.pgpass, or into the file that PGPASSFILE names
    ! baseload: the URL is not a database's; write "postgresql://user@host/database"
    ! baseload: the URL is not a database's; write "postgresql://user@host/database"
    ! baseload: the URL is not a database's; write "postgresql://user@host/database"
    ! baseload: the URL is wrong: it has a password in it, which whoever reads the job would read; a password belongs into ~/.pgpass, or into the file that PGPASSFILE names
    [2]

Another account's job, as for a file.

    $ sed 's/^requests_per_minute.*/&\nname = "another shop"/' job.toml > other.toml; PGPASSWORD=secret baseload run other.toml
    ! baseload: the account's state in postgresql://importer@127.0.0.1:PORT/postgres cannot be opened (permission denied for database postgres); it keeps the request limit for all machines: let the database's administrator run what baseload journal schema prints
    [2]

A newer journal, and a standby that nobody may write to; to look at, the standby will do.

    $ sed "s/importer@127.0.0.1:$PGPORT/postgres@127.0.0.1:$PGSTANDBY/" job.toml > standby.toml
    > until baseload runs standby.toml > /dev/null 2>&1; do sleep 0.1; done
    > baseload runs standby.toml --json | grep -c '"run"'; baseload run standby.toml
    2
    ! info postgresql://postgres@127.0.0.1:PORT/postgres#shop cannot be used (the server takes no writes); it is tried again for 20 seconds
    ! baseload: the journal postgresql://postgres@127.0.0.1:PORT/postgres#shop cannot be used (the server takes no writes); it is a standby: name the primary in the url, or all servers of the cluster (host=a,b); or its user or database is set to read only (default_transaction_read_only); what was recorded is kept
    [2]
    $ psql --quiet postgres -c 'UPDATE baseload_shop.self SET format = 99'
    > PGPASSWORD=secret baseload run job.toml; PGPASSWORD=secret baseload runs job.toml
    ! baseload: the journal postgresql://importer@127.0.0.1:PORT/postgres#shop was written by a newer baseload (format 99, this one knows 3); upgrade this installation
    ! baseload: the journal postgresql://importer@127.0.0.1:PORT/postgres#shop was written by a newer baseload (format 99, this one knows 3); upgrade this installation
    [2]
    $ psql --quiet postgres -c 'UPDATE baseload_shop.self SET format = 1'

Over TLS, with the server's name held against its certificate.

    $ tls() { sed "s#importer@127.0.0.1:$PGPORT/postgres#importer@$1:$PGPORT/postgres?sslmode=verify-full\&sslrootcert=$PGCA$2#" job.toml; }
    > tls localhost '\&hostaddr=127.0.0.1' > tls.toml; tls 127.0.0.1 > stranger.toml
    > PGPASSWORD=secret baseload runs tls.toml --json | grep -c '"run"'
    2
    $ PGPASSWORD=secret baseload run stranger.toml 2>&1 | sed 's#sslrootcert=[^ #]*#sslrootcert=CA#'
    baseload: the journal postgresql://importer@127.0.0.1:PORT/postgres?sslmode=verify-full&sslrootcert=CA#shop cannot be used (connection to server at "127.0.0.1", port PORT failed: server certificate for "localhost" (and 1 other name) does not match host name "127.0.0.1"); put its url in the job right, or, where its certificate is not trusted, the file that sslrootcert names; what was recorded is kept

A database of another encoding than UTF-8.

    $ createdb --encoding=LATIN2 --template=template0 latin
    > sed "s#importer@127.0.0.1:$PGPORT/postgres#postgres@127.0.0.1:$PGPORT/latin#" job.toml > latin.toml; baseload run latin.toml
    ! baseload: the journal postgresql://postgres@127.0.0.1:PORT/latin#shop cannot be used (the database has the encoding LATIN2, and customers' names need UTF8; make one with createdb --encoding=UTF8 --template=template0); run again when that is fixed; what was recorded is kept
    [2]
    $ requests
    5
