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
    ! baseload: $DIR/clients.csv, line 2, byte 2 of the line: a NUL byte, which no text has; is it a spreadsheet, or UTF-16? Save it as CSV in UTF-8
    [2]
    $ head -c 3000 $(which sqlite3) > binary; baseload run job.toml binary
    ! baseload: $DIR/binary, line 1, byte 8 of the line: a NUL byte, which no text has; is it a spreadsheet, or UTF-16? Save it as CSV in UTF-8
    [2]
    $ printf 'PK\003\004xyz' > book.xlsx; baseload run job.toml book.xlsx
    ! baseload: $DIR/book.xlsx: is a zip file or an Excel workbook (.xlsx), not CSV; save it as CSV in UTF-8 and try again
    [2]
    $ printf 'Kod;E-mail\n1;za\xbf\xf3\xb3\xe6@b.pl\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 2, byte 5 of the line: byte 0xBF is not UTF-8; save the file as UTF-8 (from windows-1250: iconv -f WINDOWS-1250 -t UTF-8)
    [2]
    $ printf '\xff\xfeK\0o\0d\0' > utf16.csv; baseload run job.toml utf16.csv
    ! baseload: $DIR/utf16.csv: is text in UTF-16, not CSV; save it as CSV in UTF-8 and try again
    [2]
    $ printf 'Kod;Email\n1;a@b.pl\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/job.toml, line 10, column 1: $DIR/clients.csv has no column "E-mail" (did you mean "Email"?); it has "Kod" and "Email"
    [2]
    $ printf 'Kod;E-mail;Kod\n1;a@b.pl;2\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 1: columns 1 and 3 of the header are both named "Kod"; give each a name of its own
    [2]
    $ printf 'Kod;;E-mail\n1;;a@b.pl\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 1: column 2 of the header has no name; give it one, or take the column out
    [2]
    $ printf 'Kod;E-mail\n1;a@b.pl\n2;"b@b.pl\n3;c@b.pl\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 3, character 3: a quote is opened here and never closed, near ""b@b.pl\n3;c@b.pl"; put the whole cell in quotes and double the quotes inside it
    [2]
    $ printf 'Kod;E-mail\n1;a"b\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv, line 2, character 4: a quote stands inside a cell that does not begin with one, near ""b"; put the whole cell in quotes and double the quotes inside it
    [2]
    $ printf 'Kod;E,mail\n1;a,b\n' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv: semicolon and comma fit equally well as its delimiter; say which it is: [source] delimiter = ";"
    [2]
    $ printf 'Kod;E-mail\r1;a@b.pl\r' > clients.csv; baseload run job.toml
    ! baseload: $DIR/clients.csv: ends its lines with CR alone, as old Macs did; save it with LF or CRLF (tr '\r' '\n')
    [2]

A row with a fault is rejected alone; the others go in.

    $ printf 'Kod;E-mail\n1;a@b.pl\n2\n3;c@b.pl;x\n ;d@b.pl\n5;\n' > clients.csv; baseload run job.toml
    $DIR/clients.csv -> account "default", run 1, DURATION
      rows read               5
        created               2
        updated               0
        unchanged             0
        rejected              3
        in doubt              0
        not reached           0
      requests                2
    ! info 5 rows: 2 to create, 0 to update, 3 to reject; 2 requests
    ! $DIR/clients.csv, line 3, the row has 1 cell, and the header names 2 columns; add what is missing
    ! $DIR/clients.csv, line 4, the row has 3 cells, and the header names 2 columns; put a cell that holds the delimiter in quotes
    ! $DIR/clients.csv, line 5, column "Kod": the key is blank; give the row the key that it has for ever
    [1]
    $ requests
    2

Fewer rows than the job takes for whole.

    $ sed -i 's/^path.*/&\nmin_rows = 100/' job.toml; baseload run job.toml
    ! baseload: $DIR/clients.csv: has 5 rows, and 100 is the least that [source] min_rows takes for whole; nothing was sent
    [2]
    $ requests
    2
