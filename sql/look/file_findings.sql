-- Grain: one loaded file and one row rule that rows of it break.
-- delivery_id, file: the file
-- rule, severity: the rule, quarantine, critical or warning
-- row_count: rows that break it
select d.delivery_id, t.file, r.rule, r.severity, cast(sum(r.row_count) as bigint) as row_count
from row_findings r
join delivered_tables t on t.table_no = r.table_no
join deliveries d on d.delivery_no = t.delivery_no
group by d.delivery_no, d.delivery_id, t.file, r.rule, r.severity
order by d.delivery_no, t.file, r.severity, r.rule
