What the command line says of itself, and to what it does not know.

    $ baseload --version
    baseload 0.5.0
    built with Boost 1.81.0, OpenSSL VERSION, SQLite 3.40.1, libpq VERSION, ICU 72.1, libzip 1.7.3, expat 2.5.0, zlib 1.2.13, simdjson 3.0.1, spdlog 1.10.0, fmt 9.1.0, CLI11 2.1.2, toml++ 3.3.0, xxHash 0.8.1, libxlsxwriter, libphonenumber
    $ baseload --help
    Brings customer files into the CRM of Base.com: each row key is one client, exactly once.
    Usage: baseload [OPTIONS] SUBCOMMAND
    
    Options:
      -h,--help                   Print this help message and exit
      --version                   Display program version information and exit
    
    Subcommands:
      init                        Look at a file and write a job for it, with a suggested mapping
      preview                     How a file is read: encoding, delimiter, columns, first rows
      check                       Every fault of every row, by its cause; sends nothing
      plan                        What a run would send: counts, requests, time, a few changes; sends nothing
      run                         Import: create new clients, send changed fields, leave the rest alone
      status                      The run that is under way, or how the last one ended
      runs                        The history of a job's runs
      report                      The report of a run as an HTML page
      export                      The journal as CSV: key, state, crm_client_id, changed, note
      journal                     Look at a journal, check it, copy it between file and database; ask nobody
      link                        Find the clients that the account already has, and send nothing
      undo                        Delete the clients that a run created, and restore what it updated
      resolve                     Settle a create in doubt by your own word
      audit                       Compare account, journal and source: what is missing, differs, is there twice
      account                     The account's statuses, extra fields and contractors, by number
      doctor                      What a run depends on, and what is wrong with it; sends two reads
      sandbox                     A stand-in for the API on 127.0.0.1, to rehearse and to test
    $ baseload run --help
    Import: create new clients, send changed fields, leave the rest alone
    
    Example: baseload run shop.toml --rejects rejects.csv
    
    Usage: baseload run [OPTIONS] JOB [SOURCE...]
    
    Positionals:
      JOB TEXT REQUIRED           The job (.toml)
      SOURCE TEXT ...             Files in place of the job's own, with a part of its rows (- is standard input); or more jobs
    
    Options:
      -h,--help                   Print this help message and exit
      --parallel N                Of several jobs, run so many at a time; one after the other unless given
      --full                      SOURCE has all rows: who is not in it is missing
      --summary FILE.json         Write the summary as JSON to this file
      --rejects FILE              Write the rejected rows, with reasons, to this file, .csv or .xlsx; its name may have {job}, {date}
      --report FILE.html          Write a report for people to this file
      --metrics FILE.prom         Write metrics for node_exporter's textfile collector
      --limit-rows N              Send so many creates and updates and no more: a first careful run
      --shard K/N|env             Only the K-th of N shards of the keys, beside programs with the others; env: as Kubernetes numbers an indexed job's pods
      --max-errors N|P%           Stop when more rows than this are rejected
      --max-missing P%            This once, in place of [missing] max_missing
      --max-runtime TIME          Stop cleanly after this time, e.g. 2h; a rerun goes on
      --retry-rejected            Send again what the service refused before
      --same-keys                 The key's columns are called otherwise now; the keys are the same
      --first-run                 The clients that the account has already are others than the source's
      --new-keys                  New keys are meant as they stand, however like known ones they are
      --accept-journal            The journal lacks nothing, though it seems old, half or unknown
      --same-account              The token is this account's, whatever its clients show
      --rehearse                  Import into a sandbox of its own, at full speed: the account and the journal are left alone
      --yes                       Do not ask before the first run of a journal
      --quiet                     Print only what needs a person
      --json                      Print the summary as JSON
      --log-format text|json      json: an object a line
      --log-level info|debug      debug: with the cells of rejected rows, which are personal data
      --log-file FILE             Log to this file too; it is rotated at 10 MB, four old ones are kept
    
    Exit codes: 0 everything is in; 1 some rows were rejected or are in doubt; 2 wrong usage, job or source
    (nothing was sent); 3 stopped before the end, a rerun goes on; 4 the account refused; 75 another run
    holds the journal.
    $ baseload
    ! baseload: A subcommand is required; --help says what there is
    [2]
    $ baseload import job.toml
    ! baseload: there is no command "import" (did you mean "report"?); there are init, preview, check, plan, run, status, runs, report, export, journal, link, undo, resolve, audit, account, doctor and sandbox
    [2]
    $ baseload run
    ! baseload: JOB is required; --help says what there is
    [2]
    $ baseload run job.toml --quite
    ! baseload: baseload run has no option "--quite" (did you mean "--quiet"?); baseload run --help lists them
    [2]
    $ baseload sandbox --port 99999999
    ! baseload: Could not convert: --port = 99999999; --help says what there is
    [2]
    $ baseload sandbox --latency 5
    ! baseload: --latency "5" is no duration; write it like 20ms, 30s, 10m or 2h
    [2]
    $ baseload sandbox --faults drop=1
    ! baseload: --faults "drop=1" is not a fault (did you mean "drip"?); write it like drop-after=0.05,500=0.1, with drop-before, drop-after, reset-before, reset-after, stall, late, drip, 500, 502-after, cut-off, empty, html, huge, garbage, block, interim, stray and foreign-id
    [2]
    $ baseload sandbox --changes escape,uper
    ! baseload: --changes "uper" is not a change (did you mean "upper"?); write it like escape,nfd, with strip, collapse, phone, upper, lower, nfc, nfd and escape
    [2]
    $ baseload sandbox --changes nfc,nfd
    ! baseload: --changes: nfc and nfd undo each other; choose one
    [2]
    $ baseload sandbox --block-zone Mars
    ! baseload: --block-zone Mars: no such time zone; write Europe/Warsaw, UTC or local
    [2]
    $ baseload sandbox --tls-cert a.pem
    ! baseload: --tls-cert requires --tls-key; --help says what there is
    [2]
