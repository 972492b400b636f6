-- Grain: one cut-off and one department with enough completed rows that hold hours and are no 即办件.
-- cut_off, place: its cut-off; the department
-- zero_duration_share: of these rows, those completed in the very second of their acceptance
select
    d.cut_off, v.department as place,
    cast(sum(v.rows_at_once) as double) / sum(v.rows_completed) as zero_duration_share
from delivered_departments v
join delivered_tables t on t.table_no = v.table_no
join deliveries d on d.delivery_no = t.delivery_no
group by d.cut_off, v.department
having sum(v.rows_completed) >= (select max(value) from tolerances where name = 'zero_duration_least_cases')
order by d.cut_off, v.department
