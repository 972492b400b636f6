-- The moment that a dated text tells, as wall time of the source's zone: a time without an offset is wall time as it is, one with an
-- offset is converted. NULL where the text is no time.
-- value: a text with its date first (dated)
-- zone: the source's time zone, such as Asia/Shanghai
select case
    when has_offset(value) then at_zone(clock_time(value) - offset_minutes(value, zone) * interval 1 minute, zone)
    else clock_time(value)
end
