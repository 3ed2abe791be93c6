What a source that cannot be read gets: what, where, what to do; exit code 2; nothing sent.

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
    $ baseload run job.toml
    ! baseload: $DIR/clients.csv: cannot be opened (No such file or directory); check the path: [source] path is relative to the job's folder
    [2]
    $ : > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv: is empty; a header line with the columns' names and a line a customer are expected
    [2]
    $ echo 'Kod;E-mail' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv: has a header and no rows, and 1 is the least that [source] min_rows takes for whole; nothing was sent
    [2]
    $ mkdir folder; baseload run job.toml folder
    ! baseload: $DIR/folder: is a directory, not a file; name a CSV file, or - for standard input
    [2]
    $ baseload run job.toml /dev/null
    ! baseload: /dev/null: is a device or a pipe, not a file; name a CSV file, or - for standard input
    [2]
    $ printf 'Kod;E-mail\n1\0;a@b.pl\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 2, byte 2 of the line: a NUL byte, which no text has; is the file damaged, or no text at all?
    [2]
    $ head -c 3000 $(which sqlite3) > binary; baseload run job.toml binary
    ! baseload: $DIR/binary: is no text (it has NUL bytes); a CSV file with a header line is expected
    [2]
    $ printf 'PK\003\004xyz' > book.xlsx; baseload run job.toml book.xlsx
    ! baseload: $DIR/book.xlsx: is a broken or hostile zip file (Not a zip archive); fetch it again, or save it anew with the program that made it
    [2]
    $ printf 'Kod;E-mail\nżółć ąęś;a@b.pl\nźdźbło ń;a@b.pl\n1;za\xbf@b.pl\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 4, byte 5 of the line: byte 0xBF is not UTF-8, as the text before it is; correct the file, or give its encoding if it has another: [source] encoding = "windows-1250"
    [2]
    $ printf 'Kod;E-mail\n1;za\x81@b.pl\n' > clients.csv; sed 's/"clients.csv"/"clients.csv"\nencoding = "windows-1250"/' job.toml > legacy.toml; baseload run legacy.toml
    ! baseload: $DIR/clients.csv, line 2, character 5: in windows-1250, the byte 0x81 is no character; is the file in another encoding? Say which: [source] encoding = "…" (baseload preview shows how it is read)
    [2]
    $ printf 'Kod;E-mail\n' | gzip | head -c 20 > cut.csv.gz; baseload run job.toml cut.csv.gz
    ! baseload: $DIR/cut.csv.gz: is a broken gzip file (it ends before its content does); fetch or export it again
    [2]
    $ printf '\xff\xfeK\0o\0d' > utf16.csv; baseload run job.toml utf16.csv
    ! baseload: $DIR/utf16.csv, line 1, character 4: in UTF-16LE, the text ends in the midst of a character; is the file in another encoding? Say which: [source] encoding = "…" (baseload preview shows how it is read)
    [2]
    $ printf 'Kod;Email\n1;a@b.pl\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/job.toml, line 10, column 1: $DIR/clients.csv has no column "E-mail" (did you mean "Email"?); it has "Kod" and "Email"
    [2]
    $ printf 'Kod;E-mail;Kod\n1;a@b.pl;2\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/job.toml, line 7, column 11: $DIR/clients.csv: columns 1 and 3 are all called "Kod"; say which is meant ("Kod (1)" and "Kod (2)"), or give each a name of its own in the file
    ! $DIR/job.toml, line 9, column 1: $DIR/clients.csv: columns 1 and 3 are all called "Kod"; say which is meant ("Kod (1)" and "Kod (2)"), or give each a name of its own in the file
    [2]
    $ printf 'Kod;;E-mail\n1;;a@b.pl\n' > clients.csv; baseload run job.toml
    $DIR/clients.csv -> account "default", run 14, DURATION
      rows read               1
        created               1
        updated               0
        unchanged             0
        rejected              0
        in doubt              0
        not reached           0
      requests                2
    ! info 1 row: 1 to create, 0 to update, 0 to reject; 2 requests
    $ printf 'Kod;E-mail\n1;a@b.pl\n2;"b@b.pl\n3;c@b.pl\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 3, character 3: a quote is opened here and never closed, near ""b@b.pl\n3;c@b.pl"; put the whole cell in quotes and double the quotes inside it, or say how it is meant: [source] quoting = "relaxed", as Excel reads it, or quote = "none"
    [2]
    $ printf 'Kod;E-mail\n1;a"b\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 2, character 4: a quote stands inside a cell that does not begin with one, near ""b"; put the whole cell in quotes and double the quotes inside it, or say how it is meant: [source] quoting = "relaxed", as Excel reads it, or quote = "none"
    [2]
    $ printf 'Kod;E,mail\n1;a,b\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv: semicolon and comma fit equally well as its delimiter; say which it is: [source] delimiter = ";"
    [2]
    $ printf 'Kod;E-mail\r1;a@b.pl\r' > clients.csv; baseload run job.toml
    $DIR/clients.csv -> account "default", run 18, DURATION
      rows read               1
        created               0
        updated               0
        unchanged             1
        rejected              0
        in doubt              0
        not reached           0
      requests                0
    ! info 1 row: 0 to create, 0 to update, 0 to reject; 0 requests

A row with a fault is rejected alone; the others go in.

    $ printf 'Kod;E-mail\n1;a@b.pl\n2\n3;c@b.pl;x\n ;d@b.pl\n5;\n' > clients.csv; baseload run job.toml
    $DIR/clients.csv -> account "default", run 19, DURATION
      rows read               5
        created               1
        updated               0
        unchanged             1
        rejected              3
        in doubt              0
        not reached           0
      requests                1
    ! info 5 rows: 1 to create, 0 to update, 3 to reject; 1 request
    ! $DIR/clients.csv, line 3, the row has 1 cell, and the header names 2 columns; add what is missing; where all such rows are meant, set [source] ragged = "pad"
    ! $DIR/clients.csv, line 4, the row has 3 cells, and the header names 2 columns (cell 3 holds "x"); put a cell that holds the delimiter in quotes; in a sheet, move what stands beside the table, or name its column
    ! $DIR/clients.csv, line 5, column "Kod": the key is blank; give the row the key that it has for ever
    [1]
    $ requests
    3

Fewer rows than the job takes for whole.

    $ sed -i 's/^path.*/&\nmin_rows = 100/' job.toml; baseload run job.toml
    ! baseload: $DIR/clients.csv: has 5 rows, and 100 is the least that [source] min_rows takes for whole; nothing was sent
    [2]
    $ requests
    3

A refused run is told to monitoring as any other: its summary, its JSON, its place in the history.

    $ echo 'Kod;E-mail' > clients.csv; baseload run job.toml --summary s.json --json > out.json
    ! baseload: $DIR/clients.csv: has a header and no rows, and 100 is the least that [source] min_rows takes for whole; nothing was sent
    [2]
    $ diff s.json out.json && python3 -c 'import json; s = json.load(open("s.json")); print(s["run"], s["exit_code"], s["records"], s["stopped_because"][-16:])'
    None 2 0 nothing was sent
    $ baseload runs job.toml --json | tail -1 | python3 -c 'import json; r = json.loads(input()); print(r["exit_code"], r["records"], r["undone"], r["stopped_because"])'
    2 0 False $DIR/clients.csv: has a header and no rows, and 100 is the least that [source] min_rows takes for whole; nothing was sent
    $ echo x > job2.toml; baseload run job2.toml --summary s.json; grep -o '"exit_code":2' s.json
    "exit_code":2
    ! baseload: job2.toml, line 1, column 2: Error while parsing key-value pair: expected '=', saw '\n'
    $ baseload run job.toml --summary job.toml; head -1 job.toml
    [source]
    ! baseload: --summary job.toml is the job, which it would overwrite; name another file
    $ python3 -c 'import json; s = json.load(open("s.json")); print(s["job"], s["account"] == "")'
    job2.toml True
    $ baseload run job.toml --summary s.json; python3 -c 'import json; s = json.load(open("s.json")); print(s["source"], s["account"])'
    $DIR/clients.csv default
    ! baseload: $DIR/clients.csv: has a header and no rows, and 100 is the least that [source] min_rows takes for whole; nothing was sent
