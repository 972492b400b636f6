-- Grain: the newest cut-off.
-- cut_off, place: it; what it is compared with
-- volume_factor: its rows against the median of up to eight cut-offs before, as a factor of one or more either way; NULL with fewer
--     than four before it, or with too few rows to judge
-- volume_factor_warned: the same
with cut_offs as (
    select cut_off, sum(rows_read) as row_count, row_number() over (order by cut_off desc) - 1 as age
    from deliveries
    group by cut_off
),
earlier as (
    select cast(median(row_count) as double) as usual, count(*) as cut_offs
    from cut_offs
    where age between 1 and 8
),
compared as (
    select
        c.cut_off, c.row_count, e.usual,
        case
            when e.cut_offs >= 4 and e.usual >= (select max(value) from tolerances where name = 'volume_least_rows')
                then greatest(c.row_count / e.usual, e.usual / nullif(c.row_count, 0))
        end as factor
    from cut_offs c
    cross join earlier e
    where c.age = 0
)
select
    cut_off,
    concat(cast(row_count as varchar), ' / ', cast(cast(coalesce(usual, 0) as bigint) as varchar)) as place,
    factor as volume_factor,
    factor as volume_factor_warned
from compared
