What a file has that hardly is meant: said before anything is sent, each with its line, and sent unless the job rejects it.

    $ cat > job.toml <<.
    > [source]
    > path = "clients.csv"
    > [account]
    > url = "$URL"
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > invoice_company = "Firma"
    > invoice_tax_id = "NIP"
    > email = "E-mail"
    > phone = { first_of = ["Telefon", "Telefon (2)"] }
    > invoice_fullname = { template = "{Imię} {Nazwisko}" }
    > .
    $ cat > clients.csv <<.
    > Kod;Firma;NIP;E-mail;Telefon;Telefon (2);Imię;Nazwisko
    > K1;Alfa;525-000-08-48;biuro@alfa.pl;+48 600 700 800;;Jan;Kos
    > K2;brak;-;;600 700 800;;brak;Nowak
    > K3;Gamma;PL5250000848;BIURO@alfa.pl;;;;
    > K4;n/d;725180112;;brak;601 000 111;Ewa;Lis
    > Kod;Firma;NIP;E-mail;Telefon;Telefon (2);Imię;Nazwisko
    > Klienci z Krakowa;;;;;;;
    > 525-1;Delta;;;'+48 602 000 222;;;
    > 5251;Delta;;;;;;
    > .
    $ baseload check job.toml
    $DIR/clients.csv: 8 rows, 1 row with faults
      1 × header_row, line 6
          such as: repeats the header, and is no customer; take the row out
      2 × warning doubtful_text in "Firma", lines 3, 5
          such as: column "Firma": "brak" is a word for "nothing", and is sent as it stands; leave the cell blank, or name such words: [source] blank = ["brak", "-"]
      2 × warning doubtful_text in "Telefon and Telefon (2)", lines 5, 8
          such as: column "Telefon and Telefon (2)": "brak" is a word for "nothing", and is sent as it stands; leave the cell blank, or name such words: [source] blank = ["brak", "-"]
      1 × warning doubtful_tax_id in "NIP", line 3
          such as: column "NIP": "-" is no tax id, and was taken for blank; leave the cell blank where there is none
      1 × warning doubtful_text in "{Imię} {Nazwisko}", line 3
          such as: column "{Imię} {Nazwisko}": "brak" is a word for "nothing", and is sent as it stands; leave the cell blank, or name such words: [source] blank = ["brak", "-"]
      1 × warning lone_key in "Kod", line 7
          such as: column "Kod": "Klienci z Krakowa" stands alone in its row, as a title or a last line does; take the row out if it is no customer
      lines 8 and 9: new keys that differ only by case or spaces, or by dashes and zeros; is that meant?
      lines 2 and 3: one customer under 2 keys, it seems: the same phone
      lines 2 and 4: one customer under 2 keys, it seems: the same email and invoice_tax_id
      1 tax id or postcode was not checked: the row has no country, and it does not look Polish; map invoice_country_code, or give it a default
    [1]

Every bad value with its line, for programs; and the rows themselves, as a kind of their own among the rejects.

    $ baseload check job.toml --json | grep -o '"doubtful_text","warning":true,"column":"Firma","count":2,"lines":[^}]*}[^}]*}'
    "doubtful_text","warning":true,"column":"Firma","count":2,"lines":[3,5],"values":[{"line":3,"found":"brak"},{"line":5,"found":"n/d"}
    $ baseload check job.toml --json | grep -o '"same_customers":.*"unchecked":[0-9]*'
    "same_customers":[{"lines":[2,3],"rows":2,"fields":["phone"]},{"lines":[2,4],"rows":2,"fields":["email","invoice_tax_id"]}],"same_customers_count":2,"remarks":[],"unchecked":1
    $ baseload check job.toml --rejects odd.csv --csv all.csv > /dev/null; grep -c ^warning all.csv; cut -d';' -f1,9,10 odd.csv
    7
    ﻿Kod;line;code
    K2;3;warning:doubtful_tax_id warning:doubtful_text
    K4;5;warning:doubtful_text
    Kod;6;header_row
    Klienci z Krakowa;7;warning:lone_key
    525-1;8;warning:doubtful_text
    $ BASELOAD_TOKEN=sandbox-token baseload run job.toml --rejects odd.csv --quiet; cut -d';' -f1,9,10 odd.csv
    $DIR/clients.csv -> account "default", run 1, DURATION
      rows read               8
        created               7
        updated               0
        unchanged             0
        rejected              1
        in doubt              0
        not reached           0
      requests                8
      7 values are hardly right, and were sent nevertheless; baseload check names them by their causes
      2 customers seem to have several rows, under different keys; baseload check names them
    ﻿Kod;line;code
    K2;3;warning:doubtful_tax_id warning:doubtful_text
    K4;5;warning:doubtful_text
    Kod;6;header_row
    Klienci z Krakowa;7;warning:lone_key
    525-1;8;warning:doubtful_text
    ! $DIR/clients.csv, lines 8 and 9: new keys that differ only by case or spaces, or by dashes and zeros
    ! each of these keys is a client of its own: is that meant?
    ! $DIR/clients.csv, lines 2 and 3: one customer under 2 keys, it seems: the same phone
    ! $DIR/clients.csv, lines 2 and 4: one customer under 2 keys, it seems: the same email and invoice_tax_id
    ! each of these rows is a client of its own: merge them, or say what they are with [key] duplicates
    ! $DIR/clients.csv, line 6, repeats the header, and is no customer; take the row out
    ! rejected rows: odd.csv
    $ BASELOAD_TOKEN=sandbox-token baseload run job.toml odd.csv --quiet 2>&1 | tail -n 1
      requests                0
    $ requests
    8

Words for "nothing" can be named, and rows that are one customer be rejected: the first stays, and the next night too.

    $ rm job.journal* -f; sed -i 's/^columns.*/&\nduplicates = "reject"/; s/^path.*/&\nblank = ["Brak", "n\/d", "-"]/' job.toml
    $ BASELOAD_TOKEN=sandbox-token baseload run job.toml --first-run --json 2>/dev/null | grep -o '"outcomes":{[^}]*}'
    "outcomes":{"created":5,"updated":0,"unchanged":0,"rejected":3,"in_doubt":0,"not_reached":0,"skipped":0}
    $ BASELOAD_TOKEN=sandbox-token baseload run job.toml --json 2>/dev/null | grep -o '"outcomes":{[^}]*}'
    "outcomes":{"created":0,"updated":0,"unchanged":5,"rejected":3,"in_doubt":0,"not_reached":0,"skipped":0}
    $ echo 'K9;Zeta;;biuro@alfa.pl;;;;' >> clients.csv; baseload plan job.toml | sed -n '2,6p'; baseload check job.toml | grep -A1 duplicate
      rows                    9
        to create             0
        to update             0
        in doubt              0
        to reject             4
      3 × duplicate_customer in "Kod", lines 3, 4, 10
          such as: column "Kod": "K2" is the key of a customer whom line 2 has too, it seems: they share phone; merge the two rows, or set [key] duplicates = "warn" if they are two customers
      1 × header_row, line 6
    $ sed -i 's/"reject"/"ignore"/' job.toml; baseload plan job.toml | grep -E 'create|reject|keys'
        to create             3
        to reject             1
      line 3, "K2": create
      line 4, "K3": create
      line 10, "K9": create
    $ sed -i 's/"ignore"/"never"/; s/\["Brak", "n\/d", "-"\]/"brak"/' job.toml; baseload plan job.toml
    ! baseload: $DIR/job.toml, line 3, column 9: [source] blank must be a list of words that mean a blank cell: blank = ["brak", "-"]
    ! $DIR/job.toml, line 8, column 14: [key] duplicates is "never"; expected is one of "warn", "reject" and "ignore"
    [2]

Rows with one key that differ only where no field looks are one row; else the columns that differ are named. A file that ends in
the midst of its last row is named, and refused where the job says by what a whole one is known.

    $ cat > night.toml <<.
    > [source]
    > path = "night.csv"
    > [account]
    > url = "$URL"
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > invoice_city = "Miasto"
    > .
    $ printf 'Kod;Data;Miasto\nA1;1.1;Opole\nA1;2.1;Opole\nA2;1.1;Radom\nA2;1.1;Lublin\nA3;1.1;Kielce\nA4;1.1;Gliwice\nA5;1.1;Ło' > night.csv
    $ baseload check night.toml
    $DIR/night.csv: 7 rows, 2 rows with faults
      2 × key_conflict in "Kod", lines 4, 5
          such as: column "Kod": "A2" is the key of rows that differ in "Miasto" (lines 4 and 5); keep one of them
      $DIR/night.csv, line 8: the last row has no line end, and its last cell is shorter than that of any other: was the export cut off? [source] complete says by what a whole one is known
    [1]
    $ BASELOAD_TOKEN=sandbox-token baseload run night.toml --first-run --quiet 2>&1 | tail -n 3
        in doubt              0
        not reached           0
      requests                5
    $ BASELOAD_TOKEN=sandbox-token baseload run night.toml --json 2>/dev/null | grep -o '"outcomes":{[^}]*},"left_to_go":0,"merged":[0-9]*'
    "outcomes":{"created":0,"updated":0,"unchanged":5,"rejected":2,"in_doubt":0,"not_reached":0,"skipped":0},"left_to_go":0,"merged":1
    $ sed -i 's/^path.*/&\ncomplete = "trailing newline"/' night.toml; baseload check night.toml
    ! baseload: $DIR/night.csv, line 8: the last row has no line end, and [source] complete = "trailing newline" takes the file for cut off; nothing was sent
    [2]
    $ echo >> night.csv; baseload check night.toml | sed -n 1p
    $DIR/night.csv: 7 rows, 2 rows with faults
    $ sed -i 's/trailing newline/done file/' night.toml; baseload plan night.toml; touch night.csv.done; baseload plan night.toml | sed -n 1,2p
    $DIR/night.csv
      rows                    7
    ! baseload: $DIR/night.csv: $DIR/night.csv.done is not there yet, and [source] complete = "done file" says that the export is not through before; nothing was sent
    $ touch -d '-1 hour' night.csv.done; baseload plan night.toml
    ! baseload: $DIR/night.csv: $DIR/night.csv.done is older than the file, and [source] complete = "done file" says that the export is not through before; nothing was sent
    [2]
    $ sed -i 's/done file/rows column/' night.toml; baseload plan night.toml; sed -i 's/$/;7/; 1s/;7/;rows/' night.csv; baseload plan night.toml | sed -n 1,2p; sed -i 6d night.csv; baseload plan night.toml
    $DIR/night.csv
      rows                    7
    ! baseload: $DIR/night.csv: has no column "rows", which [source] complete = "rows column" asks for; name it with [source] rows_column
    ! baseload: $DIR/night.csv, line 2: says in "rows" that there are "7" rows, and the file has 6: it was cut off, or put together; nothing was sent
    [2]
