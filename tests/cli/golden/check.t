Every fault before the first request: check groups them, plan says what a run would send. Neither sends anything, nor wants a token.

    $ cat > job.toml <<.
    > [source]
    > path = "clients.csv"
    > [account]
    > url = "$URL"
    > requests_per_minute = 5
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > email = "E-mail"
    > invoice_country_code = { column = "Kraj", map = { "Polska" = "PL" } }
    > .
    $ cat > clients.csv <<.
    > Kod;E-mail;Kraj
    > K1;a@example.pl;Polska
    > K2;zly;Polska
    > K3;zly tez;Atlantyda
    > K4
    > ;b@example.pl;Polska
    > K5;c@example.pl;Polska
    > K5;d@example.pl;Polska
    > k1;e@example.pl;Polska
    > K6;;Polska
    > .
    $ unset BASELOAD_TOKEN; baseload check job.toml
    $DIR/clients.csv: 9 rows, 6 rows with faults
      2 × bad_email in "E-mail", lines 3, 4
          such as: column "E-mail": "zly" is not an e-mail address; write one address, as name@domain.tld
      2 × key_conflict in "Kod", lines 7, 8
          such as: column "Kod": "K5" is the key of rows that differ in "E-mail" (lines 7 and 8); keep one of them
      1 × blank_key in "Kod", line 6
          such as: column "Kod": the key is blank; give the row the key that it has for ever
      1 × not_in_map in "Kraj", line 4
          such as: column "Kraj": "Atlantyda" is not in the field's map (it has Polska); add it to the map in the job, or correct the cell
      1 × ragged, line 5
          such as: the row has 1 cell, and the header names 3 columns; add what is missing; where all such rows are meant, set [source] ragged = "pad"
      lines 2 and 9: new keys that differ only by case or spaces, or by dashes and zeros; is that meant?
    [1]
    $ baseload check job.toml --json
    {"source":"$DIR/clients.csv","records":9,"skipped":0,"rejected":6,"similar_keys":1,"similar":[{"line":9,"file":null,"other_line":2,"other_file":null,"key":null,"other":null}],"same_customers":[],"same_customers_count":0,"remarks":[],"unchecked":0,"causes":[{"code":"bad_email","warning":false,"column":"E-mail","count":2,"lines":[3,4],"values":[{"line":3,"found":"zly"},{"line":4,"found":"zly tez"}],"example":"column \"E-mail\": \"zly\" is not an e-mail address; write one address, as name@domain.tld"},{"code":"key_conflict","warning":false,"column":"Kod","count":2,"lines":[7,8],"values":[{"line":7,"found":"K5"},{"line":8,"found":"K5"}],"example":"column \"Kod\": \"K5\" is the key of rows that differ in \"E-mail\" (lines 7 and 8); keep one of them"},{"code":"blank_key","warning":false,"column":"Kod","count":1,"lines":[6],"values":[{"line":6,"found":""}],"example":"column \"Kod\": the key is blank; give the row the key that it has for ever"},{"code":"not_in_map","warning":false,"column":"Kraj","count":1,"lines":[4],"values":[{"line":4,"found":"Atlantyda"}],"example":"column \"Kraj\": \"Atlantyda\" is not in the field's map (it has Polska); add it to the map in the job, or correct the cell"},{"code":"ragged","warning":false,"column":"","count":1,"lines":[5],"values":[{"line":5,"found":""}],"example":"the row has 1 cell, and the header names 3 columns; add what is missing; where all such rows are meant, set [source] ragged = \"pad\""}]}
    [1]
    $ baseload check job.toml --csv causes.csv --rejects faulty.csv > /dev/null; cat causes.csv faulty.csv
    severity;code;column;line;found;message
    fault;bad_email;E-mail;3;zly;"column ""E-mail"": ""zly"" is not an e-mail address; write one address, as name@domain.tld"
    fault;bad_email;E-mail;4;zly tez;"column ""E-mail"": ""zly tez"" is not an e-mail address; write one address, as name@domain.tld"
    fault;not_in_map;Kraj;4;Atlantyda;"column ""Kraj"": ""Atlantyda"" is not in the field's map (it has Polska); add it to the map in the job, or correct the cell"
    fault;ragged;;5;;"the row has 1 cell, and the header names 3 columns; add what is missing; where all such rows are meant, set [source] ragged = ""pad"""
    fault;blank_key;Kod;6;;"column ""Kod"": the key is blank; give the row the key that it has for ever"
    fault;key_conflict;Kod;7;K5;"column ""Kod"": ""K5"" is the key of rows that differ in ""E-mail"" (lines 7 and 8); keep one of them"
    fault;key_conflict;Kod;8;K5;"column ""Kod"": ""K5"" is the key of rows that differ in ""E-mail"" (lines 7 and 8); keep one of them"
    ﻿Kod;E-mail;Kraj;line;code;message
    K2;zly;Polska;3;bad_email;"column ""E-mail"": ""zly"" is not an e-mail address; write one address, as name@domain.tld"
    K3;zly tez;Atlantyda;4;bad_email not_in_map;"column ""E-mail"": ""zly tez"" is not an e-mail address; write one address, as name@domain.tld | column ""Kraj"": ""Atlantyda"" is not in the field's map (it has Polska); add it to the map in the job, or correct the cell"
    K4;5;ragged;"the row has 1 cell, and the header names 3 columns; add what is missing; where all such rows are meant, set [source] ragged = ""pad"""
    ;b@example.pl;Polska;6;blank_key;"column ""Kod"": the key is blank; give the row the key that it has for ever"
    K5;c@example.pl;Polska;7;key_conflict;"column ""Kod"": ""K5"" is the key of rows that differ in ""E-mail"" (lines 7 and 8); keep one of them"
    K5;d@example.pl;Polska;8;key_conflict;"column ""Kod"": ""K5"" is the key of rows that differ in ""E-mail"" (lines 7 and 8); keep one of them"
    $ baseload check job.toml --csv clients.csv
    ! baseload: --csv clients.csv is the source, which it would overwrite; name another file
    [2]
    $ baseload plan job.toml
    $DIR/clients.csv
      rows                    9
        to create             3
        to update             0
        in doubt              0
        to reject             6
        no request            0
      requests                4
      line 2, "K1": create
          login → "K1"
          email → "a@example.pl"
          invoice_country_code → "PL"
      line 9, "k1": create
          login → "k1"
          email → "e@example.pl"
          invoice_country_code → "PL"
      line 10, "K6": create
          login → "K6"
          invoice_country_code → "PL"
    $ head -2 clients.csv > clean.csv; baseload check job.toml clean.csv
    $DIR/clean.csv: 1 row, no fault
    $ requests
    0
    $ ls *.journal
    ! ls: cannot access '*.journal': No such file or directory
    [2]

What the journal knows counts: after a run only what changed is left to do.

    $ BASELOAD_TOKEN=sandbox-token baseload run job.toml clean.csv --quiet
    $ sed -i s/a@example.pl/nowy@example.pl/ clean.csv; echo 'K9;;Polska' >> clean.csv; baseload plan job.toml clean.csv
    $DIR/clean.csv
      rows                    2
        to create             1
        to update             1
        in doubt              0
        to reject             0
        no request            0
      requests                2
      line 3, "K9": create
          login → "K9"
          invoice_country_code → "PL"
      line 2, "K1": update of client 1
          email → "nowy@example.pl"
    $ BASELOAD_TOKEN=sandbox-token baseload plan job.toml clean.csv --old | tail -n 5
      line 3, "K9": create
          login → "K9"
          invoice_country_code → "PL"
      line 2, "K1": update of client 1
          email: "a@example.pl" → "nowy@example.pl"
    $ BASELOAD_TOKEN=sandbox-token baseload plan job.toml clean.csv --old --json
    {"source":"$DIR/clean.csv","records":2,"create":1,"update":1,"in_doubt":0,"reject":0,"no_request":0,"skipped":0,"missing":{"action":null,"count":0,"keys":[],"refused":false,"note":null},"requests":2,"least_seconds":0,"same_customers":[],"same_customers_count":0,"remarks":[],"creates":[{"line":3,"key":"K9","crm_client_id":null,"fields":{"login":"K9","invoice_country_code":"PL"}}],"updates":[{"line":2,"key":"K1","crm_client_id":1,"fields":{"email":"nowy@example.pl"},"old":{"email":"a@example.pl"}}]}
    $ baseload plan job.toml clean.csv --json
    {"source":"$DIR/clean.csv","records":2,"create":1,"update":1,"in_doubt":0,"reject":0,"no_request":0,"skipped":0,"missing":{"action":null,"count":0,"keys":[],"refused":false,"note":null},"requests":2,"least_seconds":0,"same_customers":[],"same_customers_count":0,"remarks":[],"creates":[{"line":3,"key":"K9","crm_client_id":null,"fields":{"login":"K9","invoice_country_code":"PL"}}],"updates":[{"line":2,"key":"K1","crm_client_id":1,"fields":{"email":"nowy@example.pl"}}]}
    $ requests
    4

The codes of a rejected row are a fixed list, for programs that read rejects files; a check of a file still needs its job.

    $ baseload check --codes | awk '{print $1}' | paste -sd' ' | fold -s -w 110
    ragged total_row header_row blank_key key_conflict key_form duplicate_customer repeat nothing_to_send
    lone_key cell_error excel_damage not_transformed not_in_map bad_number bad_country bad_email bad_tax_id
    bad_date bad_checkbox not_an_option too_long doubtful_phone doubtful_postcode doubtful_tax_id doubtful_text
    bad_file no_file file_changed client_deleted the
    $ baseload check --codes --json | cut -c1-150
    [{"code":"ragged","meaning":"the row has more or fewer cells than the header","remedy":"add what is missing, quote a cell that holds the delimiter, or
    $ baseload check
    ! baseload: JOB is required; --help says what there is
    [2]

A run groups them likewise where they are many, by the same words.

    $ (echo 'Kod;E-mail;Kraj'; for i in $(seq 20 34); do echo "K$i;zly $i;Polska"; done; echo 'K50;k50@a.pl;Atlantyda'; echo 'K51;k51@a.pl;Polska') > clients.csv
    $ baseload run job.toml --quiet 2>&1 >/dev/null | tail -6
    $DIR/clients.csv, line 11, column "E-mail": "zly 29" is not an e-mail address; write one address, as name@domain.tld
    … and 6 faults more; all of them by their causes (--rejects FILE.csv takes the rows):
      15 × bad_email in "E-mail", lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …
          such as: column "E-mail": "zly 20" is not an e-mail address; write one address, as name@domain.tld
      1 × not_in_map in "Kraj", line 17
          such as: column "Kraj": "Atlantyda" is not in the field's map (it has Polska); add it to the map in the job, or correct the cell
