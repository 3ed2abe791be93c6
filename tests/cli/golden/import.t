An import from the first run to the history: what goes where.

    $ cat > clients.csv <<'.'
    > Kod;E-mail;Imię;Nazwisko;Kraj;NIP;Kod pocztowy
    > 001;jan@example.pl;Jan;Kowalski;Polska;526-104-08-28;00-950
    > 002;anna@example.pl;Anna;"Żółć; z domu Nowak";Niemcy;;01067
    > 003;zly-adres;Ewa;Zła;Polska;;
    > 001;jan@example.pl;Jan;Kowalski;Polska;526-104-08-28;00-950
    > 004;a@example.pl;A;A;Atlantyda;;
    > 005;b@example.pl;B;B;Polska;;
    > 005;b@example.pl;B;Be;Polska;;
    > .
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
    > invoice_fullname = { template = "{Imię} {Nazwisko}" }
    > invoice_country_code = { column = "Kraj", map = { "Polska" = "PL", "Niemcy" = "DE" } }
    > invoice_tax_id = "NIP"
    > invoice_postcode = "Kod pocztowy"
    > .
    $ baseload run job.toml --rejects rejects.csv
    $DIR/clients.csv -> account "default", run 1, DURATION
      rows read               7
        created               2
        updated               0
        unchanged             1  (1 of them repeats another row)
        rejected              4
        in doubt              0
        not reached           0
      requests                3
    ! info 7 rows: 2 to create, 0 to update, 4 to reject; 3 requests
    ! $DIR/clients.csv, line 4, column "E-mail": "zly-adres" is not an e-mail address; write one address, as name@domain.tld
    ! $DIR/clients.csv, line 6, column "Kraj": "Atlantyda" is not in the field's map (it has Niemcy and Polska); add it to the map in the job, or correct the cell
    ! $DIR/clients.csv, line 7, column "Kod": "005" is the key of rows that differ in "Nazwisko" (lines 7 and 8); keep one of them
    ! $DIR/clients.csv, line 8, column "Kod": "005" is the key of rows that differ in "Nazwisko" (lines 7 and 8); keep one of them
    ! rejected rows: rejects.csv
    [1]
    $ cat rejects.csv
    ﻿Kod;E-mail;Imię;Nazwisko;Kraj;NIP;Kod pocztowy;line;code;message
    003;zly-adres;Ewa;Zła;Polska;;;4;bad_email;"column ""E-mail"": ""zly-adres"" is not an e-mail address; write one address, as name@domain.tld"
    004;a@example.pl;A;A;Atlantyda;;;6;not_in_map;"column ""Kraj"": ""Atlantyda"" is not in the field's map (it has Niemcy and Polska); add it to the map in the job, or correct the cell"
    005;b@example.pl;B;B;Polska;;;7;key_conflict;"column ""Kod"": ""005"" is the key of rows that differ in ""Nazwisko"" (lines 7 and 8); keep one of them"
    005;b@example.pl;B;Be;Polska;;;8;key_conflict;"column ""Kod"": ""005"" is the key of rows that differ in ""Nazwisko"" (lines 7 and 8); keep one of them"
    $ sqlite3 .tools/sandbox.db "SELECT id, fields FROM client ORDER BY json_extract(fields, '$.login')" | sed 's/^[0-9]*|//'
    {"login":"001","email":"jan@example.pl","invoice_fullname":"Jan Kowalski","invoice_postcode":"00-950","invoice_country_code":"PL","invoice_tax_id":"5261040828"}
    {"login":"002","email":"anna@example.pl","invoice_fullname":"Anna Żółć; z domu Nowak","invoice_postcode":"01067","invoice_country_code":"DE"}

A second run sends nothing; rows that need a person are told again.

    $ baseload run job.toml
    $DIR/clients.csv -> account "default", run 2, DURATION
      rows read               7
        created               0
        updated               0
        unchanged             3  (1 of them repeats another row)
        rejected              4
        in doubt              0
        not reached           0
      requests                0
    ! info 7 rows: 0 to create, 0 to update, 4 to reject; 0 requests
    ! $DIR/clients.csv, line 4, column "E-mail": "zly-adres" is not an e-mail address; write one address, as name@domain.tld
    ! $DIR/clients.csv, line 6, column "Kraj": "Atlantyda" is not in the field's map (it has Niemcy and Polska); add it to the map in the job, or correct the cell
    ! $DIR/clients.csv, line 7, column "Kod": "005" is the key of rows that differ in "Nazwisko" (lines 7 and 8); keep one of them
    ! $DIR/clients.csv, line 8, column "Kod": "005" is the key of rows that differ in "Nazwisko" (lines 7 and 8); keep one of them
    [1]
    $ requests
    3

A changed cell is one field of one update. Quiet, a run with nothing for a person says nothing.

    $ sed -i 's/anna@/anna.nowak@/; /003\|004\|005/d' clients.csv
    $ baseload run job.toml
    $DIR/clients.csv -> account "default", run 3, DURATION
      rows read               3
        created               0
        updated               1  (1 field)
        unchanged             2  (1 of them repeats another row)
        rejected              0
        in doubt              0
        not reached           0
      requests                1
    ! info 3 rows: 0 to create, 1 to update, 0 to reject; 1 request
    $ baseload run --quiet job.toml
    $ baseload run --json job.toml
    {"format":1,"run":5,"job":"$DIR/job.toml","source":"$DIR/clients.csv","account":"default","shard":null,"started":"TIME","finished":"TIME","partial":false,"records":3,"created":0,"updated":0,"unchanged":3,"rejected":0,"in_doubt":0,"not_reached":0,"skipped":0,"outcomes":{"created":0,"updated":0,"unchanged":3,"rejected":0,"in_doubt":0,"not_reached":0,"skipped":0},"left_to_go":0,"merged":1,"requests":0,"fields_sent":0,"replaced_characters":0,"warnings":0,"same_customers":0,"paused_ms":0,"lowest_limit":null,"left_alone":0,"found":0,"not_found":0,"doubts":[],"doubtful_elsewhere":0,"missing":{"action":null,"count":0,"keys":[],"done":0,"failed":0,"refused":false,"kept_status":0,"kept_status_keys":[],"note":null},"stopped_because":null,"undone":false,"exit_code":0}
    ! info 3 rows: 0 to create, 0 to update, 0 to reject; 0 requests
    $ requests
    4

The history and the journal.

    $ baseload runs job.toml
     run  started                    rows   created  updated unchanged rejected in doubt not reached  skipped  requests  end
       1  TIME          7         2        0         1        4        0           0        0         3  exit 1
       2  TIME          7         0        0         3        4        0           0        0         0  exit 1
       3  TIME          3         0        1         2        0        0           0        0         1  exit 0
       4  TIME          3         0        0         3        0        0           0        0         0  exit 0
       5  TIME          3         0        0         3        0        0           0        0         0  exit 0
    $ baseload runs job.toml --run 3 --json
    {"format":1,"run":3,"job":"$DIR/job.toml","source":"$DIR/clients.csv","account":"default","shard":null,"started":"TIME","finished":"TIME","partial":false,"records":3,"created":0,"updated":1,"unchanged":2,"rejected":0,"in_doubt":0,"not_reached":0,"skipped":0,"outcomes":{"created":0,"updated":1,"unchanged":2,"rejected":0,"in_doubt":0,"not_reached":0,"skipped":0},"left_to_go":0,"merged":1,"requests":1,"fields_sent":1,"replaced_characters":0,"warnings":0,"same_customers":0,"paused_ms":0,"lowest_limit":null,"left_alone":0,"found":0,"not_found":0,"doubts":[],"doubtful_elsewhere":0,"missing":{"action":null,"count":0,"keys":[],"done":0,"failed":0,"refused":false,"kept_status":0,"kept_status_keys":[],"note":null},"stopped_because":null,"undone":false,"exit_code":0}
    $ baseload runs job.toml --run 9
    ! baseload: the journal $DIR/job.journal has no run 9; baseload runs job.toml lists them
    [2]
    $ baseload export job.toml | sed 's/,[0-9]*,/,ID,/'
    key,state,crm_client_id,changed,note
    001,linked,ID,TIME,
    002,linked,ID,TIME,
    $ baseload export job.toml --json | head -1 | sed 's/"crm_client_id":[0-9]*/"crm_client_id":ID/'
    {"key":"001","state":"linked","crm_client_id":ID,"changed":"TIME","note":null}

A source on the command line stands in for the job's own; - is standard input.

    $ sed 's/00-950/00-999/' clients.csv | baseload run job.toml -
    standard input -> account "default", run 6, DURATION
      rows read               3
        created               0
        updated               1  (1 field)
        unchanged             2  (1 of them repeats another row)
        rejected              0
        in doubt              0
        not reached           0
      requests                1
    ! info 3 rows: 0 to create, 1 to update, 0 to reject; 1 request
    $ baseload run job.toml clients.csv --summary s.json --quiet
    $ cat s.json
    {"format":1,"run":7,"job":"$DIR/job.toml","source":"$DIR/clients.csv","account":"default","shard":null,"started":"TIME","finished":"TIME","partial":false,"records":3,"created":0,"updated":1,"unchanged":2,"rejected":0,"in_doubt":0,"not_reached":0,"skipped":0,"outcomes":{"created":0,"updated":1,"unchanged":2,"rejected":0,"in_doubt":0,"not_reached":0,"skipped":0},"left_to_go":0,"merged":1,"requests":1,"fields_sent":1,"replaced_characters":0,"warnings":0,"same_customers":0,"paused_ms":0,"lowest_limit":null,"left_alone":0,"found":0,"not_found":0,"doubts":[],"doubtful_elsewhere":0,"missing":{"action":null,"count":0,"keys":[],"done":0,"failed":0,"refused":false,"kept_status":0,"kept_status_keys":[],"note":null},"stopped_because":null,"undone":false,"exit_code":0}

Quiet, a run that needs a person says so.

    $ printf '006;x;X;X;Polska;;\n' >> clients.csv
    $ baseload run --quiet job.toml
    $DIR/clients.csv -> account "default", run 8, DURATION
      rows read               4
        created               0
        updated               0
        unchanged             3  (1 of them repeats another row)
        rejected              1
        in doubt              0
        not reached           0
      requests                0
    ! $DIR/clients.csv, line 5, column "E-mail": "x" is not an e-mail address; write one address, as name@domain.tld; or leave the cell blank, or name such words: [source] blank = ["brak", "-"]
    [1]

An output never overwrites an input, and a log that cannot be written ends nothing.

    $ baseload run job.toml --rejects clients.csv
    ! baseload: --rejects clients.csv is the source, which it would overwrite; name another file
    [2]
    $ ln -s clients.csv alias.csv; baseload run job.toml --rejects ./alias.csv
    ! baseload: --rejects ./alias.csv is the source, which it would overwrite; name another file
    [2]
    $ baseload run job.toml --rejects job.journal
    ! baseload: --rejects job.journal is the journal, which it would overwrite; name another file
    [2]
    $ baseload run job.toml --summary job.toml
    ! baseload: --summary job.toml is the job, which it would overwrite; name another file
    [2]
    $ baseload run job.toml --summary out --rejects out
    ! baseload: --summary and --rejects name the same file; name two
    [2]
    $ baseload run job.toml --summary no/such/folder.json
    ! baseload: the summary no/such/folder.json cannot be written (No such file or directory); name another with --summary. Nothing was sent
    [2]
    $ baseload run job.toml --json 2>/dev/full | sed 's/.*"exit_code"/"exit_code"/'
    "exit_code":1}
    $ baseload run absent.toml 2>/dev/full
    [2]
    $ baseload export job.toml >/dev/full
    ! baseload: the export was cut short: standard output is closed, or its disk full
    [3]
    $ wc -l < clients.csv
    5
