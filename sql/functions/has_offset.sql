-- Whether a dated text tells its offset from universal time, or its zone.
-- value: a text with its date first (dated), of a form that clock_time reads
select regexp_matches(value, '^.{10}.*([+-][0-9]|z|utc|gmt|cst|asia/shanghai)')
