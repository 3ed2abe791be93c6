Several files are one source: each with its own dialect and header, and faults name the file.

    $ cat > job.toml <<.
    > [source]
    > path = ["first.csv", "inbox/*.csv"]
    > [account]
    > url = "$URL"
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > email = "E-mail"
    > .
    $ mkdir inbox
    $ printf 'Kod;E-mail\nK1;k1@a.pl\nK2;zly\n' > first.csv
    $ printf 'E-mail,Miasto,Kod\n"k3@a.pl",Łódź,K3\nk1@a.pl,Kraków,K1\nk4@a.pl,,K4\ninny@a.pl,,K4\n' > inbox/b.csv
    $ printf 'Kod;E-mail\nK5;k5@a.pl\nK6\n' > inbox/a.csv
    $ baseload check job.toml
    $DIR/first.csv, $DIR/inbox/a.csv and $DIR/inbox/b.csv: 8 rows, 4 rows with faults
      2 × key_conflict in "Kod", lines $DIR/inbox/b.csv:4, $DIR/inbox/b.csv:5
          such as: column "Kod": "K4" is the key of rows that differ in "E-mail" (lines $DIR/inbox/b.csv:4 and $DIR/inbox/b.csv:5); keep one of them
      1 × bad_email in "E-mail", line $DIR/first.csv:3
          such as: column "E-mail": "zly" is not an e-mail address; write one address, as name@domain.tld
      1 × ragged, line $DIR/inbox/a.csv:3
          such as: the row has 1 cell, and the header names 2 columns; add what is missing; where all such rows are meant, set [source] ragged = "pad"
    [1]
    $ baseload check job.toml --json
    {"source":"$DIR/first.csv, $DIR/inbox/a.csv and $DIR/inbox/b.csv","records":8,"skipped":0,"rejected":4,"similar_keys":0,"similar":[],"same_customers":[],"same_customers_count":0,"remarks":[],"unchecked":0,"causes":[{"code":"key_conflict","warning":false,"column":"Kod","count":2,"lines":[4,5],"values":[{"line":4,"found":"K4","file":"$DIR/inbox/b.csv"},{"line":5,"found":"K4","file":"$DIR/inbox/b.csv"}],"example":"column \"Kod\": \"K4\" is the key of rows that differ in \"E-mail\" (lines $DIR/inbox/b.csv:4 and $DIR/inbox/b.csv:5); keep one of them"},{"code":"bad_email","warning":false,"column":"E-mail","count":1,"lines":[3],"values":[{"line":3,"found":"zly","file":"$DIR/first.csv"}],"example":"column \"E-mail\": \"zly\" is not an e-mail address; write one address, as name@domain.tld"},{"code":"ragged","warning":false,"column":"","count":1,"lines":[3],"values":[{"line":3,"found":"","file":"$DIR/inbox/a.csv"}],"example":"the row has 1 cell, and the header names 2 columns; add what is missing; where all such rows are meant, set [source] ragged = \"pad\""}]}
    [1]
    $ baseload plan job.toml
    $DIR/first.csv, $DIR/inbox/a.csv and $DIR/inbox/b.csv
      rows                    8
        to create             3
        to update             0
        in doubt              0
        to reject             4
        no request            1
      requests                4
      $DIR/first.csv, line 2, "K1": create
          login → "K1"
          email → "k1@a.pl"
      $DIR/inbox/a.csv, line 2, "K5": create
          login → "K5"
          email → "k5@a.pl"
      $DIR/inbox/b.csv, line 2, "K3": create
          login → "K3"
          email → "k3@a.pl"
    $ baseload run job.toml --rejects rejects.csv; requests
    $DIR/first.csv, $DIR/inbox/a.csv and $DIR/inbox/b.csv -> account "default", run 1, DURATION
      rows read               8
        created               3
        updated               0
        unchanged             1  (1 of them repeats another row)
        rejected              4
        in doubt              0
        not reached           0
      requests                4
    4
    ! info 8 rows: 3 to create, 0 to update, 4 to reject; 4 requests
    ! $DIR/first.csv, line 3, column "E-mail": "zly" is not an e-mail address; write one address, as name@domain.tld
    ! $DIR/inbox/a.csv, line 3, the row has 1 cell, and the header names 2 columns; add what is missing; where all such rows are meant, set [source] ragged = "pad"
    ! $DIR/inbox/b.csv, line 4, column "Kod": "K4" is the key of rows that differ in "E-mail" (lines $DIR/inbox/b.csv:4 and $DIR/inbox/b.csv:5); keep one of them
    ! $DIR/inbox/b.csv, line 5, column "Kod": "K4" is the key of rows that differ in "E-mail" (lines $DIR/inbox/b.csv:4 and $DIR/inbox/b.csv:5); keep one of them
    ! rejected rows: rejects.csv
    $ cat rejects.csv
    ﻿Kod;E-mail;baseload_file;line;code;message
    K2;zly;$DIR/first.csv;3;bad_email;"column ""E-mail"": ""zly"" is not an e-mail address; write one address, as name@domain.tld"
    K6;$DIR/inbox/a.csv;3;ragged;"the row has 1 cell, and the header names 2 columns; add what is missing; where all such rows are meant, set [source] ragged = ""pad"""
    K4;k4@a.pl;$DIR/inbox/b.csv;4;key_conflict;"column ""Kod"": ""K4"" is the key of rows that differ in ""E-mail"" (lines $DIR/inbox/b.csv:4 and $DIR/inbox/b.csv:5); keep one of them"
    K4;inny@a.pl;$DIR/inbox/b.csv;5;key_conflict;"column ""Kod"": ""K4"" is the key of rows that differ in ""E-mail"" (lines $DIR/inbox/b.csv:4 and $DIR/inbox/b.csv:5); keep one of them"

A row that is in two files is one customer. A rerun sends nothing, whatever file a row is in.

    $ printf 'Kod;E-mail\nK1;k1@a.pl\nK2;k2@a.pl\nK3;k3@a.pl\n' > first.csv
    $ printf 'E-mail,Miasto,Kod\nk4@a.pl,,K4\n' > inbox/b.csv
    $ printf 'Kod;E-mail\nK5;k5@a.pl\n' > inbox/a.csv
    $ baseload run job.toml --json | tr , '\n' | grep -E 'source|records|created|unchanged'
    "source":"$DIR/first.csv
    "records":5
    "created":2
    "unchanged":3
    "outcomes":{"created":2
    "unchanged":3
    ! info 5 rows: 2 to create, 0 to update, 0 to reject; 2 requests

The corrected rejects file is loaded as it is; not among other files.

    $ sed 's/zly/k2@a.pl/' rejects.csv > corrected.csv
    $ baseload plan job.toml corrected.csv | head -6
    $DIR/corrected.csv
      rows                    4
        to create             0
        to update             0
        in doubt              0
        to reject             3
    $ baseload plan job.toml corrected.csv first.csv
    ! baseload: $DIR/corrected.csv: is a rejects file among other files; load it by itself, before or after them
    [2]

A column that one of the files lacks is no blank cell.

    $ printf 'Kod;Mail\nK9;k9@a.pl\n' > inbox/c.csv
    $ baseload run job.toml
    ! baseload: $DIR/job.toml, line 9, column 1: $DIR/inbox/c.csv has no column "E-mail" (did you mean "Mail"?); it has "Kod" and "Mail"
    [2]
    $ rm inbox/c.csv

A part on the command line: its files, or a pattern.

    $ printf 'Kod;E-mail\nK7;k7@a.pl\n' > part1.csv
    $ printf 'Kod;E-mail\nK8;k8@a.pl\n' > part2.csv
    $ baseload run job.toml part1.csv 'part[23].csv' --quiet
    $ baseload plan job.toml part1.csv job.toml
    ! baseload: job.toml is a job, and job.toml is one already: name one job, and behind it the sources to read in place of its own
    [2]
    $ baseload plan job.toml part1.csv -
    ! baseload: - is standard input, and stands beside files; name either
    [2]

A drop folder: what went in is moved to a dated name, and an empty one is no fault. A file that is being written is left.

    $ cat > drop.toml <<.
    > [source]
    > path = "drop/*"
    > settle = "1h"
    > after = { move = "drop/done" }
    > part = true
    > [account]
    > url = "$URL"
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > email = "E-mail"
    > .
    $ mkdir drop
    $ baseload run drop.toml --first-run
    ! info $DIR/drop/*: there is no such file; nothing to do
    $ baseload check drop.toml
    ! baseload: $DIR/drop/*: there is no such file; name the files on the command line, such as $DIR/drop/done/*
    [2]
    $ printf 'Kod;E-mail\nN1;n1@a.pl\n' > drop/a.csv
    $ printf 'Kod;E-mail\nN2;n2@a.pl\n' > drop/b.csv
    $ baseload run drop.toml --first-run
    ! info $DIR/drop/*: its 2 files are being written, or were less than [source] settle ago, and left for the next run; nothing to do
    $ touch -d '2 hours ago' drop/a.csv
    $ baseload run drop.toml --first-run 2>&1 | sed -E 's/[0-9]{8}-[0-9]{6}/DATE/'
    info $DIR/drop/b.csv: is being written, or was less than [source] settle ago, and is left for the next run
    info 1 row: 1 to create, 0 to update, 0 to reject; 1 request
    info $DIR/drop/a.csv went in, and is $DIR/drop/done/a-DATE.csv now
    $DIR/drop/a.csv -> account "default", run 1, DURATION
      rows read               1
        created               1
        updated               0
        unchanged             0
        rejected              0
        in doubt              0
        not reached           0
      requests                2
    $ ls drop drop/done | sed -E 's/[0-9]{8}-[0-9]{6}/DATE/'
    drop:
    b.csv
    done
    
    drop/done:
    a-DATE.csv

What a run has not taken in stays.

    $ touch -d '2 hours ago' drop/b.csv; printf 'Kod;E-mail\nN3;n3@a.pl\nN4;n4@a.pl\n' > drop/c.csv; touch -d '2 hours ago' drop/c.csv
    $ baseload run drop.toml --limit-rows 1 --quiet; ls drop
    b.csv
    c.csv
    done
    $ baseload run drop.toml --quiet; ls drop; ls drop/done | wc -l
    done
    3

Where one of the files is left for the next run, nobody is missing from the others.

    $ sed 's/part = true/max_shrink = "99%"/; s/after.*//; s/drop\/\*/full\/*/' drop.toml > full.toml; printf '[missing]\naction = "delete"\nmax_missing = "100%%"\n' >> full.toml
    $ mkdir full; printf 'Kod;E-mail\nF1;f1@a.pl\n' > full/a.csv; printf 'Kod;E-mail\nF2;f2@a.pl\n' > full/b.csv; touch -d '2 hours ago' full/*
    $ baseload run full.toml --first-run --quiet; touch full/b.csv
    $ baseload run full.toml --json | grep -o '"partial":true,"records":1\|"missing":{[^,]*,"count":[0-9]*'
    "partial":true,"records":1
    "missing":{"action":null,"count":0
    ! info $DIR/full/b.csv: is being written, or was less than [source] settle ago, and is left for the next run
    ! info 1 row: 0 to create, 0 to update, 0 to reject; 0 requests
    $ baseload run full.toml 'absent*.csv' full/a.csv --full --json | grep -o '"missing":{[^,]*,"count":[0-9]*'
    "missing":{"action":null,"count":0
    ! info $DIR/absent*.csv: there is no such file, so nobody counts as missing
    ! info 1 row: 0 to create, 0 to update, 0 to reject; 0 requests

A part that is not whole is refused too.

    $ sed 's/part = true/part = true\ncomplete = "done file"/; s/settle.*//' drop.toml > done.toml; printf 'Kod;E-mail\nN9;n9@a.pl\n' > drop/d.csv
    $ baseload run done.toml --first-run; ls drop
    d.csv
    done
    ! baseload: $DIR/drop/d.csv: $DIR/drop/d.csv.done is not there yet, and [source] complete = "done file" says that the export is not through before; nothing was sent

Files are not moved to where they are read from, nor where they cannot be.

    $ sed 's/drop\/done/drop/' drop.toml > bad.toml; baseload run bad.toml
    ! baseload: $DIR/bad.toml, line 4, column 9: [source] after moves files to "drop", where they are read from; name another folder
    [2]
    $ touch -d '2 hours ago' drop/d.csv; touch blocker; sed 's/drop\/done/blocker\/x/' drop.toml > bad.toml
    $ baseload run bad.toml --first-run --quiet; baseload runs bad.toml | tail -1 | grep -o 'exit.*'; ls drop
    $DIR/drop/d.csv -> account "default", run 1, DURATION
      rows read               1
        created               1
        updated               0
        unchanged             0
        rejected              0
        in doubt              0
        not reached           0
      requests                2
      ended early: $DIR/drop/d.csv went in, and could not be moved to $DIR/blocker/x/ (Not a directory); move it away yourself, or the next run reads it again
    exit 3, of a part of the source: $DIR/drop/d.csv went in, and could not be moved to $DIR/blocker/x/ (Not a directory); move it away yourself, or the next run reads it again
    d.csv
    done

A pattern that finds nothing, where nothing is moved away, is a mistake.

    $ baseload run job.toml 'nothing*.csv'
    ! baseload: $DIR/nothing*.csv: there is no such file
    [2]
    $ sed -i 's/"drop\/\*"/["-", "a.csv"]/; s/move = .* }/mve = "a" }/' drop.toml; baseload run drop.toml
    ! baseload: $DIR/drop.toml, line 2, column 8: [source] path names standard input ("-") beside files; name either
    ! $DIR/drop.toml, line 4, column 9: [source] after names no folder: after = { move = "done/" }
    ! $DIR/drop.toml, line 4, column 11: [source] after has no option "mve" (did you mean "move"?)
    [2]
