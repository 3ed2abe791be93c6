Before the first run: doctor looks at all that it depends on, several jobs share what is common, and a rehearsal reaches nobody.

    $ cat > common.toml <<.
    > [account]
    > url = "$URL"
    > [fields]
    > login = "Kod"
    > email = "E-mail"
    > .
    $ cat > shop.toml <<.
    > include = "common.toml"
    > [source]
    > path = "clients.csv"
    > [account]
    > name = "sklep"
    > [key]
    > columns = ["Kod"]
    > [fields]
    > status_id = { default = "77" }
    > [extra_fields]
    > "Trasa" = "Trasa"
    > .
    $ printf 'Kod;E-mail;Trasa\nK1;a@example.pl;A\nK2;b@example.pl;B\n' > clients.csv
    $ unset BASELOAD_TOKEN; baseload doctor shop.toml
    ok     source   $DIR/clients.csv: CSV, 3 columns
    note   journal  $DIR/shop.journal is not there yet: the first run makes it; if there was one, restore it, or say baseload link
    FAULT  token    the environment variable BASELOAD_TOKEN holds no token: set it to the API token of the account (in the panel: My account, API), or name another source with [account] token_env or token_file in the job
    [1]
    $ export BASELOAD_TOKEN=sandbox-token; baseload doctor shop.toml
    ok    source       $DIR/clients.csv: CSV, 3 columns
    note  journal      $DIR/shop.journal is not there yet: the first run makes it; if there was one, restore it, or say baseload link
    ok    token        in the environment variable BASELOAD_TOKEN
    ok    limit        0 of 90 requests a minute in use by this machine
    ok    account      http://127.0.0.1:PORT/connector.php answers; it has 3 statuses for clients
    ok    permissions  the token may read clients
    ok    clock        as the service's
    $ requests
    2
    $ BASELOAD_TOKEN=other baseload doctor shop.toml --json | grep -o '"what":"account".*'
    "what":"account","state":"fault","found":"the account refused (ERROR_BAD_TOKEN: Invalid user token); the token is wrong or was regenerated: take the present one from the panel (My account, API) and put it where [account] token_env or token_file says","remedy":null}]}
    $ sed -i 's/:[0-9][0-9]*\//:1\//' common.toml; baseload doctor shop.toml 2>/dev/null | tail -n 1; echo "url = \"$URL\"" | sed -i -e '2r /dev/stdin' -e 2d common.toml
    FAULT  account  no connection to 127.0.0.1 port 1 (Connection refused), for longer than give_up_after allows; check [account] url and the network, and run again

The rehearsal needs no token and no account that has its fields: the job says what it needs.

    $ unset BASELOAD_TOKEN; baseload run shop.toml --rehearse
    $DIR/clients.csv -> account "rehearsal", run 1, DURATION
      rows read               2
        created               2
        updated               0
        unchanged             0
        rejected              0
        in doubt              0
        not reached           0
      requests                4
    ! a rehearsal against a sandbox, with a journal of its own: nothing reaches the account
    ! info 2 rows: 2 to create, 0 to update, 0 to reject; 4 requests
    $ ls
    clients.csv
    common.toml
    shop.toml
    $ requests
    3

What the job says itself stands; two included files must not say different things, and none includes itself.

    $ printf '[account]\nname = "x"\nconnections = 2\n' > more.toml; sed -i '1s/.*/include = ["common.toml", "more.toml"]/; /extra_fields/,$d' shop.toml; baseload plan shop.toml | sed -n 2,3p
      rows                    2
        to create             2
    $ printf '[fields]\nemail = "Mail"\n' > more.toml; baseload plan shop.toml
    ! baseload: [fields] email stands in two included files ($DIR/common.toml, line 5, column 9 and $DIR/more.toml, line 2, column 9): say in the job itself which is meant
    [2]
    $ printf 'include = "shop.toml"\n' > more.toml; baseload plan shop.toml
    ! baseload: $DIR/shop.toml includes itself, by way of $DIR/more.toml
    [2]
    $ printf '[account]\nbogus = 1\n' > more.toml; baseload plan shop.toml
    ! baseload: $DIR/more.toml, line 2, column 1: [account] has no option "bogus"
    [2]
    $ printf '[account\n' > more.toml; baseload plan shop.toml
    ! baseload: $DIR/more.toml, line 1, column 9: Error while parsing table header: expected ']', saw '\n'
    [2]
    $ sed -i '1s/.*/include = 3/' shop.toml; baseload plan shop.toml
    ! baseload: $DIR/shop.toml, line 1, column 11: include must be a file's name, or a list of them: include = "common.toml"
    [2]
    $ sed -i '1s/.*/include = "gone.toml"/' shop.toml; baseload plan shop.toml
    ! baseload: the job $DIR/gone.toml cannot be read (No such file or directory): check the path
    [2]
    $ printf 'Kod;NIP;Telefon\nK1;5261040828;600700800\nK2;7251801126;601701801\n' > nips.csv
    $ baseload init nips.csv | grep '^# \(invoice_country_code\|phone\) '
    # invoice_country_code = { default = "PL" }    # no column has the country, and postcodes or tax ids look like this one's: take the # away if all are from there
    # phone = { column = "Telefon", phone_region = "PL" }    # in place of the line above: numbers without a country's code get this one's

What a run would refuse a journal for, doctor says before it: of a job that was copied, too, whose journal is new.

    $ printf '[source]\npath = "clients.csv"\n[account]\nurl = "%s"\n[key]\ncolumns = ["Kod"]\n[fields]\nlogin = "Kod"\n' "$URL" > old.toml
    $ export BASELOAD_TOKEN=sandbox-token; baseload run old.toml --quiet; baseload doctor old.toml | grep journal
    ok  journal      $DIR/old.journal: 2 clients, 1 run
    $ cp old.toml new.toml; baseload doctor new.toml | grep journal
    note   journal      $DIR/new.journal is not there yet: the first run makes it; if there was one, restore it, or say baseload link
    FAULT  journal      the journal $DIR/new.journal is new, and the account has been written to with $DIR/old.journal: every customer that is in the account would be made again. If that is this job's journal, put it back, name it in [journal], or move it here with baseload journal copy; if it is lost, baseload link finds the customers; if this job brings customers of its own, say --first-run. If these are two accounts, give each an [account] name of its own
    $ baseload run new.toml --quiet; baseload doctor new.toml | grep FAULT
    FAULT  journal      the journal $DIR/new.journal is new, and the account has been written to with $DIR/old.journal: every customer that is in the account would be made again. If that is this job's journal, put it back, name it in [journal], or move it here with baseload journal copy; if it is lost, baseload link finds the customers; if this job brings customers of its own, say --first-run. If these are two accounts, give each an [account] name of its own
    ! baseload: the journal $DIR/new.journal is new, and the account has been written to with $DIR/old.journal: every customer that is in the account would be made again. If that is this job's journal, put it back, name it in [journal], or move it here with baseload journal copy; if it is lost, baseload link finds the customers; if this job brings customers of its own, say --first-run. If these are two accounts, give each an [account] name of its own
