-- The offset from universal time that a dated text tells, in minutes; NULL where it is one that no place has. CST is China's where the
-- source is there, and tells nothing elsewhere.
-- value: a text with its date first (dated) that has_offset
-- zone: the source's time zone, such as Asia/Shanghai
select case
    when regexp_matches(value, '^.{10}.*([+-](1[5-9]|[2-9][0-9])|[+-][0-9]{2}:?[6-9][0-9])') then null
    when regexp_matches(value, '^.{10}.*[+-][0-9]')
        then case when regexp_matches(value, '^.{10}[^+-]*-') then -1 else 1 end
            * (60 * cast(nullif(regexp_extract(value, '^.{10}[^+-]*[+-]([0-9]{1,2}?)(?:(:?[0-9]{2}){0,2})(?:[^0-9:]|$)', 1), '') as integer)
                + cast(concat('0', regexp_extract(value, '^.{10}[^+-]*[+-][0-9]{1,2}?:?([0-9]{2})(:?[0-9]{2})?(?:[^0-9:]|$)', 1)) as integer))
    when regexp_matches(value, '^.{10}.*[^a-z](z|utc|gmt)') then 0
    when regexp_matches(value, 'asia/shanghai') or zone = 'Asia/Shanghai' and regexp_matches(value, 'cst') then 480
end
