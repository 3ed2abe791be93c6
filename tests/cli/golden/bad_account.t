What an account that cannot be used gets.

    $ printf 'Kod;E-mail\n1;a@b.pl\n2;b@b.pl\n' > clients.csv
    $ job() { printf '[source]\npath = "clients.csv"\n[account]\nurl = "%s"\ngive_up_after = "200ms"\nconnections = 1\n%s\n[key]\ncolumns = ["Kod"]\n[fields]\nlogin = "Kod"\nemail = "E-mail"\n' "$1" "$2" > job.toml; }
    > job "$URL"

The token comes from the environment or from a file that others cannot read.

    $ env -u BASELOAD_TOKEN baseload run job.toml
    ! baseload: the environment variable BASELOAD_TOKEN holds no token: set it to the API token of the account (in the panel: My account, API), or name another source with [account] token_env or token_file in the job
    [2]
    $ BASELOAD_TOKEN='two words' baseload run job.toml
    ! baseload: the token in the environment variable BASELOAD_TOKEN has a space, a line break or a letter outside ASCII in it: copy it again from the panel, alone on one line
    [2]
    $ echo secret > token; chmod 644 token; sed -i 's/^connections.*/&\ntoken_file = "token"/' job.toml; baseload run job.toml
    ! baseload: the token file $DIR/token can be used by others (mode 644): run chmod 600 '$DIR/token'
    [2]
    $ rm token; baseload run job.toml
    ! baseload: the token file $DIR/token cannot be read (No such file or directory): check [account] token_file
    [2]
    $ requests
    0

A wrong token is refused by the service: exit code 4, and nothing is in doubt.

    $ sed -i '/token_file/d' job.toml; BASELOAD_TOKEN=wrong baseload run job.toml
    $DIR/clients.csv -> account "default", run 1, DURATION
      rows read               2
        created               0
        updated               0
        unchanged             0
        rejected              0
        in doubt              0
        not reached           2
      requests                1
      ended early: the account refused (ERROR_BAD_TOKEN: Invalid user token); the token is wrong or was regenerated: take the present one from the panel (My account, API) and put it where [account] token_env or token_file says
    ! info 2 rows: 2 to create, 0 to update, 0 to reject; 3 requests
    [4]
    $ baseload export job.toml
    key,state,crm_client_id,changed,note

A host that does not answer: exit code 3, and a rerun goes on.

    $ sed 's|^url.*|url = "http://127.0.0.1:1/connector.php"|; s|^\[key|[journal]\npath = "dead.journal"\n[key|' job.toml > dead.toml
    $ baseload run dead.toml 2>&1 | sed '/trying again/d'
    info 2 rows: 2 to create, 0 to update, 0 to reject; 3 requests
    $DIR/clients.csv -> account "default", run 1, DURATION
      rows read               2
        created               0
        updated               0
        unchanged             0
        rejected              0
        in doubt              0
        not reached           2
      requests                0
      ended early: no connection to 127.0.0.1 port 1 (Connection refused), for longer than give_up_after allows; check [account] url and the network, and run again
    $ baseload runs dead.toml | sed 's/ *stopped/ stopped/'
     run  started                    rows   created  updated unchanged rejected in doubt not reached  skipped  requests  end
       1  TIME          2         0        0         0        0        0           2        0         0  exit 3: no connection to 127.0.0.1 port 1 (Connection refused), for longer than give_up_after allows; check [account] url and the network, and run again
