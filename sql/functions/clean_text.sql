-- A cell's text without white space around it (also full-width and no-break); '' where it is empty or means nothing.
-- value: the cell as delivered
select case
    when value is null or value in ('', '-', '--', '—', '/', 'NULL', 'null', 'N/A', '无') then ''
    when regexp_matches(value, '^[\s\x{00A0}\x{3000}\x{FEFF}]|[\s\x{00A0}\x{3000}\x{FEFF}]$')
        then regexp_replace(value, '^[\s\x{00A0}\x{3000}\x{FEFF}]+|[\s\x{00A0}\x{3000}\x{FEFF}]+$', '', 'g')
    else value
end
