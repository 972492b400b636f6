-- Grain: one loaded file of enough rows to judge shares of them, and one rule that quarantined rows of it.
-- cut_off, place: of its delivery; its path below data/raw and the rule
-- quarantined_share_rule: of rows read
select
    d.cut_off,
    concat(f.file, ' ', r.rule) as place,
    cast(sum(r.row_count) as double) / f.rows_read as quarantined_share_rule
from delivered_files f
join deliveries d on d.delivery_id = f.delivery_id
join delivered_tables t on t.delivery_no = d.delivery_no and t.file = f.file
join row_findings r on r.table_no = t.table_no and r.severity = 'quarantine'
where f.rows_read >= (select max(value) from tolerances where name = 'share_least_rows_file')
group by d.cut_off, f.file, r.rule, f.rows_read
order by d.cut_off, f.file, r.rule
