-- Grain: one loaded file and one rule that rows of it break without being quarantined; and cases, as they stand now, that break one.
-- cut_off, place: of its delivery; its path below data/raw
-- rule: its name: of sql/rules/rows, or result_without_acceptance
-- row_count: rows (cases) that break it
-- row_share: of the rows of its delivery; NULL of few rows, where a share says little: but one of versions that were not followed,
--     or of numbers that are none, says something of any
select
    d.cut_off, t.file as place, r.rule,
    cast(sum(r.row_count) as bigint) as row_count,
    case
        when d.rows_read >= (select max(value) from tolerances where name = 'share_least_rows')
            or r.rule in ('older_version_ignored', 'key_not_unique')
            then cast(sum(r.row_count) as double) / d.rows_read
    end as row_share
from row_findings r
join delivered_tables t on t.table_no = r.table_no
join deliveries d on d.delivery_no = t.delivery_no
where r.severity <> 'quarantine'
group by d.cut_off, t.file, r.rule, d.rows_read
union all
select
    (select max(cut_off) from deliveries) as cut_off, '' as place, 'result_without_acceptance' as rule,
    count(*) as row_count, cast(null as double) as row_share
from case_states
where to_delivery is null and acceptance_since is null
having count(*) > 0
order by cut_off, place, rule
