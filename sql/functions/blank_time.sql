-- '' where a time's text is one of the sentinels that systems write for "no time" (docs/method.md §5), else the text.
-- value: clean text
select case
    when regexp_matches(value, '^(0000|1753|1900|1899)[-/年.]?0?[01]') then ''
    else value
end
