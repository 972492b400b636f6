-- severity: warning
-- reason: docs/method.md §5: cases entered after the fact by a machine carry the minute of the entry instead of their own
-- zh: 同一实施主体、同一事项在同一分钟受理的行数异常多（多为系统补录），按报送值载入
-- en: more rows of one department and item accepted in one minute than people accept: loaded as delivered
with busy as (
    select date_trunc('minute', accepted_at) as minute
    from staged_rows
    where is_case and accepted_at is not null and accepted_at <> date_trunc('day', accepted_at)
    group by date_trunc('minute', accepted_at)
    having count(*) > (select max(value) from tolerances where name = 'burst_rows')
),
counted as (
    select b.minute, r.facet_id, count(*) as row_count
    from described_rows r
    join busy b on b.minute = date_trunc('minute', r.accepted_at)
    group by b.minute, r.facet_id
),
bursts as (
    select c.minute, f.department, f.item_code, f.item_name
    from counted c
    join facets f on f.facet_id = c.facet_id
    group by c.minute, f.department, f.item_code, f.item_name
    having sum(c.row_count) > (select max(value) from tolerances where name = 'burst_rows')
)
select r.table_no, r.row_no, 'accepted_at' as column_name, cast(r.accepted_at as varchar) as value
from described_rows r
join facets f on f.facet_id = r.facet_id
join bursts b
    on b.minute = date_trunc('minute', r.accepted_at)
    and b.department = f.department and b.item_code = f.item_code and b.item_name = f.item_name
