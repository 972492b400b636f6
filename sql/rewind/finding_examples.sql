-- becomes: the table finding_examples
-- Grain: as the table finding_examples, without the deliveries from number $first_delivery on. Columns: as the table finding_examples.
select r.*
from finding_examples r
anti join delivered_tables t on t.table_no = r.table_no and t.delivery_no >= $first_delivery
