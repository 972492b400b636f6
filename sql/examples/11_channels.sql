-- zh: 各申请方式今年的受理
-- en: by channel
select channel, sum(accepted) as accepted from department_counts where is_in_scope and year = 2022 group by channel order by accepted desc
