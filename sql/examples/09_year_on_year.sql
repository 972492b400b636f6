-- zh: 各组同比，只比两年均完整的单位
-- en: year on year by group, only where both years are complete
select label, accepted, earlier_accepted, accepted * 1.0 / nullif(earlier_accepted, 0) - 1 as accepted_change_rate, left_out from year_on_year('2022-07-22')
