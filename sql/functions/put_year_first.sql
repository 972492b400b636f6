-- A month-first time (12/31/2017 11:59:58 PM, 1/31/20 0:05) as year-first text; any other text as it is (docs/method.md §5).
-- Only sources whose profile says so write month first; years of two digits are of this century.
-- value: clean text
select case
    when regexp_matches(value, '^[0-9]{1,2}[-/][0-9]{1,2}[-/]([0-9]{2}|[0-9]{4})( +[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( *[AaPp][Mm])?)?$')
        then concat(
            lpad(regexp_extract(value, '^[0-9]{1,2}[-/][0-9]{1,2}[-/]([0-9]+)', 1), 4, '20'), '-',
            lpad(regexp_extract(value, '^([0-9]{1,2})', 1), 2, '0'), '-',
            lpad(regexp_extract(value, '^[0-9]{1,2}[-/]([0-9]{1,2})', 1), 2, '0'), ' ',
            lpad(cast(
                cast(concat('0', regexp_extract(value, ' ([0-9]{1,2}):', 1)) as integer)
                + case
                    when regexp_matches(value, ' 12:.*[Aa][Mm]$') then -12
                    when regexp_matches(value, ' 12:.*[Pp][Mm]$') then 0
                    when regexp_matches(value, '[Pp][Mm]$') then 12
                    else 0
                end as varchar), 2, '0'), ':',
            lpad(regexp_extract(value, ':([0-9]{2})', 1), 2, '0'), ':',
            lpad(regexp_extract(value, ':[0-9]{2}:([0-9]{2})', 1), 2, '0'))
    else value
end
