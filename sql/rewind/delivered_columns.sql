-- becomes: the table delivered_columns
-- Grain: as the table delivered_columns, without the deliveries from number $first_delivery on. Columns: as the table delivered_columns.
select r.*
from delivered_columns r
anti join delivered_tables t on t.table_no = r.table_no and t.delivery_no >= $first_delivery
