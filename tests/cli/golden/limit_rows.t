A first careful run sends so many rows and no more; the next goes on.

    $ cat > job.toml <<.
    > [source]
    > path = "clients.csv"
    > max_shrink = "90%"
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
    $ printf 'Kod;E-mail\nK1;k1@a.pl\nK2;zly\nK3;k3@a.pl\nK4;k4@a.pl\nK4;k4@a.pl\nK5;k5@a.pl\n' > clients.csv
    $ baseload run job.toml --limit-rows 2 --quiet
    $DIR/clients.csv -> account "default", run 1, DURATION
      rows read               6
        created               2
        updated               0
        unchanged             0
        rejected              1
        in doubt              0
        not reached           3
      requests                3
      ended early: --limit-rows is reached, 3 more to go; a rerun goes on
    ! $DIR/clients.csv, line 3, column "E-mail": "zly" is not an e-mail address; write one address, as name@domain.tld
    [1]
    $ baseload run job.toml --limit-rows 2; requests
    $DIR/clients.csv -> account "default", run 2, DURATION
      rows read               6
        created               2
        updated               0
        unchanged             3  (1 of them repeats another row)
        rejected              1
        in doubt              0
        not reached           0
      requests                2
    5
    ! info 6 rows: 2 to create, 0 to update, 1 to reject; 2 requests
    ! $DIR/clients.csv, line 3, column "E-mail": "zly" is not an e-mail address; write one address, as name@domain.tld
    $ baseload run job.toml --limit-rows 2 --json | tr , '\n' | grep -E 'partial|left_to_go|exit_code|stopped'
    "partial":false
    "left_to_go":0
    "stopped_because":null
    "exit_code":1}
    ! info 6 rows: 0 to create, 0 to update, 1 to reject; 0 requests
    ! $DIR/clients.csv, line 3, column "E-mail": "zly" is not an e-mail address; write one address, as name@domain.tld
    $ sqlite3 "$DIR/.tools/sandbox.db" "SELECT fields ->> '\$.login' FROM client ORDER BY 1"
    K1
    K3
    K4
    K5

What was limited is no measure for later runs, and nobody is missing after it.

    $ printf 'Kod;E-mail\nK1;new@a.pl\nK3;new@a.pl\n' > clients.csv
    $ baseload run job.toml --limit-rows 1
    $DIR/clients.csv -> account "default", run 4, DURATION
      rows read               2
        created               0
        updated               1  (1 field)
        unchanged             0
        rejected              0
        in doubt              0
        not reached           1
      requests                1
      ended early: --limit-rows is reached, 1 more to go; a rerun goes on
    ! info 2 rows: 0 to create, 2 to update, 0 to reject; 2 requests
    $ baseload runs job.toml | cut -c 1-110
     run  started                    rows   created  updated unchanged rejected in doubt not reached  skipped  req
       1  TIME          6         2        0         0        1        0           3        0
       2  TIME          6         2        0         3        1        0           0        0
       3  TIME          6         0        0         5        1        0           0        0
       4  TIME          2         0        1         0        0        0           1        0
    $ printf 'Kod;E-mail\nK1;new@a.pl\nK3;new@a.pl\n' > clients.csv
    $ baseload run job.toml --quiet
    ! $DIR/clients.csv: 2 keys of the last full run are not in it: "K5" and "K4"

What is no number sends nothing.

    $ for n in -1 x ''; do baseload run job.toml --limit-rows="$n"; done
    ! baseload: --limit-rows "-1" is no number of rows; write 20
    ! baseload: --limit-rows "x" is no number of rows; write 20
    ! baseload: --limit-rows: 1 required N missing; --help says what there is
    [2]
