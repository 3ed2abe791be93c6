What a journal that cannot be used gets: exit code 2 (75 while another run holds it), nothing sent.

    $ printf 'Kod;E-mail\n1;a@b.pl\n2;b@b.pl\n' > clients.csv
    $ cat > job.toml <<.
    > [source]
    > path = "clients.csv"
    > [account]
    > url = "$URL"
    > requests_per_minute = 0
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > email = "E-mail"
    > .
    $ baseload runs job.toml
    ! baseload: there is no journal $DIR/job.journal yet; the first run makes it
    [2]
    $ baseload run job.toml --quiet
    $ requests
    3

Another account's.

    $ sed 's/^requests_per_minute.*/&\nname = "another shop"/' job.toml > other.toml
    $ echo '[journal]
    > path = "job.journal"' >> other.toml
    $ baseload run other.toml
    ! baseload: the journal $DIR/job.journal belongs to the account "default" at http://127.0.0.1:PORT/connector.php, and the job points to "another shop" at http://127.0.0.1:PORT/connector.php: its ids would overwrite strangers there; give this job a [journal] path of its own
    [2]
    $ baseload plan other.toml 2>&1 | grep -c "belongs to the account"; baseload check other.toml 2>&1 | grep -c "belongs to the account"
    1
    1

Other keys than the job's: every customer would be created again.

    $ sed 's/^columns.*/columns = ["Kod", "E-mail"]/' job.toml > keys.toml; echo '[journal]
    > path = "job.journal"' >> keys.toml
    $ baseload run keys.toml
    ! baseload: the journal $DIR/job.journal has its keys from the columns "Kod", and the job takes them from "Kod" and "E-mail": no row would be known, and every customer made again. If the columns are merely called otherwise now and the keys are the same, say so once with --same-keys; else give this job a [journal] path of its own
    [2]
    $ sed 's/Kod/Code/' clients.csv > renamed.csv; sed -i 's/Kod/Code/; s/, "E-mail"\]/]/; s/login = "Kod"/login = "Code"/' keys.toml
    $ baseload run keys.toml renamed.csv
    ! baseload: the journal $DIR/job.journal has its keys from the columns "Kod", and the job takes them from "Code": no row would be known, and every customer made again. If the columns are merely called otherwise now and the keys are the same, say so once with --same-keys; else give this job a [journal] path of its own
    [2]
    $ baseload run keys.toml renamed.csv --same-keys --quiet; baseload run job.toml --same-keys --quiet

A newer version's; another database; no database at all.

    $ cp job.journal kept; sqlite3 job.journal 'PRAGMA user_version = 1000' ; baseload run job.toml
    ! baseload: the journal $DIR/job.journal was written by a newer baseload (format 1000, this one knows 7); upgrade this installation
    [2]
    $ baseload export job.toml
    ! baseload: the journal $DIR/job.journal was written by a newer baseload (format 1000, this one knows 7); upgrade this installation
    [2]
    $ rm job.journal*; sqlite3 job.journal 'CREATE TABLE recipes (name)'; baseload run job.toml
    ! baseload: $DIR/job.journal is a database, but not a journal of baseload; give [journal] path a file of its own
    [2]
    $ rm job.journal*; head -c 5000 /dev/zero | tr '\0' 'x' > job.journal; baseload run job.toml
    ! baseload: the journal $DIR/job.journal cannot be used (file is not a database); it is damaged or not a journal; restore it from a backup, or give [journal] path another file. It was not changed
    [2]
    $ rm job.journal*; mkdir job.journal; baseload run job.toml
    ! baseload: the journal $DIR/job.journal is no file; name a file in [journal] path
    [2]
    $ rmdir job.journal; mkfifo job.journal; timeout 20 baseload run job.toml; timeout 20 baseload runs job.toml; rm job.journal*
    ! baseload: the journal $DIR/job.journal is no file; name a file in [journal] path
    ! baseload: the journal $DIR/job.journal is no file; name a file in [journal] path
    $ sed -i 's|^\[key|[journal]\npath = "no/such/folder/j"\n[key|' job.toml; baseload run job.toml
    ! baseload: the journal's lock $DIR/no/such/folder/j.lock cannot be opened (No such file or directory); the folder of [journal] path must exist and be writable
    [2]
    $ sed -i '/journal/d; /such/d' job.toml; cp kept job.journal

One that may not be written, and a folder that may not.

    $ chmod 444 job.journal; chmod -R a+rwX .tools; unprivileged baseload run job.toml
    ! baseload: the journal's lock $DIR/job.journal.lock cannot be opened (Permission denied); the folder of [journal] path must exist and be writable
    [2]
    $ rm -f job.journal.lock; (umask 0; : > job.journal.lock); unprivileged baseload run job.toml
    ! baseload: the journal $DIR/job.journal cannot be used (attempt to write a readonly database); make the file and its folder writable for this user
    [2]

Reading needs no right to write: a backup is enough.

    $ rm -f job.journal-wal job.journal-shm; mkdir backup; cp job.journal job.toml backup/; chmod 555 backup
    $ unprivileged baseload export backup/job.toml | sed 's/,[0-9]*,/,ID,/'
    key,state,crm_client_id,changed,note
    1,linked,ID,TIME,
    2,linked,ID,TIME,
    $ unprivileged baseload runs backup/job.toml | wc -l
    4

A disk without room.

    $ mv kept job.journal; rm -f job.journal-*; printf '3;c@b.pl\n' >> clients.csv
    $ ulimit -f 20; baseload run job.toml
    ! baseload: the journal $DIR/job.journal cannot be used (disk I/O error); free some space on its disk and run again; what was recorded is kept
    [2]
    $ requests
    3

One that another run holds.

    $ flock job.journal.lock -c 'baseload run job.toml'
    ! baseload: another run holds the journal $DIR/job.journal: process N, started TIME; wait until it has ended
    [75]
