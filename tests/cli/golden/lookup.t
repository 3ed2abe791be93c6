Names that the account knows, extra fields by their editors, and values that are hardly right.

    $ cat > job.toml <<.
    > [source]
    > path = "clients.csv"
    > [account]
    > url = "$URL"
    > connections = 1
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > status_id = { column = "Status", lookup = true, default = "Stały klient" }
    > invoice_tax_id = "NIP"
    > invoice_country_code = { column = "Kraj", transform = ["country"] }
    > [extra_fields]
    > "Region" = "Region"
    > "Rabat" = "Rabat"
    > "Klient od" = { column = "Od", date_format = "dd.MM.yyyy" }
    > .
    $ cat > clients.csv <<.
    > Kod;Status;NIP;Kraj;Region;Rabat;Od
    > K1;Hurt;526-104-08-28;Polska;poludnie;1,5;2024-02-29
    > K2;Nowy;5261040827;Polska;Północ;2;1.3.2024
    > K3;Nowi;5261040827;PL;Wschód;dwa;30.02.2024
    > K4;Nowy;4,85E+10;PL;;;
    > K5;;;PL;;;
    > .
    $ baseload check job.toml
    ! baseload: $DIR/job.toml has names that the account has to tell the numbers of, and it was not asked yet; baseload account $DIR/job.toml asks it, and keeps what it says for later
    [2]
    $ baseload account job.toml > /dev/null; baseload check job.toml
    $DIR/clients.csv: 5 rows, 2 rows with faults
      1 × bad_date in "Od", line 4
          such as: column "Od": "30.02.2024" is no date; write it as 2024-01-31 or 31.01.2024
      1 × bad_number in "Rabat", line 4
          such as: column "Rabat": "dwa" is no number; write digits, and a comma or a point before the decimals
      1 × excel_damage in "NIP", line 5
          such as: column "NIP": "4,85E+10" is what Excel makes of a long number, and its last digits are lost; format the column as text before the numbers are put in, and export it again
      1 × not_an_option in "Region", line 4
          such as: column "Region": "Wschód" is none of the field's options; write one of Północ and Południe; baseload account learns of new ones
      1 × not_in_map in "Status", line 4
          such as: column "Status": "Nowi" is no name that the account knows (did you mean "Nowy"?); correct the cell, or add it in the panel
      2 × warning doubtful_tax_id in "NIP", lines 3, 4
          such as: column "NIP": "5261040827" is no NIP: its check digit does not fit; a digit of it is wrong; ask the customer
    [1]
    $ baseload plan job.toml
    $DIR/clients.csv
      rows                    5
        to create             3
        to update             0
        in doubt              0
        to reject             2
        no request            0
      requests                6
      line 2, "K1": create
          status_id → 3
          login → "K1"
          invoice_country_code → "PL"
          invoice_tax_id → "5261040828"
          custom_extra_fields[102] → "1.5"
          custom_extra_fields[103] → "Południe"
          custom_extra_fields[106] → "29.02.2024"
      line 3, "K2": create
          status_id → 1
          login → "K2"
          invoice_country_code → "PL"
          invoice_tax_id → "5261040827"
          custom_extra_fields[102] → "2"
          custom_extra_fields[103] → "Północ"
          custom_extra_fields[106] → "01.03.2024"
      line 6, "K5": create
          status_id → 2
          login → "K5"
          invoice_country_code → "PL"
    $ baseload run job.toml
    $DIR/clients.csv -> account "default", run 1, DURATION
      rows read               5
        created               3
        updated               0
        unchanged             0
        rejected              2
        in doubt              0
        not reached           0
      requests                6
      1 value is hardly right, and was sent nevertheless; baseload check names them by their causes
    ! info 5 rows: 3 to create, 0 to update, 2 to reject; 6 requests
    ! warning: $DIR/clients.csv, line 3, column "NIP": "5261040827" is no NIP: its check digit does not fit; a digit of it is wrong; ask the customer
    ! $DIR/clients.csv, line 4, column "Status": "Nowi" is no name that the account knows (did you mean "Nowy"?); correct the cell, or add it in the panel
    ! $DIR/clients.csv, line 4, column "Rabat": "dwa" is no number; write digits, and a comma or a point before the decimals
    ! $DIR/clients.csv, line 4, column "Region": "Wschód" is none of the field's options; write one of Północ and Południe; baseload account learns of new ones
    ! $DIR/clients.csv, line 4, column "Od": "30.02.2024" is no date; write it as 2024-01-31 or 31.01.2024
    ! $DIR/clients.csv, line 5, column "NIP": "4,85E+10" is what Excel makes of a long number, and its last digits are lost; format the column as text before the numbers are put in, and export it again
    [1]
    $ baseload account job.toml | grep Klient.od
    106          Klient od  date      a client has 29.02.2024
    $ sqlite3 "$DIR/.tools/sandbox.db" 'SELECT fields FROM client ORDER BY fields'
    {"login":"K1","invoice_country_code":"PL","invoice_tax_id":"5261040828","status_id":3,"custom_extra_fields":{"102":"1.5","103":"Południe","106":"29.02.2024"}}
    {"login":"K2","invoice_country_code":"PL","invoice_tax_id":"5261040827","status_id":1,"custom_extra_fields":{"102":"2","103":"Północ","106":"01.03.2024"}}
    {"login":"K5","invoice_country_code":"PL","status_id":2}
    $ baseload run job.toml --quiet; requests
    $DIR/clients.csv -> account "default", run 2, DURATION
      rows read               5
        created               0
        updated               0
        unchanged             3
        rejected              2
        in doubt              0
        not reached           0
      requests                2
    21
    ! $DIR/clients.csv, line 4, column "Status": "Nowi" is no name that the account knows (did you mean "Nowy"?); correct the cell, or add it in the panel
    ! $DIR/clients.csv, line 4, column "Rabat": "dwa" is no number; write digits, and a comma or a point before the decimals
    ! $DIR/clients.csv, line 4, column "Region": "Wschód" is none of the field's options; write one of Północ and Południe; baseload account learns of new ones
    ! $DIR/clients.csv, line 4, column "Od": "30.02.2024" is no date; write it as 2024-01-31 or 31.01.2024
    ! $DIR/clients.csv, line 5, column "NIP": "4,85E+10" is what Excel makes of a long number, and its last digits are lost; format the column as text before the numbers are put in, and export it again
    $ sed -i 's/"Region" =/"Regiom" =/; s/^login/star = { column = "Rabat", lookup = true }\nlogin/' job.toml; baseload run job.toml
    ! baseload: $DIR/job.toml, line 9, column 1: [fields] star has no names to look up; lookup is for status_id and contractor_id
    ! $DIR/job.toml, line 15, column 1: [extra_fields] the account has no extra field "Regiom" (did you mean "Region"?); it has Segment, Rabat, Region, Zgody, Typ, Klient od and Umowa
    [2]
    $ sed -i 's/^"Regiom".*/"Umowa" = { file = "Region", folder = "." }/; s/^star.*//' job.toml; baseload run job.toml
    $DIR/clients.csv -> account "default", run 4, DURATION
      rows read               5
        created               0
        updated               0
        unchanged             1
        rejected              4
        in doubt              0
        not reached           0
      requests                2
    ! info 5 rows: 0 to create, 0 to update, 4 to reject; 2 requests
    ! $DIR/clients.csv, line 2, column "Region": "poludnie" is no file: there is no $DIR/poludnie; put the file there, or correct the cell
    ! $DIR/clients.csv, line 3, column "Region": "Północ" is no file: there is no $DIR/Północ; put the file there, or correct the cell
    ! $DIR/clients.csv, line 4, column "Status": "Nowi" is no name that the account knows (did you mean "Nowy"?); correct the cell, or add it in the panel
    ! $DIR/clients.csv, line 4, column "Rabat": "dwa" is no number; write digits, and a comma or a point before the decimals
    ! $DIR/clients.csv, line 4, column "Od": "30.02.2024" is no date; write it as 2024-01-31 or 31.01.2024
    ! $DIR/clients.csv, line 4, column "Region": "Wschód" is no file: there is no $DIR/Wschód; put the file there, or correct the cell
    ! $DIR/clients.csv, line 5, column "NIP": "4,85E+10" is what Excel makes of a long number, and its last digits are lost; format the column as text before the numbers are put in, and export it again
    [1]

A map comes before the look-up: it translates to names that the account knows, or to numbers.

    $ cat > mapped.toml <<.
    > [source]
    > path = "mapped.csv"
    > [account]
    > url = "$URL"
    > [key]
    > columns = ["Kod"]
    > [fields]
    > status_id = { column = "Status", lookup = true, map = { "H" = "Hurt", "S" = "Stały klient", "X" = "1" } }
    > .
    $ printf 'Kod;Status\nA1;H\nA2;Nowy\nA3;X\nA4;S\nA5;Z\n' > mapped.csv; baseload account mapped.toml > /dev/null; baseload plan mapped.toml | grep status_id
          status_id → 3
          status_id → 1
          status_id → 1
          status_id → 2
    $ baseload check mapped.toml | tail -n 1
          such as: column "Status": "Z" is no name that the account knows (it has H, Hurt, Nowy, S, Stały klient and X); correct the cell, or add it in the panel
    $ sed -i 's/"Hurt"/"Hurtt"/' mapped.toml; baseload check mapped.toml
    ! baseload: $DIR/mapped.toml, line 8, column 1: [fields] status_id: its map makes "Hurtt" of "H", which is no name that the account knows (did you mean "Hurt"?)
    [2]
