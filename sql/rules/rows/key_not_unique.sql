-- severity: critical
-- tolerance: key_not_unique_share
-- reason: docs/method.md §2: a case is its number; a column that is none gives each case many rows, and a figure that is none
-- zh: 首批数据中，同一办件编号的行受理时间、实施主体或实施编码不同：这一列可能不是办件编号。请在数据源配置 [columns] case_no 中写明编号列，或在 [key] parts 中写明编号在何范围内唯一
-- en: in a first delivery, rows of one case number differ in acceptance time, department or item code: the column may not be the case number. Name the right one in [columns] case_no of the source profile, or say in [key] parts within what numbers are unique
with repeated as (
    select r.case_no, r.table_no, r.row_no, r.accepted_at, f.department, f.item_code
    from evidence r
    join facets f on f.facet_id = r.facet_id
    where r.is_newer = 1 and r.acceptance_since is not null and (select count(distinct cut_off) from deliveries) = 1
),
differing as (
    select case_no, count(*) as row_count
    from repeated
    group by case_no
    having count(distinct nullif(department, '')) > 1
    or count(distinct nullif(item_code, '')) > 1
    -- a time that tells the day alone is not another one than any of that day
    or min(accepted_at) <> max(accepted_at)
    and (
        date_trunc('day', min(accepted_at)) <> date_trunc('day', max(accepted_at))
        or min(accepted_at) <> date_trunc('day', min(accepted_at)))
)
select r.table_no, r.row_no, 'case_no' as column_name, r.case_no as value
from repeated r
join differing d on d.case_no = r.case_no
where (select sum(row_count) from differing) >= (select max(value) from tolerances where name = 'conflicting_least_rows')
