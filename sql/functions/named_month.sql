-- A date whose month has a name, and whatever follows it, as 2022-07-22…; NULL where the text begins with no such date: 22-jul-22,
-- 22-7月 -22 (Oracle), july 22, 2022, jul 18 2022 (JavaScript), jul 18 09:30:00 cst 2022 (Java). Years of two digits are of this century:
-- beside a month's name nothing else can be meant.
-- value: a time's text (time_text)
select case
    when regexp_matches(value, '^([a-z]+[. ]+)?[0-9]{1,2}')
        and regexp_matches(
            value,
            '^([0-9]{1,2}(st|nd|rd|th)?[-/ .]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ .,]*([0-9]{4}|[0-9]{2})'
            || '|[0-9]{1,2} ?- ?[0-9]{1,2}月 ?- ?([0-9]{4}|[0-9]{2})'
            || '|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[. ]+[0-9]{1,2}(st|nd|rd|th)?,? +([0-9]+:[0-9:.]+ ([-+a-z0-9:/_]+ )?)?[0-9]{4})'
            || '([^0-9].*)?$')
        then concat(
            lpad(regexp_extract(
                value,
                '^(?:[0-9]{1,2}[a-z]*[-/ .]*[a-z]+[-/ .,]*|[0-9]{1,2} ?- ?[0-9]{1,2}月 ?- ?'
                || '|[a-z]+[. ]+[0-9]{1,2}[a-z]*,? +(?:[0-9]+:[0-9:.]+ (?:[-+a-z0-9:/_]+ )?)?)([0-9]{4}|[0-9]{2})(?:[^0-9]|$)',
                1), 4, '20'), '-',
            lpad(case
                when value like '%月%' then regexp_extract(value, '([0-9]{1,2})月', 1)
                else cast(cast(floor((strpos(
                    'janfebmaraprmayjunjulaugsepoctnovdec', regexp_extract(value, '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)', 1)) + 2) / 3)
                    as integer) as varchar)
            end, 2, '0'), '-',
            lpad(regexp_extract(value, '^(?:[a-z]+[. ]+)?([0-9]{1,2})', 1), 2, '0'),
            case
                when regexp_matches(value, '^[a-z]+ [0-9]{1,2} [0-9]+:')
                    then concat(' ', regexp_extract(value, '^[a-z]+ [0-9]{1,2} (.*) [0-9]{4}$', 1))
                else regexp_replace(
                    value,
                    '^([0-9]{1,2}[a-z]*[-/ .]*[a-z]+[-/ .,]*|[0-9]{1,2} ?- ?[0-9]{1,2}月 ?- ?|[a-z]+[. ]+[0-9]{1,2}[a-z]*,? +)([0-9]{4}|[0-9]{2})', '', 'g')
            end)
end
