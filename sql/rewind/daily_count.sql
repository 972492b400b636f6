-- becomes: the table daily_count
-- Grain: as the table daily_count, without the deliveries from number $first_delivery on. Columns: as the table daily_count.
select c.*
from daily_count c
anti join deliveries d on d.delivery_id = c.delivery_id and d.delivery_no >= $first_delivery
