What the account's clients refer to by number.

    $ cat > job.toml <<.
    > [source]
    > path = "clients.csv"
    > [account]
    > url = "$URL"
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > .
    $ baseload account job.toml
    status_id  name
    1          Nowy          (primary)
    2          Stały klient
    3          Hurt
    
    extra field  name       editor    options
    101          Segment    text
    102          Rabat      number
    103          Region     select    Północ and Południe
    104          Zgody      checkbox  e-mail and telefon
    105          Typ        radio     detal and hurt
    106          Klient od  date
    107          Umowa      file
    
    contractor_id  name
    201            Hurtownia Północ
    202            Sklep Południe
    301            Partner Zachód
    $ baseload account job.toml --json
    {"statuses":[{"id":1,"name":"Nowy","is_primary":true},{"id":2,"name":"Stały klient","is_primary":false},{"id":3,"name":"Hurt","is_primary":false}],"extra_fields":[{"id":101,"name":"Segment","editor_type":"text","options":[]},{"id":102,"name":"Rabat","editor_type":"number","options":[]},{"id":103,"name":"Region","editor_type":"select","options":["Północ","Południe"]},{"id":104,"name":"Zgody","editor_type":"checkbox","options":["e-mail","telefon"]},{"id":105,"name":"Typ","editor_type":"radio","options":["detal","hurt"]},{"id":106,"name":"Klient od","editor_type":"date","options":[]},{"id":107,"name":"Umowa","editor_type":"file","options":[]}],"contractors":[{"id":201,"name":"Hurtownia Północ"},{"id":202,"name":"Sklep Południe"},{"id":301,"name":"Partner Zachód"}],"requests":6}
    $ BASELOAD_TOKEN=wrong baseload account job.toml
    ! baseload: the account refused (ERROR_BAD_TOKEN: Invalid user token); the token is wrong or was regenerated: take the present one from the panel (My account, API) and put it where [account] token_env or token_file says
    [4]
    $ baseload account
    ! baseload: JOB is required; --help says what there is
    [2]
