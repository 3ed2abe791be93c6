Rows that the job leaves out: counted as skipped, and their customers are not missing.

    $ cat > job.toml <<.
    > [source]
    > path = "clients.csv"
    > only = { "Aktywny" = ["T", "tak"] }
    > skip = { "Kod" = { regex = "^TEST" }, "E-mail" = "" }
    > [account]
    > url = "$URL"
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > email = "E-mail"
    > [missing]
    > action = "report"
    > max_missing = "100%"
    > .
    $ printf 'Kod;E-mail;Aktywny\nK1;k1@a.pl;T\nK2;k2@a.pl; TAK \nK3;k3@a.pl;N\nTEST4;k4@a.pl;T\nK5;;T\nK6;zly;N\nK7;k7@a.pl;T\n' > clients.csv
    $ baseload check job.toml
    $DIR/clients.csv: 7 rows, 4 skipped, no fault
    $ baseload plan job.toml
    $DIR/clients.csv
      rows                    7
        to create             3
        to update             0
        in doubt              0
        to reject             0
        no request            0
        skipped               4
      missing                 0
      requests                4
      line 2, "K1": create
          login → "K1"
          email → "k1@a.pl"
      line 3, "K2": create
          login → "K2"
          email → "k2@a.pl"
      line 8, "K7": create
          login → "K7"
          email → "k7@a.pl"
    $ baseload run job.toml
    $DIR/clients.csv -> account "default", run 1, DURATION
      rows read               7
        created               3
        updated               0
        unchanged             0
        rejected              0
        in doubt              0
        not reached           0
        skipped               4
      requests                4
    ! info 7 rows: 3 to create, 0 to update, 0 to reject, 4 skipped; 4 requests

A customer who is left out from now on is there, one who has gone is missing, and nothing is sent of either.

    $ printf 'Kod;E-mail;Aktywny\nK1;new@a.pl;N\nK2;k2@a.pl;T\n' > clients.csv
    $ baseload run job.toml --quiet
    ! $DIR/clients.csv: 1 key of the last full run is not in it: "K7"
    $ baseload runs job.toml --json | cut -d, -f 9-16
    "partial":false,"records":7,"created":3,"updated":0,"unchanged":0,"rejected":0,"in_doubt":0,"not_reached":0
    "partial":false,"records":2,"created":0,"updated":0,"unchanged":1,"rejected":0,"in_doubt":0,"not_reached":0
    $ printf 'Kod;E-mail;Aktywny\nK1;new@a.pl;x\nK2;k2@a.pl;y\n' > clients.csv
    $ baseload run job.toml --quiet
    ! baseload: $DIR/clients.csv: has 0 rows (besides 2 skipped), and 1 is the least that [source] min_rows takes for whole; nothing was sent
    [2]

What cannot be looked for is refused before anything is read.

    $ sed -i 's/^only.*/only = { "Aktywna" = "T" }/; s/^skip.*/skip = { "Kod" = { regex = "(" } }/' job.toml
    $ baseload check job.toml
    ! baseload: $DIR/job.toml, line 3, column 22: $DIR/clients.csv has no column "Aktywna" (did you mean "Aktywny"?); it has "Kod", "E-mail" and "Aktywny"
    ! $DIR/job.toml, line 4, column 18: [source] skip: "(" is no regular expression (U_REGEX_MISMATCHED_PAREN)
    [2]
    $ sed -i 's/^only.*/only = { "Aktywny" = 1 }/; s/^skip.*/skip = ["Kod"]/' job.toml
    $ baseload check job.toml
    ! baseload: $DIR/job.toml, line 3, column 8: [source] only says nothing of "Aktywny" that can be looked for; write a text, a list of texts ("" is a blank cell), or { regex = "^B2B" }
    ! $DIR/job.toml, line 4, column 8: [source] skip must name columns and what their cells say: skip = { "Aktywny" = ["T", "Tak"] }
    [2]

audit and link leave such rows alone too.

    $ sed -i 's/^only.*/only = { "Aktywny" = "T" }/; s/^skip.*//' job.toml
    $ printf 'Kod;E-mail;Aktywny\nK1;x@a.pl;N\nK2;k2@a.pl;T\nK9;k9@a.pl;N\n' > clients.csv
    $ baseload audit job.toml
      rows read                           3
        in step with the account          1
      rows without a client               0
      rows with faults                    0
      fields not sent yet                 0
      fields edited in the panel          0
      clients that are gone               0
      clients there twice                 0
      clients nobody knows                0
      clients in the account              3
      requests                            2
      notes and extra fields are in no list of the account's, and were not compared

A flag that is written in another way since last night leaves customers out, as a file that was cut off does.

    $ sed -i 's/^only.*/only = { "Aktywny" = "T" }\nmax_shrink = "20%"/' job.toml
    $ printf 'Kod;E-mail;Aktywny\nK1;k1@a.pl;T\nK2;k2@a.pl;T\nK7;k7@a.pl;T\n' > clients.csv; baseload run job.toml --quiet
    $ sed -i 's/;T$/;Tak/; 2s/Tak/T/' clients.csv; baseload run job.toml --quiet
    ! baseload: $DIR/clients.csv: has 1 row (besides 2 skipped), and the last full run read 3: more than [source] max_shrink = "20%" are gone, as if the file was cut off; nothing was sent. If it is whole, raise max_shrink
    [2]

A skipped customer is there too where the key has lost its form, or cannot be read; and a word for nothing can be named.

    $ sed -i '/^max_shrink/d; s/^action = .*/action = "delete"/' job.toml
    $ printf 'Kod;E-mail;Aktywny\n K-1;k1@a.pl;N\nK2;k2@a.pl;T\n;k7@a.pl;N\n' > clients.csv; baseload run job.toml
    $DIR/clients.csv -> account "default", run 6, DURATION
      rows read               3
        created               0
        updated               0
        unchanged             1
        rejected              0
        in doubt              0
        not reached           0
        skipped               2
      requests                0
      1 key of the last full run missing, 0 deleted: 1 row has no key that can be read, so nobody can say whose they are; nobody was touched
    ! info 3 rows: 0 to create, 0 to update, 0 to reject, 2 skipped; 0 requests
    ! $DIR/clients.csv: 1 key of the last full run is not in it: "K7"
    !   1 row has no key that can be read, so nobody can say whose they are; nobody was touched
    [1]
    $ sed -i 's/^only.*/blank = ["brak"]\nskip = { "Aktywny" = "brak" }/' job.toml
    $ printf 'Kod;E-mail;Aktywny\nK1;k1@a.pl;Brak\nK2;k2@a.pl;\n' > clients.csv; baseload check job.toml
    $DIR/clients.csv: 2 rows, 1 skipped, no fault
