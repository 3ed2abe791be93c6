How a file is read, and what to do where that is wrong. Nothing is sent, and no token is needed.

    $ printf 'Kod;Nazwa;Kod pocztowy\nK1;\xa6wi\xeata \xacr\xf3d\xb3a;00-950\nK2;\xa3\xf3d\xbc;01-234\n' > erp.csv; baseload preview erp.csv
    erp.csv: CSV
      encoding    ISO-8859-2  (it is not UTF-8, and 100 % of its letters outside ASCII are then Polish)
      delimiter   ";"
      quote       "
      skip_lines  0
      header      true
      columns     3
      where that is wrong, the job says otherwise: [source] encoding, delimiter, quote, skip_lines, header
    
    line  Kod  Nazwa          Kod pocztowy
    2     K1   Święta Źródła  00-950
    3     K2   Łódź           01-234
    $ printf 'Kod\tNazwa\r\nK1\t"a\nb"\r\nK2\t東京\r\n' | iconv -f UTF-8 -t UTF-16 > excel.txt; baseload preview excel.txt
    excel.txt: CSV
      encoding    UTF-16LE  (it begins with UTF-16's byte order mark)
      delimiter   "tab"
      quote       "
      skip_lines  0
      header      true
      columns     2
      where that is wrong, the job says otherwise: [source] encoding, delimiter, quote, skip_lines, header
    
    line  Kod  Nazwa
    2     K1   a↵b
    4     K2   東京
    $ printf 'sep=,\nKod,Nazwa\nK1,Jan\nK2,Ewa\nK3,Ala\n' | gzip > packed.csv.gz; baseload preview --rows 2 packed.csv.gz
    packed.csv.gz: CSV, packed by gzip
      encoding    UTF-8  (every byte is ASCII)
      delimiter   ","
      quote       "
      skip_lines  1  (above the header)
      header      true
      columns     2
      where that is wrong, the job says otherwise: [source] encoding, delimiter, quote, skip_lines, header
    
    line  Kod  Nazwa
    3     K1   Jan
    4     K2   Ewa
    $ baseload preview --rows 1 --json packed.csv.gz
    ["Kod","Nazwa"]
    ["K1","Jan"]
    $ zcat packed.csv.gz | baseload preview --all --json -
    ["Kod","Nazwa"]
    ["K1","Jan"]
    ["K2","Ewa"]
    ["K3","Ala"]
    $ printf "Klienci sklepu\n'Kod'|'Nazwa'\n'K1'|'O''Brien'\n'K2'|'a|b'\n" > banner.csv; baseload preview banner.csv
    banner.csv: CSV
      encoding    UTF-8  (every byte is ASCII)
      delimiter   "|"
      quote       '
      skip_lines  1  (above the header)
      header      true
      columns     2
      where that is wrong, the job says otherwise: [source] encoding, delimiter, quote, skip_lines, header
    
    line  Kod  Nazwa
    3     K1   O'Brien
    4     K2   a|b
    $ printf 'Kod;Nazwa\rK1;Jan\rK2;Ewa\r' > mac.csv; baseload preview mac.csv
    mac.csv: CSV
      encoding    UTF-8  (every byte is ASCII)
      delimiter   ";"
      quote       "
      line ends   CR
      skip_lines  0
      header      true
      columns     2
      where that is wrong, the job says otherwise: [source] encoding, delimiter, quote, skip_lines, header
    
    line  Kod  Nazwa
    2     K1   Jan
    3     K2   Ewa
    $ cat > job.toml <<.
    > [source]
    > path = "erp.csv"
    > encoding = "windows-1250"
    > skip_lines = 1
    > quote = "none"
    > quoting = "relaxed"
    > ragged = "pad"
    > [key]
    > columns = ["K1"]
    > [fields]
    > login = "K1"
    > .
    $ baseload preview job.toml
    $DIR/erp.csv: CSV
      encoding    windows-1250  (the job says so)
      delimiter   ";"
      quote       none  (relaxed)
      skip_lines  1  (above the header)
      header      false  (the first record has a customer's data; its columns are numbered)
      columns     3
      where that is wrong, the job says otherwise: [source] encoding, delimiter, quote, skip_lines, header
    
    line  1   2              3
    2     K1  ¦więta ¬ródła  00-950
    3     K2  ŁódĽ           01-234
    $ baseload preview job.toml banner.csv
    $DIR/banner.csv: CSV
      encoding    windows-1250  (the job says so)
      delimiter   "|"
      quote       none  (relaxed)
      skip_lines  1  (above the header)
      header      true
      columns     2
      where that is wrong, the job says otherwise: [source] encoding, delimiter, quote, skip_lines, header
    
    line  'Kod'  'Nazwa'
    3     'K1'   'O''Brien'
    4     'K2'   'a          b'
    $ baseload preview erp.csv banner.csv
    ! baseload: erp.csv is no job (.toml): name a job and a source, or one source
    [2]
    $ printf 'a;b,c\n1;2,3\n' > both.csv; baseload preview both.csv
    ! baseload: both.csv: semicolon and comma fit equally well as its delimiter; say which it is: [source] delimiter = ";"
    [2]
    $ baseload preview absent.csv
    ! baseload: absent.csv: cannot be opened (No such file or directory); check the path: [source] path is relative to the job's folder
    [2]
