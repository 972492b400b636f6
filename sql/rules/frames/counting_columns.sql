-- Grain: one department and one column that counts: all tables that the department sent for the last cut-off it delivered for had it, and
-- none of those for the newest cut-off has.
-- cut_off, place: the newest one; the department and its file
-- column_kept: the column, and the header that it had
with tables as (
    select
        t.table_no, t.file, t.has_acceptance, t.has_acceptance and t.has_completion as is_whole, d.cut_off,
        max(case when c.meaning = 'department' then 1 else 0 end) = 1 as has_department
    from delivered_tables t
    join deliveries d on d.delivery_no = t.delivery_no
    left join delivered_columns c on c.table_no = t.table_no
    group by t.table_no, t.file, t.has_acceptance, t.has_completion, d.cut_off
),
-- a table of acceptances that tells no department is compared with all that came before: whether they told one
sent as (
    select distinct v.department, t.cut_off, t.table_no, t.file, t.has_acceptance, t.is_whole
    from delivered_departments v
    join tables t on t.table_no = v.table_no and t.has_department
    where v.department <> ''
    union all
    select '' as department, cut_off, table_no, file, has_acceptance, is_whole from tables where has_acceptance and not has_department
    union all
    select '' as department, cut_off, table_no, file, has_acceptance, is_whole
    from tables
    where has_acceptance and has_department and cut_off < (select max(cut_off) from deliveries)
),
newest as (
    select * from sent where cut_off = (select max(cut_off) from deliveries)
),
last_ones as (
    select n.department, max(s.cut_off) as cut_off
    from (select distinct department, cut_off from newest) n
    join sent s on s.department = n.department and s.cut_off < n.cut_off
    group by n.department
),
had as (
    select
        s.department, c.meaning, min(c.header) as header, count(distinct s.table_no) as tables_with,
        max(case when s.has_acceptance then 1 else 0 end) as told_acceptance, max(case when s.is_whole then 1 else 0 end) as told_both
    from last_ones l
    join sent s on s.department = l.department and s.cut_off = l.cut_off
    join delivered_columns c on c.table_no = s.table_no
    where case
        when s.department = '' then c.meaning = 'department'
        else c.meaning in ('item_type', 'area_code', 'department', 'accepted_at', 'completed_at', 'result', 'status')
    end
    group by s.department, c.meaning
),
had_all as (
    select h.department, h.meaning, h.header, h.told_acceptance, h.told_both
    from had h
    join (
        select s.department, count(distinct s.table_no) as tables_sent
        from last_ones l
        join sent s on s.department = l.department and s.cut_off = l.cut_off
        group by s.department
    ) n on n.department = h.department and n.tables_sent = h.tables_with
),
-- a table of results that tells no department may be of any
results as (
    select distinct c.meaning
    from tables t
    join delivered_columns c on c.table_no = t.table_no and c.meaning in ('completed_at', 'result', 'status')
    where t.cut_off = (select max(cut_off) from deliveries) and not t.has_acceptance and not t.has_department
),
orphans as (
    select distinct table_no from case_states where to_delivery is null and acceptance_since is null
)
select
    max(n.cut_off) as cut_off,
    concat_ws(' ', nullif(h.department, ''), min(n.file)) as place,
    concat(h.header, ' (', h.meaning, ')') as column_kept
from had_all h
join newest n on n.department = h.department
where (
    -- who sends acceptances and results apart may send one without the other; and results alone are whole if their cases are known
    case
        when h.meaning in ('completed_at', 'result', 'status') then h.told_acceptance = 1
        else exists (
            select 1 from newest a
            where a.department = h.department
            and (a.has_acceptance or h.told_both = 1 and a.table_no in (select table_no from orphans)))
    end)
and not exists (
    select 1
    from newest o
    join delivered_columns c on c.table_no = o.table_no and c.meaning = h.meaning
    where o.department = h.department)
and not exists (select 1 from results r where r.meaning = h.meaning)
group by h.department, h.meaning, h.header
order by place, column_kept
