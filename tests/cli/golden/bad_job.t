What a job that is wrong gets: every mistake with its line, exit code 2, nothing sent.

    $ printf 'Kod;E-mail\n1;a@b.pl\n' > clients.csv
    $ baseload run absent.toml
    ! baseload: the job absent.toml cannot be read (No such file or directory): check the path
    [2]
    $ baseload run .
    ! baseload: . is a directory; name a job file (.toml) in it
    [2]
    $ baseload runs absent.toml
    ! baseload: the job absent.toml cannot be read (No such file or directory): check the path
    [2]
    $ cat > job.toml <<.
    > [source]
    > path = "clients.csv"
    > delimeter = ";"
    > [account]
    > url = "https:///connector.php"
    > conections = 4
    > timeout = 30
    > [key]
    > columns = ["Kod"]
    > [fields]
    > login = "Kod"
    > email = { colum = "E-mail" }
    > .
    $ baseload run job.toml
    ! baseload: $DIR/job.toml, line 3, column 1: [source] has no option "delimeter" (did you mean "delimiter"?)
    ! $DIR/job.toml, line 5, column 7: [account] url is wrong: "https:///connector.php" names no host; write it like https://api.baselinker.com/connector.php
    ! $DIR/job.toml, line 6, column 1: [account] has no option "conections" (did you mean "connections"?)
    ! $DIR/job.toml, line 7, column 11: [account] timeout is a whole number; a text in quotes is expected
    ! $DIR/job.toml, line 12, column 1: [fields] email says nothing of where its text comes from; give it a column, a template or a default
    ! $DIR/job.toml, line 12, column 11: [fields] email has no option "colum" (did you mean "column"?)
    [2]
    $ printf '[key]\ncolumns = ["Kod"]\n[fields]\nlogin = "Kod"\n' > job.toml; baseload run job.toml
    ! baseload: job.toml names no source: write [source] path = "…", or name the file on the command line
    [2]
    $ printf '[account\n' > job.toml; baseload run job.toml
    ! baseload: job.toml, line 1, column 9: Error while parsing table header: expected ']', saw '\n'
    [2]
    $ printf '[account]\nurl = "http://api.baselinker.com/connector.php"\n[key]\ncolumns = ["Kod"]\n[fields]\nlogin = "Kod"\n' > job.toml
    $ baseload run job.toml clients.csv
    ! baseload: $DIR/job.toml, line 2, column 7: [account] url is http://, which sends the token in the clear; write https://, or set allow_http = true if nobody can listen on that network
    [2]

Fields and columns that do not exist.

    $ printf '[account]\nurl = "%s"\n[key]\ncolumns = ["kod"]\n[fields]\nlogni = "Kod"\nemail = "Email"\n' $URL > job.toml
    $ baseload run job.toml clients.csv
    ! baseload: $DIR/job.toml, line 4, column 11: $DIR/clients.csv has no column "kod" (did you mean "Kod"?); it has "Kod" and "E-mail"
    ! $DIR/job.toml, line 6, column 1: [fields] "logni" is not a field of addCrmClient (did you mean "login"?)
    ! $DIR/job.toml, line 7, column 1: $DIR/clients.csv has no column "Email" (did you mean "E-mail"?); it has "Kod" and "E-mail"
    [2]
    $ requests
    0

A second job in the place of a source is no CSV file.

    $ cp job.toml other.toml; baseload run job.toml other.toml >/dev/null
    ! job.toml: job.toml names no source: write [source] path = "…", or name the file on the command line
    ! other.toml: other.toml names no source: write [source] path = "…", or name the file on the command line
    [2]
