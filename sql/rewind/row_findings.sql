-- becomes: the table row_findings
-- Grain: as the table row_findings, without the deliveries from number $first_delivery on. Columns: as the table row_findings.
select r.*
from row_findings r
anti join delivered_tables t on t.table_no = r.table_no and t.delivery_no >= $first_delivery
