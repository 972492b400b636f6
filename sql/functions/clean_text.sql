-- A cell's text without white space around it (also full-width and no-break); '' where it is empty or means nothing.
-- value: the cell as delivered
select case
    when value is null then ''
    -- not `in (…)`: a list of that length becomes a join, and a join loses the order of the rows
    when length(value) <= 4 and regexp_matches(value, '^(-|--|—|/|NULL|null|N/A|无)?$') then ''
    when regexp_matches(value, '^[\s\x{00A0}\x{3000}\x{FEFF}]|[\s\x{00A0}\x{3000}\x{FEFF}]$')
        then regexp_replace(
            value,
            '^[\s\x{00A0}\x{3000}\x{FEFF}]*(-|--|—|/|NULL|null|N/A|无)?[\s\x{00A0}\x{3000}\x{FEFF}]*$'
            || '|^[\s\x{00A0}\x{3000}\x{FEFF}]+|[\s\x{00A0}\x{3000}\x{FEFF}]+$', '', 'g')
    else value
end
