-- zh: 办件最多的二十个事项
-- en: the 20 items with most cases
select item_name, sum(accepted) as accepted, sum(completed) as completed from item_counts where is_in_scope and year = 2022 group by item_name order by accepted desc limit 20
