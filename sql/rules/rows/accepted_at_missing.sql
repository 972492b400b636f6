-- severity: warning
-- reason: docs/method.md §2: without it a case is never accepted
-- zh: 没有受理时间，不计入受理
-- en: no acceptance time: not counted as accepted
select r.table_no, r.row_no, 'accepted_at' as column_name, '' as value
from described_rows r
join outcomes o on o.outcome_id = r.outcome_id
where r.has_acceptance and r.accepted_at is null and r.accepted_unread is null and not o.is_not_admitted and not o.is_void
